"""A body asks for an agreement; the holder's data officer agrees or does not.

An agreement is the holder's to give: the data officers of the bodies that hold what the resource
answers from, of the consumer's division or one above it. Nobody decides on what they asked for.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from lingnan.kernel.exchange import agreements
from lingnan.kernel.exchange.catalogue import Resource, resources
from lingnan.kernel.exchange.models import Agreement, AgreementWish
from lingnan.kernel.registry.api import record_types
from lingnan.kernel.runtime.api import action, keys, legal_time
from lingnan.kernel.trust.api import Actor, Body, node_evidence

LEAST, MOST = 5, 200


class NotPossible(ValueError):
    """What cannot be asked for or decided so; `field` says what is wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Wanted:
    """An agreement as a body wants it; `agreement` is the number of one to be changed."""

    resource: str
    purpose: str
    basis: str
    elements: tuple[str, ...]
    valid_until: date | None
    why: str
    agreement: str = ""


def ask(wanted: Wanted, who: Actor) -> AgreementWish:
    """Ask the holder; the evidence first. Raises NotPossible, EvidenceUnavailable."""
    _possible(wanted, who)
    key = keys.new_key()
    number = f"XQ-{keys.veil(key, 'exchange.wish')[:12].upper()}"
    _witness("agreement.asked", number, who, {"resource": wanted.resource})
    with action(by=who.signature, reason=f"agreement asked for {number}") as act:
        return act.create(
            AgreementWish,
            key=key,
            number=number,
            agreement=wanted.agreement,
            resource=wanted.resource,
            consumer=who.body,
            purpose=wanted.purpose,
            basis=wanted.basis,
            elements=sorted(set(wanted.elements)),
            valid_until=wanted.valid_until,
            why=wanted.why,
            account=who.account,
            asked_by=who.signature[:200],
        )


def _possible(wanted: Wanted, who: Actor) -> None:
    resource = resources().get(wanted.resource)
    if resource is None or resource.sharing == "refused":
        raise NotPossible("resource")
    if resource.subject not in ("person", "organisation"):
        raise NotPossible("resource")
    if not wanted.elements or not set(wanted.elements) <= set(resource.elements):
        raise NotPossible("elements")
    for field, text in (("basis", wanted.basis), ("why", wanted.why)):
        if not LEAST <= len(text) <= MOST or "\x00" in text:
            raise NotPossible(field)
    if wanted.valid_until is not None and wanted.valid_until < legal_time.today():
        raise NotPossible("valid_until")
    own = Agreement.objects.filter(number=wanted.agreement, consumer=who.body, ended=False)
    if wanted.agreement and not own.filter(resource=wanted.resource).exists():
        raise NotPossible("agreement")


def holders_of(resource: Resource) -> set[str]:
    """The functions of the bodies that hold what a resource answers from."""
    return {
        model.record.holder
        for model in record_types()
        if model._meta.app_label == resource.system and model.record.holder
    }


def may_decide(who: Actor, wish: AgreementWish) -> bool:
    """Whether it is this post's: a data officer of a holder, from the consumer's place upwards."""
    resource = resources().get(wish.resource)
    body = Body.objects.filter(code=wish.consumer).first()
    if resource is None or body is None or who.role != "data_officer":
        return False
    reach = who.division
    while reach.endswith("00"):
        reach = reach[:-2]
    near = bool(reach) and body.division.startswith(reach)
    return near and who.function in holders_of(resource) and who.account != wish.account


def decide(wish: AgreementWish, who: Actor, agrees: bool, answer: str) -> AgreementWish:
    """Agree, and it is in force at once, or refuse with grounds. Raises NotPossible, Conflict."""
    if wish.state != "asked" or not may_decide(who, wish):
        raise NotPossible("state")
    if not LEAST <= len(answer) <= MOST or "\x00" in answer:
        raise NotPossible("answer")
    kind = "agreement.granted" if agrees else "agreement.refused"
    _witness(kind, wish.number, who, {"answer": answer})
    # One of two who decide at once gets a Conflict, and nothing of theirs stands.
    with transaction.atomic(), action(by=who.signature, reason=f"{kind} {wish.number}") as act:
        return act.change(
            wish,
            state="granted" if agrees else "refused",
            answer=answer,
            decided_by=who.signature[:200],
            result=_concluded(wish, who) if agrees else "",
        )


def _concluded(wish: AgreementWish, who: Actor) -> str:
    """The number of the agreement, new or changed. Raises NotPossible where it has ended."""
    if not wish.agreement:
        number = f"XY-{wish.number[3:]}"
        if not Agreement.objects.filter(number=number).exists():
            agreements.conclude(
                number, wish.resource, wish.consumer, wish.purpose, wish.basis, wish.elements,
                who.signature, wish.valid_until, consent=True,
            )  # fmt: skip
        return number
    found = Agreement.objects.filter(number=wish.agreement, ended=False).first()
    if found is None:
        raise NotPossible("agreement")
    agreements.change(
        found, who.signature, purpose=wish.purpose, basis=wish.basis,
        elements=list(wish.elements), valid_until=wish.valid_until,
    )  # fmt: skip
    return str(found.number)


def withdraw(wish: AgreementWish, who: Actor) -> AgreementWish:
    """The body that asked takes it back. Raises NotPossible."""
    if wish.state != "asked" or who.body != wish.consumer:
        raise NotPossible("state")
    _witness("agreement.withdrawn", wish.number, who, {})
    with action(by=who.signature, reason=f"agreement.withdrawn {wish.number}") as act:
        return act.change(wish, state="withdrawn")


def _witness(kind: str, number: str, who: Actor, more: dict[str, object]) -> None:
    payload = {"wish": number, "actor": who.signature, "body": who.body, "role": who.role} | more
    payload["legal_time"] = legal_time.now().isoformat()
    node_evidence.write([node_evidence.entry(kind, payload, (), number)])
