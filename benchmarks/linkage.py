"""Deduplication of `BENCH_ROWS` dirty records (default 100,000): time, memory, precision, recall.

Half of the rows are people, a quarter copies by the tests' corrupter, a quarter lookalikes. The
baseline of recall and time is an exact match on name, birth and sex by the same engine.
"""

import os
import random
import resource
import time
from typing import Any

from benchmarks import scratch
from benchmarks.figure import Figure
from benchmarks.linkage_people import people

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
FIGURES = tuple(f"linkage.{name}" for name in ("time", "memory", "precision", "recall"))
BARE = """SELECT l.id, r.id FROM prepared l JOIN prepared r
ON l.name = r.name AND l.birth_date = r.birth_date AND l.sex = r.sex AND l.id < r.id"""


def measure() -> list[Figure]:
    """Prepare, score at the propose threshold, and judge against what was corrupted."""
    scratch.bring_up()
    from lingnan.kernel.registry.linkage import scoring
    from lingnan.kernel.registry.projection import engine
    from lingnan.systems.government.population.duplicates import RESIDENT

    table, true = _rows(ROWS)
    with engine.connect() as duck:
        duck.register("raw", table)
        begun = time.perf_counter()
        scoring.prepare(duck, RESIDENT, "raw")
        found = set()
        for block in RESIDENT.blocks:
            for one in scoring.score(duck, RESIDENT, [block]):
                if one.weight >= RESIDENT.propose:
                    found.add((min(one.left, one.right), max(one.left, one.right)))
        took = time.perf_counter() - begun
        begun = time.perf_counter()
        bare = set(duck.execute(BARE).fetchall())
        bare_took = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    right, exact = len(found & true), len(bare & true)
    size = f"{ROWS:,} rows"
    return [
        Figure("linkage.time", took, "s", baseline=bare_took, size=size),
        Figure("linkage.memory", peak, "MB", size=size),
        Figure("linkage.precision", 100 * right / max(len(found), 1), "%",
               baseline=100 * exact / max(len(bare), 1), size=size),
        Figure("linkage.recall", 100 * right / len(true), "%",
               baseline=100 * exact / len(true), size=size),
    ]  # fmt: skip


def _rows(count: int) -> tuple[Any, set[tuple[int, int]]]:
    import pyarrow

    from tests.linkage import corrupter

    dice = random.Random(11)
    rows = list(people(count // 2, dice))
    true = set()
    for number, (_kind, row) in enumerate(corrupter.copies(rows[: count // 4], dice)):
        true.add((int(row["id"]), count + number))
        rows.append(row | {"id": str(count + number)})
    for number in range(count // 4):
        rows.append(corrupter.alike(rows[number], dice) | {"id": str(2 * count + number)})
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in rows[0]}
    columns["id"] = [int(text) for text in columns["id"]]
    return pyarrow.table(columns), true
