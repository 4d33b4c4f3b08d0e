"""Messages to whom this register knows by a pseudonym, and what a firm is told."""

from lingnan.kernel.duty.api import messages
from lingnan.kernel.exchange.api import UnknownSubject, introduce
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Account
from lingnan.systems.government.legal_persons.models import Enterprise


def tell(person: str, subject: Title, text: Title, link: str) -> None:
    """A message to somebody, if they have an account here."""
    if not person:
        return
    try:
        known = introduce(person, to="trust", source="legal_persons")
    except UnknownSubject:
        return
    account = Account.objects.filter(subject=known).values_list("key", flat=True).first()
    if account is not None:
        messages.send(account, subject, text, link)


def tell_firm(company: Enterprise, subject: Title, text: Title) -> None:
    """To the representative of a firm, where the register knows who it is."""
    tell(company.agent, subject, text, f"/enterprises/mine/{company.credit_code}/")
