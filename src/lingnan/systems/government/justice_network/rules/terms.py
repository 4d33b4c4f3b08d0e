"""How long each clock of criminal procedure runs, and how far it may be prolonged.

Every figure stands in `parameters/terms.toml` with its article.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from lingnan.systems.government.justice_network.rules import periods
from lingnan.systems.government.justice_network.rules.periods import DayOff, Length

FOLDER = Path(__file__).parent / "parameters"


class NotAllowed(ValueError):
    """The law does not let this clock be prolonged so."""


@dataclass(frozen=True)
class Extension:
    """A way to prolong: `by` adds, `to` is the whole, `most` is chosen in days, `until` a day."""

    code: str
    zh: str
    en: str
    approver: str
    basis: str
    by: Length | None = None
    to: Length | None = None
    most: int = 0
    until: bool = False
    after: str = ""


@dataclass(frozen=True)
class Rule:
    """A clock. `counts`: custody, held, limit or office (see the parameters)."""

    code: str
    zh: str
    en: str
    who: str
    length: Length
    counts: str
    warn: tuple[int, ...]
    basis: str
    effective_from: date
    suspends: bool
    extensions: Mapping[str, Extension]

    @property
    def by_hours(self) -> bool:
        return self.length.hours > 0

    def may_follow(self, code: str, granted: Sequence["Granted"]) -> bool:
        """Whether this extension may be granted after those: each once, in the law's order."""
        found = self.extensions.get(code)
        before = [one.code for one in granted]
        if found is None or code in before:
            return False
        if found.after:
            return found.after in before
        # Of the ways that begin a prolongation only one is taken.
        return not before


@dataclass(frozen=True)
class Granted:
    """An extension that was approved: `days` where chosen, `until` where the approval names it."""

    code: str
    days: int = 0
    until: date | None = None


@cache
def _rows() -> tuple[Rule, ...]:
    said = tomllib.loads((FOLDER / "terms.toml").read_text(encoding="utf-8"))
    return tuple(_rule(row) for row in said["terms"])


def _rule(row: Mapping[str, Any]) -> Rule:
    ways = [_extension(one) for one in row.get("extensions", ())]
    return Rule(
        row["code"], row["zh"], row["en"], row["who"], Length.read(row["length"]), row["counts"],
        tuple(row["warn"]), row["basis"], row["effective_from"], row.get("suspends", False),
        {one.code: one for one in ways},
    )  # fmt: skip


def _extension(row: Mapping[str, Any]) -> Extension:
    by, to = (Length.read(row[name]) if name in row else None for name in ("by", "to"))
    most = Length.read(row["most"]).days if "most" in row else 0
    until, after = row.get("until", False), row.get("after", "")
    return Extension(
        row["code"], row["zh"], row["en"], row["approver"], row["basis"], by, to, most, until, after
    )


def codes() -> Iterator[str]:
    """Every clock that there is, once."""
    yield from dict.fromkeys(one.code for one in _rows())


def rule(code: str, on: date) -> Rule:
    """The clock as the law of a day has it. Raises LookupError."""
    found = [one for one in _rows() if one.code == code and one.effective_from <= on]
    if not found:
        raise LookupError(f"no law of {on} knows {code}")
    return max(found, key=lambda one: one.effective_from)


def due(
    known: Rule,
    start: datetime,
    granted: Sequence[Granted] = (),
    held: bool = False,
    excluded: int = 0,
    is_off: DayOff = periods.off_by_week,
) -> datetime:
    """The moment at which the clock is over.

    `held`: a person of the case is in custody; `excluded`: days that do not count (a mental
    examination, a suspended trial, time on the road). Raises NotAllowed.
    """
    lengths, until = _lengths(known, granted)
    if known.by_hours:
        over = periods.last_hour(start, sum(one.hours for one in lengths))
        return over + timedelta(days=excluded)
    last = until or periods.last_day(start.date(), lengths)
    last += timedelta(days=excluded)
    if known.counts == "office" or (known.counts == "held" and not held):
        last = periods.on_a_working_day(last, is_off)
    return periods.end_of(last, start)


def _lengths(known: Rule, granted: Sequence[Granted]) -> tuple[list[Length], date | None]:
    """The lengths one after the other; or the day that the last approval names."""
    lengths, until = [known.length], None
    for place, one in enumerate(granted):
        if not known.may_follow(one.code, granted[:place]):
            raise NotAllowed(one.code)
        way = known.extensions[one.code]
        if way.until:
            if one.until is None:
                raise NotAllowed(one.code)
            until = one.until
        elif way.most:
            if not 1 <= one.days <= way.most:
                raise NotAllowed(one.code)
            lengths.append(Length(days=one.days))
        elif way.to is not None:
            lengths = [way.to]
        elif way.by is not None:
            lengths.append(way.by)
    return lengths, until


def warnings(known: Rule, over: datetime) -> list[datetime]:
    """The moments at which it warns before it is over, the first one first."""
    unit = periods.HOUR if known.by_hours else periods.DAY
    return [over - number * unit for number in sorted(known.warn, reverse=True)]
