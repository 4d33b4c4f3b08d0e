"""What an authority tells everybody: its list of revocations, the state of one certificate."""

from datetime import UTC, datetime, timedelta
from functools import partial

from asn1crypto import ocsp, x509

from lingnan.kernel.trust.certification import authorities, register
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


def _responder(label: str) -> Responder:
    certified = register.kept_for(
        f"status-{label}", Name(f"Lingnan 证书状态 {label}"), profiles.STATUS, label
    )
    authority = authorities.issuer(label).certificate
    return Responder(authority, certified.certificate, certified.key)


def stamper() -> Stamper:
    """This node's time-stamping authority."""
    name = Name("Lingnan 时间戳", "Lingnan 岭南")
    certified = register.kept_for("time-stamps", name, profiles.TIME_STAMP, authorities.PROVINCE)
    return Stamper(certified.certificate, certified.key, certified.chain)
