"""What the synthetic enterprises set up before October 2015 were known by."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

from lingnan.kernel.runtime.api import Columns
from lingnan.standards import registration_number
from lingnan.standards.synthetic import synthetic_county
from lingnan.systems.government.legal_persons.merging import FIRST_DAY

# Sequences of domestic enterprises begin with 0 to 3 (GS 15).
SEQUENCES = 40_000_000
# Old licences could be used until the end of 2017: 工商企注字〔2015〕121号 as reported, unverified.
DAYS = (date(2017, 12, 31) - FIRST_DAY).days


class Numbers:
    """Running numbers of the province: no two firms share one."""

    def __init__(self) -> None:
        self._next = count(1)

    def of_chunk(self, chunk: Columns) -> Iterator[dict[str, Any]]:
        """Two identifiers for each firm that is old enough, merged on some day up to 2017."""
        names = ("code", "division", "registered_on")
        for code, division, registered_on in zip(*(chunk[name] for name in names), strict=True):
            if registered_on >= FIRST_DAY:
                continue
            running = next(self._next)
            shared = {
                "company": code,
                "division": division,
                "valid_from": registered_on,
                "replaced_on": FIRST_DAY + timedelta(days=running * 37 % DAYS),
            }
            number = registration_number.compose(
                synthetic_county(division), f"{running % SEQUENCES:08d}"
            )
            yield shared | {"kind": "registration_number", "value": number}
            yield shared | {"kind": "organisation_code", "value": code[8:17]}
