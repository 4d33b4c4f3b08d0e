from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lingnan.standards.working_days import CalendarNotAnnounced, WorkingCalendar

DAY = timedelta(days=1)
FIRST, LAST = date(2007, 1, 1), date(2026, 12, 31)
days = st.dates(min_value=FIRST, max_value=LAST)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2011, 9, 20), 20, date(2011, 10, 21)),
        (date(2011, 9, 28), 5, date(2011, 10, 10)),
        (date(2026, 9, 21), 20, date(2026, 10, 26)),
        (date(2024, 9, 30), 5, date(2024, 10, 12)),
    ],
)
def test_periods_across_holidays(
    calendar: WorkingCalendar, start: date, count: int, end: date
) -> None:
    assert calendar.add_working_days(start, count) == end
    assert calendar.working_days_between(start, end) == count


def test_calendar_file_equals_the_public_one(
    exceptions: dict[date, bool], testdata: Callable[[str], Path]
) -> None:
    path = testdata("calendar/cn_working_days.json")
    years = json.loads(path.read_text(encoding="utf-8"))
    published = {
        date.fromisoformat(day["date"]): not day["is_off_day"]
        for year in years
        for day in year["days"]
    }
    assert len(published) == 678
    assert exceptions == published


def test_every_day_follows_its_notice_or_the_week(
    calendar: WorkingCalendar, exceptions: dict[date, bool]
) -> None:
    weekend = {5, 6}
    for offset in range((LAST - FIRST).days + 1):
        day = FIRST + offset * DAY
        expected = exceptions[day] if day in exceptions else day.weekday() not in weekend
        assert calendar.is_working_day(day) is expected, day


def test_nothing_added_is_the_day_itself_even_a_holiday(calendar: WorkingCalendar) -> None:
    assert calendar.add_working_days(date(2026, 10, 1), 0) == date(2026, 10, 1)


def test_next_working_day_is_never_the_day_itself(calendar: WorkingCalendar) -> None:
    assert calendar.next_working_day(date(2011, 9, 30)) == date(2011, 10, 8)
    assert calendar.next_working_day(date(2011, 10, 1)) == date(2011, 10, 8)
    assert calendar.next_working_day(date(2011, 10, 8)) == date(2011, 10, 9)


@given(start=days, count=st.integers(min_value=0, max_value=400))
def test_add_then_between_is_the_same_number(
    calendar: WorkingCalendar, start: date, count: int
) -> None:
    try:
        end = calendar.add_working_days(start, count)
    except CalendarNotAnnounced:
        # Only a start within the last 400 working days may run past the end.
        assert calendar.working_days_between(start, LAST) < count
        return
    assert calendar.working_days_between(start, end) == count
    assert count == 0 or calendar.is_working_day(end)


@given(start=days, length=st.integers(min_value=0, max_value=500))
def test_between_equals_counting_day_by_day(
    calendar: WorkingCalendar, start: date, length: int
) -> None:
    end = start + length * DAY
    assume(end <= LAST)
    counted = sum(calendar.is_working_day(start + n * DAY) for n in range(1, length + 1))
    assert calendar.working_days_between(start, end) == counted


@given(st.dictionaries(days, st.booleans(), max_size=30))
def test_exceptions_decide(chosen: dict[date, bool]) -> None:
    calendar = WorkingCalendar(chosen, FIRST, LAST)
    assert all(calendar.is_working_day(day) is works for day, works in chosen.items())


@pytest.mark.parametrize(
    ("day", "year"), [(LAST + DAY, 2027), (FIRST - DAY, 2006), (date(2030, 5, 5), 2030)]
)
def test_a_day_outside_is_not_guessed(calendar: WorkingCalendar, day: date, year: int) -> None:
    inside = date(2015, 1, 5)
    questions: list[Callable[[], object]] = [
        lambda: calendar.is_working_day(day),
        lambda: calendar.add_working_days(day, 0),
        lambda: calendar.next_working_day(day),
        lambda: calendar.working_days_between(min(day, inside), max(day, inside)),
    ]
    for question in questions:
        with pytest.raises(CalendarNotAnnounced) as caught:
            question()
        assert caught.value.year == year


def test_a_period_that_runs_past_the_calendar_names_the_missing_year(
    calendar: WorkingCalendar,
) -> None:
    assert calendar.add_working_days(date(2026, 12, 30), 1) == LAST
    with pytest.raises(CalendarNotAnnounced) as caught:
        calendar.add_working_days(date(2026, 12, 30), 2)
    assert caught.value.year == 2027
    half = WorkingCalendar({}, date(2020, 1, 1), date(2020, 6, 30))
    with pytest.raises(CalendarNotAnnounced) as caught:
        half.add_working_days(date(2020, 6, 30), 1)
    assert caught.value.year == 2020


def test_impossible_questions(calendar: WorkingCalendar) -> None:
    with pytest.raises(ValueError, match="negative"):
        calendar.add_working_days(date(2015, 1, 5), -1)
    with pytest.raises(ValueError, match="before it begins"):
        calendar.working_days_between(date(2015, 1, 5), date(2015, 1, 4))
    with pytest.raises(ValueError, match="before it begins"):
        WorkingCalendar({}, LAST, FIRST)
