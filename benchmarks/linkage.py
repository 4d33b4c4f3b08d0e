"""Deduplication of `BENCH_ROWS` dirty records (default 100,000): time, memory, precision, recall.

Half of the rows are people, a quarter copies, a quarter lookalikes; of copies and lookalikes half
are by the tests' corrupter, half by the harder one, and parameters are tuned to neither. Rows go
into DuckDB a chunk at a time. The baseline is an exact match on name, birth and sex by the same
engine. Precision and recall are given at each threshold, recall at the propose threshold also by
kind of error. A million rows take longer than a benchmark's patience: set `BENCH_PATIENCE`.
"""

import os
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from benchmarks import scratch
from benchmarks.figure import Figure
from benchmarks.linkage_people import FIELDS, Row, people
from tests.linkage import corrupter, corrupter_hard

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
CHUNK, MEMORY_LIMIT = 20_000, 4096
THRESHOLDS = (2, 4, 6, 8, 10, 12, 16)
KINDS = (*corrupter.KINDS, *(f"hard_{name}" for name in corrupter_hard.KINDS))
FIGURES = (
    *(f"linkage.{name}" for name in ("time", "memory", "precision", "recall")),
    *(f"linkage.{name}_from_{at}" for at in THRESHOLDS for name in ("precision", "recall")),
    *(f"linkage.recall_{kind}" for kind in KINDS),
)
BARE = """SELECT l.id, r.id FROM prepared l JOIN prepared r
ON l.name = r.name AND l.birth_date = r.birth_date AND l.sex = r.sex AND l.id < r.id"""
Ids = tuple[int, int]


def measure() -> list[Figure]:
    """Prepare, score every block, and judge against what was corrupted."""
    scratch.bring_up()
    from lingnan.kernel.registry.linkage import scoring
    from lingnan.kernel.registry.projection import engine
    from lingnan.systems.government.population.duplicates import RESIDENT

    with engine.connect() as duck:
        true = _filled(duck, ROWS)
        begun = time.perf_counter()
        scoring.prepare(duck, RESIDENT, "raw")
        found: dict[Ids, float] = {}
        for block in RESIDENT.blocks:
            for one in scoring.score(duck, RESIDENT, [block]):
                found[min(one.left, one.right), max(one.left, one.right)] = one.weight
        took = time.perf_counter() - begun
        begun = time.perf_counter()
        bare = set(duck.execute(BARE).fetchall())
        bare_took = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    precision, recall = _judged(bare, true)
    size = f"{ROWS:,} rows"
    return [
        Figure("linkage.time", took, "s", baseline=bare_took, size=size),
        Figure("linkage.memory", peak, "MB", limit=MEMORY_LIMIT, size=size),
        *_at(found, true, RESIDENT.propose, "", (precision, recall)),
        *(one for at in THRESHOLDS for one in _at(found, true, at, f"_from_{at}", None)),
        *_by_kind(found, true, RESIDENT.propose),
    ]


def _at(
    found: dict[Ids, float], true: dict[Ids, str], least: float, mark: str, bare: Any
) -> Iterator[Figure]:
    judged = _judged({pair for pair, weight in found.items() if weight >= least}, true)
    for place, name in enumerate(("precision", "recall")):
        baseline = bare[place] if bare else None
        figure = f"linkage.{name}{mark}"
        yield Figure(figure, judged[place], "%", baseline=baseline, size=f"{ROWS:,} rows")


def _judged(pairs: set[Ids], true: dict[Ids, str]) -> tuple[float, float]:
    right = sum(pair in true for pair in pairs)
    return 100 * right / max(len(pairs), 1), 100 * right / max(len(true), 1)


def _by_kind(found: dict[Ids, float], true: dict[Ids, str], least: float) -> Iterator[Figure]:
    made = Counter(true.values())
    right = Counter(kind for pair, kind in true.items() if found.get(pair, least - 1) >= least)
    for kind in KINDS:
        share = 100 * right[kind] / max(made[kind], 1)
        yield Figure(f"linkage.recall_{kind}", share, "%", size=f"{made[kind]:,} copies")


def _filled(duck: Any, count: int) -> dict[Ids, str]:
    """Fill the table `raw`; returns the true pairs with their kinds of error."""
    import pyarrow

    columns = ", ".join(f"{name} VARCHAR" for name in FIELDS if name != "id")
    duck.execute(f"CREATE TABLE raw (id BIGINT, {columns})")
    true: dict[Ids, str] = {}
    chunk: list[Row] = []

    def pour() -> None:
        said: dict[str, Any] = {name: [row[name] for row in chunk] for name in FIELDS}
        said["id"] = [int(text) for text in said["id"]]
        duck.register("chunk", pyarrow.table(said))
        duck.execute("INSERT INTO raw SELECT * FROM chunk")
        duck.unregister("chunk")
        chunk.clear()

    for row in _rows(count, true):
        chunk.append(row)
        if len(chunk) == CHUNK:
            pour()
    if chunk:
        pour()
    return true


def _rows(count: int, true: dict[Ids, str]) -> Iterator[Row]:
    """People, each of the first half followed by a copy and a lookalike; by turns the harder."""
    dice = random.Random(11)
    for number, row in enumerate(people(count // 2, dice)):
        yield row
        if number >= count // 4:
            continue
        hard, turn = number % 2, number // 2
        kinds = corrupter_hard.KINDS if hard else corrupter.KINDS
        kind = list(kinds)[turn % len(kinds)]
        true[number, count + number] = f"hard_{kind}" if hard else kind
        yield kinds[kind](row, dice) | {"id": str(count + number)}
        other = (corrupter_hard if hard else corrupter).alike(row, dice)
        yield other | {"id": str(2 * count + number)}
