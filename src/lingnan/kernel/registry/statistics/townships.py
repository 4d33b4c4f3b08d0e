"""Tables of the townships of a county, or of each county of a city, that agree with the counties'.

Townships go down, at most one other dimension goes across. With disclosure control the table of
the counties is reckoned beside it, from the same copy and as the same reader is given it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lingnan.kernel.registry.projection import held
from lingnan.kernel.registry.records import Record, significant
from lingnan.kernel.registry.statistics import disclosure as control
from lingnan.kernel.registry.statistics.axes import Axis, Below
from lingnan.kernel.registry.statistics.counted import (
    Categories,
    Counted,
    bounded,
    counts,
    laid_out,
)
from lingnan.kernel.registry.statistics.levels import published_below, totals_below
from lingnan.kernel.runtime.api import Moment

CITY_DIGITS = 4
Line = Sequence[int | None]


class Unfit(ValueError):
    """A table by township that there is not: too many dimensions, or two of places."""


class NoPlace(Unfit):
    """It was not said of which county or city, or of one outside the division."""


@dataclass(frozen=True)
class Asked:
    """The dimensions: counties, their townships, and what goes across (None: nothing)."""

    top: Axis
    lower: Below
    across: Axis | None

    @property
    def axes(self) -> list[Axis]:
        return [self.top, self.lower, *([self.across] if self.across else [])]


def table(
    model: type[Record],
    asked: Sequence[Axis],
    moment: Moment,
    disclosure: bool,
    division: str,
    within: str,
) -> Counted:
    """The townships of a place below a division; arguments of `tables.table`. Raises Unfit."""
    wanted = _asked(model, asked, _place(division, within))
    copy = held.opened(model)
    bound = division if disclosure else wanted.lower.place
    numbers = counts(model, copy, wanted.axes, moment, bound)
    found = Found(wanted, numbers)
    for listed in (found.rows, found.counties):
        bounded(len(listed), len(found.columns), disclosure)
    lines, last = found.guarded() if disclosure else found.plain()
    one_county = len({county for county, _township in found.rows}) < 2
    return Counted(
        model=model,
        axes=(wanted.lower,) if one_county else (wanted.top, wanted.lower),
        across=wanted.across,
        rows=tuple((township,) if one_county else (county, township)
                   for county, township in found.rows),
        columns=tuple(found.columns),
        cells=tuple(tuple(line) for line in [*lines, last]) if lines else (),
        day=moment.valid,
        state=copy.state,
        guarded=disclosure,
    )  # fmt: skip


def _place(division: str, within: str) -> str:
    """The place by its significant digits. Raises NoPlace."""
    bound, place = significant(division), significant(within or division)
    if len(place) < CITY_DIGITS or not place.isdigit() or not place.startswith(bound):
        raise NoPlace(within)
    return place


def _asked(model: type[Record], asked: Sequence[Axis], place: str) -> Asked:
    lower = next(axis for axis in asked if axis.dimension.kind == "township")
    others = [axis for axis in asked if axis is not lower]
    if len(others) > 1 or any(axis.dimension.kind in ("division", "township") for axis in others):
        raise Unfit(", ".join(axis.code for axis in asked))
    above = next(d for d in model.record.counted if d.field == lower.dimension.within)
    below = Below(model, lower.code, lower.dimension, place)
    return Asked(Axis(model, above.field, above), below, others[0] if others else None)


class Found:
    """Counts of all counties of the division, and of the townships of the place's."""

    def __init__(self, wanted: Asked, numbers: Mapping[Categories, int]) -> None:
        self.wanted, self.numbers = wanted, numbers
        inside = {key[:2] for key in numbers if key[0].startswith(wanted.lower.place)}
        self.counties = wanted.top.categories(key[0] for key in numbers)
        self.rows = sorted(inside, key=lambda row: (row[0], row[1] == "", row[1]))
        across = wanted.across
        self.columns = across.categories(key[2] for key in numbers) if across else [""]

    def below(self, county: str) -> list[list[int]]:
        return [self._line(row) for row in self.rows if row[0] == county]

    def _line(self, row: Categories) -> list[int]:
        tails: list[Categories] = [(one,) for one in self.columns] if self.wanted.across else [()]
        return [self.numbers.get((*row, *tail), 0) for tail in tails]

    def plain(self) -> tuple[list[Line], Line]:
        """Every count, and the totals."""
        lines: list[Line] = [*control.with_totals([self._line(row) for row in self.rows])]
        return (lines[:-1], lines[-1]) if lines else ([], [])

    def above(self) -> list[list[int]]:
        """The counties' counts, from which their table is made."""
        place, column = ({one: n for n, one in enumerate(listed)}
                         for listed in (self.counties, self.columns))  # fmt: skip
        rows = [[0] * len(self.columns) for _county in self.counties]
        for key, count in self.numbers.items():
            rows[place[key[0]]][column[key[2]] if self.wanted.across else 0] += count
        return rows

    def guarded(self) -> tuple[list[Line], Line]:
        """What may be told of the townships below the counties' table, and their totals."""
        above = self.above()
        hidden = self._withheld(above)
        alone = control.withheld([[sum(row)] for row in above])
        lines: list[Line] = []
        shown: list[Line] = []
        for n, county in enumerate(self.counties):
            if not (below := self.below(county)):
                continue
            totals = totals_below([sum(row) for row in below], (n, 0) in alone)
            lines += published_below(above, hidden, n, below, totals)
            line = control.with_totals([above[n]])[0]
            shown.append([None if (n, j) in hidden else c for j, c in enumerate(line)])
        return lines, [_sum(column) for column in zip(*shown, strict=True)]

    def _withheld(self, above: list[list[int]]) -> set[control.Cell]:
        """What is withheld in the counties' table, laid out as that table is."""
        if not self.wanted.across or not above:
            return control.withheld(above)
        axes, lists = [self.wanted.top, self.wanted.across], [self.counties, self.columns]
        if laid_out(axes, lists)[1] == 1:
            return control.withheld(above)
        turned = control.withheld([list(column) for column in zip(*above, strict=True)])
        return {(row, column) for column, row in turned}


def _sum(counts_of: Line) -> int | None:
    """What follows from the counties' own lines: nothing where one of them is withheld."""
    known = [count for count in counts_of if count is not None]
    return sum(known) if len(known) == len(counts_of) else None
