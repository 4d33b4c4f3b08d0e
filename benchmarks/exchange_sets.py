"""The exchange: single uses from sixteen callers, and a set of a hundred thousand people.

The evidence is written by a process of its own, as a node does it.
"""

import os
import sqlite3
import subprocess
import sys
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
PROCESSES, SINGLE = 2, 3_000
"""Over how many processes the same callers are spread; uses a second that the limit asks for."""
FIGURES = (
    "exchange.single.16",
    "exchange.single.2x8",
    "exchange.single.cost",
    "exchange.set",
    "exchange.set.opening",
    "exchange.set.parts",
)
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
        found = [*_singles(names), *_sets(names)]
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


def known_names() -> list[str]:
    """Some whom the market regulator knows."""
    from lingnan.kernel.exchange.api import give
    from lingnan.systems.government.population.models import Resident

    keys = list(Resident.objects.filter(ended=False).values_list("key", flat=True)[:5000])
    return list(give("person", MARKET, keys).values())


def single_use(names: Sequence[str]) -> Callable[[int], None]:
    from lingnan.kernel.exchange.api import Use, single

    def one(at: int) -> None:
        single(Use("population.identity", MARKET, "individual_business", REGISTRATION, "", "bench",
                   (names[at % len(names)],), ELEMENTS))  # fmt: skip

    return one


def _singles(names: Sequence[str]) -> list[Figure]:
    """From one process, and from two as a node's pages are served by; beside them what a core
    takes for a use. The baseline: the same calls in one process, nothing written down before."""
    from lingnan.kernel.exchange import gateway

    one, count = single_use(names), CALLERS * CALLS
    rate = cost = 0.0
    for _turn in range(TURNS):
        before, begun = time.perf_counter(), time.process_time()
        called(one, CALLERS, CALLS)
        done = count / (time.perf_counter() - before)
        if done > rate:
            rate, cost = done, (time.process_time() - begun) / count * 1e6
    written, gateway._write_all = gateway._write_all, lambda entries: [0] * len(entries)
    try:
        bare = 0.0
        for _turn in range(TURNS):
            before = time.perf_counter()
            called(one, CALLERS, CALLS)
            bare = max(bare, count / (time.perf_counter() - before))
    finally:
        gateway._write_all = written
    two = max(_by_processes() for _turn in range(TURNS))
    return [
        Figure(FIGURES[0], rate, "uses/s", f"{CALLERS} threads", bare, SINGLE, at_least=True),
        Figure(FIGURES[1], two, "uses/s", f"{PROCESSES} processes", bare),
        Figure(FIGURES[2], cost, "µs", f"{CALLERS} threads"),
    ]


def called(one: Callable[[int], None], callers: int, calls: int) -> None:
    """So many calls by each of so many threads."""
    from django.db import connections

    def some(first: int) -> None:
        for n in range(calls):
            one(first * calls + n)
        connections.close_all()

    threads = [threading.Thread(target=some, args=(n,)) for n in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _by_processes() -> float:
    """Uses a second of the same callers, spread over two processes that begin together."""
    from django.conf import settings

    each = CALLERS // PROCESSES
    told = os.environ | {"LINGNAN_EVIDENCE_SOCKET": str(settings.EVIDENCE_SOCKET)}
    words = [sys.executable, "-m", "benchmarks.exchange_callers", str(each), str(CALLS)]
    running = [
        subprocess.Popen(words, env=told, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _process in range(PROCESSES)
    ]
    for one in running:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    for one in running:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    seconds = [float(one.communicate(timeout=300)[0]) for one in running]
    return CALLERS * CALLS / max(seconds)


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
        Figure(FIGURES[3], best[0], "subjects/s", size, bare, 50_000, at_least=True),
        Figure(FIGURES[4], best[1], "subjects/s", size),
        Figure(FIGURES[5], best[2], "subjects/s", size),
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
