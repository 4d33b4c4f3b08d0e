"""What a system needs of handing over."""

from lingnan.kernel.exchange.elsewhere import node_of, nodes
from lingnan.kernel.exchange.handing import ending, limits, offering, receiving, store
from lingnan.kernel.exchange.handing.limits import TooMuch
from lingnan.kernel.exchange.handing.models import HandedIn, Handover, Incoming
from lingnan.kernel.exchange.handing.rights import gives, in_force
from lingnan.kernel.exchange.handing.sending import hand_over
from lingnan.kernel.exchange.handing.store import NoRoom


def roots() -> set[str]:
    """The digests of the roots of the other nodes of the instance."""
    return {one.root for one in nodes()}


def state_of(system: str, kind: str, number: str) -> Handover | None:
    """How far something has come; None where it stays at this node."""
    found = Handover.objects.filter(system=system, kind=kind, number=number)
    return found.defer("content", "leaves").first()


__all__ = [
    "HandedIn",
    "Handover",
    "Incoming",
    "NoRoom",
    "TooMuch",
    "ending",
    "gives",
    "hand_over",
    "in_force",
    "limits",
    "node_of",
    "offering",
    "receiving",
    "roots",
    "state_of",
    "store",
]
