"""Where the invented live and trade: townships, roads, addresses, points inside the county."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from lingnan.node.world.data import DATA, FEATURED, Unit, rows
from lingnan.node.world.rounding import Counts, Reals

# Houses along a road, and flats in a house: what makes each address of a township another one.
HOUSES, FLATS = 398, 192
# How serials are scattered over roads and houses: no divisor in common with roads x HOUSES.
STRIDE = 1423
ROADS = 12
PREMISES_FROM = 900_000


@dataclass(frozen=True)
class Township:
    code: str
    name: str
    kind: str


@dataclass
class Ground:
    """A unit with its townships and roads; counts the addresses given out in it."""

    unit: Unit
    townships: tuple[Township, ...]
    roads: tuple[tuple[str, ...], ...]
    shape: Any
    homes: Counts = field(init=False)
    shops: Counts = field(init=False)

    def __post_init__(self) -> None:
        self.homes = np.zeros(len(self.townships), dtype=np.int64)
        self.shops = np.zeros(len(self.townships), dtype=np.int64)

    @cached_property
    def centres(self) -> Reals:
        """A point for each township, inside the unit: invented, as no source has them."""
        draw = np.random.default_rng([11, int(self.unit.code)])
        return scattered(self.shape, len(self.townships), draw)

    @cached_property
    def urban(self) -> Counts:
        return np.array([int(t.kind == "street") for t in self.townships])


@dataclass(frozen=True)
class Addresses:
    """Addresses of one part, by columns; `township` counts within the unit."""

    township: Counts
    serial: Counts
    code: list[str]
    street: list[str]
    number: list[str]
    text: list[str]


def grounds(units: Sequence[Unit]) -> list[Ground]:
    """A fresh ground for each unit: nothing in it is given out yet."""
    shapes = _shapes()
    return [
        Ground(unit, _townships()[unit.code], _roads(unit), shapes.get(unit.code)) for unit in units
    ]


@lru_cache(maxsize=1)
def _townships() -> dict[str, tuple[Township, ...]]:
    found: dict[str, list[Township]] = {}
    for row in rows("townships.csv"):
        if row["kind"] != "other":
            township = Township(row["code"], row["name_zh"], row["kind"])
            found.setdefault(row["county"], []).append(township)
    return {county: tuple(here) for county, here in found.items()}


@lru_cache(maxsize=256)
def _roads(unit: Unit) -> tuple[tuple[str, ...], ...]:
    """The roads of each township: listed ones, or general names with the township's before."""
    if unit.code in FEATURED:
        listed = [row["street"] for row in rows("streets.csv") if row["county"] == unit.code]
        townships = len(_townships()[unit.code])
        return tuple(
            tuple(listed[(at * 5 + step) % len(listed)] for step in range(ROADS))
            for at in range(townships)
        )
    words = [row["road"] for row in rows("road_words.csv")]
    return tuple(
        tuple(words[(at * 3 + step) % len(words)] for step in range(ROADS))
        for at in range(len(_townships()[unit.code]))
    )


@lru_cache(maxsize=1)
def _shapes() -> dict[str, Any]:
    """The outline of each unit; none where the boundaries are not at hand."""
    path = DATA / "boundaries" / "county.geojson"
    if not path.exists():
        return {}
    import shapely

    found = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        outline = shapely.from_geojson(json.dumps(feature["geometry"]))
        shapely.prepare(outline)
        found[feature["properties"]["code"]] = outline
    return found


def scattered(shape: Any, count: int, draw: np.random.Generator) -> Reals:
    """Points evenly inside an outline: (count, 2) degrees; without an outline not a number."""
    if shape is None:
        return np.full((count, 2), np.nan)
    import shapely

    west, south, east, north = shape.bounds
    found = np.empty((0, 2))
    while len(found) < count:
        points = draw.random((2 * count + 16, 2)) * (east - west, north - south) + (west, south)
        found = np.concatenate([found, points[shapely.contains_xy(shape, points)]])
    return found[:count]


def points(ground: Ground, township: Counts, draw: np.random.Generator) -> Reals:
    """A point for each address, near its township's and inside the unit."""
    centres = ground.centres[township]
    if ground.shape is None:
        return centres
    import shapely

    west, south, east, north = ground.shape.bounds
    wide = np.array([east - west, north - south]) / (3 * np.sqrt(len(ground.townships)))
    found, outside = centres.copy(), np.arange(len(township))
    for narrower in (1.0, 0.5, 0.2):
        tried = centres[outside] + draw.normal(size=(len(outside), 2)) * wide * narrower
        within = shapely.contains_xy(ground.shape, tried)
        found[outside[within]] = tried[within]
        outside = outside[~within]
    return np.round(found, 6)


def _nth(counts: Counts, township: Counts) -> Counts:
    """The next serial of each entry's township; counts go on."""
    serial = np.empty(len(township), dtype=np.int64)
    for place in np.unique(township):
        here = np.flatnonzero(township == place)
        serial[here] = counts[place] + np.arange(len(here))
        counts[place] += len(here)
    return serial


def homes(ground: Ground, township: Counts) -> Addresses:
    """The next dwellings of these townships."""
    serial = _nth(ground.homes, township)
    house, floor = _house(serial, township), serial // (ROADS * HOUSES)
    flat = (house * 37 + floor) % FLATS
    in_flats = (ground.urban[township] > 0) | (floor > 0)
    numbers = [
        f"{at // ROADS + 1}号{room // 8 + 1}0{room % 8 + 1}房" if high else f"{at // ROADS + 1}号"
        for at, room, high in zip(house.tolist(), flat.tolist(), in_flats.tolist(), strict=True)
    ]
    return _addresses(ground, township, serial, house, numbers)


def shops(ground: Ground, township: Counts) -> Addresses:
    """The next premises of these townships, on ground floors."""
    serial = _nth(ground.shops, township)
    house, unit = _house(serial, township), serial // (ROADS * HOUSES)
    numbers = [
        f"{at // ROADS + 1}号首层{more + 1}铺" if more else f"{at // ROADS + 1}号首层"
        for at, more in zip(house.tolist(), unit.tolist(), strict=True)
    ]
    return _addresses(ground, township, serial + PREMISES_FROM, house, numbers)


def _house(serial: Counts, township: Counts) -> Counts:
    """A house among all of a township, each once before any comes again."""
    return (serial * STRIDE + township * 1009) % (ROADS * HOUSES)


def _addresses(
    ground: Ground, township: Counts, serial: Counts, house: Counts, numbers: list[str]
) -> Addresses:
    begin = [_beginning(ground.unit, one) for one in ground.townships]
    at, road = township.tolist(), (house % ROADS).tolist()
    streets = [ground.roads[t][r] for t, r in zip(at, road, strict=True)]
    codes = [one.code for one in ground.townships]
    return Addresses(
        township=township,
        serial=serial,
        code=[f"{codes[t]}-{s:06d}" for t, s in zip(at, serial.tolist(), strict=True)],
        street=streets,
        number=numbers,
        text=[f"{begin[t]}{s}{n}" for t, s, n in zip(at, streets, numbers, strict=True)],
    )


def _beginning(unit: Unit, township: Township) -> str:
    """Listed roads lie in a county; to which of its townships is not known, so none is said."""
    return unit.place if unit.code in FEATURED else f"{unit.place}{township.name}"
