"""What was signed and in the evidence but never entered, because its process ended in between.

Nobody has such a certificate: it is handed over after its entry. It is entered as revoked, so that
list and status answers say the same of it for ever.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import pem, x509
from django.db import IntegrityError, transaction

from lingnan.kernel.runtime.temporal.action import action
from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.certification import authorities, links, register
from lingnan.kernel.trust.evidence.api import Reader
from lingnan.kernel.trust.models import CertificatesReconciled, IssuedCertificate
from lingnan.kernel.trust.pki.revoking import Reason

BY = "reconciling"
WAIT = timedelta(minutes=10)
"""An issuing may still be under way that long."""
PAGE = 200


def reconcile(wait: timedelta | None = None) -> list[str]:
    """Enter as revoked what the evidence has and the register has not; returns the serials.

    Looked through are the entries since the last time; that stands in the database, so that one
    that was restored from a copy is compared from that copy on. Raises `EvidenceUnavailable`.
    """
    last = CertificatesReconciled.objects.order_by("-seq").first()
    entries = _since(node_evidence.reader(), last.seq if last else 0)
    wait = WAIT if wait is None else wait
    latest = (datetime.now(UTC) - wait).isoformat(timespec="milliseconds")
    young = [one.seq for one in entries if one.at > latest]
    old = [one for one in entries if not young or one.seq < min(young)]
    told = {
        one.payload["serial"]: one.payload for one in old if one.payload and "pem" in one.payload
    }
    rows = IssuedCertificate.objects.filter(serial__in=list(told))
    known = set(rows.values_list("serial", flat=True))
    lost = [serial for serial in told if serial not in known]
    _enter_revoked([told[serial] for serial in lost])
    if old:
        CertificatesReconciled.objects.create(
            seq=max(one.seq for one in old), entered=len(lost), at=datetime.now(UTC)
        )
    return lost


def _since(reader: Reader, start: int) -> list[Any]:
    found: list[Any] = []
    before: int | None = None
    while True:
        page = reader.entries(register.ISSUED, before, PAGE)
        found += [one for one in page if one.seq > start]
        if len(page) < PAGE or page[-1].seq <= start:
            return found
        before = page[-1].seq


def _enter_revoked(lost: list[dict[str, Any]]) -> None:
    why, now = Reason.UNSPECIFIED.value, datetime.now(UTC)
    said = [{"serial": told["serial"], "state": "revoked", "why": why, "by": BY} for told in lost]
    if said:
        node_evidence.write([node_evidence.entry("key_certificate.revoked", one) for one in said])
    state: dict[str, Any] = {"state": "revoked", "because": why, "state_at": now}
    with action(by=BY, reason="signed, but never entered or handed over") as act:
        for told in lost:
            act.create(IssuedCertificate, **register.row_of(told), **state)


def enter_authorities() -> int:
    """Enter the authorities' own certificates that are not in the register; returns how many."""
    count = 0
    for told in [*map(_of_authority, authorities.labels()), *map(_of_link, links.names())]:
        if IssuedCertificate.objects.filter(serial=told["serial"]).exists():
            continue
        with suppress(IntegrityError), transaction.atomic():
            # Another process may enter it at the same moment.
            with action(by=authorities.FIRST, reason="authority made") as act:
                act.create(IssuedCertificate, **register.row_of(told))
            count += 1
    return count


def _of_authority(label: str) -> dict[str, str]:
    profile = "root" if authorities.is_root(label) else "issuing"
    made = authorities.issuer(label).certificate
    return _row(made, authorities.root_of(label), profile, label)


def _of_link(name: str) -> dict[str, str]:
    above, below = name.split(links.BETWEEN)
    return _row(links.certificate(name), above, "link", below)


def _row(made: x509.Certificate, authority: str, profile: str, label: str) -> dict[str, str]:
    return {
        "serial": f"{made.serial_number:x}",
        "authority": authority,
        "profile": profile,
        "holder": label,
        "key_label": label,
        "pem": pem.armor("CERTIFICATE", made.dump()).decode(),
    }
