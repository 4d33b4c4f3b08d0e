"""Tables of counts from a register's columnar copy, with or without disclosure control."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product

from lingnan.kernel.registry.projection import engine, held
from lingnan.kernel.registry.projection.manifest import Manifest
from lingnan.kernel.registry.records import Record, significant
from lingnan.kernel.registry.statistics import disclosure as control
from lingnan.kernel.registry.statistics.axes import Axis, UnknownAxis, chosen
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


def table(
    model: type[Record],
    dimensions: Sequence[str],
    day: date,
    disclosure: bool = True,
    division: str = "",
    known: datetime | None = None,
) -> Counted:
    """How many records held on a day, by one to three dimensions (codes of `axes`).

    `division` bounds it to those below a division; `known` is the instant up to which was known.
    Counts below `statistics.disclosure.LEAST` and those that would betray them are withheld unless
    `disclosure` is False. Raises UnknownAxis, TooLarge, NoCopy, NotProjected.
    """
    asked = chosen(model, dimensions)
    if not 1 <= len(asked) <= MOST_AXES or len(set(dimensions)) < len(asked):
        raise UnknownAxis(", ".join(dimensions))
    copy = held.opened(model)
    counts = _counts(model, copy, asked, Moment(day, known), division)
    lists = [axis.categories(key[n] for key in counts) for n, axis in enumerate(asked)]
    down, across = _laid_out(asked, lists)
    columns = lists[across] if across is not None else [""]
    rows = list(product(*(lists[n] for n in down)))
    if len(rows) * len(columns) > (MOST_GUARDED if disclosure else MOST_CELLS):
        raise TooLarge(f"{len(rows)} × {len(columns)}")
    places = [*down, *([across] if across is not None else [])]
    found = {tuple(key[n] for n in places): count for key, count in counts.items()}
    plain = [[found.get(_key(row, one, across), 0) for one in columns] for row in rows]
    cells = control.published(plain) if disclosure else control.with_totals(plain)
    return Counted(
        model=model,
        axes=tuple(asked[n] for n in down),
        across=None if across is None else asked[across],
        rows=tuple(rows),
        columns=tuple(columns),
        cells=tuple(tuple(row) for row in cells),
        day=day,
        state=copy.state,
        guarded=disclosure,
    )


def _key(row: Categories, column: str, across: int | None) -> Categories:
    return row if across is None else (*row, column)


def _laid_out(asked: Sequence[Axis], lists: Sequence[list[str]]) -> tuple[list[int], int | None]:
    """Which axes go down, in the order asked for, and which goes across: that of fewest places."""
    if len(asked) == 1:
        return [0], None
    across = min(range(len(asked)), key=lambda n: (len(lists[n]), -n))
    return [n for n in range(len(asked)) if n != across], across


def _counts(
    model: type[Record], copy: held.Copy, asked: Sequence[Axis], moment: Moment, division: str
) -> dict[Categories, int]:
    scope = model.record.scope
    names = {axis.dimension.field for axis in asked} | ({scope} if scope and division else set())
    rows = copy.held(moment, sorted(names))
    groups = ", ".join(f"{axis.grouped(moment.valid)} AS g{n}" for n, axis in enumerate(asked))
    texts = ", ".join(axis.sql(f"g{n}") for n, axis in enumerate(asked))
    where = ""
    if scope and division:
        where = f"WHERE starts_with({engine.named(scope)}, {engine.literal(significant(division))})"
    with engine.connect() as duck:
        inner = f"SELECT {groups}, count(*) AS n FROM ({rows}) {where} GROUP BY ALL"
        sql = f"SELECT {texts}, CAST(sum(n) AS BIGINT) FROM ({inner}) GROUP BY ALL"
        found = duck.execute(sql).fetchall()
    return {tuple(str(value) for value in row[:-1]): int(row[-1]) for row in found}
