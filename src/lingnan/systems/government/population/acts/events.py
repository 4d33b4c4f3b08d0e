"""Entering what happened: one entry for each resident, which followers are told of."""

from collections.abc import Sequence
from datetime import date

from lingnan.kernel.exchange.api import give
from lingnan.kernel.runtime.api import Action, keys, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.population.models import LifeEvent, Resident


def numbered(division: str) -> str:
    """A number of an entry or paper: county, day, and twelve digits that nobody can count on."""
    mark = int(keys.veil(keys.new_key(), "population.entry"), 16) % 10**12
    return f"{division[:6]}-{legal_time.today():%y%m%d}-{mark:012d}"


def person_of(key: int) -> str:
    """The pseudonym by which entries about a resident know it."""
    return give("person", "population", [key])[key]


def enter(
    act: Action,
    who: Sequence[Resident],
    kind: str,
    happened_on: date,
    by: Actor,
    informant: str = "",
    paper: str = "",
    note: str = "",
    late: bool = False,
    parent: Resident | None = None,
) -> None:
    """An entry for each of them at the post's county. Call in the act that it tells of."""
    known = give("person", "population", [one.key for one in who])
    named = person_of(parent.key) if parent is not None else ""
    for one in who:
        act.create(
            LifeEvent,
            number=numbered(by.division or one.division),
            person=known[one.key],
            name=one.name,
            kind=kind,
            happened_on=happened_on,
            registered_on=legal_time.today(),
            late=late,
            informant=informant,
            paper=paper,
            note=note[:200],
            division=by.division or one.division,
            parent=named,
        )
