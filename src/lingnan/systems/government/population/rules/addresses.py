"""On which days a record said a wrong address, and what says the same (户口登记条例 Art. 17).

A correction reaches as far as the wrong statement and no further: what the record said on other
days, of another dwelling or another household, stays.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

Days = tuple[date, date | None]
BETWEEN = re.compile(r"[\W_]+")
DIVISIONS = ("省", "市", "区", "县", "镇", "乡", "村", "街道")


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


def meets(wanted: str, given: str) -> bool:
    """Whether an address is the one that somebody wants, in other words.

    Blanks, signs and their width aside; either may leave out the divisions before the street, and
    what is given may name floor and room after the door.
    """
    one, other = _plain(wanted), _plain(given)
    if not one or not other:
        return False
    tail = _behind_divisions(other, one)
    if tail is not None:
        return not tail or (one.endswith("号") and tail[0].isascii())
    return _behind_divisions(one, other) == ""


def _plain(text: str) -> str:
    return BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()


def _behind_divisions(whole: str, part: str) -> str | None:
    """What follows the part in the whole, if nothing but divisions goes before it."""
    before, found, after = whole.partition(part)
    return after if found and (not before or before.endswith(DIVISIONS)) else None
