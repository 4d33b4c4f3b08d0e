"""What everybody may be told of a register: one release of many tables that agree.

Places of every level by one dimension (cities of a province, counties of each city, townships of
each county), and the province and each city by that and another one. A place's line is the same in
the table above it and in its own. What stands below a place is told only where all of the place's
own line is: so nothing unknown joins the tables of two levels, and each is protected against who
knows all of them. The tables by the other dimension are protected together (`groups`).

Not covered: releases of different days, and of the same day by what was known at different times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from lingnan.kernel.registry.projection import held
from lingnan.kernel.registry.records import Record, significant
from lingnan.kernel.registry.statistics import disclosure as control
from lingnan.kernel.registry.statistics import waiting
from lingnan.kernel.registry.statistics.axes import Axis, chosen
from lingnan.kernel.registry.statistics.counted import counts
from lingnan.kernel.registry.statistics.groups import Spot, withheld_of_each
from lingnan.kernel.registry.statistics.levels import published_below, totals_below
from lingnan.kernel.runtime.api import Moment

PROVINCE_DIGITS, CITY_DIGITS = 2, 4
COUNTY, TOWNSHIP, BY, OTHER = range(4)
Line = Sequence[int | None]


@dataclass(frozen=True)
class Told:
    """Counts of rows by columns, with a last column and a last row of totals; None: withheld.

    axis  the dimension of the rows, whose categories they are
    """

    axis: Axis
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]


def release(model: type[Record], by: str, other: str, day: date) -> "Release":
    """The tables of a day by these dimensions (codes of `axes`), from the newest copy.

    Raises UnknownAxis, NoCopy, NotProjected, and StillCounting within `waiting.beside`.
    """
    town = next(one for one in model.record.counted if one.kind == "township")
    axes = tuple(chosen(model, [town.within, town.field, by, other]))
    asked = (held.opened(model), axes, Moment(day))
    return waiting.made(asked, lambda: _of(*asked))


@lru_cache(maxsize=waiting.KEPT)
def _of(copy: held.Copy, axes: tuple[Axis, ...], moment: Moment) -> "Release":
    return Release(copy, axes, moment)


class Release:
    """The tables of a day; `axes` are counties, townships, `by` and the other dimension."""

    def __init__(self, copy: held.Copy, axes: Sequence[Axis], moment: Moment) -> None:
        self._copy, self._axes, self._moment = copy, axes, moment
        county, _township, by, other = axes
        found = counts(by.model, copy, [county, by, other], moment, "")
        self.columns = by.categories(key[1] for key in found)
        self.categories = other.categories(key[2] for key in found)
        self._counties: dict[str, list[int]] = {}
        self._cities: dict[str, list[list[int]]] = {}
        for (code, group, category), count in sorted(found.items()):
            at = self.columns.index(group)
            self._counties.setdefault(code, [0] * len(self.columns))[at] += count
            nothing = [[0] * len(self.categories) for _column in self.columns]
            city = self._cities.setdefault(_city(code), nothing)
            city[at][self.categories.index(category)] += count
        self._lines = [list(map(sum, city)) for city in self._cities.values()]
        self._hidden = control.withheld(self._lines)
        self._withheld: set[Spot] = withheld_of_each(list(self._cities.values()), self._hidden)

    def below(self, place: str) -> Told:
        """The places one level below a province, a city or a county, by its code of six digits.

        A city without counties has its townships below it. Empty where nothing was counted.
        """
        digits = len(significant(place))
        if digits <= PROVINCE_DIGITS:
            return self._told(COUNTY, list(self._cities), self._of_cities)
        counties = self._counties_of(place)
        if digits <= CITY_DIGITS and counties != [place]:
            return self._told(COUNTY, counties, self._of_counties(place))
        return self._of_townships(place)

    def others(self, place: str) -> Told | None:
        """A province or a city by the other dimension; None of what has no such table."""
        cities = list(self._cities)
        if len(significant(place)) <= PROVINCE_DIGITS:
            at, own = len(cities), list(self._cities.values())
        elif place in cities:
            at, own = cities.index(place), [self._cities[place]]
        else:
            return None
        rows: list[Line] = []
        for n, _category in enumerate(self.categories):
            spots = [(at, group, n) for group, _column in enumerate(self.columns)]
            line = [
                None if spot in self._withheld else sum(one[spot[1]][n] for one in own)
                for spot in spots
            ]
            rows.append([*line, _sum(line)])
        return self._told(OTHER, self.categories, [*rows, self._of_cities[at]] if rows else [])

    def _told(self, axis: int, rows: Sequence[str], cells: Sequence[Line]) -> Told:
        return Told(self._axes[axis], tuple(rows), tuple(self.columns), tuple(map(tuple, cells)))

    @cached_property
    def _of_cities(self) -> list[Line]:
        return [
            [None if (i, j) in self._hidden else count for j, count in enumerate(line)]
            for i, line in enumerate(control.with_totals(self._lines))
        ]

    def _counties_of(self, city: str) -> list[str]:
        return [code for code in self._counties if _city(code) == city]

    def _of_counties(self, city: str) -> list[Line]:
        lines = [self._counties[code] for code in self._counties_of(city)]
        if not lines:
            return []
        at = list(self._cities).index(city)
        own = self._of_cities[at]
        if self._counties_of(city) == [city]:
            return [own, own]
        return _below(self._lines, self._hidden, at, lines, own)

    def _of_townships(self, county: str) -> Told:
        town, by = self._axes[TOWNSHIP], self._axes[BY]
        found = counts(by.model, self._copy, [town, by], self._moment, county)
        codes = town.categories(key[0] for key in found)
        lines = [[found.get((code, column), 0) for column in self.columns] for code in codes]
        if not lines:
            return self._told(TOWNSHIP, [], [])
        city = _city(county)
        counties = self._counties_of(city)
        above = [self._counties[code] for code in counties]
        told = self._of_counties(city)
        hidden = {(i, j) for i, line in enumerate(told) for j, n in enumerate(line) if n is None}
        at = counties.index(county)
        return self._told(TOWNSHIP, codes, _below(above, hidden, at, lines, told[at]))


def _city(county: str) -> str:
    return county and f"{county[:CITY_DIGITS]}00"


def _below(
    above: list[list[int]], hidden: set[control.Cell], at: int, lines: list[list[int]], own: Line
) -> list[Line]:
    """What stands below a place, and its own line last: nothing where that is not told wholly."""
    if None in own:
        return [*([None] * len(own) for _line in lines), own]
    totals = totals_below([sum(line) for line in lines], hidden=False)
    return [*published_below(above, hidden, at, lines, totals), own]


def _sum(line: Line) -> int | None:
    """A sum is told where all of what is added up is: it tells nothing more."""
    known = [count for count in line if count is not None]
    return sum(known) if len(known) == len(line) else None
