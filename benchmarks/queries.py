"""SQL queries of one page, counted in process; a list must not need more for more rows."""

from typing import Any

from benchmarks import scratch
from benchmarks.figure import Figure

FEW, CASES = 3, 30
OWNER, CLERK = "owner-440103", "440103-fire-clerk"
# What each page needs today, with a little room.
LIMITS = {
    "home": 4,
    "matter": 6,
    "apply": 10,
    "my_cases": 16,
    "case": 20,
    "worklist": 16,
    "desk_cases": 16,
    "desk_case": 24,
}
LISTS = {"my_cases": (OWNER, "/cases/"), "worklist": (CLERK, "/desk/")} | {
    "desk_cases": (CLERK, "/desk/cases/")
}
FIGURES = (
    *(f"queries.{name}" for name in LIMITS),
    *(f"queries.{name}.growth" for name in LISTS),
)


def measure() -> list[Figure]:
    """Each page once warm, as its person sees it; lists with few cases and with many."""
    scratch.bring_up()
    from lingnan.kernel.matters import applications

    ready: list[Any] = scratch.applications(CASES + 1)
    resident: Any = scratch.actor(OWNER)
    numbers = [applications.submit(one, resident).number for one in ready[1 : FEW + 1]]
    few = {name: _count(*page) for name, page in LISTS.items()}
    for one in ready[FEW + 1 :]:
        applications.submit(one, resident)
    pages = {
        "home": ("", "/"),
        "matter": ("", "/matters/fire_safety_permit/"),
        "apply": (OWNER, f"/apply/{ready[0].reference}/"),
        "case": (OWNER, f"/cases/{numbers[0]}/"),
        "desk_case": (CLERK, f"/desk/cases/{numbers[0]}/"),
    } | LISTS
    counts = {name: _count(*pages[name]) for name in LIMITS}
    return [
        Figure(f"queries.{name}", count, "queries", f"{CASES} cases", limit=LIMITS[name])
        for name, count in counts.items()
    ] + [
        Figure(f"queries.{n}.growth", counts[n] - few[n], "queries", f"{FEW} → {CASES}", limit=0)
        for n in LISTS
    ]


def _count(login: str, path: str) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    if login:
        client.post("/signin/", {"demonstration": login})
    for _warm in range(2):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")
    return len(queries)
