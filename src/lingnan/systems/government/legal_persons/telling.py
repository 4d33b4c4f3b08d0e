"""Messages to whom this register knows by a pseudonym, and what a firm is told."""

from collections.abc import Sequence

from lingnan.kernel.duty.api import messages
from lingnan.kernel.exchange.api import UnknownSubject, introduce, introduce_each
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


def tell_firms(letters: Sequence[tuple[Enterprise, Title, Title]]) -> int:
    """To the representatives of many firms, as (firm, subject, text); returns how many."""
    accounts = _accounts({firm.agent for firm, _subject, _text in letters if firm.agent})
    return messages.send_all(
        (accounts[firm.agent], subject, text, _page_of(firm))
        for firm, subject, text in letters
        if firm.agent in accounts
    )


def _accounts(agents: set[str]) -> dict[str, int]:
    """The accounts of those who have one, by the pseudonym they have here."""
    if not agents:
        return {}
    try:
        known = introduce_each(sorted(agents), to="trust", source="legal_persons")
    except UnknownSubject:
        if len(agents) == 1:
            return {}
        return {key: value for one in agents for key, value in _accounts({one}).items()}
    rows = Account.objects.filter(subject__in=known.values()).values_list("subject", "key")
    found = dict(rows)
    return {agent: found[name] for agent, name in known.items() if name in found}


def _page_of(company: Enterprise) -> str:
    return f"/enterprises/mine/{company.credit_code}/"


def tell_firm(company: Enterprise, subject: Title, text: Title) -> None:
    """To the representative of a firm, where the register knows who it is."""
    tell(company.agent, subject, text, _page_of(company))
