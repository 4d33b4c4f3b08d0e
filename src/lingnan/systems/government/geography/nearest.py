"""The addresses nearest to a point: growing boxes around it, each read from the index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from lingnan.standards.geodesy import distance
from lingnan.systems.government.geography.models import Address

MOST = 50
FIRST, GROWTH, FARTHEST = 60.0, 2.5, 30_000.0  # metres
_DEGREE = 110_500.0  # metres of a degree of latitude, never more than there are


@dataclass(frozen=True)
class Near:
    """An address and how far it is, in metres along the geodesic."""

    address: Address
    metres: float


def nearest(longitude: float, latitude: float, count: int, kind: str = "") -> list[Near]:
    """The `count` nearest addresses with a point, of a kind or of any, within 30 km.

    In the order of their distance, equal ones by their code. Fewer where there are fewer.
    """
    found: list[tuple[float, int]] = []
    for reach in _reaches():
        found = _within(longitude, latitude, reach, kind)
        if len(found) >= count:
            break
    near = sorted(found)[:count]
    rows = Address.objects.in_bulk([key for _metres, key in near])
    made = [Near(rows[key], metres) for metres, key in near]
    return sorted(made, key=lambda one: (one.metres, one.address.code))


def _reaches() -> Iterator[float]:
    reach = FIRST
    while reach < FARTHEST:
        yield reach
        reach *= GROWTH
    yield FARTHEST


def _within(longitude: float, latitude: float, reach: float, kind: str) -> list[tuple[float, int]]:
    """(metres, key) of all that lie in a circle: of the box around it without its corners."""
    high = reach / _DEGREE
    wide = high / max(cos(radians(min(abs(latitude) + high, 89.0))), 0.01)
    rows = Address.objects.filter(
        longitude__range=(longitude - wide, longitude + wide),
        latitude__range=(latitude - high, latitude + high),
        ended=False,
    )
    rows = rows.filter(kind=kind) if kind else rows
    places: Any = rows.values_list("key", "longitude", "latitude")
    measured = ((distance(longitude, latitude, x, y), key) for key, x, y in places)
    return [one for one in measured if one[0] <= reach]
