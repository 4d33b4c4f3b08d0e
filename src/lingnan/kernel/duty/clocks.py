"""Clocks: how much of a limit is used, when it is due, and which card that shows.

The day of the triggering event is not counted; a pause takes out the days after it up to
and including the day of resumption (行政许可法 (2019) Art. 42, 45, 82).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lingnan.kernel.duty.calendars import calendar
from lingnan.kernel.duty.models import Clock, ClockEvent
from lingnan.kernel.runtime import keys
from lingnan.kernel.runtime.api import definitions, legal_time
from lingnan.standards.working_days import CalendarNotAnnounced, WorkingCalendar

DEFAULT_RULE = "gd-default"


class ClockRefused(Exception):
    """The law does not allow this to be done to the clock now."""


@dataclass(frozen=True)
class Reading:
    """A clock as it stands on a day. Days are in the clock's unit."""

    code: str
    unit: str
    statutory: int
    promised: int
    extended: int
    used: int
    state: str  # running, paused, stopped
    started_on: date
    due: date | None  # of the statutory limit; None while paused or not yet announced
    promised_due: date | None
    expected_until: date | None
    card: str  # green, warning, yellow, red; unknown where no calendar is announced
    basis: str

    @property
    def limit(self) -> int:
        return self.statutory + self.extended

    @property
    def left(self) -> int:
        return self.limit - self.used


def start(
    reference: str, code: str, limit: Mapping[str, Any], basis: str, on: date | None = None
) -> Clock:
    """Start a clock. `limit` is {unit, statutory, promised}; promised ≤ statutory."""
    if limit["promised"] > limit["statutory"]:
        raise ValueError("a promised limit never exceeds the statutory one")
    return Clock.objects.create(
        key=keys.new_key(),
        reference=reference,
        code=code,
        unit=limit["unit"],
        statutory=limit["statutory"],
        promised=limit["promised"],
        basis=basis,
        started_on=on or legal_time.today(),
    )


def pause(clock: Clock, by: str, basis: str, reason: str, expected_until: date | None) -> None:
    _require(clock, "running")
    _add(clock, "pause", by, basis=basis, reason=reason[:400], expected_until=expected_until)


def resume(clock: Clock, by: str, reason: str = "") -> None:
    _require(clock, "paused")
    _add(clock, "resume", by, reason=reason[:400])


def extend(clock: Clock, days: int, by: str, basis: str, reason: str) -> None:
    _require(clock, "running")
    if clock.events.filter(kind="extend").exists():
        raise ClockRefused("extended-already")
    _add(clock, "extend", by, days=days, basis=basis, reason=reason[:400])


def stop(clock: Clock, by: str) -> None:
    if not clock.events.filter(kind="stop").exists():
        _add(clock, "stop", by)


def _require(clock: Clock, state: str) -> None:
    if read(clock).state != state:
        raise ClockRefused(f"not-{state}")


def _add(clock: Clock, kind: str, by: str, **values: Any) -> None:
    ClockEvent.objects.create(clock=clock, kind=kind, on=legal_time.today(), by=by, **values)


def read(clock: Clock, on: date | None = None) -> Reading:
    return read_many([clock], on)[clock.key]


def read_many(clocks: Iterable[Clock], on: date | None = None) -> dict[int, Reading]:
    """Readings by clock key, with one query for the events of them all."""
    wanted = {clock.key: clock for clock in clocks}
    events: dict[int, list[ClockEvent]] = {key: [] for key in wanted}
    for event in ClockEvent.objects.filter(clock_id__in=wanted).order_by("id"):
        events[event.clock_id].append(event)
    rule, days, today = card_rule(), calendar(), on or legal_time.today()
    return {key: _reading(clock, events[key], today, days, rule) for key, clock in wanted.items()}


def of_references(references: Iterable[str]) -> dict[str, dict[str, Reading]]:
    """Readings by reference and code, with two queries."""
    clocks = list(Clock.objects.filter(reference__in=list(references)).order_by("key"))
    readings = read_many(clocks)
    found: dict[str, dict[str, Reading]] = {}
    for clock in clocks:
        found.setdefault(clock.reference, {})[clock.code] = readings[clock.key]
    return found


def card_rule() -> Mapping[str, Any]:
    """The rule of supervision in force: how many days before expiry a warning shows."""
    definition = definitions.published("supervision", DEFAULT_RULE)
    if definition is None:
        raise LookupError("no rule of supervision is in force")
    return definition.content


def _reading(
    clock: Clock,
    events: list[ClockEvent],
    today: date,
    days: WorkingCalendar,
    rule: Mapping[str, Any],
) -> Reading:
    count, announced = _counter(clock.unit, days), True
    used, since, state = 0, clock.started_on, "running"
    extended, expected = 0, None
    for event in (e for e in events if e.on <= today):
        if event.kind == "extend":
            extended += event.days
        elif event.kind == "pause":
            used, state, expected = used + count(since, event.on), "paused", event.expected_until
        elif event.kind == "resume":
            since, state, expected = event.on, "running", None
        elif event.kind == "stop":
            used += count(since, event.on) if state == "running" else 0
            state = "stopped"
    before = used
    if state == "running":
        try:
            used += count(since, today)
        except CalendarNotAnnounced:
            used, announced = used + count(since, days.last), False
    limit, promise = clock.statutory + extended, clock.promised + extended
    running = state == "running"
    return Reading(
        code=clock.code,
        unit=clock.unit,
        statutory=clock.statutory,
        promised=clock.promised,
        extended=extended,
        used=used,
        state=state,
        started_on=clock.started_on,
        due=_due(clock.unit, days, since, limit - before) if running else None,
        promised_due=_due(clock.unit, days, since, promise - before) if running else None,
        expected_until=expected,
        card=card(used, promise, limit, state, rule) if announced else "unknown",
        basis=clock.basis,
    )


def card(used: int, promised: int, statutory: int, state: str, rule: Mapping[str, Any]) -> str:
    """The card of a limit: green, warning, yellow or red (the rule is data)."""
    if used > statutory:
        return "red"
    if used > promised:
        return "yellow"
    row = next(r for r in rule["warnings"] if statutory <= r.get("limit_up_to", statutory))
    # A limit no longer than its own warning would else warn on the day it starts.
    near = promised - used <= row["warn_before"] and used > 0
    return "warning" if near and state == "running" else "green"


def _counter(unit: str, days: WorkingCalendar) -> Any:
    if unit == "working_day":
        return days.working_days_between
    return lambda since, until: (until - since).days


def _due(unit: str, days: WorkingCalendar, since: date, left: int) -> date | None:
    if unit == "calendar_day":
        return since + timedelta(days=left)
    try:
        return days.add_working_days(since, max(left, 0)) if left >= 0 else None
    except CalendarNotAnnounced:
        return None
