"""The invented people of a demonstration, sorted for somebody who wants to try it.

There are thousands of officials: shown are the residents chosen as examples, and the officials
of one place, which the visitor may change.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations, takewhile

from django.utils.translation import gettext as _

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
    roles: set[str] = field(default_factory=set)
    people: list[Person] = field(default_factory=list)


@dataclass(frozen=True)
class Work:
    """Offices that do the same kind of work."""

    title: str
    offices: list[Office]


@dataclass(frozen=True)
class Place:
    """A division with its offices, by what they do."""

    code: str
    title: str
    work: list[Work]


@dataclass(frozen=True)
class Choice:
    """Divisions that can be chosen, as (code, name), and the one that is."""

    options: list[tuple[str, str]]
    chosen: str


@dataclass(frozen=True)
class Offer:
    """Everything that the page of signing in offers."""

    residents: list[Person]
    place: Place
    city: Choice
    county: Choice


def offer(city: str = "", county: str = "") -> Offer | None:
    """The residents, and the officials of a county, a city ("" county) or the province.

    Unknown codes lead to the first county that has residents; None when there is nobody.
    """
    residents = _residents()
    if not residents:
        return None
    above = list(Body.objects.filter(ended=False).exclude(tier="county").order_by("division"))
    names = _names(above)
    if city not in names:
        city, county = _city_of(min(residents)), min(residents)
    below = Body.objects.filter(ended=False, tier="county", parent__startswith=f"gd-{city}-")
    here = list(below.order_by("division"))
    counties = _names(here)
    county = county if county in counties else ""
    chosen = county or city
    shown = [b for b in here + above if b.division == chosen]
    return Offer(
        residents=_by_place(residents),
        place=Place(chosen, (counties | names)[chosen], _work(shown)),
        city=Choice(list(names.items()), city),
        county=Choice(list(counties.items()), county),
    )


def _city_of(county: str) -> str:
    """The division whose bodies stand above those of a county."""
    body = Body.objects.filter(division=county, ended=False).exclude(parent="").first()
    parent = Body.objects.filter(code=body.parent).first() if body else None
    return parent.division if parent else county


def _names(bodies: Iterable[Body]) -> dict[str, str]:
    """Division → what its bodies' names have in common, in the order given."""
    titles: dict[str, list[str]] = {}
    for body in bodies:
        titles.setdefault(body.division, []).append(str(body.title))
    return {division: _shared_name(names) for division, names in titles.items()}


def _work(bodies: list[Body]) -> list[Work]:
    offices = [office for office in _offices(bodies) if office.people]
    kinds = (
        (_("Handle applications"), lambda o: bool(o.roles & {"reviewer", "inspector"})),
        (_("Keep data and the platform"), lambda o: bool(o.roles & {"data_officer", "operator"})),
        (_("Govern and supervise"), lambda o: True),
    )
    found: list[Work] = []
    for title, belongs in kinds:
        chosen = [office for office in offices if belongs(office)]
        offices = [office for office in offices if office not in chosen]
        if chosen:
            found.append(Work(title, chosen))
    return found


def _offices(bodies: list[Body]) -> list[Office]:
    offices = {body.code: Office(str(body.title)) for body in bodies}
    holdings = list(Holding.objects.filter(ended=False, body__in=offices).order_by("key"))
    held = Account.objects.filter(
        demonstration=True, is_active=True, key__in=[holding.account for holding in holdings]
    )
    accounts = {account.key: account for account in held}
    for holding in holdings:
        account = accounts.get(holding.account)
        if account is not None:
            office = offices[holding.body]
            office.roles.add(holding.role)
            office.people.append(Person(account.login, account.name, str(holding.title)))
    return sorted(offices.values(), key=lambda office: -len(office.people))


def _residents() -> dict[str, list[Person]]:
    """By the division that ends their login; those without a shop come first."""
    found: dict[str, list[Person]] = {}
    rows = Account.objects.filter(demonstration=True, kind="resident", is_active=True)
    for account in rows.order_by("-login"):
        division = account.login.rpartition("-")[2]
        person = Person(account.login, account.name, str(account.about))
        found.setdefault(division, []).append(person)
    return found


def _by_place(residents: dict[str, list[Person]]) -> list[Person]:
    """The residents by division, each with the name of the place where they live."""
    bodies = Body.objects.filter(division__in=residents, ended=False).order_by("division", "code")
    names = _names(bodies)
    return [
        Person(person.login, person.name, f"{names.get(code, code)} · {person.about}")
        for code in sorted(residents)
        for person in residents[code]
    ]


def _shared_name(titles: Iterable[str]) -> str:
    """What most bodies of a place have in common at the beginning of their names: its name."""
    names = list(titles)
    shared = Counter(_beginning(*pair) for pair in combinations(names, 2))
    del shared[""]
    found = shared.most_common(1)[0][0] if shared else names[0]
    return found.removesuffix(" Municipal").removesuffix(" Provincial")


def _beginning(one: str, other: str) -> str:
    """The signs that two texts begin with; of words only whole ones."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    shared = "".join(sign for sign, _same in pairs)
    return shared.rpartition(" ")[0].strip(" ,") if " " in one else shared
