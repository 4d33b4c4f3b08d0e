"""How many of everything live where: the province before anybody in it is drawn.

Counts are divided, never drawn: the province's among its cities by the census, a city's among its
counties by their townships (a stand-in: the sources found have no counts of counties). So the
published shares hold at any size as well as whole numbers allow, and at the size of the census
to the person. See calibration.toml for every figure.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from lingnan.node.world.calibration import (
    DELTA_TWO,
    EDUCATION,
    calibration,
    population_cells,
)
from lingnan.node.world.data import FEATURED, Unit, places, rows
from lingnan.node.world.rounding import Counts, Reals, apportion, bent, fit_sizes, share, spread

FEWEST, MOST = 600, 104_303_132
# A featured county has so many residents at least, so that its people can be chosen among them.
FEATURED_FLOOR = 8
SETTLED = ("street", "town", "township")


class NotThatMany(ValueError):
    """A province of a size that cannot be made."""


@dataclass(frozen=True)
class Counted:
    """Whole numbers of one place, or of many places one below another.

    `sizes` are family households of 1 to 8 members; `cells` men by age group, then women; `near`
    are those of `away` who are registered in the same city.
    """

    residents: Any
    collective: Any
    sizes: Any
    cells: Any
    urban: Any
    away: Any
    near: Any
    minorities: Any
    education: Any
    businesses: Any
    enterprises: Any

    def row(self, place: int) -> "Counted":
        return Counted(**{name: value[place] for name, value in vars(self).items()})


@dataclass(frozen=True)
class Plan:
    """The counts of every unit where people live, in the order of codes."""

    size: int
    units: tuple[Unit, ...]
    counts: Counted

    @cached_property
    def city_rows(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for row, unit in enumerate(self.units):
            found.setdefault(unit.city, []).append(row)
        return found

    def of_city(self, code: str) -> Counted:
        """A city's counts, added up over its units."""
        chosen = self.city_rows[code]
        return Counted(**{n: v[chosen].sum(axis=0) for n, v in vars(self.counts).items()})

    def of_province(self) -> Counted:
        return Counted(**{n: v.sum(axis=0) for n, v in vars(self.counts).items()})


@lru_cache(maxsize=8)
def plan(size: int, on: date) -> Plan:
    """The plan of a province of `size` residents. Raises NotThatMany."""
    if not FEWEST <= size <= MOST:
        raise NotThatMany(f"a province has {FEWEST:,} to {MOST:,} residents, not {size:,}")
    return _Planner(size, on).plan()


