"""Suspending, taking back into force, revoking (《电子签名法》 Art. 15, 22; RFC 5280 §5.3.1).

Lists of revocations and status answers are made when they are asked for: an act is told at once.
"""

from django.db import transaction

from lingnan.kernel.duty.api import messages, tasks
from lingnan.kernel.exchange.api import unfollow
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Actor, IssuedCertificate, key_authorities, key_certificates
from lingnan.systems.government.trust_services import actions
from lingnan.systems.government.trust_services.acts.refusals import Refused
from lingnan.systems.government.trust_services.models import CertificateApplication

Reason = key_certificates.Reason
ACTS = ("suspend", "restore", "revoke")
STATES = {"suspend": "suspended", "restore": "good", "revoke": "revoked"}
REASONS = (
    Reason.KEY_COMPROMISE, Reason.CHANGED, Reason.SUPERSEDED, Reason.ENDED, Reason.WITHDRAWN,
)  # fmt: skip
CHANGED = "certificate_holder_changed"
"""The task of deciding what becomes of a certificate whose holder has changed."""
OF_HOLDERS = ("suspend", "revoke")
PROFILES = ("signing", "encryption", "system", "seal")
"""What is acted on here; an authority's own certificate is not."""


def may(row: IssuedCertificate, who: Actor) -> tuple[str, ...]:
    """The acts that somebody may do on a certificate as it stands."""
    if row.profile not in PROFILES:
        return ()
    if who.role == "certificate_officer" and who.function == "data":
        acts: tuple[str, ...] = ACTS if in_sight(row.authority, who) else ()
    else:
        acts = OF_HOLDERS if is_holder(row, who) else ()
    possible = {"good": ("suspend", "revoke"), "suspended": ("restore", "revoke"), "revoked": ()}
    return tuple(act for act in acts if act in possible[row.state])


def is_holder(row: IssuedCertificate, who: Actor) -> bool:
    """Whether somebody applied for this certificate."""
    mine = CertificateApplication.objects.filter(applicant=who.account, state="issued")
    return (mine.filter(serial=row.serial) | mine.filter(encryption_serial=row.serial)).exists()


def in_sight(authority: str, who: Actor) -> bool:
    """Whether an authority is that of the officer's city; the province's officers see all."""
    if who.division[2:4] == "00":
        return True
    own = key_authorities.family(authority).removeprefix(key_authorities.SM2)
    return own == f"issuing-{who.division[:4]}"


TITLES = {
    "suspend": Title("您的数字证书已暂停", "Your certificate is suspended"),
    "restore": Title("您的数字证书已恢复使用", "Your certificate is back in force"),
    "revoke": Title("您的数字证书已吊销", "Your certificate is revoked"),
}


def _tell(row: IssuedCertificate, act: str, who: Actor) -> None:
    """Word to who applied for it, where somebody else acted."""
    issued = CertificateApplication.objects.filter(state="issued").exclude(applicant=who.account)
    of_row = issued.filter(serial=row.serial) | issued.filter(encryption_serial=row.serial)
    for made in of_row:
        text = Title(
            f"申请 {made.number}，序列号 {row.serial}",
            f"Application {made.number}, serial number {row.serial}",
        )
        link = f"/certification/mine/{made.number}/"
        messages.send(made.applicant, TITLES[act], text, link)


def _decided(row: IssuedCertificate, who: Actor) -> None:
    """The task about a changed holder is done; of what is revoked nothing more is told."""
    for made in CertificateApplication.objects.filter(state="issued", serial=row.serial):
        if who.role == "certificate_officer":
            tasks.withdraw(made.number, who.signature, [CHANGED])
        if row.state == "revoked":
            unfollow(made.number)


def do(row: IssuedCertificate, act: str, reason: Reason | None, who: Actor) -> IssuedCertificate:
    """Raises `Refused` where it may not be done or cannot follow."""
    if act not in may(row, who):
        raise Refused("state")
    why = {"suspend": Reason.SUSPENDED, "restore": None, "revoke": reason}[act]
    try:
        with transaction.atomic():
            done = key_certificates.set_state(row.serial, STATES[act], why, who.signature)
            if row.profile == "seal":
                actions.follow()
            _tell(done, act, who)
            _decided(done, who)
    except (key_certificates.NotPossible, key_certificates.Unknown) as problem:
        raise Refused("state") from problem
    return done
