"""Which accesses are unusual, and why: rules over plain facts, weighed by dated parameters.

A finding is a question to the official, never a judgement. What a rule cannot know it does not
say: a place that no register tells, a calendar that is not announced.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

PARAMETERS = Path(__file__).parent / "parameters" / "unusual.toml"
READ, OPENED, EXPORTED = "exchange.read", "record.opened", "record.exported"
# Opened by a declared emergency, and what the head who reviewed it did not find justified.
EMERGENCY, UNJUSTIFIED = "record.emergency", "emergency.unjustified"
# How far back the rules about one official and about one subject look.
OF_OFFICIAL = timedelta(days=1)


@cache
def parameters() -> Mapping[str, Any]:
    return tomllib.loads(PARAMETERS.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Access:
    """One entry of the evidence by which an official saw somebody's data.

    at        system time in China
    subjects  whom it concerns, by keys that the rules never show
    number    how many it concerns
    for_case  whether a case is named
    outside   how many of the subjects belong to no division of the body
    own       "self", "household" or "colleague": what the official is to a subject (`kinship`)
    marked    how many of the subjects are under protection
    own_case  whether it was for a case that the body itself handles
    clock     the time of day by which hours are judged, where it is not `at`: a demonstration's
              business clock, which stands still while its evidence has the true time
    """

    seq: int
    at: datetime
    kind: str
    body: str
    official: str
    subjects: tuple[int, ...] = ()
    number: int = 1
    for_case: bool = False
    outside: int = 0
    own: str = ""
    marked: int = 0
    own_case: bool = False
    clock: datetime | None = None


@dataclass(frozen=True)
class Found:
    """What one rule found of one official: the entries it rests on, and the facts in numbers."""

    rule: str
    official: str
    seqs: tuple[int, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    subject: int | None = None


# Whether a day is a working day; None where the calendar of its year is not announced.
Working = Callable[[date], bool | None]
Rule = Mapping[str, Any]


def unusual(
    access: Access,
    by_official: Sequence[Access],
    of_subject: Sequence[Access],
    working: Working,
    rules: Mapping[str, Rule] | None = None,
) -> list[Found]:
    """What the rules find of an access.

    `by_official` are the official's other accesses of the day before it, `of_subject` those of
    the same subjects by anybody as far back as the rule looks; both without the access itself.
    """
    known = rules if rules is not None else parameters()["rules"]
    found: list[Found] = []
    for code, rule in known.items():
        found += RULES[code](access, by_official, of_subject, working, rule)
    return found


def _one(code: str, access: Access, **facts: Any) -> Found:
    return Found(code, access.official, (access.seq,), facts)


def _seen(access: Access) -> bool:
    """Whether somebody's data was opened or read without a case: no hit in a list, no file."""
    return access.kind in (READ, OPENED) and not access.for_case


def _after_hours(
    access: Access, by: Sequence[Access], of: Sequence[Access], working: Working, rule: Rule
) -> Iterator[Found]:
    begins, ends = (time.fromisoformat(rule[name]) for name in ("begins", "ends"))
    if access.kind in (EMERGENCY, UNJUSTIFIED):
        return
    when = access.clock or access.at
    works = working(when.date())
    if works is None:
        works = when.weekday() < 5
    if not works:
        yield _one("after_hours", access, at=f"{when:%H:%M}", day="rest")
    elif not begins <= when.time() <= ends:
        yield _one("after_hours", access, at=f"{when:%H:%M}", day="work")


def _off_territory(
    access: Access, by: Sequence[Access], of: Sequence[Access], working: Working, rule: Rule
) -> Iterator[Found]:
    if access.outside and _seen(access):
        yield _one("off_territory", access, outside=access.outside, number=access.number)


def _own(code: str) -> Callable[..., Iterator[Found]]:
    def judge(
        access: Access, by: Sequence[Access], of: Sequence[Access], working: Working, rule: Rule
    ) -> Iterator[Found]:
        if access.own == code and _seen(access):
            yield _one(code, access, number=access.number)

    return judge


