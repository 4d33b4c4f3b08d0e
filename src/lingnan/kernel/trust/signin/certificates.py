"""Signing in with a certificate of this province: by signing a text, or by the proxy's TLS.

The signature is CMS, detached (RFC 5652 §5), over a text that this session was given.
"""

import secrets
import time
from datetime import UTC, datetime
from urllib.parse import unquote

from asn1crypto import x509 as der_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from django.conf import settings
from django.http import HttpRequest

from lingnan.kernel.trust.certification import authorities, register
from lingnan.kernel.trust.models import Account, IssuedCertificate
from lingnan.kernel.trust.pki import detached, paths
from lingnan.kernel.trust.pki.refusals import Refused

IN_SESSION = "certificate"
PATIENCE = 600.0
MOST = 64 * 1024
HEADER = "X-SSL-Client-Cert"


class NotThisCertificate(Exception):
    """`why` is one of `pki.refusals.CODES`, or unreadable, signature, unknown, profile, challenge,
    holder: put into words by the page."""

    def __init__(self, why: str, account: Account | None = None) -> None:
        super().__init__(why)
        self.why, self.account = why, account


def challenge(request: HttpRequest) -> bytes:
    """A text to be signed, kept for this session: it serves once, for ten minutes.

    Its lines end as mail's do, so that tools which normalise them sign the same bytes.
    """
    nonce = secrets.token_hex(32)
    request.session[IN_SESSION] = [nonce, time.time()]
    return _text(request, nonce)


def _text(request: HttpRequest, nonce: str) -> bytes:
    lines = ("Lingnan sign-in", f"to: {request.get_host()}", f"nonce: {nonce}", "")
    return "\r\n".join(lines).encode()


def asked(request: HttpRequest) -> bytes | None:
    """The text that this session was given, while it may still be signed."""
    kept = request.session.get(IN_SESSION)
    if not kept or time.time() - kept[1] > PATIENCE:
        return None
    return _text(request, kept[0])


def whose(request: HttpRequest, signature: bytes) -> Account:
    """Whose key has signed this session's text. Raises `NotThisCertificate`.

    What is no signature may be tried again; any signature uses the text up.
    """
    text = asked(request)
    if text is None:
        raise NotThisCertificate("challenge")
    try:
        signed = detached.read(signature[:MOST])
        signer = signed["signer_infos"][0]
        serial = detached.serial(signer, signed)
    except detached.UNREADABLE as problem:
        raise NotThisCertificate("unreadable") from problem
    request.session.pop(IN_SESSION, None)
    row = IssuedCertificate.objects.filter(serial=f"{serial:x}").first()
    if row is None:
        raise NotThisCertificate("unknown")
    account = holder(row)
    try:
        detached.verify(signer, text, _loaded(row))
    except (*detached.UNREADABLE, InvalidSignature) as problem:
        raise NotThisCertificate("signature", account) from problem
    return _accepted(row, account)


def of_connection(request: HttpRequest) -> Account | None:
    """Whose certificate our own proxy has asked for and seen; None where there is none.

    Without such a proxy anybody may send the header, so it says nothing. Raises
    `NotThisCertificate`.
    """
    said = request.headers.get(HEADER, "") if settings.BEHIND_PROXY else ""
    if not said:
        return None
    try:
        found = der_x509.Certificate.load(
            detached.unarmored(unquote(said[:MOST]).encode()), strict=True
        )
        row = IssuedCertificate.objects.filter(serial=f"{found.serial_number:x}").first()
    except detached.UNREADABLE as problem:
        raise NotThisCertificate("unreadable") from problem
    if row is None or detached.unarmored(row.pem.encode()) != found.dump():
        raise NotThisCertificate("unknown")
    return _accepted(row, holder(row))


def holder(row: IssuedCertificate) -> Account | None:
    key = register.account_of(row.holder)
    return Account.objects.filter(key=key, is_active=True).first() if key is not None else None


def _accepted(row: IssuedCertificate, account: Account | None) -> Account:
    """Its holder, where the certificate is of this province, in force, and for this use."""
    if row.profile != "signing":
        raise NotThisCertificate("profile", account)
    why = register.why_not(row)
    if why:
        raise NotThisCertificate(why, account)
    chain = [_loaded_der(one.dump()) for one in authorities.chain(row.authority)]
    roots = paths.Trust((chain[-1],), datetime.now(UTC))
    try:
        paths.path(_loaded(row), chain[:-1], roots, "client")
    except Refused as refused:
        raise NotThisCertificate(refused.code, account) from refused
    if account is None:
        raise NotThisCertificate("holder")
    return account


def _loaded(row: IssuedCertificate) -> x509.Certificate:
    return x509.load_pem_x509_certificate(row.pem.encode())


def _loaded_der(der: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(der)
