"""The synthetic world that a demonstration province is made of.

Everybody in it is invented: resident and credit codes use county codes that GB/T 2260 never
assigned, so that no real person's or firm's number can appear. Each system's `demo.py` has
`build(world)`, which loads that system's part.

People, homes and firms come in chunks of columns, so that memory does not grow with their
number. A chunk may be asked for again: one seed gives the same facts under the same keys, for a
key says only which place in the province's order something has.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any, Protocol

MANY = 500_000
# Field → values, all of one length.
Columns = Mapping[str, Sequence[Any]]


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
    """An individual business (`operator` is a resident's key) or an enterprise (0)."""

    key: int
    code: str
    name: str
    operator: int
    operator_name: str
    representative: str
    capital: int
    scope: str
    premises: str
    place: int
    division: str
    township: str
    registered_on: date


@dataclass(frozen=True)
class GovernmentBody:
    code: str
    name_zh: str
    name_en: str
    tier: str
    division: str
    function: str
    parent: str = ""
    undivided: bool = False


class Source(Protocol):
    """Who makes the chunks. Each call begins anew."""

    def residents(self) -> Iterator[Columns]: ...
    def households(self) -> Iterator[Columns]: ...
    def dwellings(self) -> Iterator[Columns]: ...
    def businesses(self) -> Iterator[Columns]: ...
    def enterprises(self) -> Iterator[Columns]: ...


@dataclass(frozen=True)
class World:
    """An invented province. `size` counts its residents.

    `featured` are the people whom a visitor may choose, by login: `resident-<county>`, who has
    no business, and `owner-<county>`, who has one (`shops` by the same login).
    """

    seed: int
    start: date
    size: int
    bodies: tuple[GovernmentBody, ...]
    counties: tuple[str, ...]
    featured: Mapping[str, Person]
    shops: Mapping[str, Firm]
    source: Source = field(repr=False)

    @property
    def many(self) -> bool:
        """Whether making its people takes long enough for a process of its own."""
        return self.size >= MANY

    @cached_property
    def _by_code(self) -> Mapping[str, GovernmentBody]:
        return {body.code: body for body in self.bodies}

    def body(self, function: str, division: str) -> GovernmentBody:
        """The body of a function at a division. Raises KeyError."""
        return self._by_code[f"gd-{division}-{function}"]

    def residents(self) -> Iterator[Columns]:
        """key, resident_number, name, sex, birth_date, division, township, address, domicile,
        household, urban, nation, education."""
        return self.source.residents()

    def households(self) -> Iterator[Columns]:
        """key, number, division, township, address, place (key of the dwelling), size, kind
        ("family", "collective")."""
        return self.source.households()

    def dwellings(self) -> Iterator[Columns]:
        """key, code, division, township, street, number, text, longitude, latitude, kind
        ("dwelling", "premises"), floor_area in square metres."""
        return self.source.dwellings()

    def businesses(self) -> Iterator[Columns]:
        """key, code, name, operator (key of a resident), operator_name, scope, premises, place,
        division, township, registered_on."""
        return self.source.businesses()

    def enterprises(self) -> Iterator[Columns]:
        """As businesses, with representative and capital (10,000 yuan) in place of operator."""
        return self.source.enterprises()

    def firms(self, limit: int = 0) -> Iterator[Firm]:
        """Businesses, then enterprises, one by one; at most `limit` of them unless it is 0."""
        business: dict[str, Any] = {"representative": "", "capital": 0}
        enterprise: dict[str, Any] = {"operator": 0, "operator_name": ""}
        kinds = ((business, self.businesses), (enterprise, self.enterprises))
        found = (
            Firm(**blank | row)
            for blank, chunks in kinds
            for chunk in chunks()
            for row in _rows(chunk)
        )
        return islice(found, limit) if limit else found


def _rows(chunk: Columns) -> Iterator[dict[str, Any]]:
    names = list(chunk)
    for values in zip(*chunk.values(), strict=True):
        yield dict(zip(names, values, strict=True))
