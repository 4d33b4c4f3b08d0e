"""Which firms the signed-in resident speaks for, read over the exchange."""

from lingnan.kernel.exchange.api import ExchangeFailure, Use, introduce, purpose, several
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
