"""Key pairs by their algorithm: making, signing, verifying. Private keys are PKCS#8 in DER."""

from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from . import sm2
from .keys import Algorithm, KeyDamaged, PublicKey

RSA_BITS = 3072


def make(algorithm: Algorithm) -> bytes:
    """A new private key. Raises `KeyStoreUnavailable` where this machine cannot."""
    if algorithm is Algorithm.SM2:
        return sm2.make()
    rsa_key = algorithm is Algorithm.RSA
    key = rsa.generate_private_key(65537, RSA_BITS) if rsa_key else _new_p256()
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def public_of(algorithm: Algorithm, private: bytes) -> PublicKey:
    """Raises `KeyDamaged`."""
    if algorithm is Algorithm.SM2:
        return PublicKey(algorithm, sm2.public_of(private))
    der = (
        _loaded(algorithm, private)
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return PublicKey(algorithm, der)


def signer(algorithm: Algorithm, private: bytes) -> Callable[[bytes], bytes]:
    """What signs with the key, loaded once. Raises `KeyDamaged`."""
    if algorithm is Algorithm.SM2:
        return lambda data: sm2.sign(private, data)
    key = _loaded(algorithm, private)
    if isinstance(key, rsa.RSAPrivateKey):
        return lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return lambda data: key.sign(data, ec.ECDSA(hashes.SHA256()))


def verify(public: PublicKey, data: bytes, signature: bytes) -> bool:
    """Whether the signature is by that key over that data; False also for an unfit key."""
    if public.algorithm is Algorithm.SM2:
        return sm2.verify(public.der, data, signature)
    try:
        key: Any = serialization.load_der_public_key(public.der)
        if public.algorithm is Algorithm.RSA:
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError, AttributeError):
        return False
    return True


def _new_p256() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _loaded(algorithm: Algorithm, private: bytes) -> ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey:
    try:
        key = serialization.load_der_private_key(private, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise KeyDamaged("This is no private key.") from problem
    if algorithm is Algorithm.RSA and isinstance(key, rsa.RSAPrivateKey):
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name == "secp256r1":
        return key
    raise KeyDamaged(f"This is no key of {algorithm.value}.")
