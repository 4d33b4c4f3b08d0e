"""Nine-character organisation codes (GB 11714), and what people knew a firm by before 2015."""

from __future__ import annotations

from enum import StrEnum

from lingnan.standards import credit_code, registration_number
from lingnan.standards.credit_code import InvalidCreditCode
from lingnan.standards.registration_number import InvalidRegistrationNumber

_CHARACTERS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


class OrganisationCodeFault(StrEnum):
    """Why a text is not an organisation code, or not the one inside a credit code."""

    LENGTH = "length"
    CHARACTERS = "characters"
    CHECK_CHARACTER = "check_character"
    ANOTHER_BODY = "another_body"


class InvalidOrganisationCode(ValueError):
    """The text does not have the form that GB 11714 prescribes."""

    def __init__(self, reason: OrganisationCodeFault) -> None:
        super().__init__(reason.value)
        self.reason = reason


class IdentifierKind(StrEnum):
    """What a text that names a firm may be."""

    CREDIT_CODE = "credit_code"
    REGISTRATION_NUMBER = "registration_number"
    ORGANISATION_CODE = "organisation_code"


def parse(text: str) -> str:
    """The nine characters to store; the printed hyphen, spaces and lower case are accepted.

    Raises InvalidOrganisationCode.
    """
    code = text.replace(" ", "").replace("-", "").upper()
    if len(code) != 9:
        raise InvalidOrganisationCode(OrganisationCodeFault.LENGTH)
    if not _CHARACTERS.issuperset(code):
        raise InvalidOrganisationCode(OrganisationCodeFault.CHARACTERS)
    if code[8] != credit_code.organisation_check(code[:8]):
        raise InvalidOrganisationCode(OrganisationCodeFault.CHECK_CHARACTER)
    return code


def printed(code: str) -> str:
    """As it is printed: eight characters, a hyphen, the check. Raises InvalidOrganisationCode."""
    whole = parse(code)
    return f"{whole[:8]}-{whole[8]}"


def merge(registering_authority: str, kind: str, division_code: str, organisation: str) -> str:
    """The credit code of a firm that has an organisation code already: it stays inside.

    GB 32100 puts the organisation code in places 9 to 17. `division_code` has six digits: the
    registering body's. Raises InvalidOrganisationCode, InvalidCreditCode.
    """
    return credit_code.compose(registering_authority, kind, division_code, parse(organisation))


def check_merged(organisation: str, into: str) -> None:
    """Raises InvalidOrganisationCode where a credit code is not this body's, else nothing.

    Raises InvalidCreditCode where `into` is no credit code.
    """
    if credit_code.parse(into).organisation_code != parse(organisation):
        raise InvalidOrganisationCode(OrganisationCodeFault.ANOTHER_BODY)


def recognise(text: str) -> tuple[IdentifierKind, str] | None:
    """Which identifier a text is, and the form to store; None where it is none of them."""
    plain = text.replace(" ", "").upper()
    try:
        return IdentifierKind.CREDIT_CODE, credit_code.parse(plain).number
    except InvalidCreditCode:
        pass
    try:
        return IdentifierKind.REGISTRATION_NUMBER, registration_number.parse(plain).number
    except InvalidRegistrationNumber:
        pass
    try:
        return IdentifierKind.ORGANISATION_CODE, parse(plain)
    except InvalidOrganisationCode:
        return None
