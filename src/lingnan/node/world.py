"""Making the synthetic world from a seed: same seed, same people."""

import csv
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from lingnan.kernel.runtime.api import Firm, GovernmentBody, Person, World, keys
from lingnan.standards import credit_code, resident_number
from lingnan.standards.synthetic import synthetic_county

DATA = Path(__file__).resolve().parent.parent / "jurisdictions" / "guangdong"
COUNTIES = ("440103", "440106", "441802", "441803")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


@dataclass
class Maker:
    """Draws people, homes and firms. All randomness comes from one seeded source."""

    seed: int
    today: date

    @cached_property
    def draw(self) -> random.Random:
        return random.Random(self.seed)

    @cached_property
    def surnames(self) -> tuple[list[str], list[float]]:
        table_ = rows("surnames.csv")
        return [r["surname"] for r in table_], [float(r["weight"]) for r in table_]

    @cached_property
    def characters(self) -> dict[str, list[str]]:
        table_ = rows("given_names.csv")
        return {
            sex: [r["character"] for r in table_ if r["typical_sex"] in (letter, "n")]
            for sex, letter in (("1", "m"), ("2", "f"))
        }

    @cached_property
    def streets(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in rows("streets.csv"):
            found.setdefault(row["county"], []).append(row["street"])
        return found

    @cached_property
    def places(self) -> dict[str, str]:
        return {r["code"]: r["name_zh"] for r in rows("divisions.csv") if not r["valid_to"]}

    def address(self, county: str) -> str:
        city = self.places[county[:4] + "00"]
        street = self.draw.choice(self.streets[county])
        return f"{city}{self.places[county]}{street}{self.draw.randint(1, 398)}号"

    def name(self, sex: str, surname: str = "") -> str:
        family = surname or self.draw.choices(*self.surnames)[0]
        given = self.draw.choices(self.characters[sex], k=self.draw.choice((1, 2, 2)))
        return family + "".join(given)

    def people(self, count: int) -> Iterator[Person]:
        """Households of one to five in each county, until there are `count` people."""
        serial, made = 0, 0
        while made < count:
            serial += 1
            county = self.draw.choices(COUNTIES, (4, 3, 2, 1))[0]
            size = min(count - made, self.draw.choices((1, 2, 3, 4, 5), (2, 3, 4, 3, 1))[0])
            made += size
            yield from self._household(county, f"{county}{serial:08d}", size)

    def _household(self, county: str, number: str, size: int) -> Iterator[Person]:
        home, family = self.address(county), self.draw.choices(*self.surnames)[0]
        domicile = county if self.draw.random() < 2 / 3 else self.draw.choice(COUNTIES)
        for place in range(size):
            sex = self.draw.choices(("1", "2"), (109, 100))[0]
            age = self.draw.randint(22, 78) if place < 2 else self.draw.randint(0, 30)
            born = self.today - timedelta(days=age * 365 + self.draw.randint(1, 364))
            own = family if place != 1 else ""
            yield Person(
                key=keys.new_key(),
                number=self._number(domicile, born, sex),
                name=self.name(sex, own),
                sex=sex,
                birth_date=born,
                division=county,
                domicile=domicile,
                address=home,
                household=number,
            )

    @cached_property
    def _taken(self) -> set[str]:
        return set()

    def _number(self, county: str, born: date, sex: str) -> str:
        while True:
            sequence = self.draw.randint(0, 499) * 2 + (1 if sex == "1" else 0)
            number = resident_number.compose(synthetic_county(county), born, sequence)
            if number not in self._taken:
                self._taken.add(number)
                return number

    def firms(self, people: list[Person], count: int) -> Iterator[Firm]:
        adults = [p for p in people if p.birth_date.year <= self.today.year - 20]
        trades = [r["zh"] for r in rows("trades.csv")]
        for index in range(count):
            operator = self.draw.choice(adults)
            enterprise = index % 5 == 0
            yield self._firm(operator, self.draw.choice(trades), enterprise)

    def _firm(self, person: Person, trade: str, enterprise: bool) -> Firm:
        county = person.division
        word = "".join(self.draw.choices(self.characters["1"], k=2))
        place = self.places[county]
        name = (
            f"{self.places[county[:4] + '00']}{word}{trade.replace('服务', '')}有限公司"
            if enterprise
            else f"{place}{word}{trade.replace('服务', '')}店"
        )
        eight = "".join(self.draw.choices(ALPHABET, k=8))
        body = eight + credit_code.organisation_check(eight)
        kind = "1" if enterprise else "2"
        return Firm(
            key=keys.new_key(),
            code=credit_code.compose("9", kind, synthetic_county(county), body),
            name=name,
            operator=None if enterprise else person,
            representative=person.name,
            capital=self.draw.choice((10, 50, 100, 500, 1000)),
            scope=trade,
            premises=self.address(county),
            division=county,
            registered_on=self.today - timedelta(days=self.draw.randint(30, 4000)),
        )


def make(seed: int, today: date, residents: int = 3000, firms: int = 400) -> World:
    maker = Maker(seed, today)
    people = list(maker.people(residents))
    return World(
        people=tuple(people),
        firms=tuple(maker.firms(people, firms)),
        bodies=tuple(
            GovernmentBody(**{name: row[name] for name in GovernmentBody.__annotations__})
            for row in table("bodies.toml")["bodies"]
        ),
        start=today,
    )
