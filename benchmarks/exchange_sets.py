"""The exchange: single uses from sixteen callers, and a set of a hundred thousand people.

The evidence is written by a process of its own, as a node does it.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.evidence import served
from benchmarks.figure import Figure

PEOPLE = int(os.environ.get("BENCH_SET", "100000"))
CALLERS, CALLS, TURNS = 16, 150, 3
FIGURES = ("exchange.single.16", "exchange.set", "exchange.set.opening", "exchange.set.parts")
MARKET, SETS, BASIS = "gd-440103-market", "bench_sets", "《个体工商户条例》"
REGISTRATION = "《市场主体登记管理条例》（2021-07-27）第十五条、第十六条第三款"
ELEMENTS = ("person.name", "person.identity_number")


def measure() -> list[Figure]:
    """Of the node that the catalogue was searched in. Limits are those of a quiet machine."""
    from django.conf import settings

    from lingnan.kernel.exchange.api import conclude, give
    from lingnan.kernel.trust.api import node_evidence
    from lingnan.systems.government.population.models import Resident

    _grown(PEOPLE)
    conclude("BENCH-SETS", "population.identity", MARKET, SETS, BASIS, ELEMENTS, "benchmark",
             uses=["set"])  # fmt: skip
    keys = list(Resident.objects.filter(ended=False).values_list("key", flat=True)[:PEOPLE])
    names = list(give("person", MARKET, keys).values())
    node_evidence.close()
    with served(Path(settings.DATA), Path(settings.EVIDENCE_STORE)) as socket:
        settings.EVIDENCE_SOCKET = socket
        found = [_singles(names), *_sets(names)]
        node_evidence.close()
        settings.EVIDENCE_SOCKET = None
    return found


def _grown(count: int) -> None:
    """So many residents, copies of those of the small province."""
    from lingnan.kernel.runtime.api import action
    from lingnan.systems.government.population.models import Resident

    some = list(Resident.objects.filter(ended=False).order_by("key")[:500])
    names = [f.name for f in Resident._meta.concrete_fields]
    own = {"key", "version", "valid_from", "recorded_at", "ended", "resident_number"}
    copied = [name for name in names if name not in own]
    lacking = max(0, count - Resident.objects.count())

    def rows() -> Iterator[dict[str, Any]]:
        for n in range(lacking):
            like = some[n % len(some)]
            yield {name: getattr(like, name) for name in copied} | {"resident_number": f"B{n:017}"}

    with action(by="benchmark", reason="people to be asked about") as act:
        act.load(Resident, rows())


def _singles(names: Sequence[str]) -> Figure:
    """The baseline: the same calls, with nothing written down before the answer."""
    from lingnan.kernel.exchange import gateway
    from lingnan.kernel.exchange.api import Use, single

    def one(at: int) -> None:
        single(Use("population.identity", MARKET, "individual_business", REGISTRATION, "", "bench",
                   (names[at % len(names)],), ELEMENTS))  # fmt: skip

    rate = max(_rate(one) for _turn in range(TURNS))
    written, gateway._write_all = gateway._write_all, lambda entries: [0] * len(entries)
    try:
        bare = max(_rate(one) for _turn in range(TURNS))
    finally:
        gateway._write_all = written
    return Figure(FIGURES[0], rate, "uses/s", f"{CALLERS} threads", bare)


def _rate(one: Callable[[int], None]) -> float:
    from django.db import connections

    def some(first: int) -> None:
        for n in range(CALLS):
            one(first * CALLS + n)
        connections.close_all()

    threads = [threading.Thread(target=some, args=(n,)) for n in range(CALLERS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return CALLERS * CALLS / (time.perf_counter() - start)


def _sets(names: Sequence[str]) -> list[Figure]:
    """The baseline joins the same names with the same columns by bare statements, part by part."""
    from lingnan.kernel.exchange.api import SetUse, opened, parts

    best: tuple[float, float, float] = (0.0, 0.0, 0.0)
    for turn in range(TURNS):
        use = SetUse("population.identity", MARKET, SETS, BASIS, "", "bench", ELEMENTS, str(turn))
        start = time.perf_counter()
        made = opened(use, names)
        middle = time.perf_counter()
        told = sum(len(one.places) for one in parts(made))
        end = time.perf_counter()
        assert told == len(names)
        count = len(names)
        best = max(best, (count / (end - start), count / (middle - start), count / (end - middle)))
    bare = max(_bare(names) for _turn in range(TURNS))
    size = f"{len(names):,} people"
    return [
        Figure(FIGURES[1], best[0], "subjects/s", size, bare, 50_000, at_least=True),
        Figure(FIGURES[2], best[1], "subjects/s", size),
        Figure(FIGURES[3], best[2], "subjects/s", size),
    ]


def _bare(names: Sequence[str]) -> float:
    from django.db import connection

    start = time.perf_counter()
    with _plainly(connection.settings_dict["NAME"]) as database:
        for at in range(0, len(names), 900):
            some = names[at : at + 900]
            marks = ",".join("?" * len(some))
            rows = database.execute(
                "SELECT p.pseudonym, r.name, r.resident_number FROM exchange_pseudonym p"
                f" JOIN population_resident r ON r.key = p.key WHERE p.pseudonym IN ({marks})",
                some,
            ).fetchall()
            assert len(rows) == len(some)
    return len(names) / (time.perf_counter() - start)


@contextmanager
def _plainly(path: str) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(path)
    try:
        yield database
    finally:
        database.close()
