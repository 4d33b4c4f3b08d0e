"""Fifteen-digit market registration numbers (GS 15), in use before the credit code of 2015."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Holder = Literal["domestic", "foreign", "individual_business"]

_DIGITS = frozenset("0123456789")


class RegistrationNumberFault(StrEnum):
    """Why a text is not a registration number."""

    LENGTH = "length"
    CHARACTERS = "characters"
    CHECK_DIGIT = "check_digit"


class InvalidRegistrationNumber(ValueError):
    """The text does not have the form that GS 15 prescribes."""

    def __init__(self, reason: RegistrationNumberFault) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class RegistrationNumber:
    """A registration number: six digits of the registering body, eight of sequence, a check.

    The first digit of the sequence tells the holder: 0 to 3 a domestic enterprise, 4 and 5
    a foreign-invested one, 6 to 9 an individual business (个体工商户).
    """

    number: str
    authority_code: str
    sequence: str
    holder: Holder


def parse(text: str) -> RegistrationNumber:
    """Read a number: length, digits, check digit. Raises InvalidRegistrationNumber."""
    if len(text) != 15:
        raise InvalidRegistrationNumber(RegistrationNumberFault.LENGTH)
    if not _DIGITS.issuperset(text):
        raise InvalidRegistrationNumber(RegistrationNumberFault.CHARACTERS)
    if text[14] != check_digit(text[:14]):
        raise InvalidRegistrationNumber(RegistrationNumberFault.CHECK_DIGIT)
    return RegistrationNumber(
        number=text,
        authority_code=text[:6],
        sequence=text[6:14],
        holder=_holder(text[6]),
    )


def check_digit(first14: str) -> str:
    """The fifteenth digit by ISO 7064 MOD 11,10 over the first fourteen.

    Raises InvalidRegistrationNumber with LENGTH or CHARACTERS.
    """
    if len(first14) != 14:
        raise InvalidRegistrationNumber(RegistrationNumberFault.LENGTH)
    if not _DIGITS.issuperset(first14):
        raise InvalidRegistrationNumber(RegistrationNumberFault.CHARACTERS)
    product = 10
    for digit in first14:
        # The hybrid system works with 1 to 10: a remainder of 0 stands for 10.
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def compose(authority_code: str, sequence: str) -> str:
    """The number for a six-digit registering body and an eight-digit sequence.

    Raises InvalidRegistrationNumber where a part does not fit its place.
    """
    if (len(authority_code), len(sequence)) != (6, 8):
        raise InvalidRegistrationNumber(RegistrationNumberFault.LENGTH)
    first14 = authority_code + sequence
    return first14 + check_digit(first14)


def _holder(digit: str) -> Holder:
    if digit <= "3":
        return "domestic"
    return "foreign" if digit <= "5" else "individual_business"
