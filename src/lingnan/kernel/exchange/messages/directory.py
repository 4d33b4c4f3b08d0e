"""The directory of an instance: its nodes, whom each speaks for, and where subsystems are."""

from collections.abc import Collection, Iterable, Mapping
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
    root      certificate in PEM under which its channel and what it signs for good are certified
    via       the node (by `server`) through which alone it is reached; empty: directly
    """

    server: str
    url: str
    keys: Mapping[str, bytes] = field(default_factory=dict)
    members: frozenset[Identifier] = frozenset()
    root: str = ""
    via: str = ""

    @property
    def code(self) -> str:
        """What the node is called within its instance; its channel's certificate names it so."""
        return self.server.rpartition("/")[2]

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
    gate: str = ""
    """The node (by `server`) that speaks with other instances; empty where none is said."""

    @cached_property
    def _servers(self) -> dict[str, Peer]:
        return {peer.server: peer for peer in self.peers}

    @cached_property
    def _keys(self) -> dict[str, Peer]:
        return {key: peer for peer in self.peers for key in peer.keys}

    @property
    def servers(self) -> Collection[str]:
        """The nodes by name."""
        return self._servers.keys()

    def way_to(self, target: Peer) -> set[str]:
        """The nodes (by `server`) through which one is reached. Raises Refused."""
        found: set[str] = set()
        step = target
        while step.via:
            if step.via in found or step.via == target.server:
                raise Refused("UnknownServer", f"{target.server} is reached through itself")
            found.add(step.via)
            step = self.peer(step.via)
        return found

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

    def hop(self, target: Peer, here: str) -> Peer:
        """To which node a message for `target` goes next from `here`: towards it where this node is
        on its way, else up where this one is reached through another. Raises Refused."""
        self.way_to(target)
        if target.server == here:
            return target
        step = target
        while step.via and step.via != here:
            step = self.peer(step.via)
        if step.via == here:
            return step
        own = self._servers.get(here)
        if own is not None and own.via:
            return self.peer(own.via)
        return step

    def in_force(self, now: datetime) -> None:
        """Raises Refused once it has expired: members may have left, keys may be revoked."""
        if now >= self.expires:
            raise Refused("OutdatedGlobalConf", f"the directory expired {self.expires.isoformat()}")
