"""Signatures of people, firms and officials over files of their own, by certificates of this node.

Nothing here proves when a signature was made: without a time-stamp its own word is worth nothing
after its certificate has ended or was taken back (《电子签名法》 Art. 13, 15).
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from lingnan.kernel.trust.certification import authorities, register
from lingnan.kernel.trust.models import IssuedCertificate
from lingnan.kernel.trust.pki import detached, paths
from lingnan.kernel.trust.pki.refusals import Refused

MOST = 64 * 1024


@dataclass(frozen=True)
class Signed:
    """`state`: good; or why not: unreadable, unknown (no certificate of this node), changed (the
    file or the signature), authority (who certified it was revoked), suspended, revoked, or one of
    `pki.refusals.CODES`. `row` is the signer's certificate, `said_at` the signer's own word."""

    state: str
    row: IssuedCertificate | None = None
    said_at: datetime | None = None


def verify(content: bytes, signature: bytes) -> Signed:
    """Whose signature this is over the content, and whether it may be relied upon now."""
    try:
        signed = detached.read(signature[:MOST])
        signer = signed["signer_infos"][0]
        serial = f"{detached.serial(signer, signed):x}"
        at = detached.said_at(signer)
    except detached.UNREADABLE:
        return Signed("unreadable")
    row = IssuedCertificate.objects.filter(serial=serial).first()
    if row is None:
        return Signed("unknown")
    certificate = x509.load_pem_x509_certificate(row.pem.encode())
    try:
        detached.verify(signer, content, certificate)
    except (*detached.UNREADABLE, InvalidSignature):
        return Signed("changed", row, at)
    return Signed(_stands(row, certificate), row, at)


def _stands(row: IssuedCertificate, certificate: x509.Certificate) -> str:
    why = register.why_not(row)
    if why:
        return why
    chain = [x509.load_der_x509_certificate(c.dump()) for c in authorities.chain(row.authority)]
    try:
        trust = paths.Trust((chain[-1],), datetime.now(UTC))
        paths.path(certificate, chain[:-1], trust, "document")
    except Refused as refused:
        return refused.code
    return "good"
