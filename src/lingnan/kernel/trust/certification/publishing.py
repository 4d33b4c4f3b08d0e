"""What an authority tells everybody: its list of revocations, the state of one certificate."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from asn1crypto import crl, ocsp, x509

from lingnan.kernel.trust.certification import authorities, register
from lingnan.kernel.trust.models import IssuedCertificate
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.names import Name
from lingnan.kernel.trust.pki.revoking import revocation_list
from lingnan.kernel.trust.pki.status import Responder
from lingnan.kernel.trust.stamps.answering import Stamper

LIST_VALID = timedelta(days=1)


def certificate(label: str) -> bytes:
    """An authority's certificate in DER. Raises KeyError."""
    return bytes(authorities.issuer(label).certificate.dump())


def revocations(label: str) -> bytes:
    """The list of an authority in DER, as of now. Raises KeyError."""
    now = datetime.now(UTC)
    # Of two lists the later has the greater number (RFC 5280 §5.2.3).
    number = int(now.timestamp() * 1000)
    entries = register.revoked(label, now)
    made = revocation_list(authorities.issuer(label), entries, number, now, LIST_VALID)
    return bytes(made.dump())


def status(label: str, request: bytes) -> bytes:
    """The answer to an OCSP request. Raises KeyError."""
    return _responder(label).answer(request, partial(register.status, label))


def status_of(label: str, certificate: x509.Certificate) -> ocsp.OCSPResponse:
    """The answer about one certificate of an authority, as of now. Raises KeyError."""
    made = _responder(label).about(certificate, partial(register.status, label))
    return ocsp.OCSPResponse.load(made)


def status_about(certificate: x509.Certificate) -> ocsp.OCSPResponse:
    """The same by whichever authority of this node issued it. Raises `Unknown`."""
    row = IssuedCertificate.objects.filter(serial=f"{certificate.serial_number:x}").first()
    if row is None:
        raise register.Unknown
    return status_of(row.authority, certificate)


def lists_above(certificates: Iterable[x509.Certificate]) -> tuple[crl.CertificateList, ...]:
    """The lists of the roots above these certificates, each once."""
    serials = [f"{one.serial_number:x}" for one in certificates]
    rows = IssuedCertificate.objects.filter(serial__in=serials)
    labels = dict.fromkeys(authorities.root_of(row.authority) for row in rows)
    return tuple(crl.CertificateList.load(revocations(label)) for label in labels)


def _responder(label: str) -> Responder:
    certified = register.kept_for(
        f"status-{label}", Name(f"Lingnan 证书状态 {label}"), profiles.STATUS, label
    )
    authority = authorities.issuer(label).certificate
    return Responder(authority, certified.certificate, certified.key)


@dataclass(frozen=True)
class Answer:
    """A status answer in force: good, revoked or unknown; made and valid until (system time)."""

    status: str
    made: datetime
    until: datetime


def answer_about(row: IssuedCertificate) -> Answer:
    """What anybody who asks now is told of a certificate, read from the signed answer itself."""
    authority = authorities.issuer(row.authority).certificate
    bits = authority.public_key["public_key"].contents[1:]
    asked = ocsp.CertId(
        {
            "hash_algorithm": {"algorithm": "sha256"},
            "issuer_name_hash": hashlib.sha256(authority.subject.dump()).digest(),
            "issuer_key_hash": hashlib.sha256(bits).digest(),
            "serial_number": int(row.serial, 16),
        }
    )
    request = ocsp.OCSPRequest({"tbs_request": {"request_list": [{"req_cert": asked}]}})
    told = ocsp.OCSPResponse.load(status(row.authority, request.dump())).response_data
    (single,) = told["responses"]
    return Answer(single["cert_status"].name, single["this_update"].native,
                  single["next_update"].native)  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """How an authority's list of revocations stands: made and valid until, how many are on it."""

    made: datetime
    until: datetime
    count: int


def listed(label: str) -> Listed:
    told = crl.CertificateList.load(revocations(label))["tbs_cert_list"]
    count = len(told["revoked_certificates"]) if told["revoked_certificates"] else 0
    return Listed(told["this_update"].native, told["next_update"].native, count)


def stamper() -> Stamper:
    """This node's time-stamping authority."""
    name = Name("Lingnan 时间戳", "Lingnan 岭南")
    certified = register.kept_for("time-stamps", name, profiles.TIME_STAMP, authorities.province())
    return Stamper(certified.certificate, certified.key, certified.chain)
