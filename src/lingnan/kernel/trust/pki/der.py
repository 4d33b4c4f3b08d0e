"""The pieces that certificates, revocation lists and status answers are signed with."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from asn1crypto import algos, keys, x509

from lingnan.kernel.trust.keystore.keys import Algorithm, PublicKey, SigningKey

_OID = {Algorithm.P256: "sha256_ecdsa", Algorithm.SM2: "1.2.156.10197.1.501"}
"""SM2 with SM3 as GM/T 0006 numbers it (unverified: its text was not at hand; OpenSSL reads the
same number); asn1crypto has no name for it."""


def signature_algorithm(algorithm: Algorithm) -> algos.SignedDigestAlgorithm:
    """The AlgorithmIdentifier; no parameters with ECDSA (RFC 5758 §3.2)."""
    return algos.SignedDigestAlgorithm({"algorithm": _OID[algorithm]})


def signed(whole: type[Any], part: str, content: Any, key: SigningKey, **more: Any) -> Any:
    """A SEQUENCE of a part, the algorithm and the signature over the part's DER."""
    return whole(
        {
            part: content,
            "signature_algorithm": signature_algorithm(key.public.algorithm),
            whole_signature(whole): key.sign(content.dump()),
            **more,
        }
    )


def whole_signature(whole: type[Any]) -> str:
    """What the structure calls its signature."""
    return "signature_value" if whole is x509.Certificate else "signature"


def public_key(key: PublicKey) -> keys.PublicKeyInfo:
    return keys.PublicKeyInfo.load(key.der)


def key_identifier(key: PublicKey) -> bytes:
    """SHA-1 of the bits of the public key (RFC 5280 §4.2.1.2, method 1)."""
    bits = public_key(key)["public_key"]
    return hashlib.sha1(bits.contents[1:], usedforsecurity=False).digest()


def time(moment: datetime) -> x509.Time:
    """UTCTime until 2049, GeneralizedTime after (RFC 5280 §4.1.2.5)."""
    whole = moment.astimezone(UTC).replace(microsecond=0)
    return x509.Time("utc_time" if whole.year < 2050 else "general_time", whole)
