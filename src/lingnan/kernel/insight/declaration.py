"""What a system declares to be measured: definition, lineage, and how it is computed.

A system's `indicators.py` has `INDICATORS`, a list of these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Literal

from django.apps import apps

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.runtime.apps import System

PROVINCE = "440000"
Unit = Literal["percent", "number"]
Direction = Literal["up", "down"]

CODE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Figure:
    """What was counted, of how much. `denominator` is None where a number stands alone."""

    numerator: int
    denominator: int | None = None

    def __add__(self, other: Figure) -> Figure:
        if (self.denominator is None) != (other.denominator is None):
            raise ValueError("a share and a plain number cannot be added")
        if self.denominator is None or other.denominator is None:
            return Figure(self.numerator + other.numerator)
        return Figure(self.numerator + other.numerator, self.denominator + other.denominator)

    @property
    def value(self) -> float | None:
        """The number, or the share in hundredths; None of nothing."""
        if self.denominator is None:
            return float(self.numerator)
        return 100 * self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class Counted:
    """One side of a figure: what is counted, and where that stands (its lineage)."""

    title: Title
    source: Title


@dataclass(frozen=True)
class Target:
    """What is aimed at: a value in the indicator's unit, by the end of a year, and who said so."""

    value: float
    year: int
    source: Title


@dataclass(frozen=True)
class Indicator:
    """A measure. `compute` gives figures by division (county, undivided city, or province).

    Figures of counties are added up to cities and the province by the room, never by a
    system: so the cities always add up to the whole.
    """

    code: str
    title: Title
    definition: Title
    unit: Unit
    numerator: Counted
    denominator: Counted | None
    compute: Callable[[date], Mapping[str, Figure]]
    direction: Direction = "up"
    target: Target | None = None
    caution: Title | None = None


class UnknownIndicator(LookupError):
    """No installed system declares it."""


def indicators() -> dict[str, Indicator]:
    """Every indicator of the installed systems, by code."""
    return dict(_found())


def indicator(code: str) -> Indicator:
    """Raises UnknownIndicator."""
    try:
        return _found()[code]
    except KeyError:
        raise UnknownIndicator(code) from None


@cache
def _found() -> dict[str, Indicator]:
    found: dict[str, Indicator] = {}
    for config in apps.get_app_configs():
        if isinstance(config, System) and find_spec(f"{config.name}.indicators"):
            for one in import_module(f"{config.name}.indicators").INDICATORS:
                if not CODE.fullmatch(one.code):
                    raise ValueError(f"{one.code}: letters, digits, - and _ only: it is an address")
                if one.code in found:
                    raise ValueError(f"two indicators are called {one.code}")
                found[one.code] = one
    return found
