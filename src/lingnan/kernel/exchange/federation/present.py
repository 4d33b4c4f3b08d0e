"""What the gateway goes by at this moment: read anew, once a second, where something changed."""

from dataclasses import dataclass, field
from pathlib import Path

from django.db.models import Max

from lingnan.kernel.exchange.federation import directories, own
from lingnan.kernel.exchange.federation.models import (
    ClientSystem,
    KnownDirectory,
    Membership,
    ServiceAddress,
)
from lingnan.kernel.exchange.federation.own import Own
from lingnan.kernel.exchange.federation.partners import present as abroad
from lingnan.kernel.exchange.federation.partners.models import Partner
from lingnan.kernel.exchange.messages import asgi, serving
from lingnan.kernel.exchange.messages.consuming import digest_of
from lingnan.kernel.exchange.messages.directory import Directory, Peer
from lingnan.kernel.exchange.messages.offerings import Address
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.standards.xroad import Identifier, Service

Mark = tuple[int, ...]


@dataclass
class Present:
    """Filled by `load` in a thread; read by the event loop, which sees one state or the next."""

    socket: Path
    here: Own | None = None
    known: Directory | None = None
    clients: dict[str, Identifier] = field(default_factory=dict)
    addresses: dict[Service, Address] = field(default_factory=dict)
    partners: dict[str, abroad.Known] = field(default_factory=dict)
    _mark: Mark = ()

    def load(self) -> bool:
        """Whether anything has changed."""
        mark = _mark()
        if mark == self._mark:
            return False
        try:
            here = own.membership()
        except own.NotNamed:
            return False
        self.known = directories.known(here.instance, here.anchor)
        self.clients = {
            row.certificate: own.member(here.instance, row.body, row.subsystem)
            for row in ClientSystem.objects.filter(ended=False)
        }
        self.addresses = {
            Service(own.member(here.instance, row.body, row.subsystem), row.code): Address(
                row.url, row.description
            )
            for row in ServiceAddress.objects.filter(ended=False)
        }
        self.partners = abroad.load()
        self.here, self._mark = here, mark
        return True

    def forget(self) -> None:
        """Read everything again at the next `load`."""
        self._mark = ()

    def directory(self) -> Directory:
        """Raises Refused as long as none is known."""
        if self.known is None:
            raise Refused("OutdatedGlobalConf", "this node has not joined yet", 503)
        return self.known

    def roots(self) -> list[str]:
        """Of whom a channel is taken: the nodes of the instance, and at its gate those of
        others."""
        own = [peer.root for peer in self.known.peers] if self.known else []
        if self.here is None or not self.here.founded:
            return own
        return own + [one.gate.root for one in self.partners.values()]

    def hop(self, peer: Peer) -> Peer:
        """To which node a message for another goes next. Raises Refused."""
        assert self.here is not None
        if not peer.server.startswith(f"{self.here.instance}/"):
            return self._gate(peer)
        return self.directory().hop(peer, self.here.server)

    def _gate(self, peer: Peer) -> Peer:
        """Other instances' nodes are reached through their gates alone. Raises Refused."""
        found = self.partners.get(peer.server.partition("/")[0])
        if found is None:
            raise Refused("UnknownServer", f"no way to {peer.server}")
        return found.gate

    def demand(self, scope: asgi.Scope, client: Identifier) -> None:
        """As `consuming.Clients`: the node's own processes speak for its members, an information
        system for the one that its certificate was entered for. Raises Refused."""
        if serving.local(scope):
            here = self.here
            if here is not None and self.directory().peer(here.server).speaks_for(client):
                return
            raise Refused("AccessDenied", f"this node does not speak for {client}", 403)
        certificate = serving.caller(scope)
        allowed = self.clients.get(digest_of(certificate)) if certificate else None
        if allowed is None:
            raise Refused("AccessDenied", "your certificate is not entered here", 403)
        if client != allowed:
            raise Refused("AccessDenied", f"you do not speak for {client}", 403)


def _mark() -> Mark:
    """Changes with everything that is read here."""
    newest = (
        Membership.objects.aggregate(n=Max("id")),
        KnownDirectory.objects.aggregate(n=Max("id")),
        ClientSystem.Version.objects.aggregate(n=Max("id")),
        ServiceAddress.Version.objects.aggregate(n=Max("id")),
        Partner.Version.objects.aggregate(n=Max("id")),
    )
    return tuple(int(one["n"] or 0) for one in newest)
