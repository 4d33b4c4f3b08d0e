"""What a revocation list says of a certificate, and whether the list holds (RFC 5280 §6.3)."""

from collections.abc import Iterable
from datetime import datetime

from cryptography import x509

from .refusals import Refused
from .strength import SIGNERS


def check(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    lists: Iterable[x509.CertificateRevocationList],
    at: datetime,
    told: bool,
) -> None:
    """Raises `Refused` when a list of the issuer names the certificate or does not hold, and
    where `told` is asked and no list of the issuer is there."""
    ours = [one for one in lists if one.issuer == certificate.issuer]
    if not ours:
        if told:
            raise Refused("unlisted", certificate.issuer.rfc4514_string())
        return
    for one in ours:
        _holds(one, issuer, at)
        _named(certificate, one, at)


def _holds(one: x509.CertificateRevocationList, issuer: x509.Certificate, at: datetime) -> None:
    try:
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        usage = None
    if usage is not None and not usage.crl_sign:
        raise Refused("list", "its issuer may not sign lists")
    key = issuer.public_key()
    if not isinstance(key, SIGNERS) or not one.is_signature_valid(key):
        raise Refused("list", "its signature does not hold")
    if one.next_update_utc is None or not one.last_update_utc <= at <= one.next_update_utc:
        raise Refused("list", "it is too old or from the future")
    for extension in one.extensions:
        # A partial or an indirect list is marked so, critically.
        if extension.critical:
            raise Refused("list", f"{extension.oid.dotted_string} is critical")
    if not any(isinstance(extension.value, x509.CRLNumber) for extension in one.extensions):
        raise Refused("list", "it has no number")


def _named(
    certificate: x509.Certificate, one: x509.CertificateRevocationList, at: datetime
) -> None:
    entry = one.get_revoked_certificate_by_serial_number(certificate.serial_number)
    if entry is None or entry.revocation_date_utc > at:
        return
    try:
        reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.value
    except x509.ExtensionNotFound:
        reason = "unspecified"
    held = reason == x509.ReasonFlags.certificate_hold.value
    raise Refused("suspended" if held else "revoked", reason)
