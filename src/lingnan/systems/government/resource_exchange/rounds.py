"""The catalogue follows the releases of this node."""

from lingnan.systems.government.resource_exchange import entries

EVERY = 3600.0


def round() -> int:
    return entries.keep()
