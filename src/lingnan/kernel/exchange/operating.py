"""What the operators' pages need of the exchange."""

from lingnan.kernel.exchange.tracing import assembling, steps, telling, verifying
from lingnan.kernel.exchange.traffic import counting, exchanges, keeping, metrics, reading
from lingnan.kernel.exchange.watching import ending, judging, queues, rules, seeing
from lingnan.kernel.exchange.watching.models import Alert

__all__ = [
    "Alert",
    "assembling",
    "counting",
    "ending",
    "exchanges",
    "judging",
    "keeping",
    "metrics",
    "queues",
    "reading",
    "rules",
    "seeing",
    "steps",
    "telling",
    "verifying",
]
