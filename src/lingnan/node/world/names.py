"""Names of people and firms."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lingnan.node.world.data import rows
from lingnan.node.world.rounding import Counts, Reals


def _upto(weights: Sequence[float]) -> Reals:
    found = np.cumsum(weights) / np.sum(weights)
    found[-1] = 1.0
    return found


def _points(text: Sequence[str]) -> Counts:
    return np.array([ord(character) for character in text])


class Names:
    """Draws names of people; a family name is a place in `surnames`."""

    def __init__(self) -> None:
        listed, given = rows("surnames.csv"), rows("given_names.csv")
        self._upto = _upto([float(row["weight"]) for row in listed])
        self._surnames = _points([row["surname"] for row in listed])
        self._given = [
            _points([row["character"] for row in given if row["typical_sex"] in (letter, "n")])
            for letter in ("f", "m")
        ]

    def surnames(self, count: int, draw: np.random.Generator) -> Counts:
        return np.searchsorted(self._upto, draw.random(count), side="right")

    def full(
        self, surname: Counts, male: NDArray[np.bool_], draw: np.random.Generator
    ) -> list[str]:
        """Surname and one or two characters; two for two in three."""
        text = np.zeros((len(surname), 3), dtype=np.uint32)
        text[:, 0] = self._surnames[surname]
        for sex in (0, 1):
            here = np.flatnonzero(male == bool(sex))
            text[here, 1:] = draw.choice(self._given[sex], (len(here), 2))
        text[draw.random(len(surname)) < 1 / 3, 2] = 0
        return text.view("U3").ravel().tolist()


class Trades:
    """Draws trades and what firms of a trade are called."""

    def __init__(self) -> None:
        self._rows = rows("trades.csv")
        self._upto = _upto([float(row["weight"]) for row in self._rows])
        words = rows("trade_names.csv")
        self._first = [row["character"] for row in words if row["place"] == "first"]
        self._second = [row["character"] for row in words if row["place"] == "second"]

    @cached_property
    def scopes(self) -> list[str]:
        return [row["zh"] for row in self._rows]

    def trades(self, count: int, draw: np.random.Generator) -> Counts:
        return np.searchsorted(self._upto, draw.random(count), side="right")

    def shop(self, place: str, trade: int, draw: Any) -> str:
        """County, name of its own, trade and form: 荔湾区福兴粥粉面店."""
        forms = self._rows[trade]["shop"].split("|")
        return f"{place}{self._own(draw)}{forms[draw.randrange(len(forms))]}"

    def company(self, place: str, trade: int, draw: Any) -> str:
        """City, name of its own, trade and form: 广州市嘉德餐饮管理有限公司."""
        return f"{place}{self._own(draw)}{self._rows[trade]['company']}有限公司"

    def _own(self, draw: Any) -> str:
        one = self._first[draw.randrange(len(self._first))]
        other = one
        while other == one:
            other = self._second[draw.randrange(len(self._second))]
        return one + other
