"""A body asks somebody for a consent: once, reminded seldom, and answered or not.

The body names whom it asks by its own number of them or by its case, and never learns whether
that leads to anybody: what leads nowhere waits for an answer like all else. To refuse is an answer
and needs no reason (《个人信息保护法》（2021-08-20）第十六条).

The days and numbers here are the platform's own; no law gives them (unverified).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from lingnan.kernel.runtime import keys, legal_time
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.actors import Actor
from lingnan.kernel.trust.models import ConsentRequest

DAYS_TO_ANSWER, LONGEST_WAIT = 30, 90
REMINDERS, DAYS_BETWEEN = 2, 3
# Who has refused is not asked the same again so soon.
DAYS_AFTER_REFUSAL = 90
LEAST, MOST = 5, 200


class NotAsked(ValueError):
    """A request that is not to be made so; `why` is open, refused, text, day, often or over."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Asked:
    """Whom a body asks for what; see `ConsentRequest`."""

    agreement: str
    reference: str
    giver: str
    giver_kind: str
    why: str
    answer_by: date


def ask(wanted: Asked, who: Actor) -> ConsentRequest:
    """Ask; the evidence first. Raises NotAsked and EvidenceUnavailable."""
    today = legal_time.today()
    if not LEAST <= len(wanted.why) <= MOST or "\x00" in wanted.why + wanted.reference:
        raise NotAsked("text")
    if not today <= wanted.answer_by <= today + timedelta(days=LONGEST_WAIT):
        raise NotAsked("day")
    before = ConsentRequest.objects.filter(body=who.body, agreement=wanted.agreement, ended=False)
    _asked_before(list(before.filter(reference=wanted.reference)))
    # Asked by another name already: they are asked once, and the body is told nothing of it.
    known = [one for one in before.filter(giver=wanted.giver) if wanted.giver]
    giver = "" if any(standing(one) == "asked" or _lately(one) for one in known) else wanted.giver
    key = keys.new_key()
    number = f"QQ-{keys.veil(key, 'trust.consent_request')[:12].upper()}"
    _witness("consent.asked", number, giver, who, {"agreement": wanted.agreement})
    with action(by=who.signature, reason=f"consent asked for {number}") as act:
        return act.create(
            ConsentRequest,
            key=key,
            number=number,
            agreement=wanted.agreement,
            body=who.body,
            reference=wanted.reference,
            giver=giver,
            giver_kind=wanted.giver_kind if giver else "",
            why=wanted.why,
            answer_by=wanted.answer_by,
            asked_by=who.signature[:200],
            asked_at=legal_time.now(),
        )


def _asked_before(found: list[ConsentRequest]) -> None:
    if any(standing(one) == "asked" for one in found):
        raise NotAsked("open")
    if any(_lately(one) for one in found):
        raise NotAsked("refused")


def _lately(one: ConsentRequest) -> bool:
    """Whether they have refused so lately that they are left alone."""
    again = legal_time.today() - timedelta(days=DAYS_AFTER_REFUSAL)
    return one.state == "refused" and one.recorded_at.astimezone(legal_time.CHINA).date() > again


def standing(one: ConsentRequest) -> str:
    """Its state; `over` where its day has passed without an answer."""
    return "over" if one.state == "asked" and one.answer_by < legal_time.today() else one.state


def may_remind(one: ConsentRequest) -> bool:
    last = one.reminded_on or one.asked_at.astimezone(legal_time.CHINA).date()
    soon = legal_time.today() < last + timedelta(days=DAYS_BETWEEN)
    return standing(one) == "asked" and one.reminders < REMINDERS and not soon


def remind(one: ConsentRequest, who: Actor) -> ConsentRequest:
    """Raises NotAsked where it may not be, or not yet."""
    if not may_remind(one):
        raise NotAsked("often")
    _witness("consent.reminded", one.number, one.giver, who, {})
    with action(by=who.signature, reason=f"reminder of {one.number}") as act:
        return act.change(one, reminders=one.reminders + 1, reminded_on=legal_time.today())


def withdraw(one: ConsentRequest, who: Actor) -> ConsentRequest:
    """The body asks no more. Raises NotAsked."""
    return _ended(one, who, "withdrawn", "consent.withdrawn")


def refuse(one: ConsentRequest, who: Actor) -> ConsentRequest:
    """The person says no; the caller has seen that they are asked. Raises NotAsked."""
    return _ended(one, who, "refused", "consent.refused")


def _ended(one: ConsentRequest, who: Actor, state: str, kind: str) -> ConsentRequest:
    if standing(one) != "asked":
        raise NotAsked("over")
    _witness(kind, one.number, one.giver, who, {})
    with action(by=who.signature, reason=f"{kind} {one.number}") as act:
        return act.change(one, state=state)


def of_giver(giver: str) -> list[ConsentRequest]:
    """What somebody was asked for, the newest first."""
    found = ConsentRequest.objects.filter(giver=giver, ended=False) if giver else None
    return list(found.order_by("-key")) if found is not None else []


def asked_of(giver: str, number: str) -> ConsentRequest | None:
    """One request that was made to somebody."""
    return next((one for one in of_giver(giver) if one.number == number), None)


def _witness(kind: str, number: str, giver: str, who: Actor, more: dict[str, object]) -> None:
    now = legal_time.now().isoformat()
    payload = {"request": number, "actor": who.signature, "legal_time": now} | more
    payload |= {"body": who.body, "role": who.role} if who.body else {}
    subjects = [("pseudonym", keys.shortened(giver))] if giver else []
    node_evidence.write([node_evidence.entry(kind, payload, subjects, number)])
