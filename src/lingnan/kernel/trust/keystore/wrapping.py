"""The key that wraps the keys of a folder (AES-256-GCM, NIST SP 800-38D).

It is 32 bytes in a file: apart from the folder it protects, on a node that means it.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .files import write_whole
from .keys import KeyDamaged, KeyStoreUnavailable

LENGTH, NONCE = 32, 12


@dataclass(frozen=True, slots=True, repr=False)
class WrappingKey:
    """Wraps and unwraps; `mark` says which key it was, and nothing of it."""

    _key: bytes

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises `KeyStoreUnavailable`."""
        try:
            key = path.read_bytes()
        except OSError as problem:
            raise KeyStoreUnavailable(f"The wrapping key {path} cannot be read.") from problem
        if len(key) != LENGTH:
            raise KeyStoreUnavailable(f"The wrapping key {path} is not {LENGTH} bytes.")
        return cls(key)

    @classmethod
    def read_or_make(cls, path: Path) -> Self:
        """The key of a file, drawn the first time. Called by one process at a time."""
        if not path.exists():
            write_whole(path, os.urandom(LENGTH), 0o600)
        return cls.read(path)

    @property
    def mark(self) -> str:
        return hashlib.sha256(b"lingnan wrapping key\0" + self._key).hexdigest()[:16]

    def for_purpose(self, purpose: str) -> Self:
        """A key made from this one (HKDF, RFC 5869) that opens nothing of another purpose."""
        info = b"lingnan wrapping for\0" + purpose.encode()
        return type(self)(HKDF(hashes.SHA256(), LENGTH, None, info).derive(self._key))

    def wrap(self, secret: bytes, name: bytes) -> bytes:
        """Nonce and ciphertext; unwrapping asks for the same name."""
        nonce = os.urandom(NONCE)
        return nonce + AESGCM(self._key).encrypt(nonce, secret, name)

    def unwrap(self, wrapped: bytes, name: bytes) -> bytes:
        """Raises `KeyDamaged` when a byte differs, or the name, or the key."""
        try:
            return AESGCM(self._key).decrypt(wrapped[:NONCE], wrapped[NONCE:], name)
        except (InvalidTag, ValueError) as problem:
            raise KeyDamaged("A wrapped key was changed or wrapped under another key.") from problem
