"""What others enter of acting for somebody; `trust.api.acting` is this."""

from lingnan.kernel.trust.acting import showing, words
from lingnan.kernel.trust.acting.checking import is_text
from lingnan.kernel.trust.acting.granting import (
    LONGEST,
    PowerRefused,
    Wish,
    accept,
    close,
    guard,
    offer,
    taken_up,
)
from lingnan.kernel.trust.acting.models import Power
from lingnan.kernel.trust.acting.registers import (
    Asked,
    Identified,
    Stands,
    Ward,
    identified_here,
    registers_people,
    stands,
    wards,
)
from lingnan.kernel.trust.acting.rules import (
    APPLY,
    CONSENT,
    GIVEN,
    GUARDIANSHIP,
    LOOKED,
    MESSAGES,
    MOST_DAYS,
    POWER,
    RECORD,
    REPRESENTATION,
    Acting,
)
from lingnan.kernel.trust.acting.standing import IN_SESSION, acting_of, agents_of

__all__ = [
    "APPLY",
    "CONSENT",
    "GIVEN",
    "GUARDIANSHIP",
    "IN_SESSION",
    "LONGEST",
    "LOOKED",
    "MESSAGES",
    "MOST_DAYS",
    "POWER",
    "RECORD",
    "REPRESENTATION",
    "Acting",
    "Asked",
    "Identified",
    "Power",
    "PowerRefused",
    "Stands",
    "Ward",
    "Wish",
    "accept",
    "acting_of",
    "agents_of",
    "close",
    "guard",
    "identified_here",
    "is_text",
    "offer",
    "registers_people",
    "showing",
    "stands",
    "taken_up",
    "wards",
    "words",
]
