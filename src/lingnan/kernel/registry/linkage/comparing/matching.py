"""One comparison from its file to what was found, within bounds of memory.

The file's rows stand in DuckDB; of the register only records that share a key of some block with
one of them, so that memory follows the file and not the register.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import Event
from typing import Any

from lingnan.kernel.registry.importing import files
from lingnan.kernel.registry.importing.checking import Problem
from lingnan.kernel.registry.importing.sheets import Unfit
from lingnan.kernel.registry.linkage import finding, scoring
from lingnan.kernel.registry.linkage.comparing.fitting import Fitted, Fitter
from lingnan.kernel.registry.linkage.comparing.found import Found, Row
from lingnan.kernel.registry.linkage.declaration import Linkage
from lingnan.kernel.registry.linkage.models import Comparison
from lingnan.kernel.registry.projection import engine
from lingnan.kernel.registry.records import Record, visible_to

# A hundred thousand rows are a department's list, and minutes of one worker. More would be half
# a register: that is an exchange of sets, with an agreement and a manifest.
MOST = 100_000
CHUNK, SLICE = 5_000, 20_000
# A key that so many records share tells nobody apart: rows are not compared by it.
SHARED = 1_000
READ, TAKEN = 0.1, 0.6
Records = Iterable[Sequence[Sequence[Any]]]


class Matching:
    """The comparison of one file; `told` hears how much is done, 0 to 1."""

    def __init__(
        self,
        one: Comparison,
        model: type[Record],
        linkage: Linkage,
        told: Callable[[float], None] = lambda share: None,
    ) -> None:
        self.one, self.model, self.linkage, self.told = one, model, linkage, told
        self.fields = [compared.field for compared in linkage.compared]
        self.fitter = Fitter(model, linkage, one.mapping)
        self.counts: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()

    def run(self, stopping: Event) -> bool:
        """From the beginning to the end; False when told to stop before. Raises Unfit."""
        with engine.connect() as duck, Found(self.one.ref, anew=True) as found:
            finding.make_raw(duck, self.fields)
            for rows in self._rows():
                self._take_row(duck, found, rows)
                if stopping.is_set():
                    return False
            seen = visible_to(self.model, self.one.sender)
            records = finding.chunks(seen, self.fields)
            for share in self.work(duck, found, records, max(1, seen.count())):
                self.told(share)
                if stopping.is_set():
                    return False
            self.counts.update(found.judge(self.linkage.propose))
        return True

    def _rows(self) -> Iterator[list[tuple[int, Sequence[Any], str]]]:
        """Rows after the names of the columns that say something, 5,000 at a time."""
        source, chunk = files.source_of(self.one), []
        head = self.one.reading.get("head", 0)
        for row in source.rows():
            if row[0] <= head or (not row[2] and files.is_blank(row[1])):
                continue
            chunk.append(row)
            if len(chunk) == CHUNK:
                yield chunk
                self.told(READ * source.share)
                chunk = []
        if chunk:
            yield chunk
        if not self.counts["rows"]:
            raise Unfit("no_rows")

    def _take_row(self, duck: Any, found: Found, rows: list[Any]) -> None:
        self.counts["rows"] += len(rows)
        if self.counts["rows"] > MOST:
            raise Unfit("too_many_rows")
        made, poured = [], []
        for number, cells, fault in rows:
            row = self._judged(number, self.fitter.fit(cells), fault)
            made.append(row)
            if row.kind != "bad":
                poured.append((number, *(row.said.get(name) for name in self.fields)))
        found.take_rows(made)
        if poured:
            finding.pour(duck, self.fields, poured)

    def _judged(self, number: int, fitted: Fitted, fault: str) -> Row:
        """A row that says nothing, or that a fault of the file spoils, is not compared."""
        said = {n: v for n, v in zip(self.fields, fitted.values, strict=True) if v is not None}
        problems = [Problem("", fault)] if fault else fitted.problems
        bad = bool(fault) or not said
        if bad and not problems:
            problems = [Problem("", "says_nothing")]
        self.faults.update({f"{one.field}|{one.code}" for one in problems})
        self.counts["left_out"] += bool(problems) and not bad
        return Row(number, "bad" if bad else "", 0, said, problems)

    def work(self, duck: Any, found: Found, records: Records, whole: int) -> Iterator[float]:
        """Take in `records` and score; how much is done, step by step."""
        scoring.prepare(duck, self.linkage, "raw", "file")
        yield from self._take_in(duck, records, whole)
        yield from self._score(duck, found)

    def _take_in(self, duck: Any, records: Records, whole: int) -> Iterator[float]:
        """Of the register what shares a key with the file, and the keys that tell apart."""
        linkage, done = self.linkage, 0
        blocks = range(len(linkage.blocks))
        _with_keys(duck, linkage, "file", "left_side")
        for place in blocks:
            duck.execute(
                f"CREATE TABLE keys_{place} AS SELECT k{place} AS k FROM left_side "
                f"WHERE k{place} IS NOT NULL GROUP BY k{place}"
            )
        shared = " OR ".join(f"k{n} IN (SELECT k FROM keys_{n})" for n in blocks)
        duck.execute("CREATE TABLE right_side AS SELECT * FROM left_side LIMIT 0")
        for rows in records:
            finding.make_raw(duck, self.fields)
            finding.pour(duck, self.fields, rows)
            scoring.prepare(duck, linkage, "raw", "portion")
            _with_keys(duck, linkage, "portion", "keyed")
            duck.execute(f"INSERT INTO right_side SELECT * FROM keyed WHERE {shared}")
            done += len(rows)
            yield READ + (TAKEN - READ) * min(1.0, done / whole)
        for place in blocks:
            _forget_shared(duck, place)

    def _score(self, duck: Any, found: Found) -> Iterator[float]:
        """Slice by slice of the file, block by block."""
        # A row's number may be far beyond the count of rows that say something.
        slices = duck.execute(
            f"SELECT DISTINCT id // {SLICE} AS slice FROM left_side ORDER BY slice"
        ).fetchall()
        blocks = [(f"k{place}",) for place in range(len(self.linkage.blocks))]
        done, whole = 0, max(1, len(slices) * len(blocks))
        for (number,) in slices:
            duck.execute(
                "CREATE OR REPLACE TABLE part AS SELECT * FROM left_side "
                f"WHERE id // {SLICE} = {number}"
            )
            for block in blocks:
                found.take(scoring.link(duck, self.linkage, block, "part", "right_side"))
                done += 1
                yield TAKEN + (1 - TAKEN) * done / whole


def _with_keys(duck: Any, linkage: Linkage, source: str, into: str) -> None:
    """With a text for each block, of the columns that must agree; NULL where one says nothing."""
    keys = [
        " || chr(31) || ".join(f"{engine.named(column)}" for column in block) + f" AS k{place}"
        for place, block in enumerate(linkage.blocks)
    ]
    duck.execute(f"CREATE OR REPLACE TABLE {into} AS SELECT *, {', '.join(keys)} FROM {source}")


def _forget_shared(duck: Any, place: int) -> None:
    duck.execute(
        f"UPDATE right_side SET k{place} = NULL WHERE k{place} IN (SELECT k{place} FROM right_side "
        f"WHERE k{place} IS NOT NULL GROUP BY k{place} HAVING count(*) > {SHARED})"
    )
