"""Two nodes with keys of their own, and the directory that names them."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from lingnan.kernel.exchange.messages.directory import Directory, Peer
from lingnan.kernel.exchange.messages.signing import Speaker
from lingnan.standards.xroad import Identifier

MARKET = Identifier("CN-GD", "GOV", "gd-440103-market")
POLICE = Identifier("CN-GD", "GOV", "gd-440000-police")
POPULATION = Identifier("CN-GD", "GOV", "gd-440000-police", "population")


@dataclass(frozen=True)
class Keeper:
    """A node that signs."""

    server: str
    key: ec.EllipticCurvePrivateKey

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def keyid(self) -> str:
        return hashlib.sha256(self.public).hexdigest()

    @property
    def speaker(self) -> Speaker:
        return Speaker(
            self.server, self.keyid, lambda data: self.key.sign(data, ec.ECDSA(hashes.SHA256()))
        )

    def peer(self, *members: Identifier, url: str = "https://127.0.0.1:1") -> Peer:
        return Peer(self.server, url, {self.keyid: self.public}, frozenset(members))


def keeper(name: str) -> Keeper:
    return Keeper(f"CN-GD/GOV/gd-{name}/node", ec.generate_private_key(ec.SECP256R1()))


def directory(
    *peers: Peer, homes: dict[Identifier, str], names: dict[Identifier, str] | None = None,
    hours: int = 1,
) -> Directory:  # fmt: skip
    issued = datetime.now(UTC)
    ends = issued + timedelta(hours=hours)
    return Directory("CN-GD", 1, issued, ends, peers, homes, names or {})
