"""Annual reports, the list of abnormal operations and that of serious breaches.

企业信息公示暂行条例 (2014-08-07) Art. 8: a report for each year by 30 June of the next, the
first in the year after the firm was set up. Art. 17: who has not published it is put on the list
of abnormal operations, and comes off once it has; after three years it goes on the list of
serious breaches, and off that one after five years without another breach.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

PARAMETERS = Path(__file__).parent / "parameters" / "annual_report.toml"


class Listing(StrEnum):
    """On which list a firm stands."""

    NONE = "none"
    ABNORMAL = "abnormal"
    SERIOUS = "serious"


@dataclass(frozen=True, slots=True)
class Standing:
    """`since` is the first day on the list; `owed` are the years whose reports are overdue."""

    listing: Listing
    since: date | None
    owed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Failing:
    """Days on which something was overdue; `until` is the first day on which nothing was."""

    start: date
    until: date | None


@cache
def parameters(on: date) -> Mapping[str, Any]:
    """What was in force on a day, with the first year of reports. Raises LookupError before."""
    told = tomllib.loads(PARAMETERS.read_text(encoding="utf-8"))
    versions = [one for one in told["versions"] if one["in_force_from"] <= on]
    if not versions:
        raise LookupError("no annual reports before the regulation")
    return max(versions, key=lambda one: one["in_force_from"]) | {"first": told["first"]["year"]}


def last_day(year: int) -> date:
    """The last day for publishing the report of a year (Art. 8)."""
    known = parameters(date(year + 1, 1, 1))
    return date(year + 1, known["last_month"], known["last_day"])


def standing(set_up: date, published: Mapping[int, date], on: date) -> Standing:
    """Where a firm stands on a day. `published` has the day on which each year's report came.

    What is published after `on` is not known yet. Art. 13 to 15 (false reports) are no part of it.
    """
    known = parameters(on)
    years = [
        year for year in range(max(set_up.year, known["first"]), on.year) if last_day(year) < on
    ]
    came = {year: day for year, day in published.items() if day <= on}
    owed = tuple(year for year in years if year not in came)
    failings = _failings(years, came)
    serious = _serious(failings, on, known)
    if serious is not None:
        return Standing(Listing.SERIOUS, serious, owed)
    if owed:
        return Standing(Listing.ABNORMAL, failings[-1].start, owed)
    return Standing(Listing.NONE, None, ())


def _failings(years: list[int], came: Mapping[int, date]) -> list[Failing]:
    """Times without a break in which at least one report was overdue, in their order."""
    found: list[Failing] = []
    for year in years:
        start, until = last_day(year) + timedelta(days=1), came.get(year)
        if until is not None and until <= start:
            continue
        if found and (found[-1].until is None or start <= found[-1].until):
            last = found.pop()
            open_ = until is None or last.until is None
            end = None if open_ else max(filter(None, (last.until, until)))
            found.append(Failing(last.start, end))
        else:
            found.append(Failing(start, until))
    return found


def _serious(failings: list[Failing], on: date, known: Mapping[str, Any]) -> date | None:
    """Since when the firm is on the list of serious breaches, if it is.

    Our reading of “five years without another breach”: five years from the listing, or from the
    end of the last failing, whichever is later.
    """
    since = clean = None
    for one in failings:
        if clean is not None and one.start >= clean:
            since = clean = None
        limit = _years_after(one.start, known["years_to_serious"])
        if since is None and limit <= on and (one.until is None or limit < one.until):
            since = limit
        if since is not None:
            ended = max(since, one.until or on)
            clean = _years_after(ended, known["years_of_serious"])
    return since if since is not None and clean is not None and on < clean else None


def _years_after(day: date, years: int) -> date:
    """The same day so many years on; 1 March where there is no 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
