"""The invented people of a demonstration, sorted for somebody who wants to try it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations, takewhile

from lingnan.kernel.trust.models import Account, Body, Holding


@dataclass(frozen=True)
class Person:
    login: str
    name: str
    about: str


@dataclass
class Office:
    """A body and its officials."""

    title: str
    people: list[Person] = field(default_factory=list)


@dataclass
class Place:
    """A county (or the bodies above the counties) with its residents and offices."""

    title: str
    residents: list[Person] = field(default_factory=list)
    offices: list[Office] = field(default_factory=list)


def places() -> tuple[list[Place], list[Place]]:
    """(the counties, what is above them), each by division."""
    bodies = list(Body.objects.filter(ended=False).order_by("division", "code"))
    offices = _offices(bodies)
    residents = _residents()
    found: dict[str, list[Place]] = {"county": [], "city": [], "province": []}
    for division in sorted({body.division for body in bodies}):
        here = [body for body in bodies if body.division == division]
        place = Place(_shared_name(str(body.title) for body in here))
        place.residents = residents.get(division, [])
        staffed = [offices[body.code] for body in here if offices[body.code].people]
        place.offices = sorted(staffed, key=lambda office: -len(office.people))
        found[here[0].tier].append(place)
    return found["county"], found["city"] + found["province"]


def _offices(bodies: list[Body]) -> dict[str, Office]:
    accounts = {a.key: a for a in Account.objects.filter(demonstration=True, kind="official")}
    offices = {body.code: Office(str(body.title)) for body in bodies}
    for holding in Holding.objects.filter(ended=False).order_by("key"):
        account = accounts.get(holding.account)
        if account is not None and holding.body in offices:
            person = Person(account.login, account.name, str(holding.title))
            offices[holding.body].people.append(person)
    return offices


def _residents() -> dict[str, list[Person]]:
    """By the division that ends their login; those without a shop come first."""
    found: dict[str, list[Person]] = {}
    rows = Account.objects.filter(demonstration=True, kind="resident", is_active=True)
    for account in rows.order_by("-login"):
        division = account.login.rpartition("-")[2]
        person = Person(account.login, account.name, str(account.about))
        found.setdefault(division, []).append(person)
    return found


def _shared_name(titles: Iterable[str]) -> str:
    """What the bodies of a place have in common: its name."""
    names = list(titles)
    shared = [_beginning(*pair) for pair in combinations(names, 2)] or names
    return max(shared, key=len).strip(" ,")


def _beginning(one: str, other: str) -> str:
    """The signs that two texts begin with."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(sign for sign, _same in pairs)
