"""Detached signatures (CMS, RFC 5652 §5): one signer, over a file that is kept apart."""

from datetime import datetime
from typing import Any

from asn1crypto import cms, pem
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512(),
}  # fmt: skip
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError)


def unarmored(data: bytes) -> bytes:
    """What a file in PEM or DER holds, in DER."""
    return bytes(pem.unarmor(data)[2]) if pem.detect(data) else data


def read(data: bytes) -> Any:
    """The SignedData of a file in DER or PEM, with one signer. Raises what `UNREADABLE` names."""
    found = cms.ContentInfo.load(unarmored(data), strict=True)
    if found["content_type"].native != "signed_data" or len(found["content"]["signer_infos"]) != 1:
        raise ValueError("not signed by one")
    return found["content"]


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


def said_at(signer: Any) -> datetime | None:
    """When the signer says that it was signed (RFC 5652 §11.3); nobody else has proven it."""
    for one in signer["signed_attrs"] or ():
        if one["type"].native == "signing_time":
            found = one["values"][0].native
            return found if isinstance(found, datetime) else None
    return None
