"""Keys and algorithms that are strong enough (NIST SP 800-131A; GB/T 32918)."""

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

LEAST_RSA = 2048
SIGNERS = (rsa.RSAPublicKey, ec.EllipticCurvePublicKey, ed25519.Ed25519PublicKey)
CURVES = frozenset({"secp256r1", "secp384r1", "secp521r1"})
HASHES = frozenset({"sha256", "sha384", "sha512"})


def weakness(certificate: x509.Certificate) -> str:
    """What is too weak about a certificate; empty when nothing is."""
    try:
        key, digest = certificate.public_key(), certificate.signature_hash_algorithm
    except (UnsupportedAlgorithm, ValueError):
        return "an unknown key or algorithm"
    if isinstance(key, rsa.RSAPublicKey):
        # Whole octets (CA/Browser Forum Baseline Requirements §6.1.5).
        fit = key.key_size >= LEAST_RSA and key.key_size % 8 == 0
    elif isinstance(key, ec.EllipticCurvePublicKey):
        fit = key.curve.name in CURVES
    else:
        fit = isinstance(key, ed25519.Ed25519PublicKey)
    if not fit:
        return f"a key of kind {type(key).__name__}"
    return "" if digest is None or digest.name in HASHES else f"signed over {digest.name}"
