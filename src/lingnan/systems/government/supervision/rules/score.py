"""The part of the monthly score that can be computed from what happened here.

Source: a city's rule of electronic supervision (see parameters/score.toml). Points in whole
numbers; no part falls below nought.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PARAMETERS = Path(__file__).parent / "parameters" / "score.toml"


@cache
def parameters() -> Mapping[str, Any]:
    return tomllib.loads(PARAMETERS.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Month:
    """What a body did in a month: cards issued, cases completed, and how many of them early."""

    yellow: int = 0
    red: int = 0
    completed: int = 0
    early: int = 0


@dataclass(frozen=True)
class Score:
    """`limits` of `of` points are left; `bonus` for early completion; `unmeasured` points."""

    limits: int
    of: int
    deducted: int
    bonus: int
    unmeasured: int

    @property
    def measured(self) -> int:
        return self.limits + self.bonus


def score(month: Month, rule: Mapping[str, Any] | None = None) -> Score:
    """期限合法: every card costs points. A broken promise counts as overdue, so it is not early."""
    rule = rule or parameters()
    of = sum(part["points"] for part in rule["parts"] if part["measured"])
    deducted = month.yellow * rule["deductions"]["yellow"] + month.red * rule["deductions"]["red"]
    unmeasured = sum(part["points"] for part in rule["parts"] if not part["measured"])
    return Score(max(0, of - deducted), of, deducted, _bonus(month, rule["early"]), unmeasured)


def _bonus(month: Month, early: Mapping[str, int]) -> int:
    """A point from the first threshold on, and one for each further step of the share."""
    if not month.completed:
        return 0
    over = 100 * month.early - early["from"] * month.completed
    return (
        int(early["points"] * (1 + over // (early["step"] * month.completed))) if over >= 0 else 0
    )
