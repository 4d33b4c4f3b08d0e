"""Administrative divisions (GB/T 2260) as they change over the years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

Level = Literal["province", "city", "county"]


class UnknownDivision(LookupError):
    """The register holds no such code, or not on the day asked for."""

    def __init__(self, code: str, on: date | None = None) -> None:
        super().__init__(code if on is None else f"{code} on {on.isoformat()}")
        self.code = code
        self.on = on


@dataclass(frozen=True, slots=True)
class Division:
    """One code with one name over one period: `valid_from` included, `valid_to` excluded.

    None leaves that end open: in force since before the register begins, or still in force.
    `parent` is empty for a province. `successors` are the codes of the units that took over
    the territory when this code was given up.
    """

    code: str
    name: str
    level: Level
    parent: str
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()

    def valid_on(self, day: date) -> bool:
        """Whether the code bears this name on that day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)


class DivisionRegister:
    """Divisions by code and day; a code may return with another name or parent.

    A city without counties (东莞, 中山) is an ordinary city whose children are none. Raises
    ValueError if two rows of one code hold on the same day.
    """

    def __init__(self, rows: Iterable[Division]) -> None:
        self._by_code: dict[str, list[Division]] = defaultdict(list)
        self._by_parent: dict[str, list[Division]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: (row.code, row.valid_from or date.min)):
            periods = self._by_code[row.code]
            if periods and _overlap(periods[-1], row):
                raise ValueError(f"two rows of {row.code} hold on the same day")
            periods.append(row)
            self._by_parent[row.parent].append(row)

    def get(self, code: str, on: date) -> Division:
        """The division with that code on that day. Raises UnknownDivision."""
        for row in self._by_code.get(code, ()):
            if row.valid_on(on):
                return row
        raise UnknownDivision(code, on)

    def valid(self, code: str, on: date) -> bool:
        """Whether the code was in force on that day; False for a code never heard of."""
        return any(row.valid_on(on) for row in self._by_code.get(code, ()))

    def name(self, code: str, on: date) -> str:
        """The name the code bore on that day. Raises UnknownDivision."""
        return self.get(code, on).name

    def children(self, code: str, on: date) -> tuple[Division, ...]:
        """The units directly below, in the order of codes; none for 东莞, 中山 or a county.

        Raises UnknownDivision if the code itself was not in force on that day.
        """
        self.get(code, on)
        return tuple(row for row in self._by_parent.get(code, ()) if row.valid_on(on))

    def successors(self, code: str) -> tuple[str, ...]:
        """The codes that took over directly from a code given up; none while it is in force.

        One step only: a successor may have been given up in its turn. Raises UnknownDivision.
        """
        return self._latest(code).successors

    def city_of(self, code: str) -> str | None:
        """The code of the city that a county belongs (or last belonged) to.

        A city is its own city; a province, and a county directly under it, have none. Raises
        UnknownDivision.
        """
        row = self._latest(code)
        while row.level == "county":
            row = self._latest(row.parent)
        return row.code if row.level == "city" else None

    def _latest(self, code: str) -> Division:
        if code not in self._by_code:
            raise UnknownDivision(code)
        return self._by_code[code][-1]


def _overlap(earlier: Division, later: Division) -> bool:
    if earlier.valid_to is None or later.valid_from is None:
        return True
    return later.valid_from < earlier.valid_to
