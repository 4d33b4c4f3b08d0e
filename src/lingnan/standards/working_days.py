"""Working days: the plain week corrected by the State Council's yearly holiday notices.

Limits of the Administrative Licensing Law are working days without statutory holidays
(Article 82); the day of the event that starts a period is not counted.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import accumulate


class CalendarNotAnnounced(ValueError):
    """The answer needs a day of a year (`year`) for which no calendar has been entered."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no working-day calendar for {year}")
        self.year = year


class WorkingCalendar:
    """The working days from `first` to `last`, both included.

    `exceptions` maps a date to True (worked) or False (off); a day not listed follows the
    week, Monday to Friday worked. Exceptions outside the range have no effect. Raises
    ValueError if `last` is before `first`.
    """

    def __init__(self, exceptions: Mapping[date, bool], first: date, last: date) -> None:
        if last < first:
            raise ValueError("the calendar ends before it begins")
        self.first = first
        self.last = last
        self._origin = first.toordinal()
        length = last.toordinal() - self._origin + 1
        days = (date.fromordinal(self._origin + offset) for offset in range(length))
        worked = [exceptions.get(day, day.weekday() < 5) for day in days]
        # Every list of cases asks for every row, so all sums are made once, here:
        # _until[n] working days lie among the first n days of the calendar.
        self._worked = worked
        self._until = list(accumulate(worked, initial=0))
        self._offsets = [offset for offset, works in enumerate(worked) if works]

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on this day. Raises CalendarNotAnnounced."""
        return self._worked[self._offset(day)]

    def add_working_days(self, start: date, count: int) -> date:
        """The day on which `count` working days after `start` are complete.

        `start` itself is not counted, so 1 gives the next working day; 0 gives `start` as it
        is. Raises ValueError for a negative count, CalendarNotAnnounced if the period begins
        or ends outside the calendar.
        """
        if count < 0:
            raise ValueError("a period cannot have a negative number of working days")
        offset = self._offset(start)
        if count == 0:
            return start
        index = bisect_right(self._offsets, offset) + count - 1
        if index >= len(self._offsets):
            raise CalendarNotAnnounced((self.last + timedelta(days=1)).year)
        return date.fromordinal(self._origin + self._offsets[index])

    def working_days_between(self, start: date, end: date) -> int:
        """The number of working days after `start` up to and including `end`.

        Raises ValueError if `end` is before `start`, CalendarNotAnnounced.
        """
        begin, finish = self._offset(start), self._offset(end)
        if finish < begin:
            raise ValueError("the period ends before it begins")
        return self._until[finish + 1] - self._until[begin + 1]

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`, never `day` itself. Raises CalendarNotAnnounced."""
        return self.add_working_days(day, 1)

    def _offset(self, day: date) -> int:
        offset = day.toordinal() - self._origin
        if not 0 <= offset < len(self._worked):
            raise CalendarNotAnnounced(day.year)
        return offset
