"""Who lives with whom: households of a part, and the people who fill their places."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lingnan.node.world.calibration import AGES, EDUCATION, calibration
from lingnan.node.world.homes import Ground
from lingnan.node.world.parts import Part, planned_members
from lingnan.node.world.rounding import Counts, Reals, apportion

Flags = NDArray[np.bool_]
ADULT = 22
# From which age a level of education can have been reached.
REACHED = {"college": 21, "senior": 17, "junior": 14, "primary": 7}
# Years by which children and the age of their parents are loosely matched.
LOOSE = 4.0
MAN_FIRST = 0.75


@dataclass(frozen=True)
class Households:
    """The households of a part. `size` counts members; `family` are not collective."""

    size: Counts
    family: Flags
    township: Counts

    @property
    def first(self) -> Counts:
        """The place of each household's first member."""
        return np.concatenate([[0], np.cumsum(self.size)[:-1]]).astype(np.int64)

    @property
    def of_member(self) -> Counts:
        return np.repeat(np.arange(len(self.size)), self.size)


@dataclass(frozen=True)
class People:
    """The residents of a part in the order of their households; `born` are ordinals of days."""

    male: Flags
    born: Counts
    age: Counts
    urban: Flags
    near: Flags
    floating: Flags
    minority: Flags
    education: Counts  # place in EDUCATION, -1 for none


