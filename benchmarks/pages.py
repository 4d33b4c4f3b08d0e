"""Milliseconds of the everyday pages under `up`, beside a bare WSGI page served the same way."""

import os

from benchmarks.figure import Figure
from benchmarks.load import Timing, load
from benchmarks.serving import CASES, province, server

ROUNDS = {1: 100, 8: 30}
PAGES = ("home", "matter", "apply", "map", "event_form", "worklist", "case", "desk_case")
FIGURES = tuple(
    f"pages.{page}.{clients}.{what}"
    for clients in ROUNDS
    for page in PAGES
    for what in ("p50", "p95")
)


def measure() -> list[Figure]:
    """Each page with one client and with eight; the generator shares the machine."""
    os.environ["LINGNAN_RATES"] = "1000"  # the load comes from one address
    figures: list[Figure] = []
    with province() as (up, pages), server(up.data, "benchmarks.hello:application") as (bare, _pid):
        for clients, each in ROUNDS.items():
            hello = load(bare, "/", "", clients, each * 3)
            for page in pages:
                timing = load(up.port, page.path, page.cookies, clients, each)
                figures += _figures(page.name, clients, timing, hello)
    return figures


def _figures(name: str, clients: int, timing: Timing, hello: Timing) -> list[Figure]:
    size = f"{clients} client{'s' if clients > 1 else ''}, {CASES} cases"
    label = f"pages.{name}.{clients}"
    return [
        Figure(f"{label}.p50", timing.p50, "ms", size, hello.p50),
        Figure(f"{label}.p95", timing.p95, "ms", size, hello.p95),
    ]
