"""The door of the exchange."""

from lingnan.kernel.exchange import (
    afar,
    agreements,
    elsewhere,
    holders,
    limited,
    offers,
    rates,
    rows,
    terms,
    use_text,
    volumes,
    wishes,
)
from lingnan.kernel.exchange.aggregates import offered as figures_elsewhere
from lingnan.kernel.exchange.aggregates.asking import BadQuestion, ask
from lingnan.kernel.exchange.aggregates.asking import open_to as counted_by
from lingnan.kernel.exchange.aggregates.asking import summed as summed_by
from lingnan.kernel.exchange.aggregates.values import Question, Table
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
from lingnan.kernel.exchange.federation import api as federation
from lingnan.kernel.exchange.federation.partners import api as partners
from lingnan.kernel.exchange.followers import follow, followable, unfollow
from lingnan.kernel.exchange.gateway import several, single
from lingnan.kernel.exchange.handing import api as handing
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
from lingnan.kernel.exchange.sets.asking import opened, part, parts
from lingnan.kernel.exchange.sets.index import Membership
from lingnan.kernel.exchange.sets.index import among as among_set
from lingnan.kernel.exchange.sets.index import looked as sets_about
from lingnan.kernel.exchange.sets.index import proof as membership
from lingnan.kernel.exchange.sets.opening import Opened
from lingnan.kernel.exchange.sets.values import Manifest, Part, SetUse
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
from lingnan.kernel.exchange.wording import NotATerm

__all__ = [
    "Agreement",
    "AgreementWish",
    "Answer",
    "BadQuestion",
    "Denied",
    "ExchangeFailure",
    "InsideTransaction",
    "Living",
    "Manifest",
    "Membership",
    "NotATerm",
    "Offer",
    "Opened",
    "Organisation",
    "Part",
    "Question",
    "Resource",
    "SetUse",
    "Stale",
    "Table",
    "Told",
    "Unavailable",
    "UnknownSubject",
    "Use",
    "accounts_answering",
    "accounts_of",
    "afar",
    "agreements",
    "among_set",
    "answer_row",
    "answered_for",
    "ask",
    "born_on",
    "conclude",
    "counted_by",
    "declared",
    "elsewhere",
    "emergency_words",
    "federation",
    "figures_elsewhere",
    "follow",
    "followable",
    "forget",
    "from_records",
    "give",
    "grouped",
    "handing",
    "holders",
    "households_on_record",
    "introduce",
    "introduce_all",
    "introduce_each",
    "keys_of",
    "limited",
    "looked",
    "membership",
    "offering",
    "offers",
    "officials_on_record",
    "opened",
    "organisations_of",
    "part",
    "partners",
    "parts",
    "purpose",
    "purposes",
    "rates",
    "resource",
    "resources",
    "rows",
    "sets_about",
    "several",
    "single",
    "sources",
    "subject_key",
    "subjects_of",
    "summed_by",
    "tell",
    "tell_of_emergencies",
    "terms",
    "unfollow",
    "use_text",
    "volumes",
    "wishes",
]
