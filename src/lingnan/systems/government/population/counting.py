"""Counts of residents by place, age and sex on a day, from the register's columnar copy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from lingnan.kernel.registry.api import statistics
from lingnan.systems.government.population.models import Resident

NOT_STATED = "-"


@dataclass(frozen=True)
class Counts:
    """Rows of (code, men, women, total); None is withheld. The last row is the total.

    `names` are those of townships on the day; other codes are called by who shows them.
    """

    rows: tuple[tuple[str, int | None, int | None, int | None], ...]
    guarded: bool
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int | None:
        return self.rows[-1][3] if self.rows else 0


def by_age(division: str, day: date, guarded: bool) -> Counts:
    """Bands of five years, from nought on, by sex. Raises LookupError while there is no copy."""
    return _counts("birth_date", division, day, guarded)


def by_place(division: str, day: date, guarded: bool) -> Counts:
    """Cities of the province, counties of a city or townships of a county, by sex.

    Raises as `by_age`.
    """
    if not division.endswith("00"):
        return _counts("township", division, day, guarded)
    axis = "division-city" if division.endswith("0000") else "division"
    return _counts(axis, division, day, guarded)


def _counts(axis: str, division: str, day: date, guarded: bool) -> Counts:
    found = statistics.table(Resident, [axis, "sex"], day, guarded, division)
    flipped = found.across is not None and found.across.code != "sex"
    cells = list(zip(*found.cells, strict=True)) if flipped else list(found.cells)
    codes = list(found.columns) if flipped else [row[0] for row in found.rows]
    rows = [
        (code, cell[0], cell[1], cell[-1]) for code, cell in zip([*codes, ""], cells, strict=True)
    ]
    names: Mapping[str, str] = {}
    if axis == "township" and codes:
        # A row without a code is that of the total.
        said = found.axes[0].labels(codes, day)
        names = {code or NOT_STATED: said[code] for code in codes}
        rows = [(one[0] or NOT_STATED, *one[1:]) for one in rows[:-1]] + rows[-1:]
    return Counts(tuple(rows), guarded, names)
