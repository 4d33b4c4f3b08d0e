"""Deduplication of `BENCH_ROWS` dirty records (default 100,000): time, memory, precision, recall.

Half of the rows are people, a quarter copies, a quarter lookalikes; of copies and lookalikes half
are by the tests' corrupter, half by the harder one, and parameters are tuned to neither. Rows go
into DuckDB a chunk at a time. The baseline is an exact match on name, birth and sex by the same
engine. Precision and recall are given at each threshold, recall at the propose threshold also by
kind of error. A million rows take longer than a benchmark's patience: set `BENCH_PATIENCE`.

With `BENCH_FILE=100000` a file of so many rows is compared with a register of `BENCH_ROWS` people
instead, from its first row to what was found: half of it dirty copies, half lookalikes. The
register comes out of the generator, not out of a database, and making it up is not counted.
"""

import itertools
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

FILE = int(os.environ.get("BENCH_FILE", "0"))
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
    if FILE:
        return _compared()
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
    peak = _peak()
    precision, recall = _judged(bare, true)
    size = f"{ROWS:,} rows"
    return [
        Figure("linkage.time", took, "s", baseline=bare_took, size=size),
        Figure("linkage.memory", peak, "MB", limit=MEMORY_LIMIT, size=size),
        *_at(found, true, RESIDENT.propose, "", (precision, recall)),
        *(one for at in THRESHOLDS for one in _at(found, true, at, f"_from_{at}", None)),
        *_by_kind(found, true, RESIDENT.propose),
    ]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _compared() -> list[Figure]:
    """A file against a register: how long, how much memory, and how many rows are found."""
    from lingnan.kernel.registry.importing import work
    from lingnan.kernel.registry.linkage.comparing.found import Found
    from lingnan.kernel.registry.linkage.comparing.found import Row as Line
    from lingnan.kernel.registry.linkage.comparing.matching import TAKEN, Matching
    from lingnan.kernel.registry.linkage.finding import make_raw, pour
    from lingnan.kernel.registry.linkage.models import Comparison
    from lingnan.kernel.registry.projection import engine
    from lingnan.systems.government.population.models import Resident

    linkage, one = Resident.record.linkage, Comparison(ref="0" * 32, mapping={})
    assert linkage is not None
    fields = [compared.field for compared in linkage.compared]
    work.folder(one.ref).mkdir(parents=True)
    read = held = 0.0
    with engine.connect() as duck, Found(one.ref, anew=True) as found:
        true: dict[int, int] = {}
        make_raw(duck, fields)
        for rows in _chunks(_file(true), fields):
            found.take_rows(Line(row[0], "", 0, {}, []) for row in rows)
            pour(duck, fields, rows)
        begun, made = time.perf_counter(), Register(fields)
        for share in Matching(one, Resident, linkage).work(duck, found, made, ROWS):
            if share <= TAKEN:
                read, held = time.perf_counter() - begun - made.took, _peak()
        counts = found.judge(linkage.propose)
        took, right = time.perf_counter() - begun - made.took, _right(found, true)
    size = f"{FILE:,} rows against {ROWS:,}"
    return [
        Figure("linkage.compared", took, "s", size=size),
        Figure("linkage.compared_read", read, "s", size=size),
        Figure("linkage.compared_read_memory", held, "MB", size=size),
        Figure("linkage.compared_memory", _peak(), "MB", limit=MEMORY_LIMIT, size=size),
        Figure(
            "linkage.compared_recall", 100 * right / len(true), "%", size=f"{len(true):,} copies"
        ),
        *(Figure(f"linkage.compared_{k}", n, "rows", size=size) for k, n in counts.items()),
    ]


class Register:
    """The register's rows, a chunk at a time; `took` seconds of making them up."""

    def __init__(self, fields: list[str]) -> None:
        self.fields, self.took = fields, 0.0

    def __iter__(self) -> Iterator[list[tuple[Any, ...]]]:
        chunks = _chunks(people(ROWS, random.Random(11)), self.fields)
        while True:
            begun = time.perf_counter()
            chunk = next(chunks, None)
            self.took += time.perf_counter() - begun
            if chunk is None:
                return
            yield chunk


def _file(true: dict[int, int]) -> Iterator[Row]:
    """Of every so many people of the register by turns a copy and a lookalike."""
    dice, step, number = random.Random(12), max(1, ROWS // FILE), 0
    for row in people(ROWS, random.Random(11)):
        if int(row["id"]) % step or number == FILE:
            continue
        maker = corrupter_hard if number % 4 > 1 else corrupter
        made = maker.alike(row, dice)
        if number % 2:
            kinds = list(maker.KINDS.values())
            made, true[number] = kinds[number // 4 % len(kinds)](row, dice), int(row["id"])
        yield made | {"id": str(number)}
        number += 1


def _chunks(rows: Iterator[Row], fields: list[str]) -> Iterator[list[tuple[Any, ...]]]:
    while chunk := list(itertools.islice(rows, CHUNK)):
        yield [(int(row["id"]), *(row[name] or None for name in fields)) for row in chunk]


def _right(found: Any, true: dict[int, int]) -> int:
    """Copies of which the likeliest record is the one that they were made of."""
    right = 0
    for rows in found.batches(CHUNK):
        answers = found.answers(rows)
        for row in rows:
            first = answers[row.number][:1]
            right += any(one.record == true.get(row.number) for one in first)
    return right


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
