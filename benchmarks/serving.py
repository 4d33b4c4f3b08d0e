"""A province with a case in it, its people's sessions, and web servers beside it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from lingnan.node.up import environment, web_command
from lingnan.node.walk.browser import Browser
from lingnan.node.walk.business import ANSWERS
from lingnan.node.walk.province import Province, free_port
from lingnan.node.walk.restaurant import COUNTY, EVENT
from lingnan.node.walk.stage import Stage
from lingnan.node.walk.trail import Trail

ROOT = Path(__file__).resolve().parent.parent
WHO, CLERK = "resident-440103", "440103-market-clerk"
MATTER, BODY = "individual_business", "gd-440103-market"
CASES = 30


@dataclass(frozen=True)
class Visit:
    """A page and the session that may see it."""

    name: str
    path: str
    cookies: str = ""


def cookies_of(browser: Browser) -> str:
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.jar)


def visits(stage: Stage, cases: int = CASES) -> list[Visit]:
    """The pages of the everyday, in a province with `cases` cases that wait."""
    numbers = []
    for _case in range(cases):
        stage.begin(WHO, MATTER, BODY)
        stage.fill(WHO, MATTER, ANSWERS)
        numbers.append(stage.file(WHO))
    draft = stage.begin(WHO, MATTER, BODY)[0].path
    resident, clerk = cookies_of(stage.person(WHO)), cookies_of(stage.person(CLERK))
    return [
        Visit("home", "/"),
        Visit("matter", f"/matters/{MATTER}/"),
        Visit("apply", draft, resident),
        Visit("map", "/places/"),
        Visit("event_form", event_form(stage), resident),
        Visit("worklist", "/desk/", clerk),
        Visit("case", f"/cases/{numbers[0]}/", resident),
        Visit("desk_case", f"/desk/cases/{numbers[0]}/", clerk),
    ]


def event_form(stage: Stage) -> str:
    """The address of a begun life event's form."""
    person = stage.person(WHO)
    person.get(f"/events/{EVENT}/")
    person.submit(person.page.form(division=""), division=COUNTY)
    return person.page.path


@contextmanager
def province() -> Iterator[tuple[Province, list[Visit]]]:
    """A fresh province that is up, with the pages to visit."""
    with Province() as up:
        yield up, visits(Stage(up.url, "", Trail(None)))


@contextmanager
def server(data: Path, application: str, *changed: str) -> Iterator[tuple[int, int]]:
    """(port, process) of granian with the node's options, some of them changed."""
    port = free_port()
    words = web_command("127.0.0.1", port, 1)[:-1]
    names = {word.split("=")[0] for word in changed}
    kept = [word for word in words if word.split("=")[0] not in names]
    told = environment(data, "127.0.0.1", port)
    path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    process = subprocess.Popen(
        [sys.executable, *kept, *changed, application], env=told | {"PYTHONPATH": path}
    )
    try:
        _await(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _await(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server does not answer")
