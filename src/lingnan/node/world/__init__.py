"""Making the synthetic world from a seed: same seed, same people."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from lingnan.kernel.runtime.api import Columns, Firm, Person, World
from lingnan.node.world.bodies import bodies
from lingnan.node.world.data import DATA, FEATURED, table
from lingnan.node.world.homes import grounds
from lingnan.node.world.maker import Maker
from lingnan.node.world.parts import parts
from lingnan.node.world.plan import FEWEST, MOST, NotThatMany, plan

__all__ = [
    "DATA",
    "FEATURED",
    "FEWEST",
    "MOST",
    "NotThatMany",
    "bodies",
    "make",
    "plan",
    "table",
]


def make(
    seed: int, today: date, residents: int, progress: Callable[[int], None] | None = None
) -> World:
    """The world of a seed, of so many residents. Raises NotThatMany.

    `progress` is told how many residents have been made, each time they are made.
    """
    maker = Maker(seed, today, plan(residents, today))
    people, shops = _featured(maker)
    return World(
        seed=seed,
        start=today,
        size=residents,
        bodies=bodies(today),
        counties=FEATURED,
        featured=people,
        shops=shops,
        source=replace(maker, progress=progress) if progress else maker,
    )


def _featured(maker: Maker) -> tuple[Mapping[str, Person], Mapping[str, Firm]]:
    """The people shown first, and the owners' shops: all are in the first parts."""
    people: dict[str, Person] = {}
    shops: dict[str, Firm] = {}
    first = zip(FEATURED, parts(maker.plan), maker.residents(), maker.businesses(), strict=False)
    for county, part, residents, businesses in first:
        adults = maker.owners(maker.drawn(part, grounds(maker.plan.units)[part.unit]))
        # Who gets a business last of all has none; who gets one first has one in any province.
        people[f"resident-{county}"] = _person(residents, adults[-1])
        people[f"owner-{county}"] = _person(residents, adults[0])
        row = {name: column[0] for name, column in businesses.items()}
        shops[f"owner-{county}"] = Firm(representative="", capital=0, **row)
    return people, shops


def _person(residents: Columns, place: int) -> Person:
    row = {name: column[place] for name, column in residents.items()}
    return Person(
        key=row["key"],
        number=row["resident_number"],
        name=row["name"],
        sex=row["sex"],
        birth_date=row["birth_date"],
        division=row["division"],
        domicile=row["domicile"],
        address=row["address"],
        household=row["household"],
    )
