"""The key-management centre's store: encryption keys that can be handed over again.

It is a folder of its own. A key that signs is never in it, so that no way leads from here to one.
A private key leaves as an encrypted PKCS#8 (RFC 5958 §3, PBES2 of RFC 8018 §6.2), for P-256 and SM2
alike, and in no other form.
"""

import os
import secrets

from asn1crypto import algos, core, keys
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from .folder import FolderKeyStore

ROUNDS = 600_000
SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
GROUPS, GROUP = 5, 5
"""25 of 32 signs: 125 bits."""


class Escrow(FolderKeyStore):
    """Labels as in a key store. Several processes may share one folder."""

    def hand_over(self, label: str, passphrase: str) -> bytes:
        """The private key in DER, encrypted under the passphrase. Raises `KeyMissing`,
        `KeyDamaged`, and ValueError for a passphrase that is none of `passphrase()`."""
        if not is_passphrase(passphrase):
            raise ValueError("no passphrase of ours")
        _public, private = self._unwrapped(label)
        return _encrypted(private, passphrase.encode())


def passphrase() -> str:
    """A new one, in groups, without signs that look alike."""
    drawn = ["".join(secrets.choice(SIGNS) for _ in range(GROUP)) for _ in range(GROUPS)]
    return "-".join(drawn)


def is_passphrase(text: str) -> bool:
    groups = text.split("-")
    return len(groups) == GROUPS and all(
        len(group) == GROUP and set(group) <= set(SIGNS) for group in groups
    )


def _encrypted(private: bytes, passphrase: bytes) -> bytes:
    salt, start = os.urandom(16), os.urandom(16)
    key = PBKDF2HMAC(hashes.SHA256(), 32, salt, ROUNDS).derive(passphrase)
    padder = padding.PKCS7(128).padder()
    padded = padder.update(private) + padder.finalize()
    cipher = Cipher(AES256(key), modes.CBC(start)).encryptor()
    derivation = {
        "algorithm": "pbkdf2",
        "parameters": algos.Pbkdf2Params(
            {
                "salt": algos.Pbkdf2Salt("specified", core.OctetString(salt)),
                "iteration_count": ROUNDS,
                "prf": {"algorithm": "sha256", "parameters": core.Null()},
            }
        ),
    }
    scheme = {"algorithm": "aes256_cbc", "parameters": core.OctetString(start)}
    told = {"key_derivation_func": derivation, "encryption_scheme": scheme}
    made: bytes = keys.EncryptedPrivateKeyInfo(
        {
            "encryption_algorithm": {"algorithm": "pbes2", "parameters": algos.Pbes2Params(told)},
            "encrypted_data": cipher.update(padded) + cipher.finalize(),
        }
    ).dump()
    return made
