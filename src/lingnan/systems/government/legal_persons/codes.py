"""Credit codes that nobody has yet."""

import hashlib

from lingnan.kernel.runtime.api import legal_time
from lingnan.standards import credit_code, registration_number
from lingnan.standards.synthetic import synthetic_county
from lingnan.systems.government.legal_persons.models import (
    Branch,
    Enterprise,
    FormerIdentifier,
    IndividualBusiness,
)

# GB 32100: registering authority 9 (market regulators); 1 enterprise, 2 individual business.
REGISTRAR, ENTERPRISE, INDIVIDUAL = "9", "1", "2"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def free_code(seed: str, kind: str, division: str) -> str:
    """A credit code for the holder of `seed`; the ninth character is the body code's check."""
    place = place_of(division)
    for attempt in range(1000):
        mark = hashlib.sha256(f"{seed}|{attempt}".encode()).digest()
        eight = "".join(ALPHABET[byte % len(ALPHABET)] for byte in mark[:8])
        check = credit_code.organisation_check(eight)
        code = credit_code.compose(REGISTRAR, kind, place, eight + check)
        if not taken(code):
            return code
    raise RuntimeError("no free credit code")


def free_number(division: str) -> str:
    """A registration number of 15 digits, as firms got before the reform (GS 15)."""
    place = place_of(division)
    for sequence in range(10_000_000, 40_000_000):
        number = registration_number.compose(place, f"{sequence:08d}")
        if not FormerIdentifier.objects.filter(value=number).exists():
            return number
    raise RuntimeError("no free registration number")


def taken(code: str) -> bool:
    """Whether somebody of the register has or had this credit code."""
    kinds = (IndividualBusiness, Enterprise, Branch)
    return any(kind.objects.filter(credit_code=code).exists() for kind in kinds)


def place_of(division: str) -> str:
    return synthetic_county(division) if legal_time.is_demonstration() else division
