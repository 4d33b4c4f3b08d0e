"""Key pairs by their algorithm: making, signing, verifying. Private keys are PKCS#8 in DER."""

from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from . import sm2
from .keys import Algorithm, KeyDamaged, PublicKey


def make(algorithm: Algorithm) -> bytes:
    """A new private key. Raises `KeyStoreUnavailable` where this machine cannot."""
    if algorithm is Algorithm.SM2:
        return sm2.make()
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def public_of(algorithm: Algorithm, private: bytes) -> PublicKey:
    """Raises `KeyDamaged`."""
    if algorithm is Algorithm.SM2:
        return PublicKey(algorithm, sm2.public_of(private))
    der = (
        _p256(private)
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return PublicKey(algorithm, der)


def signer(algorithm: Algorithm, private: bytes) -> Callable[[bytes], bytes]:
    """What signs with the key, loaded once. Raises `KeyDamaged`."""
    if algorithm is Algorithm.SM2:
        return lambda data: sm2.sign(private, data)
    key = _p256(private)
    return lambda data: key.sign(data, ec.ECDSA(hashes.SHA256()))


def verify(public: PublicKey, data: bytes, signature: bytes) -> bool:
    """Whether the signature is by that key over that data; False also for an unfit key."""
    if public.algorithm is Algorithm.SM2:
        return sm2.verify(public.der, data, signature)
    try:
        key: Any = serialization.load_der_public_key(public.der)
        key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError, AttributeError):
        return False
    return True


def _p256(private: bytes) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_der_private_key(private, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise KeyDamaged("This is no private key.") from problem
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise KeyDamaged("This is no P-256 key.")
    return key
