"""Correcting an address that the register never had right (户口登记条例 Art. 17).

Nobody moves by it: the wrong statement is corrected for the days on which it was made, for one
resident, or for a household with everybody whose address was the household's. What was known
before stays readable. One officer proposes, the head's post decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from lingnan.kernel.runtime.api import Action, action, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.population.acts import events
from lingnan.systems.government.population.acts.course import course, first_day
from lingnan.systems.government.population.acts.households import (
    checked,
    locked,
    members,
    resident_now,
)
from lingnan.systems.government.population.acts.refusals import Refused
from lingnan.systems.government.population.models import Correction, Household, Resident
from lingnan.systems.government.population.rules.addresses import Days, Stated, wrong_days


@dataclass(frozen=True)
class Place:
    """An address as it should stand; `code` where it is a standard one."""

    address: str
    division: str = ""
    township: str = ""
    code: str = ""


@dataclass(frozen=True)
class Wrong:
    """What the address should have been, on which days (None: as far as it was said), and why."""

    place: Place
    since: date | None
    until: date | None
    grounds: str
    papers: str


def propose(about: Resident | Household, told: Wrong, by: Actor) -> Correction:
    """Put a correction before the head, of one resident's or a household's. Raises Refused."""
    with action(by=by.signature, reason="更正地址申请") as act:
        home, one = _parties(about)
        said = home or one
        before = _said_on(said, told.since)
        _sound(said, before, told)
        waiting = Correction.objects.filter(kind="address", state="proposed")
        same = waiting.filter(household=home.number) if home else waiting.filter(
            subject=one.key, household="")  # fmt: skip
        if same.exists():
            raise Refused("proposed_already")
        return act.create(
            Correction,
            number=events.numbered(said.division),
            person=events.person_of(one.key) if one else "",
            subject=one.key if one else 0,
            name=one.name if one else home.number,
            kind="address",
            before=before,
            after=told.place.address,
            household=home.number if home else "",
            township=told.place.township,
            place=told.place.code,
            since=told.since,
            until=told.until,
            grounds=told.grounds,
            papers=told.papers,
            proposed_on=legal_time.today(),
            proposed_by=by.signature,
            account=by.account,
            state="proposed",
            division=said.division,
        )


def _parties(about: Resident | Household) -> tuple[Any, Any]:
    """The household, where its address is meant, and the resident whom the paper names."""
    if isinstance(about, Resident):
        return None, resident_now(about.key)
    home = locked(about.number).get(about.number)
    if home is None or home.ended:
        raise Refused("no_household")
    return home, next(iter(members(home.number)), None)


def _said_on(record: Any, day: date | None) -> str:
    """What a record says of its address today, or of a day."""
    if day is None:
        return str(record.address)
    held = [one for one in course(record) if one.until is None or day < one.until]
    return str(held[0].said.address) if held else str(record.address)


def _sound(said: Any, before: str, told: Wrong) -> None:
    for day in (told.since, told.until):
        if day is not None:
            checked(day)
    if told.since and told.until and told.until <= told.since:
        raise Refused("until_before")
    if told.place.address == before:
        raise Refused("no_change")
    if told.place.division and told.place.division[:6] != said.division[:6]:
        raise Refused("other_county")


def apply(act: Action, now: Correction) -> list[Resident]:
    """Correct what was proposed; the residents as they stand now. Raises Refused."""
    told = {"address": now.after} | ({"township": now.township} if now.township else {})
    if not now.household:
        return _corrected(act, [resident_now(now.subject)], now, told, now.since)
    home = locked(now.household).get(now.household)
    if home is None or home.ended:
        raise Refused("no_household")
    days = wrong_days(_stated(home), now.before, now.since, now.until)
    if not days:
        raise Refused("moved_meanwhile")
    bound = now.since or _bound(home, days[0][0])
    for start, end in days:
        home = act.correct(home, valid_from=start, valid_to=end, **told)
    return _corrected(act, everybody(home.number), now, told, bound)


def _bound(home: Household, start: date) -> date | None:
    """How far members are followed: to the day from which the household said so.

    One that was loaded as it stood does not know since when; its members may.
    """
    loaded = first_day(home) is None and course(home)[0].start == start
    return None if loaded else start


def _corrected(
    act: Action, who: Iterable[Resident], now: Correction, told: dict[str, Any], since: date | None
) -> list[Resident]:
    found = []
    for one in who:
        days: list[Days] = wrong_days(_stated(one), now.before, since, now.until, now.household)
        said = one
        for start, end in days:
            said = act.correct(said, valid_from=start, valid_to=end, **told)
        found += [said] if days else []
    if not found and not now.household:
        raise Refused("moved_meanwhile")
    return found


def _stated(record: Any) -> list[Stated]:
    return [
        Stated(one.start, one.until, one.said.address, getattr(one.said, "household", ""))
        for one in course(record)
    ]


def everybody(number: str) -> list[Resident]:
    """Who is, or ever was, on record in a household."""
    versions: Any = Resident.Version.objects
    keys = set(versions.filter(household=number).values_list("key", flat=True))
    keys |= set(Resident.objects.filter(household=number).values_list("key", flat=True))
    return list(Resident.objects.filter(key__in=keys).order_by("key"))


def concerned(proposal: Correction) -> list[Resident]:
    """Whose records a proposal is about."""
    if proposal.household:
        return everybody(proposal.household)
    return list(Resident.objects.filter(key=proposal.subject))
