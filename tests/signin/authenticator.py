"""A passkey's device in software: makes keys and signs as WebAuthn Level 2 has it."""

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 1, 4, 64
ORIGIN, SITE = "http://testserver", "testserver"


def text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def bytes_of(said: str) -> bytes:
    return urlsafe_b64decode(said + "=" * (-len(said) % 4))


@dataclass
class Passkey:
    """One key of a device. What a test changes is a plain attribute."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    identifier: bytes = field(default_factory=lambda: os.urandom(32))
    user: bytes = b""
    count: int = 0
    flags: int = PRESENT | VERIFIED
    origin: str = ORIGIN
    site: str = SITE

    def made(self, options: dict[str, Any]) -> str:
        """The answer to the options of a registration (§7.1)."""
        self.user = bytes_of(options["user"]["id"])
        point = self.key.public_key().public_numbers()
        cose = {
            1: 2,
            3: -7,
            -1: 1,
            -2: point.x.to_bytes(32, "big"),
            -3: point.y.to_bytes(32, "big"),
        }
        attested = bytes(16) + len(self.identifier).to_bytes(2, "big") + self.identifier
        data = self._data(self.flags | ATTESTED) + attested + cbor2.dumps(cose)
        told = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"])
        return self._answer({"clientDataJSON": text(client), "attestationObject": text(told)})

    def signed(self, options: dict[str, Any]) -> str:
        """The answer to the options of a sign-in (§7.2)."""
        self.count += 1
        data, client = self._data(self.flags), self._client("webauthn.get", options["challenge"])
        covered = data + hashlib.sha256(client).digest()
        signature = self.key.sign(covered, ec.ECDSA(hashes.SHA256()))
        return self._answer({
            "clientDataJSON": text(client), "authenticatorData": text(data),
            "signature": text(signature), "userHandle": text(self.user),
        })  # fmt: skip

    def _data(self, flags: int) -> bytes:
        site = hashlib.sha256(self.site.encode()).digest()
        return site + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        name = text(self.identifier)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response,
                           "clientExtensionResults": {}})  # fmt: skip
