"""Counts of residents by place, age and sex on a day, from the register's columnar copy."""

from dataclasses import dataclass
from datetime import date

from lingnan.kernel.registry.api import statistics
from lingnan.systems.government.population.models import Resident


@dataclass(frozen=True)
class Counts:
    """Rows of (code, men, women, total); None is withheld. The last row is the total."""

    rows: tuple[tuple[str, int | None, int | None, int | None], ...]
    guarded: bool

    @property
    def total(self) -> int | None:
        return self.rows[-1][3] if self.rows else 0


def by_age(division: str, day: date, guarded: bool) -> Counts:
    """Bands of five years, from nought on, by sex. Raises LookupError while there is no copy."""
    return _counts("birth_date", division, day, guarded)


def by_place(division: str, day: date, guarded: bool) -> Counts:
    """Cities of the province or counties of a division, by sex. Raises as `by_age`."""
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
    return Counts(tuple(rows), guarded)
