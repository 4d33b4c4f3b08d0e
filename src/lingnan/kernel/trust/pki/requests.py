"""Requests for certificates (PKCS#10, RFC 2986) as applicants send them.

Taken from a request is its key and the proof that the applicant has it. Whom the certificate names
is never taken from there, yet a name that cannot be printed is refused.
"""

import hashlib
from dataclasses import dataclass

from asn1crypto import csr, pem
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from lingnan.kernel.trust.keystore.keys import Algorithm, PublicKey
from lingnan.kernel.trust.keystore.pairs import verify

from .strength import HASHES

MOST_BYTES = 16_384
CODES = frozenset(
    {"large", "unreadable", "private", "algorithm", "curve", "hash", "point", "unproven", "name"}
)
"""private: the file holds a private key; point: it lies not on its curve; unproven: the signature
does not hold; name: a name that cannot be printed."""
_SM2_CURVE = "1.2.156.10197.1.301"
_SM2_SIGNED = "1.2.156.10197.1.501"


class Unfit(Exception):
    """`code` is one of `CODES`, put into words by the pages."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Request:
    """`mark` is the same for the same key, however it was written; `pem` the request as kept."""

    key: PublicKey
    mark: str
    pem: str


def read(data: bytes) -> Request:
    """PEM or DER. Raises `Unfit`."""
    if len(data) > MOST_BYTES:
        raise Unfit("large")
    der = _der(data)
    try:
        asked = csr.CertificationRequest.load(der, strict=True)
        info = asked["certification_request_info"]
        key, said = info["subject_pk_info"], asked["signature_algorithm"]["algorithm"].dotted
        curve = key["algorithm"]["parameters"].native if key.algorithm == "ec" else ""
        names = [str(name) for part in info["subject"].native.values() for name in _each(part)]
        point = key["public_key"].contents[1:] if curve else b""
        signed, signature = info.dump(), asked["signature"].native
    except (ValueError, TypeError, KeyError) as problem:
        raise Unfit("unreadable") from problem
    if asked["signature"].contents[:1] != b"\0":
        # A signature is whole octets: bits left unused would let a changed request pass.
        raise Unfit("unreadable")
    if not all(name.isprintable() for name in names):
        raise Unfit("name")
    if not curve:
        raise Unfit("algorithm")
    if curve == _SM2_CURVE:
        public = PublicKey(Algorithm.SM2, key.dump())
        if said != _SM2_SIGNED:
            raise Unfit("hash")
        if not verify(public, signed, signature):
            raise Unfit("unproven")
    elif curve == "secp256r1":
        public, point = _p256(der)
    else:
        raise Unfit("curve")
    mark = hashlib.sha256(curve.encode() + point).hexdigest()
    return Request(public, mark, pem.armor("CERTIFICATE REQUEST", der).decode())


def _each(part: object) -> list[object]:
    return part if isinstance(part, list) else [part]


def _der(data: bytes) -> bytes:
    if b"PRIVATE KEY-----" in data:
        raise Unfit("private")
    if not pem.detect(data):
        return data
    try:
        kind, _headers, der = pem.unarmor(data)
    except ValueError as problem:
        raise Unfit("unreadable") from problem
    if kind not in ("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"):
        raise Unfit("unreadable")
    return bytes(der)


def _p256(der: bytes) -> tuple[PublicKey, bytes]:
    """The key, and its point uncompressed."""
    try:
        asked = x509.load_der_x509_csr(der)
        digest, key = asked.signature_hash_algorithm, asked.public_key()
    except x509.InvalidVersion as problem:
        raise Unfit("unreadable") from problem
    except (ValueError, UnsupportedAlgorithm) as problem:
        raise Unfit("point") from problem
    if digest is None or digest.name not in HASHES:
        raise Unfit("hash")
    if not isinstance(key, ec.EllipticCurvePublicKey) or not asked.is_signature_valid:
        raise Unfit("unproven")
    whole = serialization.PublicFormat.SubjectPublicKeyInfo
    written = key.public_bytes(serialization.Encoding.DER, whole)
    point = key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return PublicKey(Algorithm.P256, written), point
