"""Giving a resident number: county, day of birth, sequence (GB 11643; 居民身份证法 (2011) Art. 3).

A number is one person's for life and is never given to another, whatever became of the first.
"""

from collections.abc import Collection, Sequence
from datetime import date

from lingnan.standards import resident_number
from lingnan.standards.resident_number import ResidentNumber

MALE, FEMALE = "1", "2"
SEXES = {"male": MALE, "female": FEMALE}
OLDEST = 150


class NumbersUsedUp(Exception):
    """All sequences of one sex and day have been given under every code of the county."""


class NotBorn(ValueError):
    """The number names a day of birth in the future, or too long ago."""


def next_number(codes: Sequence[str], born: date, sex: str, taken: Collection[str]) -> str:
    """The first number that nobody has or had: odd sequences for men, even for women.

    `codes` are tried in turn (a county has one; the stand-ins of an invented one have nine);
    `taken` are the numbers ever given under them for that day. Raises NumbersUsedUp.
    """
    first = 1 if sex == MALE else 2
    for code in codes:
        for sequence in range(first, 1000, 2):
            number = resident_number.compose(code, born, sequence)
            if number not in taken:
                return number
    raise NumbersUsedUp(f"{codes[0]} {born}")


def shelf(code: str, born: date) -> tuple[str, str]:
    """The least and the greatest text that a number of a code and day can be."""
    stem = f"{code}{born:%Y%m%d}"
    return f"{stem}0000", f"{stem}999X"


def recognised(text: str, today: date) -> ResidentNumber:
    """A number as told at the counter. Raises InvalidResidentNumber, NotBorn.

    Its county code is not asked for: one that was abolished, or that this register never knew,
    refuses nobody.
    """
    number = resident_number.parse(text.strip())
    if not today.year - OLDEST <= number.birth_date.year or number.birth_date > today:
        raise NotBorn(number.birth_date.isoformat())
    return number
