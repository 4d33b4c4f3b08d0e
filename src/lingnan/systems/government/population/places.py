"""Codes of divisions by date, and the codes under which numbers are given."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language

from lingnan.kernel.runtime.api import legal_time
from lingnan.standards.divisions import Division, DivisionRegister, UnknownDivision
from lingnan.standards.synthetic import synthetic_counties
from lingnan.systems.government.population.models import CountyCode

Levels = Any


def register() -> DivisionRegister:
    """The divisions that this register's codes are read by, named in the reader's language."""
    rows = CountyCode.objects.filter(ended=False)
    name = "name" if _chinese() else "name_en"
    values = rows.values_list("code", name, "level", "parent", "since", "until")
    made: list[Division] = []
    for code, name, level, parent, since, until in values:
        known: Levels = level
        made.append(Division(code, name, known, parent, since, until))
    return DivisionRegister(made)


def names_on(codes: Iterable[str], day: date) -> dict[str, str]:
    """Code → name on a day; a code that was not in force then stands with its last name."""
    known = register()
    return {code: named(known, code, day) for code in dict.fromkeys(codes)}


def named(known: DivisionRegister, code: str, day: date) -> str:
    """The county by the name of a day, below the name of its city; the code where unknown."""
    six = code[:6]
    try:
        name = known.name(six, day)
        city = known.city_of(six)
        if not city or city == six:
            return name
        return (
            f"{known.name(city, day)}{name}" if _chinese() else f"{name}, {known.name(city, day)}"
        )
    except UnknownDivision:
        return code


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def numbering_codes(division: str) -> tuple[str, ...]:
    """The codes under which a county gives numbers; in a demonstration, never-assigned ones."""
    six = division[:6]
    return synthetic_counties(six) if legal_time.is_demonstration() else (six,)


def rows_of(lines: Iterable[Mapping[str, str]]) -> dict[str, list[Any]]:
    """A jurisdiction's list of divisions as columns of `CountyCode`."""
    listed = list(lines)
    return {
        "code": [line["code"] for line in listed],
        "name": [line["name_zh"] for line in listed],
        "name_en": [line["name_en"] for line in listed],
        "level": [line["level"] for line in listed],
        "parent": [line["parent"] for line in listed],
        "since": [_day(line["valid_from"]) for line in listed],
        "until": [_day(line["valid_to"]) for line in listed],
    }


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
