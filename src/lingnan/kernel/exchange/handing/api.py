"""What a system needs of handing over."""

from lingnan.kernel.exchange.elsewhere import nodes
from lingnan.kernel.exchange.handing.models import Handover
from lingnan.kernel.exchange.handing.sending import LARGEST, TooLarge, hand_over


def roots() -> set[str]:
    """The digests of the roots of the other nodes of the instance."""
    return {one.root for one in nodes()}


def state_of(system: str, kind: str, number: str) -> Handover | None:
    """How far something has come; None where it stays at this node."""
    found = Handover.objects.filter(system=system, kind=kind, number=number)
    return found.defer("content").first()


__all__ = ["LARGEST", "Handover", "TooLarge", "hand_over", "roots", "state_of"]
