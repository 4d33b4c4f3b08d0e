"""The structures of an electronic seal and of what it signs (GB/T 38540-2020, version 4).

UNVERIFIED: names, order and types follow public descriptions of the standard and the readers that
are published as open software. The standard's text was not at hand.
"""

from typing import Any

from asn1crypto import core

SM3 = "1.2.156.10197.1.401"
SM2_SM3 = "1.2.156.10197.1.501"
"""As GM/T 0006 numbers them (unverified: its text was not at hand)."""
VERSION = 4
MOST = 1024 * 1024


class Certificates(core.SequenceOf):
    _child_spec = core.OctetString


class Header(core.Sequence):
    _fields = [("id", core.IA5String), ("version", core.Integer), ("vendor", core.IA5String)]


class Property(core.Sequence):
    """`type` 1: of a body; `kind` 1: `certificates` are the signers' own, not their digests."""

    _fields = [
        ("type", core.Integer),
        ("name", core.UTF8String),
        ("kind", core.Integer),
        ("certificates", Certificates),
        ("created", core.GeneralizedTime),
        ("since", core.GeneralizedTime),
        ("until", core.GeneralizedTime),
    ]


class Picture(core.Sequence):
    """Width and height are millimetres."""

    _fields = [
        ("type", core.IA5String),
        ("data", core.OctetString),
        ("width", core.Integer),
        ("height", core.Integer),
    ]


class SealInfo(core.Sequence):
    _fields = [
        ("header", Header),
        ("identifier", core.IA5String),
        ("property", Property),
        ("picture", Picture),
    ]


class Seal(core.Sequence):
    """SES_Seal: its maker's signature is over the DER of `info`."""

    _fields = [
        ("info", SealInfo),
        ("maker", core.OctetString),
        ("algorithm", core.ObjectIdentifier),
        ("signature", core.BitString),
    ]


class ToSign(core.Sequence):
    """TBS_Sign: `digest` is SM3 over Signature.xml, `where` its place in the package."""

    _fields = [
        ("version", core.Integer),
        ("seal", Seal),
        ("at", core.GeneralizedTime),
        ("digest", core.BitString),
        ("where", core.IA5String),
    ]


class Signed(core.Sequence):
    """SES_Signature: the body's signature is over the DER of `content`."""

    _fields = [
        ("content", ToSign),
        ("certificate", core.OctetString),
        ("algorithm", core.ObjectIdentifier),
        ("signature", core.BitString),
    ]


def bits(data: bytes) -> core.BitString:
    """Whole octets as a BIT STRING."""
    return core.BitString.load(core.OctetBitString(data).dump())


def octets(value: core.BitString) -> bytes:
    """Raises ValueError where they are not whole octets."""
    content = bytes(value.contents)
    if not content or content[0]:
        raise ValueError("not whole octets")
    return content[1:]


def read(kind: type[Any], data: bytes) -> Any:
    """A structure that has exactly this DER, to its last field. Raises ValueError."""
    if len(data) > MOST:
        raise ValueError("too large")
    found = kind.load(data, strict=True)
    # Every field is read before it is written anew: what is left unread would be copied.
    if kind(_told(found)).dump() != data:
        raise ValueError("not DER as it is written here")
    return found


def _told(value: Any) -> Any:
    """A structure as new values of the same kinds."""
    if isinstance(value, core.BitString):
        return bits(octets(value))
    if isinstance(value, core.SequenceOf):
        return [_told(one) for one in value]
    if isinstance(value, core.Sequence):
        return {name: _told(value[name]) for name, *_ in value._fields}
    return value.native
