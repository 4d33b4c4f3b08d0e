"""Sealing an OFD document: the authority makes the seal for it, the body's key signs it."""

import secrets
from datetime import UTC, datetime

from lingnan.kernel.trust import archives
from lingnan.kernel.trust.keystore.keys import Algorithm
from lingnan.kernel.trust.pki.issuing import Issuer
from lingnan.kernel.trust.seal.key import SealKey
from lingnan.standards import ofd

from . import asn1, package, picture

CONTENT_TYPE = "application/ofd"
_OF_A_BODY = 1
_CERTIFICATES = 1


def seal_ofd(
    document: ofd.Document, key: SealKey, maker: Issuer, at: datetime | None = None
) -> bytes:
    """The document's package under the seal of a body, at system time. Raises ValueError where a
    key is none of SM2, `KeyStoreUnavailable`."""
    if {key.key.public.algorithm, maker.key.public.algorithm} != {Algorithm.SM2}:
        raise ValueError("An OFD document is sealed with SM2.")
    moment = (at or datetime.now(UTC)).replace(microsecond=0)
    stamp = seal(key, maker, moment)
    files = [
        *ofd.files(document),
        (ofd.SIGNATURES, package.signatures()),
        (package.SEAL, stamp.dump()),
    ]
    text = package.signature(files, moment)
    return archives.pack(
        [*files, (package.SIGNATURE, text), (package.VALUE, signed(text, stamp, key, moment))]
    )


def seal(key: SealKey, maker: Issuer, at: datetime) -> asn1.Seal:
    """A body's seal, valid as long as its certificate."""
    own = key.certificate
    info = asn1.SealInfo(
        {
            "header": {"id": "ES", "version": asn1.VERSION, "vendor": "Lingnan"},
            "identifier": secrets.token_hex(16),
            "property": {
                "type": _OF_A_BODY,
                "name": key.name,
                "kind": _CERTIFICATES,
                "certificates": [own.dump()],
                "created": at,
                "since": own.not_valid_before,
                "until": own.not_valid_after,
            },
            "picture": {
                "type": "png",
                "data": picture.png(),
                "width": picture.MILLIMETRES,
                "height": picture.MILLIMETRES,
            },
        }
    )
    made = {
        "info": info,
        "maker": maker.certificate.dump(),
        "algorithm": asn1.SM2_SM3,
        "signature": asn1.bits(maker.key.sign(info.dump())),
    }
    return asn1.read(asn1.Seal, asn1.Seal(made).dump())


def signed(text: bytes, stamp: asn1.Seal, key: SealKey, at: datetime) -> bytes:
    """SignedValue.dat for the text of Signature.xml."""
    content = asn1.ToSign(
        {
            "version": asn1.VERSION,
            "seal": stamp,
            "at": at,
            "digest": asn1.bits(package.sm3(text)),
            "where": f"/{package.SIGNATURE}",
        }
    )
    made = {
        "content": content,
        "certificate": key.certificate.dump(),
        "algorithm": asn1.SM2_SM3,
        "signature": asn1.bits(key.key.sign(content.dump())),
    }
    return bytes(asn1.Signed(made).dump())
