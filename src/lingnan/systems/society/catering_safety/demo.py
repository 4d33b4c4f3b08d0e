"""Licences of the synthetic catering businesses."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from lingnan.kernel.exchange.api import give
from lingnan.kernel.runtime.api import Batch, World
from lingnan.kernel.runtime.api import load as load_rows
from lingnan.standards.synthetic import synthetic_county
from lingnan.systems.society.catering_safety import numbers
from lingnan.systems.society.catering_safety.actions import YEARS_OF_VALIDITY, last_day
from lingnan.systems.society.catering_safety.models import FoodLicence

ITEMS = {
    "餐饮服务": "热食类、冷食类食品制售",
    "小食店": "热食类食品制售",
}


def load(world: World) -> None:
    load_rows("demonstration/food_licences", _batches(world))


def _batches(world: World) -> Iterator[Batch]:
    serials: dict[str, int] = {}
    for chunk in world.businesses():
        chosen = [place for place, scope in enumerate(chunk["scope"]) if scope in ITEMS]
        shops = {name: [column[place] for place in chosen] for name, column in chunk.items()}
        known_as = give("person", "catering_safety", shops["operator"])
        yield Batch([(FoodLicence, _licences(shops, known_as, serials, world.start))])


def _licences(
    shops: Mapping[str, list[Any]],
    known_as: Mapping[int, str],
    serials: dict[str, int],
    today: date,
) -> dict[str, list[Any]]:
    issued = [_renewed(day, today) for day in shops["registered_on"]]
    return {
        "number": [_next(serials, division) for division in shops["division"]],
        "operator": [known_as[key] for key in shops["operator"]],
        "holder": shops["name"],
        "premises": shops["premises"],
        "items": [ITEMS[scope] for scope in shops["scope"]],
        "division": shops["division"],
        "issued_on": issued,
        "valid_until": [last_day(day) for day in issued],
        "valid_from": issued,
    }


def _next(serials: dict[str, int], division: str) -> str:
    county = synthetic_county(division)[:6]
    serials[county] = serials.get(county, 0) + 1
    return numbers.compose(county, serials[county])


def _renewed(first: date, today: date) -> date:
    """The day of the newest licence of a business that renewed on time since its first."""
    issued = first
    while last_day(issued) < today:
        year = issued.year + YEARS_OF_VALIDITY
        issued = date(year, issued.month, min(issued.day, 28))
    return issued
