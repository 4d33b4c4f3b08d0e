"""Who a resident is and which firms the resident speaks for, read over the exchange; and being
told when that changes."""

from lingnan.kernel.exchange.api import (
    ExchangeFailure,
    UnknownSubject,
    Use,
    follow,
    introduce,
    purpose,
    several,
    single,
)
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Actor, Body

BUSINESSES = "legal_persons.businesses_of_person"
ENTERPRISES = "legal_persons.enterprises_of_person"
PURPOSE = purpose(
    "certificate_of_firm", Title("申请企业数字证书", "Certificate for one's own firm")
)
BASIS = "《电子签名法》（2019-04-23）第二十条"
ASKED = {
    BUSINESSES: ("business.name", "business.credit_code"),
    ENTERPRISES: ("enterprise.name", "enterprise.credit_code"),
}

IDENTITY, EVENTS = "population.identity", "population.life_events"
PURPOSE_OWN = purpose(
    "certificate_of_resident", Title("申请个人数字证书", "Certificate for oneself")
)
ASKED_OWN = {IDENTITY: ("person.name",), EVENTS: ("life_event.kind", "life_event.happened_on")}
LISTENER = "trust_services"


def name_of(who: Actor) -> str | None:
    """The resident's name in the register of residents; None where it does not answer."""
    consumer = asker().code
    try:
        use = Use(
            resource=IDENTITY,
            consumer=consumer,
            purpose=PURPOSE_OWN,
            basis=BASIS,
            case="",
            actor=who.signature,
            subjects=(introduce(who.subject, to=consumer),),
            elements=ASKED_OWN[IDENTITY],
        )
        rows = single(use)[0].rows
    except (ExchangeFailure, UnknownSubject):
        return None
    return str(rows[0]["values"]["person.name"]) if rows else None


def follow_holder(subject: str, number: str, firm: bool) -> bool:
    """Have this system told of what ends or changes a holder; whether all of it is followed.

    `subject` is what trust knows the applicant by. Without an agreement, or where the register is
    not here, nothing is told: the officers see that.
    """
    consumer = asker().code
    wanted = [(EVENTS, PURPOSE_OWN, ASKED_OWN[EVENTS])]
    if firm:
        wanted += [(resource, PURPOSE, elements) for resource, elements in ASKED.items()]
    try:
        known = introduce(subject, to=consumer)
        for resource, why, elements in wanted:
            follow(resource, consumer, known, why, BASIS, elements, number, LISTENER)
    except (ExchangeFailure, UnknownSubject):
        return False
    return True


def firms_of(who: Actor) -> dict[str, str] | None:
    """Credit code → name; None where the register of firms does not answer."""
    consumer = asker().code
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
        for resource, elements in ASKED.items()
    ]
    firms: dict[str, str] = {}
    for use, answer in zip(uses, several(uses), strict=True):
        if isinstance(answer, ExchangeFailure):
            return None
        name, code = use.elements
        firms |= {row["values"][code]: row["values"][name] for row in answer[0].rows}
    return firms


def asker() -> Body:
    """The province's data body, which asks for its certification authority."""
    return Body.objects.get(function="data", tier="province", ended=False)
