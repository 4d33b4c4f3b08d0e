"""Residence permits: 居住证暂行条例 (2015-11-26) Art. 2, 10."""

from dataclasses import dataclass
from datetime import date

from lingnan.systems.government.population.rules.limits import limit, months_after

GROUNDS = ("work", "dwelling", "study")


class TooSoon(ValueError):
    """A permit may not be asked for yet; `since` is the day from which it may."""

    def __init__(self, since: date) -> None:
        super().__init__(since.isoformat())
        self.since = since


@dataclass(frozen=True)
class Permit:
    """A permit as the rules see it: counted from `counted_from`, endorsed until `until`."""

    counted_from: date
    until: date


def due_from(registered: date, on: date) -> date:
    """The first day on which a permit may be asked for: half a year of residence (Art. 2)."""
    return limit("permit_wait", on).last_day(registered)


def issued(registered: date, grounds: str, on: date) -> Permit:
    """A permit asked for on a day. Raises TooSoon; ValueError on grounds that Art. 2 lacks."""
    if grounds not in GROUNDS:
        raise ValueError(grounds)
    if on < due_from(registered, on):
        raise TooSoon(due_from(registered, on))
    return Permit(on, limit("endorsement", on).last_day(on))


def usable(permit: Permit, on: date) -> bool:
    """Whether the permit may be used: its use is suspended when it is not endorsed (Art. 10)."""
    return on < permit.until


def may_endorse(permit: Permit, on: date) -> bool:
    """Whether it is the month before the year is full, or later (Art. 10)."""
    return on >= months_after(permit.until, -limit("endorsement_window", on).months)


def endorsed(permit: Permit, on: date) -> Permit:
    """In time, the year goes on from the old one; late, it counts anew from this day (Art. 10)."""
    year = limit("endorsement", on)
    if usable(permit, on):
        return Permit(permit.counted_from, year.last_day(permit.until))
    return Permit(on, year.last_day(on))
