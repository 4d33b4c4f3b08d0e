"""Counts of residents by place, age and sex on a day, from the register's columnar copy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from lingnan.kernel.registry.api import statistics
from lingnan.systems.government.population.models import Resident

NOT_STATED = "-"
Row = tuple[str, int | None, int | None, int | None]


@dataclass(frozen=True)
class Counts:
    """Rows of (code, men, women, total); None is withheld. The last row is the total.

    `names` are those of townships on the day; other codes are called by who shows them.
    """

    rows: tuple[Row, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int | None:
        return self.rows[-1][3] if self.rows else 0


def by_age(division: str, day: date) -> Counts:
    """Bands of five years, from nought on, by sex. Raises LookupError while there is no copy."""
    return _counts("birth_date", division, day)


def by_place(division: str, day: date) -> Counts:
    """Cities of the province, counties of a city or townships of a county, by sex.

    Raises as `by_age`.
    """
    if not division.endswith("00"):
        return _counts("township", division, day)
    axis = "division-city" if division.endswith("0000") else "division"
    return _counts(axis, division, day)


def for_everybody(division: str, day: date) -> tuple[Counts, Counts | None]:
    """The places below a division by sex, and its ages by sex (None of a county).

    Tables of one release: what one withholds no others of the day tell. Raises as `by_age`.
    """
    told = statistics.release(Resident, "sex", "birth_date", day)
    ages = told.others(division)
    return _released(told.below(division), day), _released(ages, day) if ages else None


def _released(told: statistics.Told, day: date) -> Counts:
    lines = zip([*told.rows, ""], told.cells, strict=False)
    return _called([(code, line[0], line[1], line[-1]) for code, line in lines], told.axis, day)


def _counts(axis: str, division: str, day: date) -> Counts:
    found = statistics.table(Resident, [axis, "sex"], day, disclosure=False, division=division)
    flipped = found.across is not None and found.across.code != "sex"
    cells = list(zip(*found.cells, strict=True)) if flipped else list(found.cells)
    codes = list(found.columns) if flipped else [row[0] for row in found.rows]
    rows = [
        (code, cell[0], cell[1], cell[-1]) for code, cell in zip([*codes, ""], cells, strict=True)
    ]
    return _called(rows, found.axes[0], day)


def _called(rows: list[Row], axis: statistics.Axis, day: date) -> Counts:
    """Townships by their names of a day; a row without a code is that of the total."""
    if axis.dimension.kind != "township" or not rows:
        return Counts(tuple(rows))
    said = axis.labels([row[0] for row in rows[:-1]], day)
    stated = [(row[0] or NOT_STATED, *row[1:]) for row in rows[:-1]]
    names = {code or NOT_STATED: name for code, name in said.items()}
    return Counts((*stated, rows[-1]), names)
