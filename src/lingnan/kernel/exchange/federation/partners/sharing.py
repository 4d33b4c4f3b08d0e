"""What the gate tells the other nodes of its instance: with whom there is exchange, and what was
arranged about what they hold, or for bodies for which they speak.

Each node verifies it: the partner's directory under the partner's anchor, an arrangement by the
signatures of both sides.
"""

from typing import Any

from lingnan.kernel.exchange.federation import directories as own_directories
from lingnan.kernel.exchange.federation import own
from lingnan.kernel.exchange.federation.partners import directories, documents
from lingnan.kernel.exchange.federation.partners.models import Arrangement, Partner
from lingnan.kernel.exchange.messages.directory import Directory, Peer
from lingnan.standards.xroad import Identifier

SERVICE = "partners"


def answer(question: dict[str, Any], asks: Identifier) -> dict[str, Any]:
    """To a node that asks for itself; `known`: by instance the version of the directory that it has
    already. Raises PermissionError."""
    here = own.membership()
    directory = own_directories.known(here.instance, here.anchor)
    server = directory.homes.get(asks) if directory is not None else None
    if directory is None or server is None or asks.subsystem != own.OWN_SYSTEM:
        raise PermissionError(f"{asks} asks for no node of {here.instance}")
    if not here.founded:
        raise PermissionError(f"{here.server} did not found {here.instance}")
    had = question.get("known")
    had = had if isinstance(had, dict) else {}
    found = directories.partners()
    peer, reached = directory.peer(server), {one.instance for one in found}
    rows = Arrangement.objects.filter(state="in_force", partner__in=reached).order_by("key")
    return {
        "partners": [_partner(one, had.get(one.instance)) for one in found],
        "arrangements": [_arrangement(one) for one in rows if _concerns(one, peer, directory)],
    }


def _partner(one: Partner, had: Any) -> dict[str, Any]:
    known, row = directories.known(one), directories.newest(one)
    new = known is not None and row is not None and known.version != had
    return {
        "instance": one.instance, "kind": one.kind, "title_zh": one.title_zh,
        "title_en": one.title_en, "node": one.node, "anchor": one.anchor,
        "directory": row.document if new and row is not None else None,
    }  # fmt: skip


def _arrangement(one: Arrangement) -> dict[str, Any]:
    return {
        "partner": one.partner, "document": one.document, "ours": one.ours, "theirs": one.theirs,
        "held": one.held_here or one.held_there,
    }  # fmt: skip


def _concerns(one: Arrangement, peer: Peer, directory: Directory) -> bool:
    said = documents.read(one.document)
    if one.giver == directory.instance:
        return said.system in own_directories.holders(directory.homes, peer.server)
    return any(peer.speaks_for(own.member(directory.instance, body)) for body in said.bodies)
