"""One browser and one node for all of these tests, with every state built once."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright, sync_playwright

from tests.browser.instance import Instance, joined
from tests.browser.node import running
from tests.browser.scenes import SCENES
from tests.browser.states import Province, build
from tests.browser.visits import Visit, visit
from tests.nodes import copied

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
Seen = Callable[[str, str], Visit]
Stands = Callable[[str], Province]


def _launch(playwright: Playwright) -> Browser:
    """The system's Chromium, else playwright's own; without either the tests are skipped.

    The shell draws as the whole browser does, and no window around it: a third less work.
    """
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    try:
        return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    except Error as error:
        pytest.skip(f"no Chromium on this machine: {str(error).splitlines()[0]}")


# Not for the session: while playwright runs, Django refuses the database to other tests.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = _launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def province(
    browser: Browser, prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Province]:
    with running(copied(prepared, tmp_path_factory.mktemp("node"))) as node:
        yield build(node, browser)


@pytest.fixture(scope="package")
def stands(
    browser: Browser, province: Province, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stands]:
    """By its name the node that a scene stands at; an instance is brought up for the first that
    stands at one of it."""
    with ExitStack() as stack:

        @cache
        def instance() -> Instance:
            return stack.enter_context(joined(tmp_path_factory.mktemp("instance"), browser))

        def at(node: str) -> Province:
            if not node:
                return province
            found = instance().provinces[node]
            found.colours = province.colours
            return found

        yield at


@pytest.fixture(scope="package")
def seen(stands: Stands) -> Seen:
    """What a scene showed in a language; each is visited once."""
    visits: dict[tuple[str, str], Visit] = {}

    def look(name: str, language: str) -> Visit:
        if (name, language) not in visits:
            scene = SCENES[name]
            visits[name, language] = visit(scene, language, stands(scene.node))
        return visits[name, language]

    return look


@pytest.fixture(autouse=True)
def in_chinese(request: pytest.FixtureRequest) -> None:
    """A way through several pages begins in Chinese, whatever a scene has left."""
    if "province" in request.fixturenames and "seen" not in request.fixturenames:
        province: Province = request.getfixturevalue("province")
        for person in province.people.values():
            person.speak("zh")
