"""The seals of this node's bodies: issued by the authority of their city, used where they lie."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import monotonic

from asn1crypto import pem, x509
from django.conf import settings

from lingnan.kernel.trust.certification import authorities, publishing, register
from lingnan.kernel.trust.keystore.keys import KeyStoreUnavailable
from lingnan.kernel.trust.models import Body, IssuedCertificate
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.names import Name
from lingnan.kernel.trust.pki.revoking import Reason
from lingnan.kernel.trust.seal.api import (
    Check,
    Lasting,
    SealKey,
    SealReport,
    StampUnavailable,
    seal_pdf,
    verify_pdf,
)

logger = logging.getLogger(__name__)
FRESH = 600.0
"""Seconds for which an answer about revocation is used again, within the hour that it holds."""
UNIT = "电子印章 seal"
DEMONSTRATION = "演示印章 demonstration seal"


def key_of(body: Body) -> SealKey:
    """The body's present seal, issued where it has none. Raises `KeyStoreUnavailable`."""
    authority = authorities.label_for(body.division)
    found = register.kept_for(body.code, name_of(body), profiles.SEAL, authority)
    return SealKey(found.certificate, found.key, found.chain)


def name_of(body: Body) -> Name:
    """Whom a body's seal names."""
    unit = DEMONSTRATION if authorities.legal_time.is_demonstration() else UNIT
    return Name(body.name_zh, body.name_zh, body.code, unit)


def seal(pdf: bytes, body: Body, reason: str) -> bytes:
    """The document under the body's seal (B-LT). Where no time-stamp can be had it is sealed
    without (B-B): work waits for no time-stamp. Raises `KeyStoreUnavailable`, ValueError."""
    return next(seal_many([pdf], body, reason))


def seal_many(pdfs: Iterable[bytes], body: Body, reason: str) -> Iterator[bytes]:
    """Documents one after the other, each with a seal of its own: keys are opened and the answers
    about revocation got once for all, and anew every few minutes. Raises as `seal` does."""
    fetched, key, lasting = -FRESH, None, None
    for pdf in pdfs:
        if key is None or monotonic() - fetched > FRESH:
            fetched, key = monotonic(), key_of(body)
            lasting = _lasting(key, authorities.label_for(body.division))
        try:
            yield seal_pdf(pdf, key, reason, body.division, body.code, lasting)
        except StampUnavailable:
            logger.exception("a document of %s was sealed without a time-stamp", body.code)
            yield seal_pdf(pdf, key, reason, body.division, body.code)


def _lasting(key: SealKey, authority: str) -> Lasting | None:
    try:
        stamper = publishing.stamper()
        return Lasting(
            stamper,
            (*key.chain, stamper.certificate, *stamper.chain),
            (
                publishing.status_about(key.certificate),
                publishing.status_about(stamper.certificate),
            ),
            publishing.lists_above((key.certificate, stamper.certificate)),
        )
    except KeyStoreUnavailable:
        logger.exception("no time-stamp can be had: seals are made without")
        return None


def roots() -> list[x509.Certificate]:
    """The roots under which a seal of this province stands."""
    own = [authorities.issuer(one).certificate for one in authorities.roots(authorities.ROOT)]
    return [*own, *_former_roots()]


def verify(pdf: bytes) -> SealReport:
    """A seal of this province, and that its certificate was not taken back before."""
    report = verify_pdf(pdf, roots())
    if report.problem is not None:
        return report
    taken = _taken_back(report)
    checks = tuple(by_register(check, taken) for check in report.checks)
    if taken:
        return replace(report, trusted=False, problem="revoked", checks=checks)
    return replace(report, checks=checks)


def taken_back(serial: str, at: datetime, proven: bool = True) -> bool:
    """Whether a certificate was not in force at a moment, which somebody else proves or (not
    `proven`) it tells itself. A key that was lost, as a stamper's own, proves no moment."""
    row = _not_good(serial)
    if row is None or row.state_at is None:
        return row is not None
    stamper = IssuedCertificate.objects.filter(serial=serial, profile=profiles.TIME_STAMP.name)
    own_word = not proven or stamper.exists()
    return at >= row.state_at or (own_word and _lost(row))


def by_register(check: Check, taken: bool) -> Check:
    if check.code != "not_revoked":
        return check
    return replace(
        check, outcome="failed" if taken else "passed", told={**check.told, "by": "register"}
    )


def _taken_back(report: SealReport) -> bool:
    """A seal from before its certificate was taken back stands, where a time-stamp proves when it
    was made. Without one it tells its own time, and what a key that is no longer secret says is
    worth nothing."""
    row = _not_good(report.serial)
    if row is None or row.state_at is None:
        return row is not None
    if report.stamped_at is not None and not _lost(_not_good(report.stamped_by)):
        return report.stamped_at >= row.state_at
    return _lost(row) or report.signed_at is None or report.signed_at >= row.state_at


def _not_good(serial: str) -> IssuedCertificate | None:
    """The certificate, or that of its authority, which is not in force."""
    row = IssuedCertificate.objects.filter(serial=serial).first()
    if row is None or row.state != "good":
        return row
    return register.authority_revoked(row.authority)


def _lost(row: IssuedCertificate | None) -> bool:
    """Whether the key may be in other hands."""
    lost = (Reason.KEY_COMPROMISE.value, Reason.AUTHORITY_COMPROMISE.value)
    return row is not None and row.because in lost


def _former_roots() -> list[x509.Certificate]:
    """The root by which a node of an earlier release sealed: its documents stay genuine."""
    former = Path(settings.DATA) / "keys" / "seals" / "root.pem"
    if not former.exists():
        return []
    parts = pem.unarmor(former.read_bytes(), multiple=True)
    return [x509.Certificate.load(der) for kind, _, der in parts if kind == "CERTIFICATE"]
