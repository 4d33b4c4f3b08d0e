"""Divisions as they were on a day, and what became of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from lingnan.kernel.runtime.api import action
from lingnan.systems.government.geography.models import Division

PROVINCE = "440000"
# The day of the first list: a unit without a first day was in it.
FIRST_LIST = date(2000, 12, 31)


@dataclass(frozen=True)
class Change:
    """On one day some units were given up for others."""

    day: date
    before: tuple[Division, ...]
    after: tuple[Division, ...]
    basis: str


def on(day: date) -> QuerySet[Division]:
    """The divisions in force on a day."""
    begun = Q(begins=None) | Q(begins__lte=day)
    return Division.objects.filter(begun, Q(ends=None) | Q(ends__gt=day)).order_by("code")


def find(code: str, day: date) -> Division | None:
    """The division with that code on a day; else as it last was; None if there was never one."""
    return on(day).filter(code=code).first() or (
        Division.objects.filter(code=code).order_by(F("begins").desc(nulls_last=True)).first()
    )


def named(level: str, prefix: str, day: date) -> QuerySet[Division]:
    """Divisions of a level whose code begins so, or that stand above such codes."""
    rows = on(day).filter(level=level)
    if level == "province" or not prefix:
        return rows if level != "township" or len(prefix) == 6 else rows.none()
    if level == "city":
        return rows.filter(code__startswith=prefix[:4])
    return rows.filter(code__startswith=prefix)


def undivided(code: str) -> bool:
    """Whether a code is a city without counties, which stands at both levels."""
    if not code.endswith("00") or code.endswith("0000"):
        return False
    return not Division.objects.filter(parent=code, level="county", ends=None).exists()


def significant(code: str) -> str:
    """The digits of a code that its lower units share: 440000 → 44, 440100 → 4401."""
    while code.endswith("00"):
        code = code[:-2]
    return code


def changes(code: str) -> list[Change]:
    """Every change that made, renamed or ended the units of a code, oldest first."""
    own = list(Division.objects.filter(code=code))
    days = {day for row in own for day in (row.begins, row.ends) if day}
    days |= {row.ends for row in _giving_way_to([code]) if row.ends}
    found = [_change(code, own, day) for day in sorted(days)]
    return [change for change in found if change.before or change.after]


def _change(code: str, own: list[Division], day: date) -> Change:
    """All who took part on that day: the unit, who came after it, who gave way to them."""
    ended = [row for row in own if row.ends == day]
    coming = {code for row in ended for code in row.successors.split()}
    coming |= {row.code for row in own if row.begins == day}
    before = {row.key: row for row in ended}
    before |= {row.key: row for row in _giving_way_to(coming | {code}) if row.ends == day}
    coming |= {code for row in before.values() for code in row.successors.split()}
    after = {row.key: row for row in Division.objects.filter(code__in=coming, begins=day)}
    # A successor that was there before and goes on took the territory in.
    staying = on(day).filter(code__in=coming).exclude(begins=day)
    after |= {row.key: row for row in staying}
    return Change(day, _ordered(before), _ordered(after), _document(before, after))


def _giving_way_to(codes: Iterable[str]) -> list[Division]:
    """Divisions that name one of the codes as a successor."""
    wanted = set(codes)
    rows = Division.objects.exclude(successors="")
    return [row for row in rows if wanted & set(row.successors.split())]


def _ordered(rows: dict[int, Division]) -> tuple[Division, ...]:
    return tuple(sorted(rows.values(), key=lambda row: row.code))


def _document(before: dict[int, Division], after: dict[int, Division]) -> str:
    """The document of the change: the last said of those who ended, the first of the new."""
    said = [row.basis.split("; ")[-1] for row in before.values()]
    said += [row.basis.split("; ")[0] for row in after.values()]
    return next((basis for basis in said if basis and not basis.startswith("list ")), "")


def load(divisions: Iterable[str], townships: Iterable[str], by: str) -> int:
    """Load the jurisdiction's two lists (CSV lines). Returns how many records were made."""
    rows = [_division(row) for row in csv.DictReader(divisions)]
    rows += [_township(row) for row in csv.DictReader(townships)]
    with action(by=by, reason="divisions of the jurisdiction") as act:
        return act.load(Division, rows)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _division(row: dict[str, str]) -> dict[str, Any]:
    begins, ends = _day(row["valid_from"]), _day(row["valid_to"])
    return {
        "code": row["code"],
        "name_zh": row["name_zh"],
        "name_en": row["name_en"],
        "level": row["level"],
        "parent": row["parent"],
        "begins": begins,
        "ends": ends,
        "successors": row["successor"],
        "basis": row["basis"],
        "valid_from": begins or FIRST_LIST,
        "ended": ends is not None,
    }


def _township(row: dict[str, str]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "name_zh": row["name_zh"],
        "name_en": row.get("name_en", ""),
        "level": "township",
        "parent": row["county"],
    }
