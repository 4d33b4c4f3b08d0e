"""The seals of this node's bodies: issued by the authority of their city, used where they lie."""

from dataclasses import replace
from pathlib import Path

from asn1crypto import pem, x509
from django.conf import settings

from lingnan.kernel.trust.certification import authorities, register
from lingnan.kernel.trust.models import Body, IssuedCertificate
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.names import Name
from lingnan.kernel.trust.pki.revoking import Reason
from lingnan.kernel.trust.seal.api import SealKey, SealReport, seal_pdf, verify_pdf

UNIT = "电子印章 seal"
DEMONSTRATION = "演示印章 demonstration seal"


def key_of(body: Body) -> SealKey:
    """The body's present seal, issued where it has none. Raises `KeyStoreUnavailable`."""
    unit = DEMONSTRATION if authorities.legal_time.is_demonstration() else UNIT
    name = Name(body.name_zh, body.name_zh, body.code, unit)
    authority = authorities.label_for(body.division)
    found = register.kept_for(body.code, name, profiles.SEAL, authority)
    return SealKey(found.certificate, found.key, found.chain)


def seal(pdf: bytes, body: Body, reason: str) -> bytes:
    return seal_pdf(pdf, key_of(body), reason, body.division, body.code)


def verify(pdf: bytes) -> SealReport:
    """A seal of this province, and that its certificate was not taken back before."""
    report = verify_pdf(pdf, [authorities.issuer(authorities.ROOT).certificate, *_former_roots()])
    if report.problem is None and _taken_back(report):
        return replace(report, trusted=False, problem="revoked")
    return report


def _taken_back(report: SealReport) -> bool:
    """What a key that is no longer secret says of its time is worth nothing; otherwise a seal
    from before its certificate was taken back stands."""
    row = IssuedCertificate.objects.filter(serial=report.serial).exclude(state="good").first()
    if row is None:
        return False
    if row.reason in (Reason.KEY_COMPROMISE.value, Reason.AUTHORITY_COMPROMISE.value):
        return True
    return row.state_at is None or report.signed_at is None or report.signed_at >= row.state_at


def _former_roots() -> list[x509.Certificate]:
    """The root by which a node of an earlier release sealed: its documents stay genuine."""
    former = Path(settings.DATA) / "keys" / "seals" / "root.pem"
    if not former.exists():
        return []
    parts = pem.unarmor(former.read_bytes(), multiple=True)
    return [x509.Certificate.load(der) for kind, _, der in parts if kind == "CERTIFICATE"]
