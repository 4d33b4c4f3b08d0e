"""The catalogue follows the releases of this node; corrections are told; value is counted."""

from lingnan.systems.government.resource_exchange import entries
from lingnan.systems.government.resource_exchange.corrections import spreading
from lingnan.systems.government.resource_exchange.value import computing

EVERY = 3600.0


def round() -> int:
    return entries.keep() + spreading.spread() + computing.recompute()
