"""Whether two records may be of one person: the rule that keeps two living people apart.

Pure: what is known of both goes in, the reasons against a merge come out. The platform's own
rule, drawn from the number being one and unchanged for life (《居民身份证法》, article unverified).
"""

from dataclasses import dataclass
from datetime import date

from lingnan.standards import resident_number


@dataclass(frozen=True)
class Known:
    """What of a record bears on a merge: number as written, day of birth, sex (GB/T 2261.1)."""

    number: str
    birth: date | None
    sex: str


def against(one: Known, other: Known) -> list[str]:
    """Codes of the reasons why two records are not merged; none: they may be.

    two_people      two valid numbers, and another day of birth or sex: refused always
    correct_number  two valid numbers alone: one of them has to be corrected first
    """
    numbers = {found for found in (_valid(one.number), _valid(other.number)) if found}
    if len(numbers) < 2:
        return []
    differs = _differ(one.birth, other.birth) or _differ(one.sex, other.sex)
    return ["two_people"] if differs else ["correct_number"]


def _differ(one: object, other: object) -> bool:
    return bool(one) and bool(other) and one != other


def _valid(text: str) -> str:
    """A number as 18 characters where it is valid; a 15-digit one has no check and is none."""
    try:
        resident_number.parse(text)
    except ValueError:
        return ""
    return text.upper()
