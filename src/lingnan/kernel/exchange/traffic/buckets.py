"""Durations counted in buckets that grow with them: eight to each doubling. Pure.

What is read from them is never less than what was put in and at most an eighth more, however many
histograms were added up in between.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import ceil

BITS = 3
STEPS = 1 << BITS
ERROR = 1 / STEPS
LONGEST = 600_000_000
"""Microseconds: ten minutes. What took longer is counted as that."""


def bucket(microseconds: int) -> int:
    """The bucket of a duration; one below nought counts as nought."""
    value = min(max(microseconds, 0), LONGEST)
    doublings = max(0, value.bit_length() - BITS - 1)
    return doublings * STEPS + (value >> doublings)


def longest(bucket: int) -> int:
    """The longest duration of a bucket, in microseconds."""
    if bucket < 2 * STEPS:
        return bucket
    doublings = bucket // STEPS - 1
    return ((bucket - doublings * STEPS + 1) << doublings) - 1


def percentile(counts: Mapping[int, int], share: float) -> int | None:
    """By the nearest rank, in microseconds: `share` of what was counted (more than 0, at most 1)
    took no longer. None where nothing was counted."""
    total = sum(counts.values())
    rank, seen = ceil(share * total), 0
    for one in sorted(counts):
        seen += counts[one]
        if counts[one] and seen >= rank:
            return longest(one)
    return None


def together(several: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """Several histograms as one."""
    found: dict[int, int] = {}
    for counts in several:
        for one, number in counts.items():
            found[one] = found.get(one, 0) + number
    return found


def plain(counts: Mapping[int, int]) -> dict[str, int]:
    """As it is kept."""
    return {str(one): number for one, number in sorted(counts.items())}


def read(kept: Mapping[str, int]) -> dict[int, int]:
    return {int(one): number for one, number in kept.items()}


def of_texts(kept: str) -> dict[int, int]:
    """What stands in several kept ones, written as JSON one after another with a comma between.

    Many rows say the same of a bucket: it is the entries that are counted, and few that are read.
    """
    found: dict[int, int] = {}
    entries = Counter(kept.translate(_BARE).split(","))
    for entry, times in entries.items():
        one, parted, number = entry.partition(":")
        if parted:
            found[int(one)] = found.get(int(one), 0) + int(number) * times
    return found


_BARE = str.maketrans("", "", '{}" ')
