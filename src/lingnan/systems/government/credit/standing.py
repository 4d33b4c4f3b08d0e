"""Which events who may see: the public, the party itself, another authority."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lingnan.kernel.duty.api import messages
from lingnan.kernel.exchange.api import (
    ExchangeFailure,
    UnknownSubject,
    Use,
    introduce,
    purpose,
    several,
)
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import Account, Actor, Body
from lingnan.systems.government.credit.models import CreditEvent, Objection
from lingnan.systems.government.credit.rules import terms

BUSINESSES = "legal_persons.businesses_of_person"
ENTERPRISES = "legal_persons.enterprises_of_person"
PURPOSE = purpose("credit_own_view", Title("查看本人信用", "One's own credit"))
# 征信业管理条例 (2013-01-21) Art. 17, borrowed (unverified): one may ask for what is held of one.
BASIS = "《征信业管理条例》（2013-01-21）第十七条（参照，未经核实）"
ELEMENTS = ("business.name", "business.credit_code")
OF_ENTERPRISES = ("enterprise.name", "enterprise.credit_code")


@dataclass(frozen=True)
class Own:
    """Whose events somebody sees as their own: pseudonym, firms by code; `whole` if all known.

    The pseudonym is "" for whoever acts for a firm.
    """

    person: str
    firms: dict[str, str]
    whole: bool = True


def node_body() -> Body:
    """The province's credit body, which keeps the register and seals its reports."""
    return Body.objects.get(function="credit", tier="province", ended=False)


def handler_of(division: str) -> str:
    """The code of the credit body that handles what happens at a division."""
    rows = Body.objects.filter(function="credit", tier="city", ended=False)
    city = rows.filter(division=f"{division[:4]}00").first()
    return (city or node_body()).code


def kept(events: Sequence[CreditEvent], on: date) -> list[CreditEvent]:
    """Those that the register still shows; retention is by the day, whenever the sweep came."""
    return [one for one in events if one.decided_on <= on and terms.is_kept(one.facts, on)]


def public_events(code: str, on: date | None = None) -> list[CreditEvent]:
    """What anybody may see of a firm on a day, newest first."""
    day = on or legal_time.today()
    rows = CreditEvent.objects.filter(credit_code=code, ended=False).order_by("-decided_on", "key")
    found = kept(list(rows), day) if code else []
    return [one for one in found if terms.is_public(one.facts, day)]


def found_publicly(words: str) -> list[str]:
    """Credit codes of an exact name or code of which something is public."""
    rows = CreditEvent.objects.filter(ended=False).exclude(credit_code="")
    named = rows.filter(name=words) | rows.filter(credit_code=words.upper().replace(" ", ""))
    codes = named.order_by("credit_code").values_list("credit_code", flat=True).distinct()
    return [code for code in codes[:20] if public_events(code)]


def own_of(who: Actor) -> Own:
    """The signed-in resident and the firms that the register of firms gives as theirs."""
    if who.acting is not None and who.acting.code:
        return Own("", {who.acting.code: who.acting.name})
    person = introduce(who.subject, to="credit")
    if who.acting is not None:
        # A firm is represented by a power of its own, never by one of the person behind it.
        return Own(person, {})
    consumer = node_body().code
    subject = introduce(who.subject, to=consumer)
    uses = [
        Use(
            resource=resource,
            consumer=consumer,
            purpose=PURPOSE,
            basis=BASIS,
            case="",
            actor=who.signature,
            subjects=(subject,),
            elements=elements,
        )
        for resource, elements in ((BUSINESSES, ELEMENTS), (ENTERPRISES, OF_ENTERPRISES))
    ]
    firms: dict[str, str] = {}
    whole = True
    for use, answer in zip(uses, several(uses), strict=True):
        if isinstance(answer, ExchangeFailure):
            whole = False
            continue
        name, code = use.elements
        firms |= {row["values"][code]: row["values"][name] for row in answer[0].rows}
    return Own(person, firms, whole)


def own_events(own: Own) -> list[CreditEvent]:
    """Everything that is kept about the person and their firms, newest first."""
    rows = CreditEvent.objects.filter(ended=False)
    mine = rows.filter(credit_code__in=list(own.firms))
    if own.person:
        mine |= rows.filter(person=own.person)
    return kept(list(mine.order_by("-decided_on", "key")), legal_time.today())


def own_event(own: Own, number: str) -> CreditEvent | None:
    return next((one for one in own_events(own) if one.number == number), None)


def statements(events: Sequence[CreditEvent]) -> dict[str, str]:
    """Event → what its party said beside it, where the event stood after an objection."""
    numbers = [one.number for one in events]
    rows = Objection.objects.filter(event__in=numbers, outcome="upheld", ended=False)
    return {row.event: row.statement for row in rows.order_by("key") if row.statement}


def tell(person: str, subject: Title, text: Title) -> None:
    """A message to somebody whom this system knows by a pseudonym, if they have an account."""
    if not person:
        return
    try:
        known = introduce(person, to="trust", source="credit")
    except UnknownSubject:
        return
    account = Account.objects.filter(subject=known).values_list("key", flat=True).first()
    if account is not None:
        messages.send(account, subject, text, "/credit/mine/")
