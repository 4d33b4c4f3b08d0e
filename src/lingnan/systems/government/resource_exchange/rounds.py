"""The catalogue follows the releases of this node; corrections are told; value is counted; what
bodies have published is looked at."""

import time

from lingnan.systems.government.resource_exchange import entries
from lingnan.systems.government.resource_exchange.corrections import spreading
from lingnan.systems.government.resource_exchange.sources import watching
from lingnan.systems.government.resource_exchange.value import computing

EVERY = 300.0
COUNTED_EVERY = 3600.0
_counted = [float("-inf")]


def round() -> int:
    """What bodies have published every five minutes, figures each hour."""
    done = entries.keep() + watching.check() + spreading.spread()
    if time.monotonic() - _counted[0] < COUNTED_EVERY:
        return done
    _counted[0] = time.monotonic()
    return done + computing.recompute()
