"""The clock runs by itself, and only legal time moves it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingnan.kernel.duty.api import Clock, ClockRefused, calendars, clocks
from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.kernel.runtime.append_only import WrittenOnce
from tests.examples import examples

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "clock.yaml").read_text())
FIRE = {"unit": "working_day", "statutory": 10, "promised": 6}


def started(limit: dict[str, Any] = FIRE, on: date | None = None) -> Clock:
    return clocks.start(f"test-{keys.new_key()}", "decision", limit, "a basis", on=on)


def move_to(day: date) -> None:
    legal_time.move_to(legal_time.now() + (day - legal_time.today()))


def happen(clock: Clock, event: dict[str, Any]) -> None:
    move_to(event["day"])
    if event["do"] == "pause":
        clocks.pause(clock, "an official", "a basis", "a reason", event.get("until"))
    elif event["do"] == "resume":
        clocks.resume(clock, "an official")
    elif event["do"] == "extend":
        clocks.extend(clock, event["days"], "an official", "a basis", "a reason")
    else:
        clocks.stop(clock, "an official")


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["start"]))
def test_a_limit_runs_as_worked_out_by_hand(case: dict[str, Any]) -> None:
    clock = started(case["limit"], case["start"])
    for event in case.get("events", []):
        happen(clock, event)
    shown = {day: clocks.read(clock, day) for day in case["shows"]}
    assert {day: [r.used, r.card] for day, r in shown.items()} == case["shows"]
    # A running clock's due day is the same on whichever day one asks after its last event.
    last = list(shown.values())[-1]
    assert (last.due, last.promised_due) == (case["due"], case.get("promised_due"))


def test_a_paused_clock_has_no_due_day_but_an_expected_one() -> None:
    clock, until = started(), date(2026, 3, 20)
    clocks.pause(clock, "an official", "a basis", "a reason", until)
    reading = clocks.read(clock)
    assert (reading.state, reading.due, reading.expected_until) == ("paused", None, until)


def test_a_promise_never_exceeds_the_law() -> None:
    with pytest.raises(ValueError, match="promised"):
        started(FIRE | {"promised": 11})


def test_a_limit_is_extended_once() -> None:
    clock = started()
    clocks.extend(clock, 5, "a head", "a basis", "a reason")
    with pytest.raises(ClockRefused):
        clocks.extend(clock, 5, "a head", "a basis", "a reason")
    assert clocks.read(clock).limit == 15


@pytest.mark.parametrize(
    ("before", "refused"),
    [
        ((), ("resume",)),
        (("pause",), ("pause", "extend")),
        (("stop",), ("pause", "resume", "extend")),
        (("pause", "stop"), ("resume",)),
    ],
)
def test_what_the_state_of_a_clock_does_not_allow_is_refused(
    before: tuple[str, ...], refused: tuple[str, ...]
) -> None:
    clock, day = started(), legal_time.today()
    for kind in before:
        happen(clock, {"day": day, "do": kind, "days": 1})
    for kind in refused:
        with pytest.raises(ClockRefused):
            happen(clock, {"day": day, "do": kind, "days": 1})


def test_nobody_edits_a_clock() -> None:
    clock = started()
    clock.statutory = 99
    with pytest.raises(WrittenOnce):
        clock.save()


def test_a_year_that_only_a_neighbours_notice_names_is_not_announced() -> None:
    calendars.load_rows([{"date": "2027-01-02", "working": "0", "name": "元旦"}])
    assert calendars.calendar().last == date(2026, 12, 31)


def test_the_operator_announces_a_year() -> None:
    move_to(date(2026, 12, 25))
    clock = started()
    assert clocks.read(clock).due is None
    off = [f"2027-01-0{day}" for day in range(1, 8)]
    calendars.load_rows([{"date": day, "working": "0", "name": "元旦"} for day in off])
    assert clocks.read(clock).due == date(2027, 1, 15)


GAPS = st.lists(st.integers(0, 12), max_size=10)


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(gaps=GAPS, rest=st.integers(0, 20))
def test_days_used_and_days_paused_make_up_all_working_days(gaps: list[int], rest: int) -> None:
    """Pauses and resumptions alternate, each some days after the one before."""
    with transaction.atomic():
        clock, start = started({**FIRE, "statutory": 200, "promised": 200}), legal_time.today()
        calendar, day, paused, since = calendars.calendar(), start, 0, None
        for number, gap in enumerate(gaps):
            day += timedelta(days=gap)
            happen(clock, {"day": day, "do": "resume" if number % 2 else "pause"})
            if since is None:
                since = day
            else:
                paused, since = paused + calendar.working_days_between(since, day), None
        end = day + timedelta(days=rest)
        if since is not None:
            paused += calendar.working_days_between(since, end)
        used = clocks.read(clock, end).used
        transaction.set_rollback(True)
    assert used + paused == calendar.working_days_between(start, end)
