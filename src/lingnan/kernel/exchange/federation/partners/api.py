"""What systems and pages need of other instances."""

from lingnan.kernel.exchange.federation.partners import (
    asking,
    concluding,
    directories,
    documents,
    entering,
    hearing,
    naming,
    rules,
    telling,
)
from lingnan.kernel.exchange.federation.partners.models import Arrangement, Asked, Heard, Partner

__all__ = [
    "Arrangement",
    "Asked",
    "Heard",
    "Partner",
    "asking",
    "concluding",
    "directories",
    "documents",
    "entering",
    "hearing",
    "naming",
    "rules",
    "telling",
]
