"""The directory of an instance: its nodes, whom each speaks for, and where subsystems are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.standards.xroad import Identifier


@dataclass(frozen=True)
class Peer:
    """A node. `server` is its identifier as X-Road-Security-Server has it.

    keys      by SHA-256 of a certificate in hexadecimal: the public key that signs its messages
              (SubjectPublicKeyInfo in DER)
    members   for whom it may speak
    """

    server: str
    url: str
    keys: Mapping[str, bytes] = field(default_factory=dict)
    members: frozenset[Identifier] = frozenset()

    def speaks_for(self, client: Identifier) -> bool:
        """A node that speaks for a member speaks for all its subsystems."""
        return Identifier(*client.parts[:3]) in self.members


@dataclass(frozen=True)
class Directory:
    """What is known of one instance, from when until when. Times are system time."""

    instance: str
    version: int
    issued: datetime
    expires: datetime
    peers: Iterable[Peer]
    homes: Mapping[Identifier, str]
    """Which node (by `server`) answers for a subsystem."""
    names: Mapping[Identifier, str] = field(default_factory=dict)

    @cached_property
    def _servers(self) -> dict[str, Peer]:
        return {peer.server: peer for peer in self.peers}

    @cached_property
    def _keys(self) -> dict[str, Peer]:
        return {key: peer for peer in self.peers for key in peer.keys}

    def peer(self, server: str) -> Peer:
        """Raises Refused."""
        if server not in self._servers:
            raise Refused("UnknownServer", f"no node {server} in {self.instance}")
        return self._servers[server]

    def home_of(self, provider: Identifier) -> Peer:
        """The node that answers for a subsystem. Raises Refused."""
        if provider.instance != self.instance:
            raise Refused("UnknownMember", f"{self.instance} does not know {provider.instance}")
        if provider not in self.homes:
            raise Refused("UnknownMember", f"nobody answers for {provider}")
        return self.peer(self.homes[provider])

    def signer(self, keyid: str) -> tuple[Peer, bytes]:
        """The node behind a key, and the key. Raises Refused."""
        peer = self._keys.get(keyid)
        if peer is None:
            raise Refused("UnknownSigner", "the message is signed by a key of no node known here")
        return peer, peer.keys[keyid]

    def in_force(self, now: datetime) -> None:
        """Raises Refused once it has expired: members may have left, keys may be revoked."""
        if now >= self.expires:
            raise Refused("OutdatedGlobalConf", f"the directory expired {self.expires.isoformat()}")
