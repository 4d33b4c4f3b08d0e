"""The envelope of a seal (CMS SignedData, RFC 5652 §5), byte for byte as this software writes it.

Not everything in the envelope is signed: version numbers, padding, the letter case of the issuer's
name, embedded root certificates, the time-stamp. A seal is accepted only if writing the envelope
anew from its signed parts gives the same bytes.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import cms, x509
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

_SEQUENCE, _SET, _OCTETS, _UTC_TIME = 0x30, 0x31, 0x04, 0x17
_CONTEXT_0, _CONTEXT_1, _DIRECTORY_NAME = 0xA0, 0xA1, 0xA4
_VERSION_1, _VERSION_3 = bytes.fromhex("020101"), bytes.fromhex("020103")
_DATA_TYPE = bytes.fromhex("06092a864886f70d010701")
_DATA = b"\x30\x0b" + _DATA_TYPE
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
_DIGEST = bytes.fromhex("06092a864886f70d010904")
_SIGNED_AT = bytes.fromhex("06092a864886f70d010905")
_BOUND = bytes.fromhex("060b2a864886f70d010910022f")
_STAMP = bytes.fromhex("060b2a864886f70d0109100104")
_STAMPED = bytes.fromhex("060b2a864886f70d010910020e")
_SHA256 = bytes.fromhex("300d06096086480165030402010500")
_ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")


@dataclass(frozen=True, slots=True)
class Expected:
    """What an envelope may carry: `own` and `stamps` are the only certificates beside the signer's
    and the time-stamp's, where they are known; `stamped`: whether there must be a time-stamp."""

    stamped: bool
    own: Sequence[x509.Certificate] | None
    stamps: Sequence[x509.Certificate] | None


def attributes(digest: bytes, certificate: x509.Certificate) -> bytes:
    """The signed attributes of a seal as a SET in DER: what is signed (ETSI EN 319 122-1 §5.2.2.3
    binds the certificate; a PDF tells the time elsewhere)."""
    bound = _der(_OCTETS, hashlib.sha256(certificate.dump()).digest())
    told = (
        _der(_SEQUENCE, _CONTENT_TYPE, _der(_SET, _DATA_TYPE)),
        _der(_SEQUENCE, _DIGEST, _der(_SET, _der(_OCTETS, digest))),
        _der(_SEQUENCE, _BOUND, _der(_SET, _nested(_nested(_nested(bound))))),
    )
    return _der(_SET, *sorted(told))


def stamp_attributes(content: bytes, certificate: x509.Certificate, now: datetime) -> bytes:
    """The signed attributes of a time-stamp as a SET in DER; the certificate is bound with its
    issuer and number (RFC 5816 §2.2.1)."""
    names = _nested(_der(_DIRECTORY_NAME, certificate.issuer.dump()))
    issued = _der(_SEQUENCE, names, _serial(certificate))
    bound = _der(_OCTETS, hashlib.sha256(certificate.dump()).digest()) + issued
    at = f"{now.astimezone(UTC):%y%m%d%H%M%SZ}".encode()
    told = (
        _der(_SEQUENCE, _CONTENT_TYPE, _der(_SET, _STAMP)),
        _der(_SEQUENCE, _DIGEST, _der(_SET, _der(_OCTETS, hashlib.sha256(content).digest()))),
        _der(_SEQUENCE, _SIGNED_AT, _der(_SET, _der(_UTC_TIME, at))),
        _der(_SEQUENCE, _BOUND, _der(_SET, _nested(_nested(_nested(bound))))),
    )
    return _der(_SET, *sorted(told))


def write_stamp(
    content: bytes,
    signed: bytes,
    signature: bytes,
    own: x509.Certificate,
    carried: Sequence[x509.Certificate],
) -> bytes:
    """A time-stamp token over a TSTInfo, with or without certificates."""
    signer = _signer(cms.CMSAttributes.load(signed).contents, signature, own, b"")
    told = _told(_der(_OCTETS, content))
    return _envelope(_VERSION_3, told, [one.dump() for one in carried], signer)


def write(
    signed: bytes,
    signature: bytes,
    certificates: Sequence[x509.Certificate],
    stamp: bytes = b"",
) -> bytes:
    """The envelope of signed attributes and their signature; the signer's certificate comes first.
    `stamp` is a time-stamp token over the signature."""
    unsigned = _unsigned(stamp) if stamp else b""
    own, contents = certificates[0], cms.CMSAttributes.load(signed).contents
    signer = _signer(contents, signature, own, unsigned)
    return _envelope(_VERSION_1, _DATA, [one.dump() for one in certificates], signer)


