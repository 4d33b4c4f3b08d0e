"""Households: who is in them, how many they are, splitting, merging, and their heads.

The size of a household is kept for every day: it moves by one from the day on which somebody
comes or goes, and a household that nobody is left in ends on that day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lingnan.kernel.runtime.api import Action, action, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.population.acts import events
from lingnan.systems.government.population.acts.course import course, first_day, member_since
from lingnan.systems.government.population.acts.refusals import Refused, steadily
from lingnan.systems.government.population.models import Household, Resident
from lingnan.systems.government.population.rules import kinship


@dataclass(frozen=True)
class Dwelling:
    """Where a new household is: county, township (GB/T 10114), address, family or collective.

    remark  what the entry says of the address: the code of a standard one, or that it is none
    """

    division: str
    township: str
    address: str
    kind: str = "family"
    remark: str = ""


def noted(to: Household | Dwelling, *words: str) -> str:
    """The remark of an entry, with that about the address of a new household."""
    about = to.remark if isinstance(to, Dwelling) else ""
    return "；".join(word for word in (*words, about) if word)


def members(number: str) -> list[Resident]:
    """The living members of a household, the head first."""
    rows = list(Resident.objects.filter(household=number, ended=False).order_by("birth_date"))
    return sorted(rows, key=lambda one: one.relation != kinship.HEAD)


def locked(*numbers: str) -> dict[str, Household]:
    """Households held for this act, always in one order, so that no two acts wait in a ring."""
    rows = Household.objects.select_for_update().filter(number__in=numbers).order_by("key")
    return {home.number: home for home in rows}


def resident_now(key: int, alive: bool = True) -> Resident:
    """A resident as the register says now. Raises Refused."""
    found = Resident.objects.filter(key=key).first()
    if found is None or (alive and found.ended):
        raise Refused("dead")
    return found


def checked(day: date) -> None:
    """Nothing that has not happened yet is entered. Raises Refused."""
    if day > legal_time.today():
        raise Refused("future")


def adjust(act: Action, home: Household, since: date, by: int, until: date | None = None) -> None:
    """One more or fewer from a day on (until a day), for each stretch of the household."""
    for stretch in course(home):
        start = max(stretch.start, since)
        end = min((day for day in (stretch.until, until) if day), default=None)
        if end is not None and end <= start:
            continue
        size = stretch.said.size + by
        home = act.correct(home, valid_from=start, valid_to=end, size=size, ended=size == 0)


def found(act: Action, where: Dwelling, day: date, size: int) -> Household:
    """A new household; its number is the county's next."""
    least, most = f"{where.division}{0:08d}", f"{where.division}{99999999:08d}"
    taken = Household.objects.filter(number__range=(least, most)).order_by("-number")
    last = taken.values_list("number", flat=True).first() or least
    return act.create(
        Household,
        valid_from=day,
        number=f"{where.division}{int(last[len(where.division) :]) + 1:08d}",
        division=where.division,
        township=where.township,
        address=where.address,
        size=size,
        kind=where.kind,
    )


def move(
    act: Action,
    who: Sequence[Resident],
    to: Household | Dwelling,
    day: date,
    relations: Sequence[str],
    registered: bool = False,
) -> Household:
    """Move residents from a day on into one household, there or new. Raises Refused.

    `registered`: their place of registration moves too. Call in an action.
    """
    checked(day)
    numbers = {one.household for one in who}
    homes = locked(*numbers, *([to.number] if isinstance(to, Household) else []))
    who = [resident_now(one.key) for one in who]
    if any(day < member_since(one) for one in who):
        raise Refused("earlier_than_last")
    if isinstance(to, Household):
        home = _there(homes, to, day)
        if home.number in numbers:
            raise Refused("already_there")
    else:
        home = found(act, to, day, len(who))
    values = {
        "household": home.number,
        "division": home.division,
        "township": home.township,
        "address": home.address,
    }
    if registered:
        values["domicile"] = home.division[:6]
    for one, relation in zip(who, relations, strict=True):
        left = homes[one.household]
        act.change(one, valid_from=day, relation=relation, **values)
        adjust(act, left, day, -1)
        homes |= locked(left.number)
        if isinstance(to, Household):
            adjust(act, home, day, 1)
            home = locked(home.number)[home.number]
    return home


def _there(homes: dict[str, Household], to: Household, day: date) -> Household:
    home = homes.get(to.number)
    if home is None or home.ended:
        raise Refused("no_household")
    begun = first_day(home)
    if begun is not None and day < begun:
        raise Refused("household_later")
    return home


def split(
    who: Sequence[Resident], head: Resident, where: Dwelling, day: date, by: Actor, told: str = ""
) -> Household:
    """Some members become a household of their own (户口登记条例 Art. 19). Raises Refused."""

    def act_() -> Household:
        with action(by=by.signature, reason="分户") as act:
            homes = {one.household for one in who}
            if len(homes) != 1 or head.key not in {one.key for one in who}:
                raise Refused("not_one_household")
            (number,) = homes
            if len(who) >= Resident.objects.filter(household=number, ended=False).count():
                raise Refused("nobody_left")
            home = move(act, who, where, day, _relations(who, head))
            events.enter(act, who, "split", day, by, informant=told,
                         note=noted(where, f"{number}→{home.number}"))  # fmt: skip
            return home

    return steadily(act_)


def merge(left: Household, into: Household, day: date, by: Actor, told: str = "") -> Household:
    """All members of a household join another, whose head stays (Art. 19). Raises Refused."""

    def act_() -> Household:
        with action(by=by.signature, reason="并户") as act:
            locked(left.number, into.number)
            who = members(left.number)
            if left.number == into.number or not who:
                raise Refused("already_there")
            # What they are to the head of the other household is told at the counter, later.
            home = move(act, who, into, day, [""] * len(who))
            events.enter(act, who, "merged", day, by, informant=told,
                         note=f"{left.number}→{into.number}")  # fmt: skip
            return home

    return steadily(act_)


def appoint(head: Resident, day: date, by: Actor, told: str = "") -> None:
    """A member becomes the head; what the others are to it follows (Art. 5, 19)."""

    def act_() -> None:
        checked(day)
        with action(by=by.signature, reason="变更户主") as act:
            locked(head.household)
            chosen = resident_now(head.key)
            if chosen.household != head.household:
                raise Refused("moved_meanwhile")
            who = members(head.household)
            if any(day < member_since(one) for one in who):
                raise Refused("earlier_than_last")
            for one, relation in zip(who, _relations(who, chosen), strict=True):
                if relation != one.relation:
                    act.change(one, valid_from=day, relation=relation)
            events.enter(act, [head], "head", day, by, informant=told, note=head.household)

    steadily(act_)


def _relations(who: Iterable[Resident], head: Resident) -> list[str]:
    return [
        kinship.HEAD
        if one.key == head.key
        else kinship.under_new_head(head.relation, one.relation, one.sex)
        for one in who
    ]


def relate(resident: Resident, relation: str, by: Actor) -> None:
    """What a member is to the head, as told at the counter. Raises Refused."""
    with action(by=by.signature, reason="登记与户主关系") as act:
        if relation == kinship.HEAD or relation not in kinship.CODES:
            raise Refused("use_head")
        now: Any = resident_now(resident.key)
        act.change(now, relation=relation)
