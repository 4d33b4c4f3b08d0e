"""What others enter of consents; `trust.api.consents` is this."""

from lingnan.kernel.trust.consents.giving import (
    MOST,
    PERIODS,
    ConsentRefused,
    Wish,
    give,
    of_giver,
    revoke,
    signature_holds,
)
from lingnan.kernel.trust.consents.using import Asking, NoConsent, covering, take, used

__all__ = [
    "MOST",
    "PERIODS",
    "Asking",
    "ConsentRefused",
    "NoConsent",
    "Wish",
    "covering",
    "give",
    "of_giver",
    "revoke",
    "signature_holds",
    "take",
    "used",
]
