"""Limits of the register of residents, each with its article and the day it begins to hold."""

import tomllib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "parameters"


class NoLimit(LookupError):
    """The parameters hold no such limit on that day."""


@dataclass(frozen=True)
class Limit:
    """So many days or months from a day on; `unverified` where no text at hand gives it."""

    code: str
    effective_from: date
    basis: str
    days: int = 0
    months: int = 0
    unverified: bool = False

    def last_day(self, since: date) -> date:
        """The last day within the limit. A month that is too short ends on its last day."""
        return months_after(since, self.months) if self.months else since + timedelta(self.days)


@cache
def limits() -> tuple[Limit, ...]:
    rows = tomllib.loads((FOLDER / "limits.toml").read_text(encoding="utf-8"))["limits"]
    return tuple(Limit(**row) for row in rows)


def limit(code: str, on: date) -> Limit:
    """The limit in force on a day. Raises NoLimit."""
    found = [one for one in limits() if one.code == code and one.effective_from <= on]
    if not found:
        raise NoLimit(f"{code} on {on}")
    return max(found, key=lambda one: one.effective_from)


def late(code: str, since: date, on: date) -> bool:
    """Whether something told on a day comes after its limit. It is told all the same."""
    return on > limit(code, on).last_day(since)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
