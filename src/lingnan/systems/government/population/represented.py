"""What this register says of those who act for others; found by name (trust.acting.registers)."""

from lingnan.kernel.exchange.api import UnknownSubject, give, keys_of
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor, acting
from lingnan.systems.government.population import kin, opening
from lingnan.systems.government.population.acts import deaths
from lingnan.systems.government.population.models import Resident
from lingnan.systems.government.population.rules import guardianship

KIND = "person"


def wards(who: Actor) -> list[acting.Ward]:
    """The minors of whom whoever is signed in is a guardian.

    Read as what stands on record of oneself, and told to nobody else: it is no use. That somebody
    then acts for one of them is evidence (`power.taken_up`)."""
    parent, today = _resident(who.subject), legal_time.today()
    if parent is None or parent.ended:
        return []
    found = [
        one
        for one in kin.children_named(parent)
        if not guardianship.of_age(one.birth_date, today) and kin.is_guardian(parent, one)
    ]
    known = give("person", "trust", [one.key for one in found])
    return [
        acting.Ward(
            subject=known[one.key],
            name=one.name,
            birth_date=one.birth_date,
            last=guardianship.last_day(one.birth_date),
            scope=guardianship.scope(one.birth_date, today),
        )
        for one in found
    ]


def identified(who: Actor, number: str, name: str) -> acting.Identified | None:
    """Who shows a document with this number and name. The person sees that it was looked up."""
    one = Resident.objects.filter(resident_number=number, name=name, ended=False).first()
    if one is None:
        return None
    opening.witness("record.listed", who, [one], search=number)
    subject = give("person", "trust", [one.key])[one.key]
    grown = guardianship.of_age(one.birth_date, legal_time.today())
    return acting.Identified(subject, one.name, grown)


def stands(asked: acting.Asked) -> acting.Stands:
    """Whether those who stand in a power live, and are what it needs."""
    principal = _resident(asked.principal)
    agent = _resident(asked.agent) if asked.agent else None
    if principal is None:
        return acting.Stands("unconfirmed")
    if deaths.ended_by(principal) == "death":
        return acting.Stands("died")
    if agent is not None and deaths.ended_by(agent) == "death":
        return acting.Stands("agent_died")
    if asked.basis == acting.GUARDIANSHIP:
        return _guarded(principal, agent, asked)
    adults = [one for one in (principal, agent) if one is not None]
    grown = all(guardianship.of_age(one.birth_date, asked.on) for one in adults)
    return acting.Stands("" if grown else "minor")


def _guarded(child: Resident, parent: Resident | None, asked: acting.Asked) -> acting.Stands:
    if guardianship.of_age(child.birth_date, asked.on):
        return acting.Stands("grown_up")
    if parent is None or child.ended or not kin.is_guardian(parent, child):
        return acting.Stands("not_parent")
    return acting.Stands(scope=guardianship.scope(child.birth_date, asked.on))


def _resident(subject: str) -> Resident | None:
    try:
        key = keys_of([subject])[subject]
    except UnknownSubject:
        return None
    return Resident.objects.filter(key=key).first()
