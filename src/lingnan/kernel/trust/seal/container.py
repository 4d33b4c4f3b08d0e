"""The envelope of a seal (CMS SignedData, RFC 5652 §5), byte for byte as this software writes it.

Not everything in the envelope is signed: version numbers, padding, the letter case of the issuer's
name, embedded root certificates. A seal is accepted only if writing the envelope anew from its
signed parts gives the same bytes.
"""

from collections.abc import Sequence

from asn1crypto import cms, x509
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

_SEQUENCE, _SET, _OCTETS, _CONTEXT_0 = 0x30, 0x31, 0x04, 0xA0
_VERSION_1 = bytes.fromhex("020101")
_DATA = bytes.fromhex("300b06092a864886f70d010701")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_SHA256 = bytes.fromhex("300d06096086480165030402010500")
_ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")


def is_canonical(
    pdf: bytes, byte_range: Sequence[int], roots: Sequence[x509.Certificate] | None
) -> bool:
    """Whether the gap between the signed ranges holds exactly one such envelope and zeros.

    `roots`, when given, are the only certificates it may carry beside the signer's own. Raises
    ValueError and the parser's errors when the gap holds something else.
    """
    gap = pdf[int(byte_range[1]) : int(byte_range[2])]
    digits = gap[1:-1]
    data = bytes.fromhex(digits.decode("ascii"))
    if gap[:1] != b"<" or gap[-1:] != b">" or data.hex().upper().encode() != digits:
        return False
    signed = cms.ContentInfo.load(data)["content"]
    own, carried = _certificates(signed)
    rebuilt = _rebuild(signed, own, carried)
    if data[: len(rebuilt)] != rebuilt or any(data[len(rebuilt) :]):
        return False
    allowed = {own.dump(), *(root.dump() for root in roots or ())}
    return roots is None or (len(set(carried)) == len(carried) and allowed.issuperset(carried))


def _certificates(signed: cms.SignedData) -> tuple[x509.Certificate, list[bytes]]:
    """The signer's certificate, which the signed attributes bind (RFC 5035 §3), and all."""
    serial = signed["signer_infos"][0]["sid"].chosen["serial_number"].native
    carried = [choice.chosen for choice in signed["certificates"]]
    (own,) = [certificate for certificate in carried if certificate.serial_number == serial]
    return own, [certificate.dump() for certificate in carried]


def _rebuild(signed: cms.SignedData, own: x509.Certificate, carried: Sequence[bytes]) -> bytes:
    (signer,) = signed["signer_infos"]
    numbers = decode_dss_signature(signer["signature"].native)
    signed_by = _der(
        _SEQUENCE,
        _VERSION_1,
        _der(_SEQUENCE, own.issuer.dump(), own["tbs_certificate"]["serial_number"].dump()),
        _SHA256,
        _der(_CONTEXT_0, signer["signed_attrs"].contents),
        _ECDSA_SHA256,
        _der(_OCTETS, encode_dss_signature(*numbers)),
    )
    content = _der(
        _SEQUENCE,
        _VERSION_1,
        _der(_SET, _SHA256),
        _DATA,
        _der(_CONTEXT_0, *carried),
        _der(_SET, signed_by),
    )
    return _der(_SEQUENCE, _SIGNED_DATA, _der(_CONTEXT_0, content))


def _der(tag: int, *parts: bytes) -> bytes:
    """Tag, shortest length and contents (X.690 §10.1)."""
    contents = b"".join(parts)
    length = len(contents)
    if length < 0x80:
        return bytes((tag, length)) + contents
    written = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(written))) + written + contents
