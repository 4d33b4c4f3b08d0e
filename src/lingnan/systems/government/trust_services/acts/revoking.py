"""Revoking an issuing authority: all that it certified is void at once, and a successor is there.

Two custodians of the province (RFC 5280 §3.3, RFC 6960 §2.7). The successor is made first: no body
is left without an authority. Cut off in between, it is gone on with.
"""

from collections import Counter

from django.db import transaction
from django.utils import timezone

from lingnan.kernel.duty.api import messages
from lingnan.kernel.runtime.api import Title, action
from lingnan.kernel.trust.api import (
    Actor,
    IssuedCertificate,
    key_authorities,
    key_certificates,
    key_reconciling,
)
from lingnan.systems.government.trust_services import actions
from lingnan.systems.government.trust_services.acts import ceremonies
from lingnan.systems.government.trust_services.acts.refusals import Refused
from lingnan.systems.government.trust_services.models import CertificateApplication, KeyCeremony

Reason = key_certificates.Reason
REASONS = (Reason.AUTHORITY_COMPROMISE, Reason.SUPERSEDED, Reason.ENDED)
TITLE = Title("签发机构已被吊销，请重新申请证书", "The authority was revoked: please apply anew")


def may_be_revoked() -> list[str]:
    """The issuing authorities that there are and that hold."""
    gone = key_certificates.revoked_authorities()
    labels = key_authorities.labels()
    return [one for one in labels if not key_authorities.is_root(one) and one not in gone]


def consequences(label: str) -> Counter[str]:
    """How many certificates become void, by their profile."""
    rows = key_certificates.rows().filter(authority=label, not_after__gt=timezone.now())
    return Counter(rows.exclude(state="revoked").values_list("profile", flat=True))


def certifies_time(label: str) -> bool:
    """Whether the node's time-stamps are certified by it: then they fall with it."""
    rows = key_certificates.rows().filter(profile="time_stamp", state="good")
    return rows.filter(authority=label, not_after__gt=timezone.now()).exists()


def begin(label: str, why: str, occasion: str, who: Actor) -> KeyCeremony:
    """The first custodian begins; nothing is revoked yet. Raises `Refused`."""
    ceremonies.custodian(who)
    if label not in may_be_revoked() or why not in [one.value for one in REASONS]:
        raise Refused("missing")
    place = key_authorities.family(label).rpartition("-")[2]
    return ceremonies.entered("revoke", label, place, occasion, who, why)


def confirm(made: KeyCeremony, who: Actor) -> KeyCeremony:
    """The second custodian confirms. Raises `Refused`, `KeyStoreUnavailable`."""
    made = ceremonies.claimed(made, who)
    by = f"{made.number} {made.begun_name} {who.signature}"
    successor = _successor(made, by)
    void = list(_below(made.label))
    with transaction.atomic():
        key_reconciling.enter_authorities()
        row = key_certificates.rows().get(holder=made.label, profile="issuing")
        if row.state != "revoked":
            key_certificates.set_state(row.serial, "revoked", Reason(made.why), by)
        _tell(void)
        actions.follow()
        root = key_authorities.chain(made.label)[-1]
        own = key_authorities.issuer(successor).certificate
        with action(by=who.signature, reason="authority revoked") as act:
            return act.change(
                made,
                state="done",
                successor=successor,
                void=len(void),
                fingerprint=key_authorities.fingerprint(own),
                root_fingerprint=key_authorities.fingerprint(root),
            )


def _successor(made: KeyCeremony, by: str) -> str:
    """The newest generation where another is newer, else the next, which is made for it."""
    own = key_authorities.family(made.label)
    newest = key_authorities.newest(own)
    if newest != made.label:
        return newest
    _kind, label = ceremonies.next_label(own)
    key_authorities.open_in_ceremony(label, by)
    return label


def _below(label: str) -> list[IssuedCertificate]:
    rows = key_certificates.rows().filter(authority=label, not_after__gt=timezone.now())
    return list(rows.exclude(state="revoked"))


def _tell(void: list[IssuedCertificate]) -> None:
    """Word to whoever applied for one of them, once for each application."""
    issued = CertificateApplication.objects.filter(state="issued")
    letters = []
    for made in issued.filter(serial__in=[row.serial for row in void]).order_by("key"):
        text = Title(
            f"证书“{made.name}”（申请 {made.number}）自即刻起失效。请生成新密钥，重新申请。",
            f"The certificate of {made.name} (application {made.number}) is void from now on."
            " Make a new key and apply anew.",
        )
        letters.append((made.applicant, TITLE, text, f"/certification/mine/{made.number}/"))
    messages.send_all(letters)
