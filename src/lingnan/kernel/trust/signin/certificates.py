"""Signing in with a certificate of this province: by signing a text, or by the proxy's TLS.

The signature is CMS, detached (RFC 5652 §5), over a text that this session was given.
"""

import secrets
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from asn1crypto import cms, pem
from asn1crypto import x509 as der_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.http import HttpRequest

from lingnan.kernel.trust.certification import authorities, register
from lingnan.kernel.trust.models import Account, IssuedCertificate
from lingnan.kernel.trust.pki import paths
from lingnan.kernel.trust.pki.refusals import Refused

IN_SESSION = "certificate"
PATIENCE = 600.0
MOST = 64 * 1024
HEADER = "X-SSL-Client-Cert"
HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512(),
}  # fmt: skip
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError)


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
        signed = _read(signature[:MOST])
        signer = signed["signer_infos"][0]
        serial = _serial(signer, signed)
    except UNREADABLE as problem:
        raise NotThisCertificate("unreadable") from problem
    request.session.pop(IN_SESSION, None)
    row = IssuedCertificate.objects.filter(serial=f"{serial:x}").first()
    if row is None:
        raise NotThisCertificate("unknown")
    account = holder(row)
    try:
        _verify(signer, text, _loaded(row))
    except (*UNREADABLE, InvalidSignature) as problem:
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
        found = der_x509.Certificate.load(_unarmored(unquote(said[:MOST]).encode()), strict=True)
        row = IssuedCertificate.objects.filter(serial=f"{found.serial_number:x}").first()
    except UNREADABLE as problem:
        raise NotThisCertificate("unreadable") from problem
    if row is None or _unarmored(row.pem.encode()) != found.dump():
        raise NotThisCertificate("unknown")
    return _accepted(row, holder(row))


def holder(row: IssuedCertificate) -> Account | None:
    key = register.account_of(row.holder)
    return Account.objects.filter(key=key, is_active=True).first() if key is not None else None


def _accepted(row: IssuedCertificate, account: Account | None) -> Account:
    """Its holder, where the certificate is of this province, in force, and for this use."""
    if row.profile != "signing":
        raise NotThisCertificate("profile", account)
    if row.state != "good":
        raise NotThisCertificate(row.state, account)
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


def _unarmored(data: bytes) -> bytes:
    return bytes(pem.unarmor(data)[2]) if pem.detect(data) else data


def _read(data: bytes) -> Any:
    """The SignedData of a file in DER or PEM, with one signer. Raises what `UNREADABLE` names."""
    found = cms.ContentInfo.load(_unarmored(data), strict=True)
    if found["content_type"].native != "signed_data" or len(found["content"]["signer_infos"]) != 1:
        raise ValueError("not signed by one")
    return found["content"]


def _serial(signer: Any, signed: Any) -> int:
    """The serial number of the signer's certificate, named by it or by its key."""
    named = signer["sid"]
    if named.name == "issuer_and_serial_number":
        return int(named.chosen["serial_number"].native)
    for one in signed["certificates"]:
        if one.name == "certificate" and one.chosen.key_identifier == named.chosen.native:
            return int(one.chosen.serial_number)
    raise ValueError("the signer is not named")


def _verify(signer: Any, text: bytes, certificate: x509.Certificate) -> None:
    """Raises `InvalidSignature`, or what `UNREADABLE` names, unless the text was signed."""
    name = signer["digest_algorithm"]["algorithm"].native
    digest, attributes = HASHES[name], signer["signed_attrs"]
    covered = text
    if attributes:
        told = {one["type"].native: one["values"] for one in attributes}
        hashed = hashes.Hash(digest)
        hashed.update(text)
        if (
            len(told["message_digest"]) != 1
            or told["message_digest"][0].native != hashed.finalize()
        ):
            raise InvalidSignature
        if told["content_type"][0].native != "data":
            raise InvalidSignature
        # What is signed is the set, not the field that carries it (RFC 5652 §5.4).
        covered = attributes.untag().dump()
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise InvalidSignature
    key.verify(signer["signature"].native, covered, ec.ECDSA(digest))
