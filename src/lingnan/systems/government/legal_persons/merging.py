"""Merging a firm's number and organisation code into its credit code (三证合一)."""

from datetime import date

from lingnan.kernel.matters.api import NotAllowed
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.standards.organisation_code import IdentifierKind, check_merged
from lingnan.systems.government.legal_persons.finding import former_identifiers
from lingnan.systems.government.legal_persons.models import Enterprise

# 国办发〔2015〕50号, as generally reported; unverified, its text was not at hand.
FIRST_DAY = date(2015, 10, 1)


def merge(company: Enterprise, by: str, reason: str) -> int:
    """From today the credit code alone is used; returns how many identifiers it replaces.

    All or nothing. Raises NotAllowed before the first day of the reform, InvalidOrganisationCode
    where the organisation code is not the one inside the credit code.
    """
    today = legal_time.today()
    if today < FIRST_DAY:
        raise NotAllowed("too-early")
    waiting = [row for row in former_identifiers(company.credit_code) if not row.replaced_on]
    with action(by=by, reason=reason) as act:
        for row in waiting:
            if row.kind == IdentifierKind.ORGANISATION_CODE:
                check_merged(row.value, company.credit_code)
            act.change(row, replaced_on=today)
    return len(waiting)
