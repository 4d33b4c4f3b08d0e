"""The synthetic world that a demonstration province is made of.

Everybody in it is invented: resident and credit codes use county codes that GB/T 2260 never
assigned, so that no real person's or firm's number can appear. Each system's `demo.py` has
`build(world)`, which loads that system's part.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Person:
    key: int
    number: str
    name: str
    sex: str  # GB/T 2261.1: 1 male, 2 female
    birth_date: date
    division: str
    domicile: str
    address: str
    household: str


@dataclass(frozen=True)
class Firm:
    """An individual business (`operator` set) or an enterprise."""

    key: int
    code: str
    name: str
    operator: Person | None
    representative: str
    capital: int
    scope: str
    premises: str
    division: str
    registered_on: date


@dataclass(frozen=True)
class GovernmentBody:
    code: str
    name_zh: str
    name_en: str
    tier: str
    division: str
    function: str


@dataclass(frozen=True)
class World:
    people: tuple[Person, ...]
    firms: tuple[Firm, ...]
    bodies: tuple[GovernmentBody, ...]
    start: date

    def body(self, function: str, division: str) -> GovernmentBody:
        return next(b for b in self.bodies if (b.function, b.division) == (function, division))
