"""Citizen identity numbers of GB 11643: eighteen characters, the last a check character."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

Sex = Literal["male", "female"]

_DIGITS = frozenset("0123456789")
# ISO 7064 MOD 11-2, written out as the weights 2**(18 - i) mod 11 that GB 11643 prints.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"


class ResidentNumberFault(StrEnum):
    """Why a text is not a citizen identity number."""

    LENGTH = "length"
    CHARACTERS = "characters"
    DATE = "date"
    CHECK_DIGIT = "check_digit"


class InvalidResidentNumber(ValueError):
    """The text does not have the form that GB 11643 prescribes.

    The message names the fault only, never the number, so that it may be logged.
    """

    def __init__(self, reason: ResidentNumberFault) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ResidentNumber:
    """A citizen identity number and what it says of its holder (GB 11643).

    `division_code` is the six-digit place of first registration as coded on that day; it
    may be abolished since. `sequence` (0 to 999) is odd for men and even for women.
    """

    number: str
    division_code: str
    birth_date: date
    sequence: int
    sex: Sex


def parse(text: str) -> ResidentNumber:
    """Read a number; a lower-case final x is accepted and stored as X.

    Checks length, characters, that the birth date exists and the check character, in that
    order. Neither the division code nor a birth date in the future is judged here: see
    `issued_under`. Raises InvalidResidentNumber.
    """
    number = text.replace("x", "X")
    if len(number) != 18:
        raise InvalidResidentNumber(ResidentNumberFault.LENGTH)
    expected = check_character(number[:17])
    if number[17] not in _DIGITS and number[17] != "X":
        raise InvalidResidentNumber(ResidentNumberFault.CHARACTERS)
    birth_date = _birth_date(number[6:14])
    if number[17] != expected:
        raise InvalidResidentNumber(ResidentNumberFault.CHECK_DIGIT)
    sequence = int(number[14:17])
    return ResidentNumber(
        number=number,
        division_code=number[:6],
        birth_date=birth_date,
        sequence=sequence,
        sex="male" if sequence % 2 else "female",
    )


def check_character(first17: str) -> str:
    """The eighteenth character, 0 to 9 or X, for the first seventeen digits.

    Raises InvalidResidentNumber with LENGTH or CHARACTERS.
    """
    if len(first17) != 17:
        raise InvalidResidentNumber(ResidentNumberFault.LENGTH)
    if not _DIGITS.issuperset(first17):
        raise InvalidResidentNumber(ResidentNumberFault.CHARACTERS)
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def compose(division_code: str, birth_date: date, sequence: int) -> str:
    """The number for a six-digit code, a birth date and a sequence from 0 to 999.

    Raises InvalidResidentNumber where a part does not fit its place.
    """
    first17 = f"{division_code}{birth_date.isoformat().replace('-', '')}{sequence:03d}"
    if len(division_code) != 6:
        raise InvalidResidentNumber(ResidentNumberFault.LENGTH)
    return first17 + check_character(first17)


def issued_under(number: ResidentNumber, code_valid_on: Callable[[str, date], bool]) -> bool:
    """Whether the division code was in force on the day of birth: the full check.

    `code_valid_on(code, day)` answers from a register of divisions. Kept apart from `parse`
    because numbers stay valid for life while codes are abolished, and because a register
    that lacks other provinces or early years must not refuse their citizens.
    """
    return code_valid_on(number.division_code, number.birth_date)


def is_synthetic(number: ResidentNumber) -> bool:
    """Whether the number is of the range kept for invented people: county part 91 to 99.

    GB/T 2260 never gave a county-level unit a code ending in 91 to 99 (the largest endings
    in use are 88 and 90), so such a number has the right form and check character but can
    belong to nobody.
    """
    return 91 <= int(number.division_code[4:]) <= 99


def _birth_date(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise InvalidResidentNumber(ResidentNumberFault.DATE) from None
