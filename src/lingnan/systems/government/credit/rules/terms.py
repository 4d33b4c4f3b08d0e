"""What an event is, how long the public sees it, and when it is kept no more.

Every figure stands in `parameters/terms.toml` with its article; a *day until* is always the
first day on which something holds no more.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from lingnan.systems.government.credit.rules import periods

FOLDER = Path(__file__).parent / "parameters"
GRAVE = ("revocation", "serious_list")
BAD = ("penalty", "revocation", "abnormal_list", "serious_list")


class NoPeriod(LookupError):
    """The parameters say nothing of such an event."""


@cache
def parameters() -> Mapping[str, Any]:
    return tomllib.loads((FOLDER / "terms.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Facts:
    """An event as the rules see it.

    `severity` is of penalties alone: warned, light, ordinary or grave. `repaired_on` is the day
    on which a repair was granted.
    """

    kind: str
    decided_on: date
    severity: str = ""
    trade: str = "other"
    published_on: date | None = None
    ended_on: date | None = None
    repaired_on: date | None = None

    @property
    def published(self) -> date:
        return self.published_on or self.decided_on

    @property
    def end(self) -> date | None:
        return self.ended_on or periods.end_of(self.kind, self.trade, self.decided_on)


def category(kind: str) -> str:
    """basic 基础, good 良好, hint 提示 or serious 严重不良 (unverified)."""
    return str(parameters()["classes"][kind])


def term(kind: str, severity: str) -> Mapping[str, Any]:
    """The row of the parameters that says how long an event is public. Raises NoPeriod."""
    wanted = (severity or "ordinary") if kind == "penalty" else ""
    for row in parameters()["publicity"]:
        if (row["kind"], row["severity"]) == (kind, wanted):
            return dict(row)
    raise NoPeriod(f"{kind}/{severity}")


def public_until(facts: Facts) -> date | None:
    """The first day on which the public sees it no more; None while its source ends it not.

    An event that is never published answers its own day.
    """
    row = term(facts.kind, facts.severity)
    if row["limit"] == "never":
        return facts.published
    if row["limit"] == "end":
        return _earlier(facts.end, facts.repaired_on)
    until = periods.months_after(facts.published, row["months"])
    if row["limit"] == "longer" and facts.end is not None:
        until = max(until, facts.end)
    return _earlier(until, facts.repaired_on)


def _earlier(day: date | None, other: date | None) -> date | None:
    return min((one for one in (day, other) if one is not None), default=None)


def is_public(facts: Facts, on: date) -> bool:
    """Whether anybody may see it on a day."""
    until = public_until(facts)
    return facts.published <= on and (until is None or on < until)


def in_force(facts: Facts, on: date) -> bool:
    return facts.decided_on <= on and (facts.end is None or on < facts.end)


def is_kept(facts: Facts, on: date) -> bool:
    """Whether the register still shows it to anybody: five years from its end (unverified)."""
    return facts.end is None or on < periods.kept_until(facts.end)
