"""The chunks of a province: residents, households, dwellings, businesses and enterprises."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from lingnan.kernel.runtime.api import Columns, keys
from lingnan.node.world import families, homes
from lingnan.node.world.calibration import EDUCATION, calibration
from lingnan.node.world.data import FEATURED
from lingnan.node.world.names import Names, Trades
from lingnan.node.world.numbers import NumberBook
from lingnan.node.world.parts import Part, parts
from lingnan.node.world.plan import Plan
from lingnan.node.world.rounding import Counts
from lingnan.standards import credit_code
from lingnan.standards.synthetic import synthetic_county

# Each kind of thing has its own stretch of keys, long enough for the whole province.
RESIDENTS, HOUSEHOLDS, DWELLINGS, PREMISES, FIRMS = (kind << 28 for kind in range(5))
OLDEST = 101
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
EIGHT = 31**8
CAPITALS = (10, 50, 100, 200, 500, 1000)
# Streams of chance: what is drawn in one does not move with another.
HOMES, PEOPLE, NAMES, POINTS, TRADE = range(5)


def _keys(kind: int, first: int, count: int) -> list[int]:
    places: Any = kind + first + np.arange(count)  # the formula holds for a column of places
    made: Any = keys.invented(places)
    return list(made.tolist())


@dataclass(frozen=True)
class Drawn:
    """A part with everything about its residents that firms need too."""

    part: Part
    homes: families.Households
    people: families.People
    names: list[str]


@dataclass(frozen=True)
class Maker:
    """Draws a plan's parts. All chance comes from the seed and the part's own number."""

    seed: int
    today: date
    plan: Plan
    progress: Callable[[int], None] = lambda _made: None

    def draw(self, part: Part, stream: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, part.unit, part.number, stream])

    @cached_property
    def names(self) -> Names:
        return Names()

    @cached_property
    def trades(self) -> Trades:
        return Trades()

    @cached_property
    def provinces(self) -> tuple[list[str], Any]:
        told = calibration().parameters["provinces"]
        weights = np.array(list(told.values()), dtype=float)
        return list(told), weights / weights.sum()

    # --- chunks -----------------------------------------------------------------------------

    def residents(self) -> Iterator[Columns]:
        grounds, book = homes.grounds(self.plan.units), self._book()
        for part in parts(self.plan):
            ground = grounds[part.unit]
            drawn = self.drawn(part, ground)
            where = homes.homes(ground, drawn.homes.township)
            yield self._residents(drawn, ground, where, book)
            self.progress(part.first_resident + len(drawn.names))

    def households(self) -> Iterator[Columns]:
        grounds = homes.grounds(self.plan.units)
        for part in parts(self.plan):
            ground = grounds[part.unit]
            lived = self.lived(part, ground)
            where, count = homes.homes(ground, lived.township), len(lived.size)
            yield {
                "key": _keys(HOUSEHOLDS, part.first_household, count),
                "number": self._numbers(part, count),
                "division": [ground.unit.code] * count,
                "township": _codes(ground, lived.township),
                "address": where.text,
                "place": _keys(DWELLINGS, part.first_household, count),
                "size": lived.size.tolist(),
                "kind": ["family" if one else "collective" for one in lived.family.tolist()],
            }

    def dwellings(self) -> Iterator[Columns]:
        """All homes, then all premises: in the order of their keys, so that pages are filled."""
        grounds = homes.grounds(self.plan.units)
        for part in parts(self.plan):
            ground = grounds[part.unit]
            lived = self.lived(part, ground)
            where = homes.homes(ground, lived.township)
            made = _keys(DWELLINGS, part.first_household, len(lived.size))
            yield _places(ground, where, made, "dwelling", (45, 140), self.draw(part, POINTS))
        for part, ground, rooms in self._firms():
            if rooms.text:
                made = _keys(PREMISES, part.first_firm, len(rooms.text))
                draw = self.draw(part, TRADE + 8)
                yield _places(ground, rooms, made, "premises", (12, 220), draw)

    def businesses(self) -> Iterator[Columns]:
        for part, ground, firms in self._firms():
            count = int(part.counts.businesses)
            if count:
                yield self._businesses(self.drawn(part, ground), ground, firms)

    def enterprises(self) -> Iterator[Columns]:
        for part, ground, firms in self._firms():
            if int(part.counts.enterprises):
                yield self._enterprises(part, ground, firms)

    # --- what they are made of --------------------------------------------------------------

    def lived(self, part: Part, ground: homes.Ground) -> families.Households:
        return families.households(part, ground, self.draw(part, HOMES))

    def drawn(self, part: Part, ground: homes.Ground) -> Drawn:
        lived = self.lived(part, ground)
        people = families.people(
            part, lived, ground, self.today.toordinal(), self.draw(part, PEOPLE)
        )
        return Drawn(part, lived, people, self._names(part, lived, people))

    def _names(self, part: Part, lived: families.Households, people: families.People) -> list[str]:
        """A family shares its head's surname, but for the second member."""
        draw, count = self.draw(part, NAMES), len(people.male)
        family = self.names.surnames(len(lived.size), draw)[lived.of_member]
        own = self.names.surnames(count, draw)
        second = np.zeros(count, dtype=bool)
        second[lived.first[lived.family & (lived.size > 1)] + 1] = True
        apart = second | ~lived.family[lived.of_member]
        return self.names.full(np.where(apart, own, family), people.male, draw)

    def premises(self, part: Part, ground: homes.Ground) -> homes.Addresses:
        """Of the part's businesses, then of its enterprises."""
        count = int(part.counts.businesses + part.counts.enterprises)
        draw = self.draw(part, TRADE)
        return homes.shops(ground, draw.integers(0, len(ground.townships), count))

    def _firms(self) -> Iterator[tuple[Part, homes.Ground, homes.Addresses]]:
        grounds = homes.grounds(self.plan.units)
        for part in parts(self.plan):
            ground = grounds[part.unit]
            yield part, ground, self.premises(part, ground)

    def _book(self) -> NumberBook:
        codes = [unit.code for unit in self.plan.units] + self.provinces[0]
        oldest = self.today - timedelta(days=OLDEST * 366)
        return NumberBook(codes, oldest, self.today)

    def _numbers(self, part: Part, count: int) -> list[str]:
        """Numbers of households: the county and a running number of the province."""
        code, first = self.plan.units[part.unit].code, part.first_household + 1
        return [f"{code}{first + step:08d}" for step in range(count)]

    def _residents(
        self, drawn: Drawn, ground: homes.Ground, where: homes.Addresses, book: NumberBook
    ) -> Columns:
        part, people, lived = drawn.part, drawn.people, drawn.homes
        count, at = len(drawn.names), lived.of_member.tolist()
        domicile = self._domiciles(drawn, ground)
        numbers, townships = self._numbers(part, len(lived.size)), _codes(ground, lived.township)
        nations = self._nations(part, people)
        levels = [*EDUCATION, ""]
        return {
            "key": _keys(RESIDENTS, part.first_resident, count),
            "resident_number": book.give(book.rows(domicile), people.born, people.male),
            "name": drawn.names,
            "sex": ["1" if male else "2" for male in people.male.tolist()],
            "birth_date": list(map(date.fromordinal, people.born.tolist())),
            "division": [ground.unit.code] * count,
            "township": [townships[home] for home in at],
            "address": [where.text[home] for home in at],
            "domicile": domicile,
            "household": [numbers[home] for home in at],
            "urban": people.urban.tolist(),
            "nation": nations,
            "education": [levels[place] for place in people.education.tolist()],
        }

    def _domiciles(self, drawn: Drawn, ground: homes.Ground) -> list[str]:
        """Where each resident is registered; a household that moved did so together."""
        people, lived, units = drawn.people, drawn.homes, self.plan.units
        here, city = ground.unit.code, ground.unit.city
        draw = self.draw(drawn.part, TRADE + 1)
        near = [unit.code for unit in units if unit.city == city and unit.code != here] or [here]
        far = [unit.code for unit in units if unit.city != city]
        count = len(lived.size)
        names, weights = self.provinces
        outside = draw.random(count) * 100 < calibration().parameters["other_provinces"]
        codes = np.array([here, *near, *far, *names])
        first_far, first_province = 1 + len(near), 1 + len(near) + len(far)
        province = first_province + draw.choice(len(names), count, p=weights)
        other = first_far + draw.integers(0, len(far), count)
        floated = np.where(outside, province, other)[lived.of_member]
        moved = 1 + draw.integers(0, len(near), count)[lived.of_member]
        place = np.where(people.floating, floated, np.where(people.near, moved, 0))
        return list(codes[place].tolist())

    def _nations(self, part: Part, people: families.People) -> list[str]:
        told = calibration().parameters["nations"]
        weights = np.array(list(told.values()), dtype=float)
        draw = self.draw(part, TRADE + 2)
        found = np.zeros(len(people.male), dtype=np.int64)
        members = np.flatnonzero(people.minority)
        found[members] = 1 + draw.choice(len(told), len(members), p=weights / weights.sum())
        codes = ["01", *told]
        return [codes[place] for place in found.tolist()]

    def _businesses(self, drawn: Drawn, ground: homes.Ground, rooms: homes.Addresses) -> Columns:
        part = drawn.part
        count = int(part.counts.businesses)
        operators = self.owners(drawn)[:count]
        keys_of = _keys(RESIDENTS, part.first_resident, len(drawn.names))
        draw = random.Random(f"{self.seed}|{part.unit}|{part.number}")
        # In a city without counties its own name stands for a county's.
        trades = self._trades(part, 0, count)
        return self._shared(part, ground, rooms, 0, count, trades) | {
            "name": [self.trades.shop(ground.unit.name_zh, one, draw) for one in trades],
            "operator": [keys_of[place] for place in operators],
            "operator_name": [drawn.names[place] for place in operators],
        }

    def _enterprises(self, part: Part, ground: homes.Ground, rooms: homes.Addresses) -> Columns:
        first, count = int(part.counts.businesses), int(part.counts.enterprises)
        draw = random.Random(f"{self.seed}|{part.unit}|{part.number}|company")
        chance = self.draw(part, TRADE + 3)
        trades = self._trades(part, first, count)
        surnames, men = self.names.surnames(count, chance), chance.random(count) < 0.6
        return self._shared(part, ground, rooms, first, count, trades) | {
            "name": [self.trades.company(ground.unit.city_zh, one, draw) for one in trades],
            "representative": self.names.full(surnames, men, chance),
            "capital": [draw.choice(CAPITALS) for _one in trades],
        }

    def _trades(self, part: Part, first: int, count: int) -> list[int]:
        total = int(part.counts.businesses + part.counts.enterprises)
        drawn = self.trades.trades(total, self.draw(part, TRADE + 4))
        return list(drawn[first : first + count].tolist())

    def owners(self, drawn: Drawn) -> list[int]:
        """Adults by the order in which they get businesses; the featured resident is last.

        In a part where people are featured its first adult is the resident, its second the owner.
        """
        adults = np.flatnonzero(drawn.people.age >= families.ADULT)
        if featured(self.plan, drawn.part):
            resident, rest = adults[:1], adults[1:]
            order = np.concatenate([rest[:1], self._shuffled(drawn.part, rest[1:]), resident])
        else:
            order = self._shuffled(drawn.part, adults)
        return list(order.tolist())

    def _shuffled(self, part: Part, members: Counts) -> Counts:
        return np.asarray(self.draw(part, TRADE + 5).permutation(members))

    def _shared(
        self,
        part: Part,
        ground: homes.Ground,
        rooms: homes.Addresses,
        first: int,
        count: int,
        trades: list[int],
    ) -> dict[str, Any]:
        """What businesses and enterprises have alike."""
        ordinal, chosen = part.first_firm + first, slice(first, first + count)
        kind = "1" if first else "2"
        days = self.draw(part, TRADE + 6 + bool(first)).integers(30, 4000, count).tolist()
        return {
            "key": _keys(FIRMS, ordinal, count),
            "code": [_credit_code(kind, ground.unit.code, ordinal + n) for n in range(count)],
            "scope": [self.trades.scopes[trade] for trade in trades],
            "premises": rooms.text[chosen],
            "place": _keys(PREMISES, ordinal, count),
            "division": [ground.unit.code] * count,
            "township": _codes(ground, rooms.township)[chosen],
            "registered_on": [self.today - timedelta(days=n) for n in days],
        }


