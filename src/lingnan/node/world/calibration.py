"""The figures and parameters of calibration.toml, as the plan reads them."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from lingnan.node.world.data import PROVINCE, table
from lingnan.node.world.rounding import Counts, Reals

# Cells of a population: sex by age group.
GROUPS = ("0-14", "15-59", "60-64", "65+")
AGES = ((0, 14), (15, 59), (60, 64), (65, 100))
MALE = slice(0, 4)
FEMALE = slice(4, 8)
EDUCATION = ("college", "senior", "junior", "primary")
DELTA_TWO = ("440100", "440300")


@dataclass(frozen=True)
class Calibration:
    """`figures` by (id, area) as numbers; the rest as it stands in the file."""

    figures: dict[tuple[str, str], float]
    parameters: dict[str, Any]
    weights: dict[str, dict[str, Any]]

    def figure(self, name: str, area: str = PROVINCE) -> float:
        """A figure. Raises KeyError."""
        return self.figures[name, area]

    @cached_property
    def cities(self) -> dict[str, int]:
        """Residents of the census by city, in the order of codes."""
        found = {a: int(v) for (name, a), v in self.figures.items() if name == "residents"}
        del found[PROVINCE]
        return dict(sorted(found.items()))

    @cached_property
    def delta(self) -> Reals:
        """1 for each city of the Pearl River Delta."""
        return np.array([float(code in self.parameters["delta"]) for code in self.cities])

    def by_group(self, total: float, delta_share: float, base: Reals) -> Reals:
        """Per city, of a `base` each: the Delta's share as given, the others' by what is left."""
        inside = base * self.delta * delta_share / 100
        outside = base * (1 - self.delta)
        return inside + outside * (total - inside.sum()) / outside.sum()


@lru_cache(maxsize=1)
def calibration() -> Calibration:
    read = table("calibration.toml")
    figures = {(row["id"], row["area"]): float(row["value"]) for row in read["figures"]}
    return Calibration(figures, read["parameters"], read["weights"])


def population_cells(known: Calibration, residents: Counts) -> Reals:
    """Expected residents by city and cell (men of the four groups, then women).

    Starts from the province's shares in every city and is bent in turn to each published figure
    until all hold: raking, as in sample surveys. What nobody published stays at the province's
    shares as far as the others allow.
    """
    cells = residents[:, None] * _shares(known)[None, :]
    wanted = list(_targets(known, residents))
    for _round in range(400):
        before = cells.copy()
        for mask, number in wanted:
            cells[mask] *= number / cells[mask].sum()
        cells *= (residents / cells.sum(axis=1))[:, None]
        if np.abs(cells - before).max() < 1e-9 * residents.sum():
            break
    return cells


def _shares(known: Calibration) -> Reals:
    ratio = known.figure("sex_ratio") / (100 + known.figure("sex_ratio"))
    young, middle = known.figure("age_0_14"), known.figure("age_15_59")
    sixty, old = known.figure("age_60"), known.figure("age_65")
    groups = np.array([young, middle, sixty - old, old]) / 100
    return np.concatenate([ratio * groups, (1 - ratio) * groups])


def _targets(known: Calibration, residents: Counts) -> Any:
    """(cells by city, how many they hold) for each published share."""
    size = residents.sum()
    shares = _shares(known)
    for cell in range(4):
        yield _mask(known, (cell, cell + 4)), size * (shares[cell] + shares[cell + 4])
    yield _mask(known, range(4)), size * shares[MALE].sum()
    yield _mask(known, range(4, 8)), size * shares[FEMALE].sum()
    places = {"male": range(4), "age_0_14": (0, 4), "age_15_64": (1, 2, 5, 6), "age_65": (3, 7)}
    for row, code in enumerate(known.cities):
        for name, cells in places.items():
            if (name, code) in known.figures:
                number = residents[row] * known.figure(name, code) / 100
                rest = set(range(8)) - set(cells)
                yield _mask(known, cells, row), number
                yield _mask(known, rest, row), residents[row] - number


def _mask(known: Calibration, cells: Any, row: int | None = None) -> Any:
    mask = np.zeros((len(known.cities), 8), dtype=bool)
    mask[slice(None) if row is None else row, list(cells)] = True
    return mask
