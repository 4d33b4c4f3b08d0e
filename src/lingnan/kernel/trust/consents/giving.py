"""Giving a consent and taking it back: in the evidence first, signed, at once in force.

《个人信息保护法》（2021-08-20）第十三条第一款第一项; 第十四条: informed, of one's own will and
explicit, and anew where purpose, way or kind of data changes, so a consent is never changed, only
revoked; 第十五条: revoked as easily as given, and what was done before stays lawful.

The signature is made by a key of this node for the person who was signed in. It proves that this
node had exactly this text when it signed, and that nobody has changed it since; that the person
wished it is proven by no more than the sign-in whose number of evidence stands in the text.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lingnan.kernel.runtime import keys, legal_time
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.actors import Actor
from lingnan.kernel.trust.consents import signing
from lingnan.kernel.trust.consents.models import ConsentRequest
from lingnan.kernel.trust.models import Body, Consent

PERIODS = ("once", "day", "month", "year")
MOST = 1000
PERSON = "person"
# 第二十三条: that the holder hands the data on to the body is consented to apart.
HANDING_ON = "handing_on"
# 第三十九条: that the data leave the mainland's territory, too.
CROSSING = "crossing"


class ConsentRefused(ValueError):
    """A consent that cannot be given so; `field` says what is wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Wish:
    """What somebody is about to allow.

    giver, giver_kind  what trust calls the person or organisation
    most, period       at most so many uses in each period
    agreement, terms   the agreement it is given under, and the digest of what that says
    separate           what was consented to apart (单独同意, Arts 23, 29 and 39): `HANDING_ON`,
                       `CROSSING`, and each sensitive element by its code
    handed_on_by       who holds the data and hands them on to the body
    request            the number of the request that it answers
    receiver           of a body of another instance: what the person was told of it (Art. 39)
    crosses            whether the data leave the mainland's territory
    """

    giver: str
    giver_kind: str
    body: str
    resource: str
    purpose: str
    basis: str
    elements: Sequence[str]
    most: int
    period: str
    valid_until: date
    agreement: str = ""
    terms: str = ""
    separate: Collection[str] = ()
    handed_on_by: str = ""
    request: str = ""
    receiver: Mapping[str, str] = field(default_factory=dict)
    crosses: bool = False


def give(wish: Wish, who: Actor, signin: int = 0) -> Consent:
    """In force from this moment. Raises ConsentRefused, and what evidence and key store raise."""
    _possible(wish)
    key = keys.new_key()
    number = f"SQ-{keys.veil(key, 'trust.consent')[:12].upper()}"
    given_at = legal_time.now()
    said = _said(wish, number, given_at.isoformat(), signin)
    signed = signing.sign(said)
    _witness("consent.given", number, wish.giver, who, {"document": said})
    with action(by=who.signature, reason=f"consent {number}") as act:
        made = act.create(
            Consent,
            number=number,
            giver=wish.giver,
            giver_kind=wish.giver_kind,
            account=who.account,
            body=wish.body,
            resource=wish.resource,
            purpose=wish.purpose,
            basis=wish.basis,
            elements=sorted(set(wish.elements)),
            most=wish.most,
            period=wish.period,
            valid_until=wish.valid_until,
            agreement=wish.agreement,
            terms=wish.terms,
            separate=sorted(set(wish.separate)),
            document=signed.document,
            signature=signed.signature,
            certificate=signed.certificate,
            signin=signin,
            given_at=given_at,
        )
        asked = ConsentRequest.objects.filter(
            number=wish.request, giver=wish.giver, agreement=wish.agreement, state="asked"
        ).first()
        if asked is not None:
            act.change(asked, state="given", consent=number)
        return made


def _possible(wish: Wish) -> None:
    if not wish.elements:
        raise ConsentRefused("elements")
    if wish.giver_kind == PERSON and HANDING_ON not in wish.separate:
        raise ConsentRefused(HANDING_ON)
    if wish.giver_kind == PERSON and wish.crosses and CROSSING not in wish.separate:
        raise ConsentRefused(CROSSING)
    if not 1 <= wish.most <= MOST:
        raise ConsentRefused("most")
    if wish.period not in PERIODS:
        raise ConsentRefused("period")
    if wish.valid_until < legal_time.today():
        raise ConsentRefused("valid_until")
    if not wish.receiver and not Body.objects.filter(code=wish.body, ended=False).exists():
        raise ConsentRefused("body")


def _said(wish: Wish, number: str, given_at: str, signin: int) -> dict[str, Any]:
    """What is signed: all that a consent allows, and under which text of which agreement."""
    return {
        "number": number,
        "giver": wish.giver,
        "giver_kind": wish.giver_kind,
        "body": wish.body,
        "resource": wish.resource,
        "purpose": wish.purpose,
        "basis": wish.basis,
        "elements": sorted(set(wish.elements)),
        "most": wish.most,
        "period": wish.period,
        "valid_until": wish.valid_until.isoformat(),
        "agreement": wish.agreement,
        "terms": wish.terms,
        "separate": sorted(set(wish.separate)),
        "handed_on_by": wish.handed_on_by,
        "given_at": given_at,
        "signin": signin,
        **({"receiver": dict(wish.receiver)} if wish.receiver else {}),
    }


def revoke(consent: Consent, who: Actor) -> Consent:
    """Take it back at once; a second time does nothing. The caller has seen that it is theirs."""
    if consent.revoked_at is not None:
        return consent
    _witness("consent.revoked", consent.number, consent.giver, who, {})
    with action(by=who.signature, reason=f"consent {consent.number} revoked") as act:
        return act.change(consent, revoked_at=legal_time.now())


def of_giver(giver: str) -> list[Consent]:
    """All that somebody has given, the newest first."""
    return list(Consent.objects.filter(giver=giver, ended=False).order_by("-key"))


def signature_holds(consent: Consent) -> bool:
    """Whether the text is the one that was signed, by a key that this node certified for it."""
    whole = signing.holds(consent.document, consent.signature, consent.certificate)
    return whole and _says(consent)


def said_by(consent: Consent) -> Mapping[str, Any]:
    """What the signed text says."""
    found: Mapping[str, Any] = json.loads(consent.document)
    return found


# What a signed text says, by which it is enforced; the last three since agreements are signed.
ENFORCED = ("number", "giver", "body", "resource", "purpose", "elements", "most", "period")
LATER = ("agreement", "terms", "separate")


def _says(consent: Consent) -> bool:
    """Whether what is enforced is what the signed text says."""
    said = said_by(consent)
    names = ENFORCED + (LATER if "terms" in said else ())
    same = all(said[name] == getattr(consent, name) for name in names)
    return same and said["valid_until"] == consent.valid_until.isoformat()


def _witness(kind: str, number: str, giver: str, who: Actor, more: dict[str, object]) -> None:
    payload = {"consent": number, "actor": who.signature, "by_self": who.acting is None} | more
    payload["legal_time"] = legal_time.now().isoformat()
    subjects = [("pseudonym", keys.shortened(giver))]
    node_evidence.write([node_evidence.entry(kind, payload, subjects, number)])
