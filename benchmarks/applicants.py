"""A hundred applicants at once open restaurants, each thinking ten seconds between two pages.

What an applicant waits for is measured: a page with its redirects. The load generator shares
the two cores with the node.
"""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.figure import Figure, percentile
from benchmarks.serving import ROOT, server
from lingnan.node.up import environment as node_environment
from lingnan.node.walk import facts
from lingnan.node.walk.browser import Browser, File, Unexpected, Value
from lingnan.node.walk.province import Province
from lingnan.node.walk.restaurant import ANSWERS, COUNTY, EVENT
from lingnan.node.walk.stage import PAPER

APPLICANTS, THINK, SECONDS = 100, 10.0, 120.0
LIMIT = 300.0
MORE = tuple(os.environ.get("BENCH_UP", "").split())
KINDS = ("first", "event", "begin", "keep", "check", "submit", "follow")
FIGURES = (
    "applicants.p50",
    "applicants.p95",
    "applicants.submitted",
    *(f"applicants.{kind}.p95" for kind in KINDS),
)
PREPARE = """
import sys, django
django.setup()
from lingnan.kernel.exchange.api import give
from lingnan.kernel.runtime.api import keys
from lingnan.kernel.trust.api import Account
from lingnan.systems.government.population.models import Resident
password = Account.objects.get(login="resident-440106").password
known = set(Account.objects.values_list("name", flat=True))
rows = list(Resident.objects.filter(birth_date__year__lt=2000).order_by("key")[: int(sys.argv[1])])
names = give("person", "trust", [row.key for row in rows])
for number, row in enumerate(rows):
    Account.objects.create(
        key=keys.new_key(), login=f"bench-{number}", password=password, name=row.name,
        kind="resident", subject=names[row.key],
    )
"""
Times = dict[str, list[float]]


def measure() -> list[Figure]:
    """p50 and p95 of every page together and by kind; the baseline is a bare page so loaded."""
    with Province(None, *MORE) as up:
        _prepare(up.data)
        times, submitted = _crowd(up.url, APPLICANTS, SECONDS)
        with server(up.data, "benchmarks.hello:application") as (port, _pid):
            bare = _bare(port)
    every = [one for kind in times.values() for one in kind]
    size = f"{APPLICANTS} applicants, {THINK:.0f} s thinking, {len(every)} pages"
    p50, p95 = percentile(every, 50), percentile(every, 95)
    return [
        Figure("applicants.p50", p50, "ms", size, percentile(bare, 50)),
        Figure("applicants.p95", p95, "ms", size, percentile(bare, 95), LIMIT),
        Figure("applicants.submitted", submitted, "events", f"{SECONDS:.0f} s, five matters each"),
        *(
            Figure(
                f"applicants.{kind}.p95", percentile(times[kind], 95), "ms", f"{len(times[kind])}"
            )
            for kind in KINDS
        ),
    ]


def _prepare(data: Path) -> None:
    told = node_environment(data, "127.0.0.1", 0) | {"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
    words = [sys.executable, "-c", PREPARE, str(APPLICANTS)]
    subprocess.run(words, env=told, check=True)


def _crowd(url: str, count: int, seconds: float) -> tuple[Times, int]:
    times: Times = {kind: [] for kind in KINDS}
    done: list[int] = []
    browsers = [_signed_in(url, number) for number in range(count)]
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(count) as pool:
        runs = [
            pool.submit(_applicant, browser, number, until, times, done)
            for number, browser in enumerate(browsers)
        ]
        for run in runs:
            run.result()
    return times, len(done)


class _Over(Exception):
    """The time of the measurement is up."""


def _signed_in(url: str, number: int) -> Browser:
    """Signing in costs a slow hash by design; a hundred at once is not what is measured."""
    browser = Browser(url)
    form = browser.get("/signin/").form(login="")
    browser.submit(form, login=f"bench-{number}", password="lingnan-demonstration")
    return browser


def _applicant(browser: Browser, number: int, until: float, times: Times, done: list[int]) -> None:
    """One applicant's way, again and again until the time is up."""
    draw = random.Random(number)
    time.sleep(draw.uniform(0, THINK))

    def timed(kind: str, act: Callable[[], object]) -> None:
        time.sleep(draw.uniform(0.5 * THINK, 1.5 * THINK))
        if time.monotonic() > until:
            raise _Over
        start = time.perf_counter()
        act()
        times[kind].append((time.perf_counter() - start) * 1000)
        if browser.page.status >= 400:
            raise Unexpected(f"{kind}: {browser.page.message()}")

    try:
        while True:
            _way(browser, timed)
            done.append(number)
    except _Over:
        return


def _way(browser: Browser, timed: Callable[[str, Callable[[], object]], None]) -> None:
    timed("first", lambda: browser.get("/"))
    timed("event", lambda: browser.get(f"/events/{EVENT}/"))
    page = browser.page
    timed("begin", lambda: browser.submit(page.form(division=""), division=COUNTY))
    page = browser.page
    draft, form = page.path, page.form(go="")
    papers: dict[str, Value] = {n: File("材料.pdf", PAPER) for n in facts.asked(page).materials}
    half = dict(list(ANSWERS.items())[:9])
    sent = half | {"csrfmiddlewaretoken": _token(form)}
    timed("keep", lambda: browser._send(f"{draft}keep/", [(n, str(v)) for n, v in sent.items()]))
    answers = ANSWERS | {"premises": "广州市天河区天河路200号"}
    browser.page = page  # keeping the draft leaves its page where it was
    timed("check", lambda: browser.send(form, papers | answers, press="go"))
    page = browser.page
    timed("submit", lambda: browser.submit(page.form(submit=""), press="submit"))
    number = browser.page.path
    timed("follow", lambda: browser.get(number))


def _token(form: object) -> str:
    from lingnan.node.walk import dom

    return dict(dom.defaults(form))["csrfmiddlewaretoken"]  # type: ignore[arg-type]


def _bare(port: int) -> list[float]:
    """The same crowd's requests to a bare page, for a tenth of the time."""
    browsers = [Browser(f"http://127.0.0.1:{port}") for _ in range(APPLICANTS)]
    times: list[float] = []
    lock = threading.Lock()

    def visit(browser: Browser) -> None:
        for _ in range(2):
            time.sleep(random.uniform(0, THINK))
            start = time.perf_counter()
            browser.get("/")
            with lock:
                times.append((time.perf_counter() - start) * 1000)

    with ThreadPoolExecutor(APPLICANTS) as pool:
        list(pool.map(visit, browsers))
    return times
