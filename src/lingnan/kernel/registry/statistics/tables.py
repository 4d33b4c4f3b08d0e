"""Tables of counts from a register's columnar copy, with or without disclosure control."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import product

from lingnan.kernel.registry.projection import held
from lingnan.kernel.registry.records import Record
from lingnan.kernel.registry.statistics import disclosure as control
from lingnan.kernel.registry.statistics import townships
from lingnan.kernel.registry.statistics.axes import Axis, UnknownAxis, chosen
from lingnan.kernel.registry.statistics.counted import (
    MOST_AXES,
    Categories,
    Counted,
    TooLarge,
    bounded,
    counts,
    laid_out,
)
from lingnan.kernel.registry.statistics.drawing import still_counting
from lingnan.kernel.registry.statistics.release import Told, release
from lingnan.kernel.registry.statistics.townships import Unfit
from lingnan.kernel.registry.statistics.waiting import StillCounting, beside
from lingnan.kernel.runtime.api import Moment

__all__ = [
    "Axis",
    "Counted",
    "StillCounting",
    "Told",
    "TooLarge",
    "Unfit",
    "UnknownAxis",
    "beside",
    "release",
    "still_counting",
    "table",
]


def table(
    model: type[Record],
    dimensions: Sequence[str],
    day: date,
    disclosure: bool = True,
    division: str = "",
    known: datetime | None = None,
    within: str = "",
) -> Counted:
    """How many records held on a day, by one to three dimensions (codes of `axes`).

    `division` bounds it to those below a division; `known` is the instant up to which was known.
    Townships are counted of one county or city, `within`, by default the division itself.
    Counts below `statistics.disclosure.LEAST` and those that would betray them are withheld unless
    `disclosure` is False. Raises UnknownAxis, Unfit, TooLarge, NoCopy, NotProjected, and
    StillCounting within `beside`.
    """
    asked = chosen(model, dimensions)
    if not 1 <= len(asked) <= MOST_AXES or len(set(dimensions)) < len(asked):
        raise UnknownAxis(", ".join(dimensions))
    moment = Moment(day, known)
    if any(axis.dimension.kind == "township" for axis in asked):
        return townships.table(model, asked, moment, disclosure, division, within)
    copy = held.opened(model)
    numbers = counts(model, copy, asked, moment, division)
    lists = [axis.categories(key[n] for key in numbers) for n, axis in enumerate(asked)]
    down, across = laid_out(asked, lists)
    columns = lists[across] if across is not None else [""]
    rows = list(product(*(lists[n] for n in down)))
    bounded(len(rows), len(columns), disclosure)
    places = [*down, *([across] if across is not None else [])]
    found = {tuple(key[n] for n in places): count for key, count in numbers.items()}
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
