"""Setting up and closing an enterprise: what cannot be registered, and by which day.

公司法 (2023-12-29) Art. 42, 47, 235, 240, 241; 市场主体登记管理条例 (2021-07-27) Art. 31 to 33.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

PARAMETERS = Path(__file__).parent / "parameters" / "registration.toml"
EARLIEST = date(1900, 1, 1)


@cache
def parameters() -> Mapping[str, Any]:
    return tomllib.loads(PARAMETERS.read_text(encoding="utf-8"))


class Fault(StrEnum):
    """Why contributions are no capital."""

    NO_CAPITAL = "no_capital"
    NO_HOLDER = "no_holder"
    TOO_MANY = "too_many"
    NOUGHT = "nought"
    PAID_OVER = "paid_over"
    TWICE = "twice"
    SUM = "sum"
    OWN_SHARES = "own_shares"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one holder subscribes and has paid, in yuan."""

    holder: str
    subscribed: int
    paid: int


def faults(capital: int, said: Sequence[Contribution], own: str = "") -> list[Fault]:
    """All that is wrong with a capital (yuan) and its contributions; `own` marks the company.

    Art. 42: one to fifty holders; Art. 47: the capital is what all have subscribed.
    """
    holders = [one.holder for one in said]
    wrong = {
        Fault.NO_CAPITAL: capital <= 0,
        Fault.NO_HOLDER: not said,
        Fault.TOO_MANY: len(said) > parameters()["most_holders"],
        Fault.NOUGHT: any(one.subscribed <= 0 for one in said),
        Fault.PAID_OVER: any(not 0 <= one.paid <= one.subscribed for one in said),
        Fault.TWICE: len(set(holders)) < len(holders),
        Fault.OWN_SHARES: bool(own) and own in holders,
        Fault.SUM: bool(said) and sum(one.subscribed for one in said) != capital,
    }
    return [fault for fault, holds in wrong.items() if holds]


class Hindrance(StrEnum):
    """Why an enterprise cannot be cancelled, or not in this way."""

    HOLDINGS = "holdings"
    BRANCHES = "branches"
    DISPUTE = "dispute"
    LISTED = "listed"
    REVOKED = "revoked"
    NOT_REVOKED = "not_revoked"
    UNDER_WAY = "under_way"
    OBJECTION = "objection"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Firm:
    """What stands against cancelling an enterprise."""

    holds_others: bool = False
    branches: bool = False
    dispute: bool = False
    listed: bool = False
    revoked_on: date | None = None


def against(way: str, firm: Firm, on: date) -> list[Hindrance]:
    """Why a way of cancelling is closed to a firm.

    Simple is not for who is revoked or listed (条例 Art. 33), forced only for who has been
    revoked for three years (公司法 Art. 241). Branches go first (条例 Art. 32); what it still holds
    of others and who owns it must be settled before it ends.
    """
    simple, forced = way == "simple", way == "forced"
    wrong = {
        Hindrance.HOLDINGS: firm.holds_others and not forced,
        Hindrance.BRANCHES: firm.branches and not forced,
        Hindrance.DISPUTE: firm.dispute,
        Hindrance.LISTED: simple and firm.listed,
        Hindrance.REVOKED: simple and firm.revoked_on is not None,
        Hindrance.NOT_REVOKED: forced and not _long_revoked(firm.revoked_on, on),
    }
    return [one for one, holds in wrong.items() if holds]


def _long_revoked(revoked_on: date | None, on: date) -> bool:
    if revoked_on is None:
        return False
    return years_after(revoked_on, parameters()["closing"]["forced_years"]) <= on


def open_until(way: str, published_on: date) -> date:
    """The last day for objections (simple, forced) or for claims (ordinary)."""
    days = {"simple": "simple_days", "ordinary": "claims_days", "forced": "forced_days"}[way]
    return published_on + timedelta(days=parameters()["closing"][days])


def apply_until(way: str, until: date, ended_on: date | None = None) -> date | None:
    """The last day to apply for the cancellation; None where the law gives none yet."""
    closing = parameters()["closing"]
    if way == "simple":
        return until + timedelta(days=closing["simple_apply_days"])
    if way == "ordinary" and ended_on is not None:
        return max(ended_on, until) + timedelta(days=closing["apply_days"])
    return None


def timely(way: str, until: date, on: date, objected: bool) -> list[Hindrance]:
    """Why a published cancellation cannot be registered on a day.

    Lateness closes the simple way alone: who is late after a liquidation still must apply.
    """
    last = apply_until(way, until)
    wrong = {
        Hindrance.TOO_EARLY: on <= until,
        Hindrance.TOO_LATE: way == "simple" and last is not None and last < on,
        Hindrance.OBJECTION: objected and way != "ordinary",
    }
    return [one for one, holds in wrong.items() if holds]


def years_after(day: date, years: int) -> date:
    """The same day so many years on; 1 March where there is no 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
