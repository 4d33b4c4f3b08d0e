"""The catalogue follows the releases of this node, and what bodies have published is looked at."""

from lingnan.systems.government.resource_exchange import entries
from lingnan.systems.government.resource_exchange.sources import watching

EVERY = 300.0


def round() -> int:
    return entries.keep() + watching.check()
