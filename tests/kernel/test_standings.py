"""What lists compare in the database is what each clock says when its events are played."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingnan.kernel.duty.api import Clock, ClockRefused, Standing, calendars, clocks, standings
from lingnan.kernel.runtime.api import keys, legal_time
from tests.examples import examples

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
START = date(2026, 3, 2)
LIMITS = st.tuples(st.integers(0, 15), st.integers(0, 15), st.sampled_from(("working", "calendar")))
ACTS = st.lists(
    st.tuples(
        st.sampled_from(("pause", "pause-open", "resume", "extend", "stop")),
        st.integers(0, 9),
        st.integers(1, 12),
    ),
    max_size=4,
)


def move_to(day: date) -> None:
    legal_time.move_to(legal_time.now() + (day - legal_time.today()))


def act(clock: Clock, what: str, days: int) -> None:
    until = legal_time.today() + timedelta(days=days)
    if what.startswith("pause"):
        clocks.pause(clock, "x", "basis", "reason", until if what == "pause" else None)
    elif what == "resume":
        clocks.resume(clock, "x")
    elif what == "extend":
        clocks.extend(clock, days, "x", "basis", "reason")
    else:
        clocks.stop(clock, "x")


def agrees(clock: Clock, day: date) -> None:
    standing = Standing.objects.get(clock=clock)
    assert standings.card_now(standing, day) == clocks.read(clock, day).card, day


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(limit=LIMITS, acts=ACTS)
def test_a_standing_says_what_its_clock_says(limit: Any, acts: Any) -> None:
    with transaction.atomic():
        play(limit, acts)
        transaction.set_rollback(True)  # legal time goes back for the next example


def play(limit: Any, acts: Any) -> None:
    first, second, unit = limit
    move_to(START)
    made = clocks.start(
        f"test-{keys.new_key()}",
        "decision",
        {"unit": f"{unit}_day", "promised": min(first, second), "statutory": max(first, second)},
        "a basis",
        body="a-body",
    )
    day = START
    for what, after, days in acts:
        for offset in range(after + 1):
            agrees(made, day + timedelta(days=offset))
        day += timedelta(days=after)
        move_to(day)
        try:
            act(made, what, days)
        except ClockRefused:
            continue
    for offset in range(40):
        agrees(made, day + timedelta(days=offset))


def test_counting_by_card_is_what_the_list_shows() -> None:
    move_to(START)
    limit = {"unit": "working_day", "statutory": 4, "promised": 2}
    for number in range(3):
        clocks.start(f"count-{number}", "decision", limit, "a basis", body="counted")
    assert standings.counts("body", body="counted")["counted",]["green"] == 3
    seen = []
    for day in range(1, 9):
        move_to(START + timedelta(days=day))
        counted = standings.counts("body", body="counted")["counted",]
        seen.append(next(card for card, number in counted.items() if number))
        shown = {row.now for row in standings.running().filter(body="counted")}
        assert shown == {seen[-1]}
    # 3 March is the first working day of the limit; 7 and 8 March are a weekend.
    assert seen == ["warning", "warning", "yellow", "yellow", "yellow", "yellow", "red", "red"]


def test_rebuilding_finds_the_same() -> None:
    move_to(START)
    made = clocks.start(
        "again", "decision", {"unit": "working_day", "statutory": 9, "promised": 6}, "a basis"
    )
    before = Standing.objects.values().get(clock=made)
    Standing.objects.filter(clock=made).update(red_on=None, yellow_on=None)
    assert standings.rebuild() >= 1
    assert Standing.objects.values().get(clock=made) == before


def test_a_year_announced_later_is_worked_in() -> None:
    move_to(date(2026, 12, 22))
    limit = {"unit": "working_day", "statutory": 20, "promised": 15}
    made = clocks.start("new-year", "decision", limit, "a basis")
    assert Standing.objects.get(clock=made).red_on is None
    days = [{"date": f"2027-01-{day:02d}", "working": "0", "name": "元旦"} for day in (1, 2, 3)] + [
        {"date": f"2027-02-{day:02d}", "working": "0", "name": "春节"} for day in range(6, 13)
    ]
    calendars.load_rows(days)
    red = Standing.objects.get(clock=made).red_on
    assert red is not None and clocks.read(made, red).card == "red"