class _Planner:
    """Divides each kind of count: first among cities, then inside each."""

    def __init__(self, size: int, on: date) -> None:
        self.size, self.known = size, calibration()
        self.units = tuple(places(on).units)
        self.rows: dict[str, Counts] = {
            city: np.array([i for i, unit in enumerate(self.units) if unit.city == city])
            for city in self.known.cities
        }
        self.census = np.array(list(self.known.cities.values()), dtype=float)
        self.cities = apportion(self.census, size)
        self.residents = self._residents()
        # What a figure in persons of the census becomes at this size.
        self.scale = size / self.census.sum()

    def plan(self) -> Plan:
        away = self._part(self._away(), self._figure("away", 1e6))
        collective = self._part(self._collective(), round(self.size * self._share("collective")))
        counts = Counted(
            residents=self.residents,
            collective=collective,
            sizes=self._sizes(self.residents - collective),
            cells=self._cells(),
            urban=self._part(self._urban(), round(self.size * self._percent("urban"))),
            away=away,
            near=self._near(away),
            minorities=self._minorities(),
            education=self._education(),
            businesses=self._businesses(),
            enterprises=self._enterprises(),
        )
        return Plan(self.size, self.units, counts)

    def _figure(self, name: str, unit: float = 1.0) -> int:
        return round(self.known.figure(name) * unit * self.scale)

    def _percent(self, name: str) -> float:
        return self.known.figure(name) / 100

    def _share(self, name: str) -> float:
        return float(self.known.parameters[name]) / 100

    def _residents(self) -> Counts:
        found = np.zeros(len(self.units), dtype=np.int64)
        townships = _townships()
        for city, total in zip(self.rows, self.cities, strict=True):
            rows_ = self.rows[city]
            weights = [townships[self.units[row].code] for row in rows_]
            found[rows_] = _with_floor(
                apportion(weights, int(total)),
                np.array([FEATURED_FLOOR * (self.units[r].code in FEATURED) for r in rows_]),
            )
        return found

    def _part(self, by_city: Reals, total: int) -> Counts:
        """A part of all residents, expected by city, divided among the units."""
        cities = share(by_city, self.cities, total)
        found = np.zeros(len(self.units), dtype=np.int64)
        for rows_, number in zip(self.rows.values(), cities, strict=True):
            here = self.residents[rows_]
            found[rows_] = share(here * number / max(here.sum(), 1), here, int(number))
        return found

    def _spread_cells(self, by_city: Counts) -> Counts:
        found = np.zeros((len(self.units), by_city.shape[1]), dtype=np.int64)
        for rows_, cells in zip(self.rows.values(), by_city, strict=True):
            here = self.residents[rows_]
            expected = here[:, None] * (cells / max(cells.sum(), 1))[None, :]
            found[rows_] = spread(expected, here, cells)
        return found

    def _cells(self) -> Counts:
        expected = population_cells(self.known, self.cities)
        columns = apportion(expected.sum(axis=0), self.size)
        return self._spread_cells(spread(expected, self.cities, columns))

    def _urban(self) -> Reals:
        delta = self.known.parameters["urban_delta"]
        return self.known.by_group(self.size * self._percent("urban"), delta, self.cities * 1.0)

    def _away(self) -> Reals:
        total, delta = self._figure("away", 1e6), self.known.parameters["away_delta"]
        return self.known.by_group(total, delta, self.cities * 1.0)

    def _near(self, away: Counts) -> Counts:
        """Away inside their own city: not where a city has no counties to be away in."""
        divided = np.array([unit.code != unit.city for unit in self.units])
        total = self._figure("away", 1e6) - self._figure("floating", 1e6)
        here = away * divided
        return share(here * total / max(here.sum(), 1), here, min(total, int(here.sum())))

    def _collective(self) -> Reals:
        """Guangzhou's follow from its family households; the others' from the parameters."""
        guangzhou = list(self.known.cities).index("440100")
        size, households = (
            self.known.figure(name, "440100") for name in ("family_size", "family_households")
        )
        found = self.known.by_group(
            self.size * self._share("collective"),
            self.known.parameters["collective_delta"],
            self.cities * 1.0,
        )
        own = self.cities[guangzhou] * (1 - size * households / self.census[guangzhou])
        rest = 1 - self.known.delta
        found += rest * self.cities * (found[guangzhou] - own) / (rest * self.cities).sum()
        found[guangzhou] = own
        return found

    def _sizes(self, members: Counts) -> Counts:
        by_city = np.array([members[rows_].sum() for rows_ in self.rows.values()])
        found = np.zeros((len(self.units), 8), dtype=np.int64)
        for (rows_, total), mean in zip(
            zip(self.rows.values(), by_city, strict=True), self._means(by_city), strict=True
        ):
            households = min(max(round(total / mean), -(-int(total) // 8)), int(total))
            found[rows_] = self._sizes_of(members[rows_], households)
        return found

    def _sizes_of(self, members: Counts, households: int) -> Counts:
        base = self.known.parameters["family_sizes"]
        shares = bent(base, members.sum() / max(households, 1))
        least, most = -(-members // 8), members
        each = np.clip(apportion(members, households), least, most)
        table = spread(each[:, None] * shares[None, :], each, apportion(shares, int(each.sum())))
        return np.array([fit_sizes(t, int(m)) for t, m in zip(table, members, strict=True)])

    def _means(self, members: Counts) -> Reals:
        """Members per family household by city: published, chosen for the Delta, or what is left.

        What is left makes the province's mean hold.
        """
        known, codes = self.known, list(self.known.cities)
        mean = np.where(known.delta > 0, float(known.parameters["family_size_delta"]), 0.0)
        for place, code in enumerate(codes):
            mean[place] = known.figures.get(("family_size", code), mean[place])
        told = mean > 0
        households = members.sum() / known.figure("family_size")
        rest = households - (members[told] / mean[told]).sum()
        mean[~told] = members[~told].sum() / rest
        return mean

    def _minorities(self) -> Counts:
        total = self._figure("minorities", 1e6)
        own = np.array(["自治县" in unit.name_zh for unit in self.units])
        inside = self.residents * own * self._share("autonomous_minorities")
        outside = self.residents * ~own
        return share(
            inside + outside * (total - inside.sum()) / outside.sum(), self.residents, total
        )

    def _education(self) -> Counts:
        """Known for Guangzhou alone; nobody elsewhere has any."""
        found = np.zeros((len(self.units), len(EDUCATION)), dtype=np.int64)
        rows_ = self.rows["440100"]
        here = self.residents[rows_]
        numbers = [self.known.figure(f"education_{n}", "440100") for n in EDUCATION]
        weights = [*numbers, self.known.cities["440100"] - sum(numbers)]
        columns = apportion(weights, int(here.sum()))
        expected = here[:, None] * (columns / columns.sum())[None, :]
        found[rows_] = spread(expected, here, columns)[:, :-1]
        return found

    def _businesses(self) -> Counts:
        rate = self.known.parameters["individual_businesses_per_thousand"] / 1000
        return _with_floor(apportion(self.residents, round(self.size * rate)), self._owners())

    def _enterprises(self) -> Counts:
        firms = self.known.weights["industrial_firms"]
        by_city = np.array([float(firms[code]) for code in self.known.cities])
        two = np.array([code in DELTA_TWO for code in self.known.cities])
        delta = self.known.delta > 0
        shares = np.zeros(len(by_city))
        of_two = self.known.figure("legal_units_two_cities")
        of_delta = self.known.figure("legal_units_delta")
        groups = ((two, of_two), (delta & ~two, of_delta - of_two), (~delta, 100 - of_delta))
        for group, number in groups:
            shares[group] = number * by_city[group] / by_city[group].sum()
        cities = apportion(shares, self._figure("legal_units", 1e6))
        found = np.zeros(len(self.units), dtype=np.int64)
        for rows_, number in zip(self.rows.values(), cities, strict=True):
            found[rows_] = apportion(self.residents[rows_], int(number))
        return found

    def _owners(self) -> Counts:
        return np.array([int(unit.code in FEATURED) for unit in self.units])


def _townships() -> dict[str, int]:
    """How many townships a unit has in which people are registered."""
    found: dict[str, int] = {}
    for row in rows("townships.csv"):
        if row["kind"] in SETTLED:
            found[row["county"]] = found.get(row["county"], 0) + 1
    return found


def _with_floor(counts: Counts, floor: Counts) -> Counts:
    """The counts with a least number for some places, taken from the largest ones."""
    found = counts.copy()
    while (short := np.maximum(floor - found, 0)).sum():
        found[np.argmax(short)] += 1
        found[np.argmax(found - floor)] -= 1
    return found
