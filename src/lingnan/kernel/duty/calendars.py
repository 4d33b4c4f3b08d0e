"""The official working-day calendar, kept as data that the operator extends each November."""

import csv
import threading
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from lingnan.kernel.duty.models import CalendarDay
from lingnan.standards.working_days import WorkingCalendar

_cache: dict[tuple[int, date | None], WorkingCalendar] = {}
_lock = threading.Lock()


def calendar() -> WorkingCalendar:
    """The calendar of every year whose notice has been loaded."""
    count = CalendarDay.objects.count()
    last = CalendarDay.objects.order_by("-day").values_list("day", flat=True).first()
    with _lock:
        found = _cache.get((count, last))
    return found or _remember(count, last)


def _remember(count: int, last: date | None) -> WorkingCalendar:
    exceptions = dict(CalendarDay.objects.values_list("day", "working"))
    # A notice names a stray day or two of the years beside its own; only whole years count.
    named = Counter(day.year for day in exceptions)
    years = [year for year, days in named.items() if days > 5]
    if not years:
        raise LookupError("no working-day calendar is loaded")
    made = WorkingCalendar(exceptions, date(min(years), 1, 1), date(max(years), 12, 31))
    with _lock:
        _cache.clear()
        _cache[(count, last)] = made
    return made


def load(path: Path) -> int:
    """Load `day,working,name` rows from a file; known days are replaced. Returns rows."""
    with path.open(encoding="utf-8", newline="") as stream:
        return load_rows(csv.DictReader(stream))


def load_rows(rows: Iterable[dict[str, str]]) -> int:
    days = [
        CalendarDay(
            day=date.fromisoformat(row["date"]), working=row["working"] == "1", name=row["name"]
        )
        for row in rows
    ]
    known = dict(CalendarDay.objects.values_list("day", "working"))
    CalendarDay.objects.bulk_create(
        days, update_conflicts=True, update_fields=["working", "name"], unique_fields=["day"]
    )
    _cache.clear()
    if known and any(known.get(day.day) != day.working for day in days):
        # What was not announced, or otherwise, when a clock was last worked out.
        from lingnan.kernel.duty import standings

        standings.rebuild()
    return len(days)
