"""Counts from a register's columnar copy, and a table of them as it may be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lingnan.kernel.registry.projection import engine, held
from lingnan.kernel.registry.projection.manifest import Manifest
from lingnan.kernel.registry.records import Record, significant
from lingnan.kernel.registry.statistics import waiting
from lingnan.kernel.registry.statistics.axes import Axis
from lingnan.kernel.runtime.api import Moment

MOST_AXES, MOST_CELLS = 3, 20_000
# Withholding asks two flows of each small cell: more would keep a reader waiting.
MOST_GUARDED = 8_000
Categories = tuple[str, ...]


class TooLarge(ValueError):
    """More cells than a table may have."""


@dataclass(frozen=True)
class Counted:
    """A table as it may be read.

    axes     those of the rows; the last one is that of the columns (None with a single axis)
    rows     the categories of each row; `columns` those of the columns ("" of a single axis)
    cells    counts, with a last column and row of totals; None where one is withheld
    day      the day that was counted, by what the copy of `state` knows
    guarded  whether disclosure control was applied
    """

    model: type[Record]
    axes: tuple[Axis, ...]
    across: Axis | None
    rows: tuple[Categories, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    day: date
    state: Manifest
    guarded: bool

    @property
    def total(self) -> int | None:
        return self.cells[-1][-1] if self.cells else 0

    @property
    def hides(self) -> bool:
        return any(count is None for row in self.cells for count in row)


def counts(
    model: type[Record], copy: held.Copy, asked: Sequence[Axis], moment: Moment, division: str
) -> dict[Categories, int]:
    """How many records held at a moment below a division, by categories of the axes.

    Raises StillCounting within `waiting.beside`.
    """
    scope = model.record.scope
    names = set().union(*(axis.fields for axis in asked), {scope} if scope and division else ())
    rows = copy.held(moment, sorted(names))
    groups = ", ".join(f"{axis.grouped(moment.valid)} AS g{n}" for n, axis in enumerate(asked))
    texts = ", ".join(axis.sql(f"g{n}") for n, axis in enumerate(asked))
    where = ""
    if scope and division:
        where = f"WHERE starts_with({engine.named(scope)}, {engine.literal(significant(division))})"
    inner = f"SELECT {groups}, count(*) AS n FROM ({rows}) {where} GROUP BY ALL"
    sql = f"SELECT {texts}, CAST(sum(n) AS BIGINT) FROM ({inner}) GROUP BY ALL"
    return waiting.made((copy.place, sql), lambda: _run(sql))


def _run(sql: str) -> dict[Categories, int]:
    with engine.connect() as duck:
        found = duck.execute(sql).fetchall()
    return {tuple(str(value) for value in row[:-1]): int(row[-1]) for row in found}


def laid_out(asked: Sequence[Axis], lists: Sequence[list[str]]) -> tuple[list[int], int | None]:
    """Which axes go down, in the order asked for, and which goes across: that of fewest places."""
    if len(asked) == 1:
        return [0], None
    across = min(range(len(asked)), key=lambda n: (len(lists[n]), -n))
    return [n for n in range(len(asked)) if n != across], across


def bounded(rows: int, columns: int, disclosure: bool) -> None:
    """Raises TooLarge for more cells than a table may have."""
    if rows * columns > (MOST_GUARDED if disclosure else MOST_CELLS):
        raise TooLarge(f"{rows} × {columns}")