def households(part: Part, ground: Ground, draw: np.random.Generator) -> Households:
    """Families by the plan's sizes in random order, then collective households."""
    counts = part.counts
    sizes = np.repeat(np.arange(1, 9), counts.sizes)
    draw.shuffle(sizes)
    members = int(counts.collective)
    number = -(-members // planned_members(calibration()))
    dormitories = apportion(np.ones(number), members) if number else np.zeros(0, dtype=np.int64)
    size = np.concatenate([sizes, dormitories]).astype(np.int64)
    family = np.arange(len(size)) < len(sizes)
    township = draw.integers(0, len(ground.townships), len(size))
    return Households(size, family, township)


def people(
    part: Part, homes: Households, ground: Ground, today: int, draw: np.random.Generator
) -> People:
    """The residents, with exactly the plan's number of each kind."""
    male, born, age = _members(part, homes, today, draw)
    urban = _whole(homes, ground.urban[homes.township] * 2.0, int(part.counts.urban), draw)
    away = _whole(homes, 1.0 - homes.family * 0.5, int(part.counts.away), draw)
    near = _first_of(away, int(part.counts.near), homes, draw)
    minority = _whole(homes, np.zeros(len(homes.size)), int(part.counts.minorities), draw)
    education = _education(age, part.counts.education, draw)
    return People(male, born, age, urban, near, away & ~near, minority, education)


def _whole(homes: Households, rank: Reals, number: int, draw: np.random.Generator) -> Flags:
    """`number` members, household by household: high ranks first, else at random.

    One household at most is divided.
    """
    order = np.argsort(-(rank + draw.random(len(rank))), kind="stable")
    before = np.empty(len(order), dtype=np.int64)
    before[order] = np.cumsum(homes.size[order]) - homes.size[order]
    within = np.arange(int(homes.size.sum())) - np.repeat(homes.first, homes.size)
    return np.repeat(before, homes.size) + within < number


def _first_of(flags: Flags, number: int, homes: Households, draw: np.random.Generator) -> Flags:
    """`number` of those flagged, households together."""
    order = draw.permutation(len(homes.size))[homes.of_member]
    chosen = np.flatnonzero(flags)
    chosen = chosen[np.argsort(order[chosen], kind="stable")][:number]
    found = np.zeros(len(flags), dtype=bool)
    found[chosen] = True
    return found


def _members(
    part: Part, homes: Households, today: int, draw: np.random.Generator
) -> tuple[Flags, Counts, Counts]:
    """(men, days of birth, ages) by place in a household."""
    cells = np.repeat(np.arange(8), part.counts.cells)
    draw.shuffle(cells)
    male, age = cells < 4, _ages(cells % 4, draw)
    if part.number == 0:
        # Whoever is shown first must be able to have a shop, however few live there.
        first = np.flatnonzero(cells % 4 == 1)[:2]
        age[first] = np.maximum(age[first], 30)
    place = _places(homes, male, age, draw)
    born = _born(age, today, draw)
    return male[place], born[place], age[place]


def _ages(group: Counts, draw: np.random.Generator) -> Counts:
    """Years completed, inside each one's group, by the weights of the parameters."""
    age = np.empty(len(group), dtype=np.int64)
    for number in range(4):
        here = group == number
        age[here] = _drawn_ages(number, int(here.sum()), draw)
    return age


def _drawn_ages(group: int, count: int, draw: np.random.Generator) -> Counts:
    years, upto = _age_weights(group)
    return years[np.searchsorted(upto, draw.random(count), side="right")]


@lru_cache(maxsize=4)
def _age_weights(group: int) -> tuple[Counts, Reals]:
    told = calibration().parameters["ages"]
    youngest, oldest = AGES[group]
    years = np.arange(youngest, oldest + 1)
    weights = np.interp(years, told["years"], told["weights"])
    upto = np.cumsum(weights) / weights.sum()
    upto[-1] = 1.0
    return years, upto


@lru_cache(maxsize=4)
def birthdays(today: int) -> Counts:
    """The day on which somebody of 0, 1, 2 … years completed had their last birthday's birth."""
    day = date.fromordinal(today)
    day = day.replace(day=28) if (day.month, day.day) == (2, 29) else day
    return np.array([day.replace(year=day.year - age).toordinal() for age in range(103)])


def _born(age: Counts, today: int, draw: np.random.Generator) -> Counts:
    """A day in the year in which somebody of this age was born."""
    latest = birthdays(today)
    span = latest[age] - latest[age + 1]
    return latest[age] - (draw.random(len(age)) * span).astype(np.int64)


def _places(homes: Households, male: Flags, age: Counts, draw: np.random.Generator) -> Counts:
    """Which person fills each place: couples of like age first, then dormitories, then the rest."""
    waiting = np.lexsort((draw.random(len(age)), age < ADULT))
    couple = np.flatnonzero(homes.family & (homes.size > 1))
    pairs = _couples(waiting, male, age, len(couple), draw)
    filled = np.full(len(age), -1, dtype=np.int64)
    filled[homes.first[couple]], filled[homes.first[couple] + 1] = pairs
    taken = np.zeros(len(age), dtype=bool)
    taken[np.concatenate(pairs)] = True
    rest = waiting[~taken[waiting]]
    alone = homes.first[homes.family & (homes.size == 1)]
    dormitory = np.flatnonzero(~homes.family[homes.of_member])
    filled[alone], rest = rest[: len(alone)], rest[len(alone) :]
    working = np.lexsort((draw.random(len(rest)), (age[rest] < 15) | (age[rest] >= 60)))
    filled[dormitory] = rest[working[: len(dormitory)]]
    rest = rest[working[len(dormitory) :]]
    return _children(homes, filled, rest, age, draw)


def _couples(
    waiting: Counts, male: Flags, age: Counts, number: int, draw: np.random.Generator
) -> tuple[Counts, Counts]:
    """Heads and second members: a man and a woman of like age while there are both."""
    men = waiting[male[waiting]][:number]
    women = waiting[~male[waiting]][:number]
    chosen = np.zeros(len(age), dtype=bool)
    chosen[men], chosen[women] = True, True
    others = waiting[~chosen[waiting]]
    lacking = number - len(men), number - len(women)
    men = np.concatenate([men, others[: lacking[0]]])
    women = np.concatenate([women, others[lacking[0] : lacking[0] + lacking[1]]])
    men = men[np.argsort(age[men], kind="stable")]
    women = women[np.argsort(age[women], kind="stable")]
    order = draw.permutation(number)
    man_first = draw.random(number) < MAN_FIRST
    one, other = men[order], women[order]
    return np.where(man_first, one, other), np.where(man_first, other, one)


def _children(
    homes: Households, filled: Counts, rest: Counts, age: Counts, draw: np.random.Generator
) -> Counts:
    """The rest by age: children with young heads, grown ones and the old with older heads."""
    places = np.flatnonzero(filled < 0)
    head = age[filled[homes.first[homes.of_member[places]]]]
    places = places[np.argsort(head + draw.normal(size=len(places)) * LOOSE, kind="stable")]
    old = age[rest] >= 60
    ranked = rest[np.argsort(np.where(old, draw.random(len(rest)) * 60, age[rest]), kind="stable")]
    filled[places] = ranked
    return filled


def _education(age: Counts, counts: Counts, draw: np.random.Generator) -> Counts:
    """The highest school reached, by the plan's counts: the higher ones are given out first."""
    found = np.full(len(age), -1, dtype=np.int64)
    if not counts.sum():
        return found
    order = draw.permutation(len(age))
    for place, name in enumerate(EDUCATION):
        free = order[(found[order] < 0) & (age[order] >= REACHED[name])]
        found[free[: counts[place]]] = place
    return found
