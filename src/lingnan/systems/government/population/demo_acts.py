"""A few recent acts at the counters of an invented province. Everybody in them is synthetic."""

from collections.abc import Iterator
from datetime import date, timedelta

from lingnan.kernel.runtime.api import World
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.population.acts import (
    births,
    corrections,
    deaths,
    households,
    residences,
)
from lingnan.systems.government.population.acts.households import Dwelling, members
from lingnan.systems.government.population.models import Household, Resident

LOOKED_AT = 60
# Days between birth and entry: one in time, one late.
AGO = (9, 45)


def build(world: World) -> None:
    """Births, a death, a split, a residence and a proposal, in the first county that has people.

    Nobody whom a visitor may choose is touched.
    """
    county = next((one.division for one in world.featured.values()), "")
    if not county:
        return
    known = {person.key for person in world.featured.values()}
    by = _officer(county)
    homes = [home for home in _homes(county) if not known & {m.key for m in members(home.number)}]
    _births(homes, world.start, by)
    _death(county, known, world.start, by)
    _split(homes, world.start, by)
    _elsewhere(county, known, world.start, by)


def _officer(county: str) -> Actor:
    return Actor(
        account=0,
        name="演示登记员",
        kind="official",
        body=f"gd-{county}-police",
        division=county,
        function="police",
        role="records_officer",
    )


def _homes(county: str) -> list[Household]:
    rows = Household.objects.filter(division=county, kind="family", ended=False)
    return list(rows.order_by("key")[:LOOKED_AT])


def _aged(homes: list[Household], least: int, most: int, on: date) -> Iterator[Resident]:
    """One from each household, of an age in years."""
    for home in homes:
        for one in members(home.number):
            if least <= (on - one.birth_date).days // 365 <= most:
                yield one
                break


def _births(homes: list[Household], today: date, by: Actor) -> None:
    parents = list(_aged(homes, 22, 40, today))
    for place, (ago, parent) in enumerate(zip(AGO, parents, strict=False)):
        home = Household.objects.get(number=parent.household)
        name, sex = (("陈晓晨", "2"), ("李晓明", "1"))[place]
        told = births.Birth(name, sex, today - timedelta(ago), home, parent, "",
                            f"K44-SYNTHETIC-{place}", "亲属（演示）")  # fmt: skip
        births.enter(told, by)


def _death(county: str, known: set[int], today: date, by: Actor) -> None:
    """The oldest of the county whom nobody may choose."""
    rows = Resident.objects.filter(division=county, ended=False).exclude(key__in=known)
    for one in rows.order_by("birth_date", "key")[:1]:
        deaths.enter(one, today, "亲属（演示）", "D44-SYNTHETIC-1", by)


def _split(homes: list[Household], today: date, by: Actor) -> None:
    for home in homes[::-1]:
        who = [one for one in members(home.number) if (today - one.birth_date).days > 9000]
        if len(who) > 1 and home.size > 2:
            where = Dwelling(home.division, home.township, home.address)
            households.split([who[-1]], who[-1], where, today, by, "户主（演示）")
            return


def _elsewhere(county: str, known: set[int], today: date, by: Actor) -> None:
    rows = Resident.objects.filter(division=county, ended=False).exclude(key__in=known)
    adults = rows.filter(birth_date__lt=date(today.year - 20, 1, 1)).order_by("key")
    for one in adults.exclude(domicile=county)[:1]:
        residences.register(one, today - timedelta(200), "work", by)
    for one in adults.filter(domicile=county)[:1]:
        told = corrections.Proposal(
            "name", f"{one.name[0]}安", "本人申请（演示）", "户口簿（演示）"
        )
        corrections.propose(one, told, by)
