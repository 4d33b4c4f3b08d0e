"""One measured figure, beside its baseline and its limit."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A value in a unit. `at_least` turns the limit round: the value must reach it."""

    figure: str
    value: float
    unit: str
    size: str
    baseline: float | None = None
    limit: float | None = None
    at_least: bool = False

    @property
    def ratio(self) -> float | None:
        return round(self.value / self.baseline, 2) if self.baseline else None

    @property
    def holds(self) -> bool | None:
        """Whether the limit is kept; None where there is none."""
        if self.limit is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def plain(self) -> dict[str, Any]:
        baseline = None if self.baseline is None else _short(self.baseline)
        return {
            "figure": self.figure,
            "value": _short(self.value),
            "unit": self.unit,
            "baseline": baseline,
            "ratio": self.ratio,
            "limit": self.limit,
            "holds": self.holds,
            "size": self.size,
        }


def _short(value: float) -> float:
    return round(value, 3 if abs(value) < 10 else 1)


def percentile(times: Sequence[float], percent: int) -> float:
    """The nearest percentile of at least two times."""
    return statistics.quantiles(sorted(times), n=100, method="inclusive")[percent - 1]
