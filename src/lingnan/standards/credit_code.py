"""Unified social credit codes (GB 32100) and the organisation code inside them (GB 11714)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# GB 32100 leaves out I, O, S, V and Z, which are easily taken for digits or each other.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))

# GB 11714 counts on with the whole alphabet, A = 10 to Z = 35.
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_VALUES = {c: value for value, c in enumerate(_ORGANISATION_ALPHABET)}
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_CHECKS = {10: "X", 11: "0"}

_DIGITS = frozenset("0123456789")


class CreditCodeFault(StrEnum):
    """Why a text is not a unified social credit code."""

    LENGTH = "length"
    CHARACTERS = "characters"
    CHECK_CHARACTER = "check_character"
    ORGANISATION_CHECK = "organisation_check"


class InvalidCreditCode(ValueError):
    """The text does not have the form that GB 32100 (or GB 11714) prescribes."""

    def __init__(self, reason: CreditCodeFault) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A unified social credit code and its parts (GB 32100, clause 4).

    `registering_authority` and `kind` are one character each (9 and 1: an enterprise of the
    market regulator), `division_code` is the registering body's place, `organisation_code`
    the nine characters of GB 11714 with their own check.
    """

    number: str
    registering_authority: str
    kind: str
    division_code: str
    organisation_code: str


def parse(text: str) -> CreditCode:
    """Read a code; lower case and separating spaces are accepted and not stored.

    Checks length, characters, the final check character and the check inside the
    organisation code, in that order. Raises InvalidCreditCode.
    """
    number = text.replace(" ", "").upper()
    if len(number) != 18:
        raise InvalidCreditCode(CreditCodeFault.LENGTH)
    if number[17] not in _VALUES or not _DIGITS.issuperset(number[2:8]):
        raise InvalidCreditCode(CreditCodeFault.CHARACTERS)
    if number[17] != check_character(number[:17]):
        raise InvalidCreditCode(CreditCodeFault.CHECK_CHARACTER)
    organisation_code = number[8:17]
    if organisation_code[8] != organisation_check(organisation_code[:8]):
        raise InvalidCreditCode(CreditCodeFault.ORGANISATION_CHECK)
    return CreditCode(
        number=number,
        registering_authority=number[0],
        kind=number[1],
        division_code=number[2:8],
        organisation_code=organisation_code,
    )


def check_character(first17: str) -> str:
    """The eighteenth character for the first seventeen (GB 32100, clause on the check code).

    Raises InvalidCreditCode with LENGTH or CHARACTERS.
    """
    if len(first17) != 17:
        raise InvalidCreditCode(CreditCodeFault.LENGTH)
    try:
        values = [_VALUES[character] for character in first17]
    except KeyError:
        raise InvalidCreditCode(CreditCodeFault.CHARACTERS) from None
    total = sum(weight * value for weight, value in zip(_WEIGHTS, values, strict=True))
    # The formula as usually printed, 31 - total mod 31, yields 31 where the sum divides
    # evenly; no character has that value, so it has to be reduced once more to 0.
    return _ALPHABET[(31 - total % 31) % 31]


def organisation_check(first8: str) -> str:
    """The ninth character, 0 to 9 or X, of an organisation code (GB 11714).

    Raises InvalidCreditCode with LENGTH or CHARACTERS.
    """
    if len(first8) != 8:
        raise InvalidCreditCode(CreditCodeFault.LENGTH)
    try:
        values = [_ORGANISATION_VALUES[character] for character in first8]
    except KeyError:
        raise InvalidCreditCode(CreditCodeFault.CHARACTERS) from None
    total = sum(w * value for w, value in zip(_ORGANISATION_WEIGHTS, values, strict=True))
    check = 11 - total % 11
    return _ORGANISATION_CHECKS.get(check, str(check))


def compose(registering_authority: str, kind: str, division_code: str, body_code9: str) -> str:
    """The code for its four parts; `body_code9` is an organisation code with its check.

    Raises InvalidCreditCode where a part does not fit its place.
    """
    lengths = tuple(map(len, (registering_authority, kind, division_code, body_code9)))
    if lengths != (1, 1, 6, 9):
        raise InvalidCreditCode(CreditCodeFault.LENGTH)
    first17 = registering_authority + kind + division_code + body_code9
    return parse(first17 + check_character(first17)).number
