"""A body asks for an agreement; the holder's data officer agrees or does not.

An agreement is the holder's to give: the data officers of the bodies that hold what the resource
answers from, of the consumer's division or one above it. Nobody decides on what they asked for.
What is shared without condition is agreed at once. A refusal can be contested once: then a data
officer of the data authority rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from lingnan.kernel.exchange import agreements, limited, onward, volumes, wish_duty
from lingnan.kernel.exchange.catalogue import Resource, resources
from lingnan.kernel.exchange.models import Agreement, AgreementWish
from lingnan.kernel.exchange.wording import NotATerm
from lingnan.kernel.runtime.api import action, keys, legal_time
from lingnan.kernel.trust.api import Actor, Body, node_evidence

LEAST, MOST = 5, 200
NODE, UNCONDITIONAL = "node", "无条件共享，即时生效 · shared without condition, at once in force"


class NotPossible(ValueError):
    """What cannot be asked for or decided so; `field` says what is wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Wanted:
    """An agreement as a body wants it; `agreement` is the number of one to be changed. Without
    `consent` the law is its ground. `limits`: uses, rows, subjects, rate, onward."""

    resource: str
    purpose: str
    basis: str
    elements: tuple[str, ...]
    valid_until: date | None
    why: str
    agreement: str = ""
    consent: bool = True
    limits: Mapping[str, Any] = field(default_factory=dict)


def ask(wanted: Wanted, who: Actor) -> AgreementWish:
    """Ask the holder; the evidence first. Raises NotPossible, EvidenceUnavailable."""
    resource = _possible(wanted, who)
    key = keys.new_key()
    number = f"XQ-{keys.veil(key, 'exchange.wish')[:12].upper()}"
    _witness("agreement.asked", number, who, {"resource": wanted.resource})
    with transaction.atomic(), action(by=who.signature, reason=f"wish {number}") as act:
        made = act.create(
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
            consent=wanted.consent,
            **wanted.limits,
            why=wanted.why,
            account=who.account,
            asked_by=who.signature[:200],
        )
        if resource.sharing == "unconditional" and not wanted.consent:
            return act.change(made, state="granted", answer=UNCONDITIONAL, decided_by=NODE,
                              result=_concluded(made, NODE))  # fmt: skip
        wish_duty.begin(made, holders_of(resource), resource.body)
        return made


def _possible(wanted: Wanted, who: Actor) -> Resource:
    resource = resources().get(wanted.resource)
    if resource is None or resource.sharing == "refused":
        raise NotPossible("resource")
    if wanted.consent and resource.subject not in ("person", "organisation"):
        raise NotPossible("consent")
    if not wanted.consent and resource.consent:
        raise NotPossible("consent")
    if not wanted.elements or not set(wanted.elements) <= set(resource.elements):
        raise NotPossible("elements")
    for name, text in (("basis", wanted.basis), ("why", wanted.why)):
        if not LEAST <= len(text) <= MOST or "\x00" in text:
            raise NotPossible(name)
    if wanted.valid_until is not None and wanted.valid_until < legal_time.today():
        raise NotPossible("valid_until")
    try:
        limited.check(wanted.resource, wanted.limits)
        volumes.demand_own(wanted.limits.get("volume", ""))
    except NotATerm as fault:
        raise NotPossible(fault.field) from None
    if "aggregate" in wanted.limits.get("uses", ()) and resource.counted is None:
        raise NotPossible("uses")
    own = Agreement.objects.filter(number=wanted.agreement, consumer=who.body, ended=False)
    own = own.filter(resource=wanted.resource, consent=wanted.consent)
    if wanted.agreement and not own.exists():
        raise NotPossible("agreement")
    return resource


def holders_of(resource: Resource) -> set[str]:
    """The functions of the bodies that hold what a resource answers from."""
    return onward.holding(resource)


def holds(who: Actor, resource: Resource) -> bool:
    """Whether a post's body is a holder of it; of what a body has published, that body alone."""
    if resource.body:
        return who.body == resource.body
    return who.function in holders_of(resource)


def to_decide(who: Actor, most: int) -> list[AgreementWish]:
    """What waits for this post, the oldest first."""
    if who.role != wish_duty.OFFICER:
        return []
    held = [one for one in resources().values() if holds(who, one)]
    near = Body.objects.filter(division__startswith=_reach(who)).values("code")
    declared = [one.code for one in held if not one.body]
    able = Q(state="asked", resource__in=declared, consumer__in=near)
    able |= Q(state="asked", resource__in=[one.code for one in held if one.body])
    if who.function == wish_duty.AUTHORITY:
        contested = Q(state="contested", consumer__in=near)
        able |= contested & ~Q(decided_by=who.signature[:200])
    rows = AgreementWish.objects.filter(able, ended=False)
    return list(rows.exclude(account=who.account).order_by("key")[:most])