def _much_looked_at(
    access: Access, by: Sequence[Access], of: Sequence[Access], working: Working, rule: Rule
) -> Iterator[Found]:
    """Every official who looked, once enough unrelated ones have: none of them for a case."""
    if not _seen(access):
        return
    since = access.at - timedelta(days=rule["days"])
    for subject in access.subjects:
        rows = [one for one in of if subject in one.subjects and one.at >= since]
        rows = [one for one in rows if _seen(one)] + [access]
        officials = dict.fromkeys(one.official for one in rows)
        bodies = {one.body for one in rows}
        if len(officials) < rule["officials"] or len(bodies) < rule["bodies"]:
            continue
        facts = {"officials": len(officials), "bodies": len(bodies), "days": rule["days"]}
        for official in officials:
            seqs = tuple(one.seq for one in rows if one.official == official)
            yield Found("much_looked_at", official, seqs, facts, subject)


def _openings(access: Access, by: Sequence[Access], minutes: int) -> list[Access]:
    """The openings without a case up to an access within so many minutes, oldest first."""
    since = access.at - timedelta(minutes=minutes)
    rows = [one for one in [*by, access] if one.at >= since]
    rows = [one for one in rows if _seen(one)]
    return sorted(rows, key=lambda one: one.seq)


def _enumeration(
    access: Access, by: Sequence[Access], of: Sequence[Access], working: Working, rule: Rule
) -> Iterator[Found]:
    if not _seen(access):
        return
    rows = _openings(access, by, rule["minutes"])
    subjects = {subject for one in rows for subject in one.subjects}
    if len(subjects) >= rule["subjects"]:
        facts = {"subjects": len(subjects), "minutes": rule["minutes"]}
        yield Found("enumeration", access.official, tuple(one.seq for one in rows), facts)


def _sequential(
    access: Access, by: Sequence[Access], of: Sequence[Access], working: Working, rule: Rule
) -> Iterator[Found]:
    """So many openings in a row, each of the next subject in the register's order."""
    if access.kind != OPENED or access.for_case:
        return
    rows = [one for one in _openings(access, by, rule["minutes"]) if len(one.subjects) == 1]
    rows = rows[-rule["subjects"] :]
    keys = [one.subjects[0] for one in rows]
    rising = all(one < other for one, other in pairwise(keys))
    if len(rows) == rule["subjects"] and rising:
        facts = {"subjects": len(rows), "minutes": rule["minutes"]}
        yield Found("sequential", access.official, tuple(one.seq for one in rows), facts)


def _export_volume(
    access: Access, by: Sequence[Access], of: Sequence[Access], working: Working, rule: Rule
) -> Iterator[Found]:
    if access.kind != EXPORTED:
        return
    rows = [one for one in [*by, access] if one.kind == EXPORTED]
    rows = [one for one in rows if one.at.date() == access.at.date()]
    taken = sum(one.number for one in rows)
    if taken >= rule["rows"]:
        seqs = tuple(one.seq for one in rows)
        yield Found("export_volume", access.official, seqs, {"rows": taken})


def _no_case(
    access: Access, by: Sequence[Access], of: Sequence[Access], working: Working, rule: Rule
) -> Iterator[Found]:
    if access.kind == READ and not access.for_case:
        yield _one("no_case", access, number=access.number)


def _emergency_unjustified(
    access: Access, by: Sequence[Access], of: Sequence[Access], working: Working, rule: Rule
) -> Iterator[Found]:
    if access.kind == UNJUSTIFIED:
        yield _one("emergency_unjustified", access, number=access.number)


def _marked(
    access: Access, by: Sequence[Access], of: Sequence[Access], working: Working, rule: Rule
) -> Iterator[Found]:
    """Whatever was seen of somebody under protection, unless the body itself handles their case."""
    if access.marked and not access.own_case:
        yield _one("marked", access, number=access.number)


RULES: Mapping[str, Callable[..., Iterator[Found]]] = {
    "after_hours": _after_hours,
    "off_territory": _off_territory,
    "self": _own("self"),
    "household": _own("household"),
    "colleague": _own("colleague"),
    "much_looked_at": _much_looked_at,
    "enumeration": _enumeration,
    "sequential": _sequential,
    "export_volume": _export_volume,
    "no_case": _no_case,
    "emergency_unjustified": _emergency_unjustified,
    "marked": _marked,
}
