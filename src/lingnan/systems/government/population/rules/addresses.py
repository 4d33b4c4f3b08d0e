"""On which days a record said an address that was wrong (户口登记条例 Art. 17).

A correction reaches as far as the wrong statement and no further: what the record said on other
days, of another dwelling or another household, stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

Days = tuple[date, date | None]


@dataclass(frozen=True)
class Stated:
    """What a record says from a day until before another (None: still)."""

    start: date
    until: date | None
    address: str
    household: str = ""


def wrong_days(
    stated: Sequence[Stated],
    wrong: str,
    since: date | None = None,
    until: date | None = None,
    household: str = "",
) -> list[Days]:
    """The days to be corrected, in order, as (from, until before; None: open).

    Without `since` they reach back without a break to the day from which the record said so.
    With a household, only days on which the record was of it.
    """
    found: list[Days] = []
    for one in sorted(stated, key=lambda one: one.start, reverse=True):
        start = max(one.start, since) if since else one.start
        end = min((day for day in (one.until, until) if day), default=None)
        if end is not None and end <= start:
            continue
        if one.address == wrong and household in ("", one.household):
            found.append((start, end))
        elif found and since is None:
            break
    return found[::-1]
