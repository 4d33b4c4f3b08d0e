"""TLS between nodes: who this node is on a channel, and whom it takes there.

A node's channel is certified under its own root, by its code; the directory says whose root that
is. What comes by a channel is believed only for what it is signed (`signing`).
"""

import os
import ssl
from collections.abc import Iterable
from dataclasses import dataclass

from lingnan.kernel.exchange.messages.directory import Peer

CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"


@dataclass(frozen=True)
class Certified:
    """A node's channel: its certificate with those above it, and its key, in PEM."""

    chain: str
    key: str


def of_server(own: Certified, roots: Iterable[str], ask: bool = True) -> ssl.SSLContext:
    """For those who call: each shows a certificate under one of these roots (PEM), where asked."""
    made = _context(ssl.PROTOCOL_TLS_SERVER, own)
    made.verify_mode = ssl.CERT_REQUIRED if ask else ssl.CERT_NONE
    made.options |= ssl.OP_NO_TICKET
    made.num_tickets = 0
    trust(made, roots)
    return made


class Door:
    """The context for those who call, which is made anew as those who are taken change: one that is
    taken no more is let in to no new channel, and no channel goes on by a ticket of before."""

    def __init__(self, own: Certified, roots: Iterable[str]) -> None:
        self._now = of_server(own, roots)
        self.context = of_server(own, [])
        self.context.sni_callback = self._chosen

    def change(self, own: Certified, roots: Iterable[str]) -> None:
        """From the next channel on."""
        self._now = of_server(own, roots)

    def _chosen(self, channel: ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> None:
        channel.context = self._now


def of_client(own: Certified, root: str) -> ssl.SSLContext:
    """For calling the node whose root this is; that it is that node, its name there says."""
    made = _context(ssl.PROTOCOL_TLS_CLIENT, own)
    made.check_hostname = True
    made.verify_mode = ssl.CERT_REQUIRED
    trust(made, [root])
    return made


def show(context: ssl.SSLContext, own: Certified) -> None:
    """Be known by this certificate from the next channel on."""
    _load(context, own)


def trust(context: ssl.SSLContext, roots: Iterable[str]) -> None:
    """Take those under these roots, too, from the next channel on."""
    for root in roots:
        if root:
            context.load_verify_locations(cadata=root)


class Callers:
    """Contexts by which other nodes are called, kept while their root stays the same."""

    def __init__(self, own: Certified) -> None:
        self._own = own
        self._made: dict[str, tuple[str, ssl.SSLContext]] = {}

    def of(self, peer: Peer) -> ssl.SSLContext:
        """Raises ssl.SSLError where the directory names no certificate as its root."""
        kept = self._made.get(peer.server)
        if kept is None or kept[0] != peer.root:
            kept = (peer.root, of_client(self._own, peer.root))
            self._made[peer.server] = kept
        return kept[1]


def _context(protocol: int, own: Certified) -> ssl.SSLContext:
    made = ssl.SSLContext(protocol)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers(CIPHERS)
    made.options |= ssl.OP_NO_COMPRESSION
    _load(made, own)
    return made


def _load(context: ssl.SSLContext, own: Certified) -> None:
    """OpenSSL reads files only: one in memory, so that the key is on no disk unwrapped."""
    written = os.memfd_create("channel", os.MFD_CLOEXEC)
    try:
        os.write(written, f"{own.key}\n{own.chain}".encode())
        context.load_cert_chain(f"/proc/self/fd/{written}")
    finally:
        os.close(written)
