"""Counting periods as 《刑事诉讼法》（2018-10-26）第一百零五条 says.

Periods are counted by hours, days and months; the hour and the day in which one begins do not
count. One whose last day is a day off ends on the first day after, but custody ends on its last
day. What the article leaves open is read so that no period becomes longer (unverified): a month
ends on the same day of the next one, or on its last day where there is none; what is prolonged
goes on from where it would have ended; half a month is fifteen days.
"""

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

DayOff = Callable[[date], bool]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_PARTS = re.compile(r"([1-9][0-9]{0,3})([hdm])", re.ASCII)


@dataclass(frozen=True)
class Length:
    """So many months, then so many days, or so many hours."""

    months: int = 0
    days: int = 0
    hours: int = 0

    def __post_init__(self) -> None:
        if self.hours and (self.months or self.days):
            raise ValueError("a period of hours has no days")

    @classmethod
    def read(cls, text: str) -> "Length":
        """Of "24h", "15d", "2m" or "1m15d". Raises ValueError."""
        found = _PARTS.findall(text)
        if not found or "".join(number + unit for number, unit in found) != text:
            raise ValueError(f"{text!r} is no length")
        told = {unit: int(number) for number, unit in found}
        if len(told) != len(found):
            raise ValueError(f"{text!r} names a unit twice")
        return cls(told.get("m", 0), told.get("d", 0), told.get("h", 0))


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(start: date, lengths: Sequence[Length]) -> date:
    """The last day of a period that began on `start`, each length going on from the one before."""
    day = start
    for length in lengths:
        day = months_after(day, length.months) + timedelta(days=length.days)
    return day


def last_hour(start: datetime, hours: int) -> datetime:
    """The moment at which so many hours are over; the one in which it began does not count."""
    return start.replace(minute=0, second=0, microsecond=0) + HOUR + timedelta(hours=hours)


def on_a_working_day(day: date, is_off: DayOff) -> date:
    """The day itself, or the first after it that is no day off."""
    while is_off(day):
        day += DAY
    return day


def end_of(day: date, like: datetime) -> datetime:
    """The moment at which a day is over, in the time zone of another moment."""
    return datetime.combine(day + DAY, time(), like.tzinfo)


def off_by_week(day: date) -> bool:
    """Saturday and Sunday: for days of which no calendar was announced."""
    return day.weekday() >= 5
