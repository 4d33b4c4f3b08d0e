"""The door of the exchange."""

from lingnan.kernel.exchange import afar, agreements, holders, offers, terms, wishes
from lingnan.kernel.exchange.agreements import conclude
from lingnan.kernel.exchange.answers import answer_row, from_records, grouped
from lingnan.kernel.exchange.catalogue import (
    Resource,
    declared,
    forget,
    offering,
    resource,
    resources,
)
from lingnan.kernel.exchange.emergency import words as emergency_words
from lingnan.kernel.exchange.emergency.reviewing import tell_due as tell_of_emergencies
from lingnan.kernel.exchange.followers import follow, followable, unfollow
from lingnan.kernel.exchange.gateway import several, single
from lingnan.kernel.exchange.introductions import (
    give,
    introduce,
    introduce_all,
    introduce_each,
    keys_of,
    looked,
    subjects_of,
)
from lingnan.kernel.exchange.models import Agreement, AgreementWish
from lingnan.kernel.exchange.offers import Offer
from lingnan.kernel.exchange.own import (
    Living,
    Organisation,
    accounts_answering,
    accounts_of,
    answered_for,
    born_on,
    households_on_record,
    officials_on_record,
    organisations_of,
    subject_key,
)
from lingnan.kernel.exchange.pseudonyms import UnknownSubject
from lingnan.kernel.exchange.purposes import purpose, purposes
from lingnan.kernel.exchange.sources import api as sources
from lingnan.kernel.exchange.told import Told, tell
from lingnan.kernel.exchange.use import (
    Answer,
    Denied,
    ExchangeFailure,
    InsideTransaction,
    Stale,
    Unavailable,
    Use,
)

__all__ = [
    "Agreement",
    "AgreementWish",
    "Answer",
    "Denied",
    "ExchangeFailure",
    "InsideTransaction",
    "Living",
    "Offer",
    "Organisation",
    "Resource",
    "Stale",
    "Told",
    "Unavailable",
    "UnknownSubject",
    "Use",
    "accounts_answering",
    "accounts_of",
    "afar",
    "agreements",
    "answer_row",
    "answered_for",
    "born_on",
    "conclude",
    "declared",
    "emergency_words",
    "follow",
    "followable",
    "forget",
    "from_records",
    "give",
    "grouped",
    "holders",
    "households_on_record",
    "introduce",
    "introduce_all",
    "introduce_each",
    "keys_of",
    "looked",
    "offering",
    "offers",
    "officials_on_record",
    "organisations_of",
    "purpose",
    "purposes",
    "resource",
    "resources",
    "several",
    "single",
    "sources",
    "subject_key",
    "subjects_of",
    "tell",
    "tell_of_emergencies",
    "terms",
    "unfollow",
    "wishes",
]
