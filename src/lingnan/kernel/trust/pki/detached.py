"""Detached signatures (CMS, RFC 5652 §5): one signer, over a file that is kept apart.

With SM2 and SM3 the same structures have numbers of their own (GM/T 0010, GB/T 35275; unverified:
their texts were not at hand); those of RFC 5652 are read with SM2, too.
"""

from datetime import datetime
from typing import Any, ClassVar

from asn1crypto import cms, core, pem
from asn1crypto import x509 as plain
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from lingnan.kernel.trust.keystore import sm2

HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512(),
}  # fmt: skip
SM3 = "1.2.156.10197.1.401"
SM2_SIGNED = frozenset({"1.2.156.10197.1.501", "1.2.156.10197.1.301.1", "1.2.156.10197.1.301"})
"""How programs number a signature with SM2: with SM3, the signing, the curve alone."""
GM_DATA, GM_SIGNED_DATA = "1.2.156.10197.6.1.4.2.1", "1.2.156.10197.6.1.4.2.2"
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError,
              RecursionError)  # fmt: skip


class _Wrapped(core.Sequence):
    """A ContentInfo whose kind asn1crypto does not know."""

    _fields: ClassVar = [("kind", core.ObjectIdentifier), ("content", core.Any, {"explicit": 0})]


class OtherContent(InvalidSignature):
    """The signature is over another file than this."""


def unarmored(data: bytes) -> bytes:
    """What a file in PEM or DER holds, in DER."""
    return bytes(pem.unarmor(data)[2]) if pem.detect(data) else data


def read(data: bytes) -> Any:
    """The SignedData of a file in DER or PEM, with one signer. Raises what `UNREADABLE` names."""
    found = _Wrapped.load(unarmored(data), strict=True)
    signed = {cms.ContentType.unmap("signed_data"), GM_SIGNED_DATA}
    content = found["content"].parse(cms.SignedData)
    if found["kind"].dotted not in signed or len(content["signer_infos"]) != 1:
        raise ValueError("not signed by one")
    return content


def serial(signer: Any, signed: Any) -> int:
    """The serial number of the signer's certificate, named by it or by its key."""
    named = signer["sid"]
    if named.name == "issuer_and_serial_number":
        return int(named.chosen["serial_number"].native)
    for one in signed["certificates"]:
        if one.name == "certificate" and one.chosen.key_identifier == named.chosen.native:
            return int(one.chosen.serial_number)
    raise ValueError("the signer is not named")


def verify(signer: Any, text: bytes, certificate: x509.Certificate) -> None:
    """Raises `OtherContent`, `InvalidSignature`, or what `UNREADABLE` names, unless the text was
    signed."""
    digest = HASHES[signer["digest_algorithm"]["algorithm"].native]
    covered = _covered(signer, text, digest, {"data"})
    try:
        key = certificate.public_key()
    except UnsupportedAlgorithm as problem:
        raise InvalidSignature from problem
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise InvalidSignature
    key.verify(signer["signature"].native, covered, ec.ECDSA(digest))


def verify_sm2(signer: Any, text: bytes, certificate: plain.Certificate) -> None:
    """The same with SM2 and SM3, by the signer's identifier that stands where none is agreed.
    Raises as `verify`, and `KeyStoreUnavailable` where this machine knows no SM2."""
    ways = signer["digest_algorithm"]["algorithm"], signer["signature_algorithm"]["algorithm"]
    if ways[0].dotted != SM3 or ways[1].dotted not in SM2_SIGNED:
        raise InvalidSignature
    covered = _covered(signer, text, hashes.SM3(), {"data", GM_DATA})
    if not sm2.verify(certificate.public_key.dump(), covered, signer["signature"].native):
        raise InvalidSignature


def _covered(signer: Any, text: bytes, digest: hashes.HashAlgorithm, kinds: set[str]) -> bytes:
    """What the signature must be over. Raises `OtherContent` where it is over another text."""
    attributes = signer["signed_attrs"]
    if not attributes:
        return text
    told = {one["type"].native: one["values"] for one in attributes}
    hashed = hashes.Hash(digest)
    hashed.update(text)
    (said,), (kind,) = told["message_digest"], told["content_type"]
    if said.native != hashed.finalize():
        raise OtherContent
    if kind.native not in kinds or len(told) != len(attributes):
        raise InvalidSignature
    # What is signed is the set, not the field that carries it (RFC 5652 §5.4).
    covered: bytes = attributes.untag().dump()
    return covered


def said_at(signer: Any) -> datetime | None:
    """When the signer says that it was signed (RFC 5652 §11.3); nobody else has proven it."""
    for one in signer["signed_attrs"] or ():
        if one["type"].native == "signing_time":
            found = one["values"][0].native
            return found if isinstance(found, datetime) else None
    return None