def is_canonical(pdf: bytes, byte_range: Sequence[int], expected: Expected) -> bool:
    """Whether the gap between the signed ranges holds exactly one such envelope and zeros.

    Raises ValueError and the parser's errors when the gap holds something else.
    """
    gap = pdf[int(byte_range[1]) : int(byte_range[2])]
    digits = gap[1:-1]
    data = bytes.fromhex(digits.decode("ascii"))
    if gap[:1] != b"<" or gap[-1:] != b">" or data.hex().upper().encode() != digits:
        return False
    signed = cms.ContentInfo.load(data)["content"]
    own, carried = _certificates(signed)
    unsigned = _unsigned(_stamp(signed, expected)) if expected.stamped else b""
    rebuilt = _envelope(_VERSION_1, _DATA, carried, _signer_of(signed, own, unsigned))
    if data[: len(rebuilt)] != rebuilt or any(data[len(rebuilt) :]):
        return False
    return _only(carried, own, expected.own)


def is_canonical_stamp(token: bytes, certificates: Sequence[x509.Certificate] | None) -> bool:
    """Whether these bytes are exactly one time-stamp as this software writes it, which carries no
    certificates but the stamper's own and those given. Raises as `is_canonical` does."""
    signed = cms.ContentInfo.load(token)["content"]
    own, carried = _certificates(signed)
    told = _der(_OCTETS, signed["encap_content_info"]["content"].contents)
    rebuilt = _envelope(_VERSION_3, _told(told), carried, _signer_of(signed, own, b""))
    return token == rebuilt and _only(carried, own, certificates)


def _stamp(signed: cms.SignedData, expected: Expected) -> bytes:
    """The one time-stamp. Raises ValueError where there is anything else."""
    (signer,) = signed["signer_infos"]
    (attribute,) = signer["unsigned_attrs"]
    (token,) = attribute["values"]
    if attribute["type"].native != "signature_time_stamp_token":
        raise ValueError("An attribute that is no time-stamp.")
    made: bytes = token.dump()
    if not is_canonical_stamp(made, expected.stamps):
        raise ValueError("A time-stamp that is written in another way.")
    return made


def _only(
    carried: Sequence[bytes], own: x509.Certificate, allowed: Sequence[x509.Certificate] | None
) -> bool:
    known = {own.dump(), *(one.dump() for one in allowed or ())}
    return allowed is None or (len(set(carried)) == len(carried) and known.issuperset(carried))


def _certificates(signed: cms.SignedData) -> tuple[x509.Certificate, list[bytes]]:
    """The signer's certificate, which the signed attributes bind (RFC 5035 §3), and all."""
    serial = signed["signer_infos"][0]["sid"].chosen["serial_number"].native
    carried = [choice.chosen for choice in signed["certificates"]]
    (own,) = [certificate for certificate in carried if certificate.serial_number == serial]
    return own, [certificate.dump() for certificate in carried]


def _signer_of(signed: cms.SignedData, own: x509.Certificate, unsigned: bytes) -> bytes:
    (signer,) = signed["signer_infos"]
    return _signer(signer["signed_attrs"].contents, signer["signature"].native, own, unsigned)


def _signer(contents: bytes, signature: bytes, own: x509.Certificate, unsigned: bytes) -> bytes:
    return _der(
        _SEQUENCE,
        _VERSION_1,
        _der(_SEQUENCE, own.issuer.dump(), _serial(own)),
        _SHA256,
        _der(_CONTEXT_0, contents),
        _ECDSA_SHA256,
        _der(_OCTETS, encode_dss_signature(*decode_dss_signature(signature))),
        unsigned,
    )


def _told(content: bytes) -> bytes:
    return _der(_SEQUENCE, _STAMP, _der(_CONTEXT_0, content))


def _serial(certificate: x509.Certificate) -> bytes:
    made: bytes = certificate["tbs_certificate"]["serial_number"].dump()
    return made


def _unsigned(stamp: bytes) -> bytes:
    return _der(_CONTEXT_1, _der(_SEQUENCE, _STAMPED, _der(_SET, stamp)))


def _envelope(version: bytes, content: bytes, carried: Sequence[bytes], signer: bytes) -> bytes:
    inner = _der(
        _SEQUENCE,
        version,
        _der(_SET, _SHA256),
        content,
        _der(_CONTEXT_0, *carried) if carried else b"",
        _der(_SET, signer),
    )
    return _der(_SEQUENCE, _SIGNED_DATA, _der(_CONTEXT_0, inner))


def _nested(content: bytes) -> bytes:
    return _der(_SEQUENCE, content)


def _der(tag: int, *parts: bytes) -> bytes:
    """Tag, shortest length and contents (X.690 §10.1)."""
    contents = b"".join(parts)
    length = len(contents)
    if length < 0x80:
        return bytes((tag, length)) + contents
    written = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(written))) + written + contents
