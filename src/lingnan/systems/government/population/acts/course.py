"""What a record says over time, as known now: intervals of days, each with its version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any


@dataclass(frozen=True)
class Stretch:
    """Days from `start` until before `until` (None: open) on which one version holds."""

    start: date
    until: date | None
    said: Any


def course(record: Any) -> list[Stretch]:
    """The stretches of a record, in order. A record that was never changed has one."""
    versions = list(record.Version.objects.filter(key=record.key).order_by("version"))
    if not versions:
        return [Stretch(record.valid_from, None, record)]
    edges = sorted({day for v in versions for day in (v.valid_from, v.valid_to) if day})
    found = []
    for start, until in pairwise([*edges, None]):
        said = _holding(versions, start)
        if start is not None and said is not None:
            found.append(Stretch(start, until, said))
    return found


def _holding(versions: Sequence[Any], day: date | None) -> Any:
    for one in reversed(versions):
        if day and one.valid_from <= day and (one.valid_to is None or day < one.valid_to):
            return one
    return None


def member_since(resident: Any) -> date:
    """Since when somebody has been in the household where they are now, without a break."""
    stretches = course(resident)
    since = stretches[-1].start
    for stretch in reversed(stretches):
        if stretch.said.ended or stretch.said.household != stretch_home(resident):
            break
        since = stretch.start
    return since


def stretch_home(resident: Any) -> str:
    return str(resident.household)


def first_day(home: Any) -> date | None:
    """The first day a household is on record; None where it was loaded as it stood."""
    first = home.Version.objects.filter(key=home.key, version=1).first()
    if first is None or first.changed_by == "bulk load":
        return None
    begun: date = course(home)[0].start
    return begun
