"""Which node answers for a system that this one does not carry, by the directory."""

from dataclasses import dataclass
from functools import lru_cache

from django.apps import apps

from lingnan.kernel.exchange.federation import directories, own
from lingnan.kernel.exchange.federation.own import Own
from lingnan.kernel.exchange.messages.directory import Directory
from lingnan.kernel.exchange.messages.directory_text import NotADirectory
from lingnan.standards.xroad import Identifier


@dataclass(frozen=True)
class Elsewhere:
    """A system at another node: the body that answers for it, the node, and the node's root by its
    digest."""

    provider: Identifier
    server: str
    root: str

    @property
    def system(self) -> str:
        return self.provider.subsystem


def carried(system: str) -> bool:
    """Whether this node carries a system itself."""
    return system in apps.app_configs


def of_system(system: str) -> Elsewhere | None:
    """Where a system is that this node does not carry; None where nobody is known to. Of several
    the one of the highest body, and the node that founded the instance before others."""
    if carried(system):
        return None
    found = [one for one in systems() if one.system == system]
    return min(found, key=_nearness, default=None)


def holds(asks: Identifier, system: str) -> bool:
    """Whether somebody at another node answers for a system."""
    return asks.subsystem == system and any(one.provider == asks for one in systems())


def systems() -> list[Elsewhere]:
    """Every system that another node answers for."""
    here, directory = present()
    if here is None or directory is None:
        return []
    return [
        Elsewhere(one, server, directories.root_of(directory.peer(server)))
        for one, server in sorted(directory.homes.items())
        if server != here.server and one.subsystem != own.OWN_SYSTEM
    ]


@dataclass(frozen=True)
class Node:
    """Another node: `services` is the subsystem under which it answers for itself."""

    server: str
    services: Identifier
    root: str


def nodes() -> list[Node]:
    """Every other node of the instance."""
    here, directory = present()
    if here is None or directory is None:
        return []
    return [
        _node(peer.server, directories.root_of(peer))
        for peer in sorted(directory.peers, key=lambda one: one.server)
        if peer.server != here.server
    ]


def node(server: str) -> Node | None:
    """One of them; None for one that the directory does not name."""
    return next((one for one in nodes() if one.server == server), None)


def server_of(asks: Identifier) -> str | None:
    """The node that asks for itself under this subsystem."""
    _here, directory = present()
    if directory is None or asks.subsystem != own.OWN_SYSTEM:
        return None
    return directory.homes.get(asks)


def speaks_for(server: str, body: str) -> bool:
    """Whether a node may speak for a body."""
    here, directory = present()
    if here is None or directory is None or server not in directory.servers:
        return False
    return directory.peer(server).speaks_for(own.member(here.instance, body))


def node_of(body: str) -> str | None:
    """The other node (server) that speaks for a body; None where this one does, or nobody."""
    here, directory = present()
    if here is None or directory is None:
        return None
    member_ = own.member(here.instance, body)
    speaking = [one.server for one in directory.peers if one.speaks_for(member_)]
    return None if here.server in speaking or not speaking else min(speaking)


def speaks_here(body: str) -> bool:
    """Whether this node speaks for a body."""
    here, _directory = present()
    return here is not None and speaks_for(here.server, body)


def own_services() -> Identifier | None:
    """Under what this node asks for itself; None as long as it belongs to no instance."""
    here, _directory = present()
    return own.member(here.instance, here.owner, own.OWN_SYSTEM) if here else None


def home_here(system: str) -> Identifier | None:
    """Under what this node answers for a system that it carries."""
    here, directory = present()
    if here is None or directory is None:
        return None
    found = (one for one, at in sorted(directory.homes.items()) if at == here.server)
    return next((one for one in found if one.subsystem == system), None)


def member(body: str, system: str) -> Identifier | None:
    """A body of this instance with a system of its own."""
    here, _directory = present()
    return own.member(here.instance, body, system) if here else None


def present() -> tuple[Own | None, Directory | None]:
    """Who this node is, and the newest directory; nothing for a node by itself."""
    try:
        here = own.membership()
    except own.NotNamed:
        return None, None
    row = directories.newest_number(here.instance)
    return here, _known(here.instance, here.anchor, row) if row else None


@lru_cache(maxsize=4)
def _known(instance: str, anchor: str, number: int) -> Directory | None:
    """Judged once: a directory that is kept does not change."""
    try:
        return directories.known(instance, anchor)
    except NotADirectory:
        return None


def _node(server: str, root: str) -> Node:
    instance, _class, owner, _code = server.split("/")
    return Node(server, own.member(instance, owner, own.OWN_SYSTEM), root)


def _nearness(one: Elsewhere) -> tuple[int, str, str]:
    return len(one.provider.member), one.provider.member, one.server
