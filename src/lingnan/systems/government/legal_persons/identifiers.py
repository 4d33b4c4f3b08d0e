"""Noting what a firm of before October 2015 was known by, and merging it into the credit code."""

from lingnan.kernel.matters.api import NotAllowed
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import Actor
from lingnan.standards.organisation_code import (
    IdentifierKind,
    InvalidOrganisationCode,
    check_merged,
    recognise,
)
from lingnan.systems.government.legal_persons.merging import FIRST_DAY, merge
from lingnan.systems.government.legal_persons.models import Enterprise, FormerIdentifier
from lingnan.systems.government.legal_persons.setting_up import Refused


def note_or_merge(company: Enterprise, who: Actor, value: str, reference: str) -> None:
    """With a value: note it as a former identifier. Without one: merge those that wait.

    Raises Refused: of a younger firm, no such identifier, another firm's, or two of one kind.
    """
    if not value:
        _merge(company, who, reference)
        return
    if company.registered_on >= FIRST_DAY:
        raise Refused("too_young")
    known = recognise(value)
    if known is None or known[0] is IdentifierKind.CREDIT_CODE:
        raise Refused("no_identifier")
    kind, text = known
    if FormerIdentifier.objects.filter(value=text).exists():
        raise Refused("anothers_identifier")
    held = FormerIdentifier.objects.filter(company=company.credit_code, kind=str(kind), ended=False)
    if held.exists():
        raise Refused("has_identifier")
    if kind is IdentifierKind.ORGANISATION_CODE:
        _must_be_inside(text, company.credit_code)
    with action(by=who.signature, reason=f"补录原登记号码 {reference}") as act:
        act.create(
            FormerIdentifier,
            value=text,
            kind=str(kind),
            company=company.credit_code,
            division=company.division,
        )


def _must_be_inside(text: str, code: str) -> None:
    try:
        check_merged(text, code)
    except InvalidOrganisationCode as wrong:
        raise Refused("anothers_identifier") from wrong


def _merge(company: Enterprise, who: Actor, reference: str) -> None:
    try:
        count = merge(company, who.signature, f"三证合一 {reference}")
    except InvalidOrganisationCode as wrong:
        raise Refused("anothers_identifier") from wrong
    except NotAllowed as early:
        raise Refused("too_young") from early
    if not count:
        raise Refused("nothing_to_merge")