def _reach(who: Actor) -> str:
    """The beginning of the division codes of whom a post's body serves."""
    reach = who.division
    while reach.endswith("00"):
        reach = reach[:-2]
    return reach


def may_decide(who: Actor, wish: AgreementWish) -> bool:
    """Whether it is this post's: a data officer of a holder, from the consumer's place upwards; of
    the data authority where a refusal is contested, who has not refused it."""
    resource = resources().get(wish.resource)
    body = Body.objects.filter(code=wish.consumer).first()
    if resource is None or body is None or who.role != wish_duty.OFFICER:
        return False
    reach = _reach(who)
    near = bool(reach) and body.division.startswith(reach)
    contested = wish.state == "contested"
    if contested:
        able = near and who.function == wish_duty.AUTHORITY
    else:
        able = holds(who, resource) and (near or bool(resource.body))
    other = who.account != wish.account and not (contested and who.signature == wish.decided_by)
    return able and other


def decide(wish: AgreementWish, who: Actor, agrees: bool, answer: str) -> AgreementWish:
    """Agree, and it is in force at once, or refuse with grounds; of a contested refusal: rule.
    Raises NotPossible, Conflict."""
    if wish.state not in ("asked", "contested") or not may_decide(who, wish):
        raise NotPossible("state")
    _text("answer", answer)
    refused = "refused" if wish.state == "asked" else "upheld"
    state = "granted" if agrees else refused
    _witness(f"agreement.{state}", wish.number, who, {"answer": answer})
    # One of two who decide at once gets a Conflict, and nothing of theirs stands.
    with transaction.atomic(), action(by=who.signature, reason=f"wish {wish.number}") as act:
        wish_duty.end(wish, who.signature, state)
        return act.change(
            wish,
            state=state,
            answer=answer,
            decided_by=who.signature[:200],
            result=_concluded(wish, who.signature) if agrees else "",
        )


def contest(wish: AgreementWish, who: Actor, why: str) -> AgreementWish:
    """The body that asked does not accept the refusal. Raises NotPossible, Conflict."""
    if wish.state != "refused" or who.body != wish.consumer:
        raise NotPossible("state")
    _text("contested", why)
    _witness("agreement.contested", wish.number, who, {"why": why})
    with transaction.atomic(), action(by=who.signature, reason=f"wish {wish.number}") as act:
        wish_duty.contest(wish)
        return act.change(wish, state="contested", contested=why)


def _text(field: str, text: str) -> None:
    if not LEAST <= len(text) <= MOST or "\x00" in text:
        raise NotPossible(field)


def _concluded(wish: AgreementWish, by: str) -> str:
    """The number of the agreement, new or changed. Raises NotPossible where it has ended."""
    if not wish.agreement:
        number = f"XY-{wish.number[3:]}"
        if not Agreement.objects.filter(number=number).exists():
            agreements.conclude(
                number, wish.resource, wish.consumer, wish.purpose, wish.basis, wish.elements,
                by, wish.valid_until, consent=wish.consent, **_limits(wish),
            )  # fmt: skip
        return number
    found = Agreement.objects.filter(number=wish.agreement, ended=False).first()
    if found is None:
        raise NotPossible("agreement")
    agreements.change(
        found, by, purpose=wish.purpose, basis=wish.basis,
        elements=list(wish.elements), valid_until=wish.valid_until, **_limits(wish),
    )  # fmt: skip
    return str(found.number)


def _limits(wish: AgreementWish) -> dict[str, Any]:
    return {name: getattr(wish, name) for name in limited.LIMITS}


def withdraw(wish: AgreementWish, who: Actor) -> AgreementWish:
    """The body that asked takes it back. Raises NotPossible, Conflict."""
    if wish.state not in ("asked", "contested") or who.body != wish.consumer:
        raise NotPossible("state")
    _witness("agreement.withdrawn", wish.number, who, {})
    with transaction.atomic(), action(by=who.signature, reason=f"wish {wish.number}") as act:
        wish_duty.end(wish, who.signature, "withdrawn")
        return act.change(wish, state="withdrawn")


def _witness(kind: str, number: str, who: Actor, more: dict[str, object]) -> None:
    payload = {"wish": number, "actor": who.signature, "body": who.body, "role": who.role} | more
    payload["legal_time"] = legal_time.now().isoformat()
    node_evidence.write([node_evidence.entry(kind, payload, (), number)])