def featured(plan: Plan, part: Part) -> bool:
    """Whether a part is one in which the featured are."""
    return part.number == 0 and plan.units[part.unit].code in FEATURED


def _codes(ground: homes.Ground, township: Counts) -> list[str]:
    codes = [one.code for one in ground.townships]
    return [codes[place] for place in township.tolist()]


def _credit_code(kind: str, county: str, ordinal: int) -> str:
    """A code that no other ordinal has; the multiplier has no divisor in common with 31."""
    number, eight = (ordinal + 1) * 482_711_093_203 % EIGHT, ""
    for _place in range(8):
        number, digit = divmod(number, 31)
        eight += ALPHABET[digit]
    check = credit_code.organisation_check(eight)
    return credit_code.compose("9", kind, synthetic_county(county), eight + check)


def _places(
    ground: homes.Ground,
    where: homes.Addresses,
    made: list[int],
    kind: str,
    area: tuple[int, int],
    draw: np.random.Generator,
) -> Columns:
    count = len(made)
    at = homes.points(ground, where.township, draw)
    known = ground.shape is not None
    return {
        "key": made,
        "code": where.code,
        "division": [ground.unit.code] * count,
        "township": _codes(ground, where.township),
        "street": where.street,
        "number": where.number,
        "text": where.text,
        "longitude": at[:, 0].tolist() if known else [None] * count,
        "latitude": at[:, 1].tolist() if known else [None] * count,
        "kind": [kind] * count,
        "floor_area": draw.integers(*area, count).tolist(),
    }
