"""What a private key can do for others, and what a store of such keys can do."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class KeyStoreUnavailable(Exception):
    """The store, or the key that wraps its keys, cannot be read or written."""


class KeyMissing(KeyStoreUnavailable):
    """The store holds no key of that label."""


class KeyDamaged(KeyStoreUnavailable):
    """A key's file was changed, put under another label, or wrapped under another key."""


class Algorithm(Enum):
    """Signature algorithms: a key pair and the hash that is signed with it."""

    P256 = "ecdsa-p256-sha256"
    """ECDSA on P-256 with SHA-256 (RFC 5758 §3.2)."""
    SM2 = "sm2-sm3"
    """SM2 with SM3 (GB/T 32918.2, GB/T 35276)."""
    RSA = "rsa-3072-sha256"
    """RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2), 3072 bits: only where a protocol demands it,
    as OpenID Connect does (RS256). No certificate is issued on it."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """`der` is the SubjectPublicKeyInfo (RFC 5280 §4.1.2.7)."""

    algorithm: Algorithm
    der: bytes


class SigningKey(Protocol):
    """A private key that signs where it is kept."""

    @property
    def label(self) -> str: ...

    @property
    def public(self) -> PublicKey: ...

    def sign(self, data: bytes) -> bytes:
        """Signature over `data` as DER Ecdsa-Sig-Value. Raises `KeyStoreUnavailable`."""
        ...


class KeyStore(Protocol):
    """Labels are 1 to 100 characters of a–z, A–Z, 0–9, `-`, `_`, `.`."""

    def make(self, label: str, algorithm: Algorithm = Algorithm.P256) -> SigningKey:
        """A new key. Raises ValueError where the label is taken or unfit."""
        ...

    def open(self, label: str) -> SigningKey:
        """Raises `KeyMissing`, `KeyDamaged`."""
        ...

    def labels(self) -> list[str]: ...

    def destroy(self, label: str) -> None:
        """Raises `KeyMissing`."""
        ...
