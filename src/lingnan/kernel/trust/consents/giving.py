"""Giving a consent and taking it back: in the evidence first, signed, at once in force.

《个人信息保护法》（2021-08-20）第十三条第一款第一项; 第十四条: informed, of one's own will and
explicit, and anew where purpose, way or kind of data changes, so a consent is never changed, only
revoked; 第十五条: revoked as easily as given, and what was done before stays lawful.

The signature is made by a key of this node for the person who was signed in. It proves that this
node had exactly this text when it signed, and that nobody has changed it since; that the person
wished it is proven by no more than the sign-in whose number of evidence stands in the text.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from asn1crypto import x509

from lingnan.kernel.runtime import keys, legal_time
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.actors import Actor
from lingnan.kernel.trust.certification import authorities, register
from lingnan.kernel.trust.keystore import pairs
from lingnan.kernel.trust.keystore.keys import Algorithm, PublicKey
from lingnan.kernel.trust.models import Body, Consent, IssuedCertificate
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.names import Name

PERIODS = ("once", "day", "month", "year")
MOST = 1000


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


def give(wish: Wish, who: Actor, signin: int = 0) -> Consent:
    """In force from this moment. Raises ConsentRefused, and what evidence and key store raise."""
    _possible(wish)
    key = keys.new_key()
    number = f"SQ-{keys.veil(key, 'trust.consent')[:12].upper()}"
    given_at = legal_time.now()
    document = _document(wish, number, given_at.isoformat(), signin)
    signer = register.kept_for("consents", _name(), profiles.SYSTEM, authorities.province())
    signature = base64.b64encode(signer.key.sign(document.encode())).decode()
    _witness("consent.given", number, wish.giver, who, {"document": json.loads(document)})
    with action(by=who.signature, reason=f"consent {number}") as act:
        return act.create(
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
            document=document,
            signature=signature,
            certificate=f"{signer.certificate.serial_number:x}",
            signin=signin,
            given_at=given_at,
        )


def _possible(wish: Wish) -> None:
    if not wish.elements:
        raise ConsentRefused("elements")
    if not 1 <= wish.most <= MOST:
        raise ConsentRefused("most")
    if wish.period not in PERIODS:
        raise ConsentRefused("period")
    if wish.valid_until < legal_time.today():
        raise ConsentRefused("valid_until")
    if not Body.objects.filter(code=wish.body, ended=False).exists():
        raise ConsentRefused("body")


def _name() -> Name:
    return Name("Lingnan 授权签名 consents", "Lingnan 岭南")


def _document(wish: Wish, number: str, given_at: str, signin: int) -> str:
    """Canonical JSON: sorted names, no spaces."""
    said = {
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
        "given_at": given_at,
        "signin": signin,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


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
    row = IssuedCertificate.objects.filter(serial=consent.certificate, holder="consents").first()
    if row is None or row.state == "revoked":
        return False
    certificate: x509.Certificate = register.loaded(row)
    public = PublicKey(Algorithm.P256, certificate.public_key.dump())
    signed = base64.b64decode(consent.signature)
    return pairs.verify(public, consent.document.encode(), signed) and _says(consent)


def _says(consent: Consent) -> bool:
    """Whether what is enforced is what the signed text says."""
    said = json.loads(consent.document)
    names = ("number", "giver", "body", "resource", "purpose", "elements", "most", "period")
    same = all(said[name] == getattr(consent, name) for name in names)
    return same and said["valid_until"] == consent.valid_until.isoformat()


def _witness(kind: str, number: str, giver: str, who: Actor, more: dict[str, object]) -> None:
    payload = {"consent": number, "actor": who.signature, "by_self": who.acting is None} | more
    payload["legal_time"] = legal_time.now().isoformat()
    subjects = [("pseudonym", keys.shortened(giver))]
    node_evidence.write([node_evidence.entry(kind, payload, subjects, number)])
