"""Clocks: how much of a limit is used, when it is due, and which card that shows.

The day of the triggering event is not counted; a pause takes out the days after it up to
and including the day of resumption (行政许可法 (2019) Art. 42, 45, 82).
"""

from collections.abc import Callable, Iterable, Mapping
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
    _within(clock)
    if expected_until is not None and expected_until > calendar().last:
        raise ClockRefused("until-too-far")
    _add(clock, "pause", by, basis=basis, reason=reason[:400], expected_until=expected_until)


def resume(clock: Clock, by: str, reason: str = "") -> None:
    """End a pause. Where its announced end has passed, the clock runs again already."""
    last = clock.events.order_by("id").last()
    if last is None or last.kind != "pause":
        raise ClockRefused("not-paused")
    _add(clock, "resume", by, reason=reason[:400])


def extend(clock: Clock, days: int, by: str, basis: str, reason: str) -> None:
    _require(clock, "running")
    _within(clock)
    if clock.events.filter(kind="extend").exists():
        raise ClockRefused("extended-already")
    _add(clock, "extend", by, days=days, basis=basis, reason=reason[:400])


def stop(clock: Clock, by: str) -> None:
    if not clock.events.filter(kind="stop").exists():
        _add(clock, "stop", by)


def _require(clock: Clock, state: str) -> None:
    if read(clock).state != state:
        raise ClockRefused(f"not-{state}")


def _within(clock: Clock) -> None:
    """What has passed can be neither stopped nor extended: approval comes before the end."""
    reading = read(clock)
    if reading.used > reading.limit:
        raise ClockRefused("limit-passed")


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


@dataclass
class _Run:
    """A clock as its events are played: days used, and since when it runs."""

    count: Callable[[date, date], int]
    since: date
    used: int = 0
    extended: int = 0
    state: str = "running"
    expected: date | None = None

    def come_to(self, day: date) -> None:
        """A pause ends by itself on the day that was announced (the time "needed", Art. 45)."""
        if self.state == "paused" and self.expected is not None and day > self.expected:
            self.state, self.since = "running", self.expected

    def play(self, event: ClockEvent) -> None:
        self.come_to(event.on)
        if event.kind == "extend":
            self.extended += event.days
        elif event.kind == "pause":
            self.used += self.count(self.since, event.on)
            self.state, self.expected = "paused", event.expected_until
        elif event.kind == "resume" and self.state == "paused":
            self.state, self.since = "running", event.on
        elif event.kind == "stop":
            self.used += self.count(self.since, event.on) if self.state == "running" else 0
            self.state = "stopped"


def _reading(
    clock: Clock,
    events: list[ClockEvent],
    today: date,
    days: WorkingCalendar,
    rule: Mapping[str, Any],
) -> Reading:
    run, announced = _Run(_counter(clock.unit, days), clock.started_on), True
    for event in (e for e in events if e.on <= today):
        run.play(event)
    run.come_to(today)
    used, running = run.used, run.state == "running"
    if running:
        try:
            used += run.count(run.since, today)
        except CalendarNotAnnounced:
            used, announced = used + run.count(run.since, days.last), False
    limit = clock.statutory + run.extended

    def due(of: int) -> date | None:
        return _due(clock.unit, days, run.since, of - run.used) if running else None

    return Reading(
        code=clock.code,
        unit=clock.unit,
        statutory=clock.statutory,
        promised=clock.promised,
        extended=run.extended,
        used=used,
        state=run.state,
        started_on=clock.started_on,
        due=due(limit),
        promised_due=due(clock.promised),
        expected_until=run.expected if run.state == "paused" else None,
        card=card(used, clock.promised, limit, run.state, rule) if announced else "unknown",
        basis=clock.basis,
    )


def card(used: int, promised: int, statutory: int, state: str, rule: Mapping[str, Any]) -> str:
    """The card of a limit: green, warning, yellow or red (the rule is data)."""
    passed = {"promised_limit_passed": used > promised, "statutory_limit_passed": used > statutory}
    for colour in ("red", "yellow"):
        if passed[rule[colour]["when"]]:
            return colour
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
