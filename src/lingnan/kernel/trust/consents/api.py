"""What others enter of consents; `trust.api.consents` is this."""

from lingnan.kernel.trust.consents import asking, foreign, notices, signing
from lingnan.kernel.trust.consents.giving import (
    CROSSING,
    HANDING_ON,
    MOST,
    PERIODS,
    ConsentRefused,
    Wish,
    give,
    of_giver,
    revoke,
    said_by,
    signature_holds,
)
from lingnan.kernel.trust.consents.models import ConsentRequest
from lingnan.kernel.trust.consents.using import (
    Asking,
    NoConsent,
    covered,
    covering,
    covers,
    take,
    taken,
    used,
    window,
)

__all__ = [
    "CROSSING",
    "HANDING_ON",
    "MOST",
    "PERIODS",
    "Asking",
    "ConsentRefused",
    "ConsentRequest",
    "NoConsent",
    "Wish",
    "asking",
    "covered",
    "covering",
    "covers",
    "foreign",
    "give",
    "notices",
    "of_giver",
    "revoke",
    "said_by",
    "signature_holds",
    "signing",
    "take",
    "taken",
    "used",
    "window",
]
