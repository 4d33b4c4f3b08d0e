"""Open limits by card: of a place, of the bodies in it, of the divisions below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lingnan.kernel.duty.api import standings
from lingnan.systems.government.supervision import scope


@dataclass
class Counts:
    """How many open limits show each card."""

    cards: dict[str, int] = field(default_factory=lambda: dict.fromkeys(standings.CARDS, 0))

    def add(self, more: Mapping[str, int]) -> None:
        for card, number in more.items():
            self.cards[card] += number

    @property
    def open(self) -> int:
        return sum(self.cards.values())

    @property
    def late(self) -> int:
        return self.cards["red"] + self.cards["yellow"]

    @property
    def order(self) -> tuple[int, ...]:
        """The worst first: by red, then yellow, then warnings."""
        return (-self.cards["red"], -self.cards["yellow"], -self.cards["warning"], -self.open)


@dataclass(frozen=True)
class Figures:
    """What the console shows; one count query, whatever the number of cases."""

    total: Counts
    bodies: dict[str, Counts]
    divisions: dict[str, Counts]


def limited_to(division: str, bodies: Iterable[str]) -> dict[str, Any]:
    """The condition that leaves the standings of a place; none for the whole province."""
    if scope.level(division) == "province":
        return {}
    return {"body__in": sorted(bodies)}


def of(division: str, bodies: Mapping[str, scope.Known]) -> Figures:
    counted = standings.counts("body", **limited_to(division, bodies))
    total = Counts()
    by_body: dict[str, Counts] = {}
    by_division: dict[str, Counts] = {}
    for (code,), cards in counted.items():
        if code not in bodies:
            continue
        total.add(cards)
        by_body[code] = Counts()
        by_body[code].add(cards)
        below = _below(division, bodies[code].division)
        by_division.setdefault(below, Counts()).add(cards)
    return Figures(total, by_body, by_division)


def _below(division: str, place: str) -> str:
    """The division of the next level in which a place lies."""
    return f"{place[:4]}00" if scope.level(division) == "province" else place
