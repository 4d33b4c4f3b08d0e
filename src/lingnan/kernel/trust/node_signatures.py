"""Signatures of people, firms and officials over files of their own, by certificates of this node.

Nothing here proves when a signature was made: without a time-stamp its own word is worth nothing
after its certificate has ended or was taken back (《电子签名法》 Art. 13, 15).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from django.apps import apps

from lingnan.kernel.runtime.apps import System
from lingnan.kernel.trust.certification import authorities, register
from lingnan.kernel.trust.models import IssuedCertificate
from lingnan.kernel.trust.ofd import links
from lingnan.kernel.trust.pki import detached, paths
from lingnan.kernel.trust.pki.refusals import Refused

MOST = 64 * 1024


@dataclass(frozen=True)
class Signed:
    """`state`: good; or why not: unreadable, unknown (no certificate of this node), changed (the
    signature is over another file), broken (the signature is not by the certificate's key),
    authority (who certified it was revoked), suspended, revoked, or one of `pki.refusals.CODES`.
    `row` is the signer's certificate, `said_at` the signer's own word, `sm2`: signed with SM2."""

    state: str
    row: IssuedCertificate | None = None
    said_at: datetime | None = None
    sm2: bool = False


def page() -> str:
    """Where people verify signatures: a system's module `verifies`; empty on a node without."""
    for config in apps.get_app_configs():
        if isinstance(config, System) and find_spec(f"{config.name}.verifies"):
            return str(import_module(f"{config.name}.verifies").address())
    return ""


def verify(content: bytes, signature: bytes) -> Signed:
    """Whose signature this is over the content, and whether it may be relied upon now. Raises
    `KeyStoreUnavailable` where it is by SM2 and this machine knows none."""
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
    sm2 = row.authority.startswith(authorities.SM2)
    try:
        _demand(signer, content, row, sm2)
    except detached.OtherContent:
        return Signed("changed", row, at, sm2)
    except (*detached.UNREADABLE, InvalidSignature):
        return Signed("broken", row, at, sm2)
    why = register.why_not(row) or (_stands_sm2(row) if sm2 else _stands(row))
    return Signed(why, row, at, sm2)


def is_signature(data: bytes) -> bool:
    """Whether a file is a signature (CMS) by one signer, over whatever."""
    try:
        detached.read(data[:MOST])
    except detached.UNREADABLE:
        return False
    return True


def _demand(signer: Any, content: bytes, row: IssuedCertificate, sm2: bool) -> None:
    if sm2:
        detached.verify_sm2(signer, content, register.loaded(row))
    else:
        detached.verify(signer, content, x509.load_pem_x509_certificate(row.pem.encode()))


def _stands(row: IssuedCertificate) -> str:
    certificate = x509.load_pem_x509_certificate(row.pem.encode())
    chain = [x509.load_der_x509_certificate(c.dump()) for c in authorities.chain(row.authority)]
    try:
        trust = paths.Trust((chain[-1],), datetime.now(UTC))
        paths.path(certificate, chain[:-1], trust, "document")
    except Refused as refused:
        return refused.code
    return "good"


def _stands_sm2(row: IssuedCertificate) -> str:
    """The libraries' verifiers know no SM2: link by link."""
    own, now = register.loaded(row), datetime.now(UTC)
    above, root = authorities.chain(row.authority)
    if now < own.not_valid_before:
        return "early"
    if not links.in_time(own, now):
        return "expired"
    if not links.may_seal(own):
        return "purpose"
    holds = links.root_of(own, above, [root]) and links.in_time(above, now)
    return "good" if holds else "untrusted"
