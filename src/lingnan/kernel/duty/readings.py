"""How a clock stands: how much of a limit is used, when it is due, and which card that shows.

The day of the triggering event is not counted; a pause takes out the days after it up to
and including the day of resumption (行政许可法 (2019) Art. 42, 45, 82).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lingnan.kernel.duty.calendars import calendar
from lingnan.kernel.duty.models import Clock, ClockEvent
from lingnan.kernel.runtime.api import definitions, legal_time
from lingnan.standards.working_days import CalendarNotAnnounced, WorkingCalendar

DEFAULT_RULE = "gd-default"


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
class Run:
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


def played(clock: Clock, events: Iterable[ClockEvent], today: date, days: WorkingCalendar) -> Run:
    """A clock after its events up to a day."""
    run = Run(_counter(clock.unit, days), clock.started_on)
    for event in (e for e in events if e.on <= today):
        run.play(event)
    return run


def _reading(
    clock: Clock,
    events: list[ClockEvent],
    today: date,
    days: WorkingCalendar,
    rule: Mapping[str, Any],
) -> Reading:
    run, announced = played(clock, events, today, days), True
    run.come_to(today)
    used, running = run.used, run.state == "running"
    if running:
        try:
            used += run.count(run.since, today)
        except CalendarNotAnnounced:
            used, announced = used + run.count(run.since, days.last), False
    limit = clock.statutory + run.extended

    def due(of: int) -> date | None:
        return day_after(clock.unit, days, run.since, of - run.used) if running else None

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


def warns_after(promised: int, statutory: int, rule: Mapping[str, Any]) -> int:
    """How many days are used when the warning begins: never on the day of the start."""
    row = next(r for r in rule["warnings"] if statutory <= r.get("limit_up_to", statutory))
    return max(1, promised - int(row["warn_before"]))


def card(used: int, promised: int, statutory: int, state: str, rule: Mapping[str, Any]) -> str:
    """The card of a limit: green, warning, yellow or red (the rule is data)."""
    passed = {"promised_limit_passed": used > promised, "statutory_limit_passed": used > statutory}
    for colour in ("red", "yellow"):
        if passed[rule[colour]["when"]]:
            return colour
    near = used >= warns_after(promised, statutory, rule)
    return "warning" if near and state == "running" else "green"


def _counter(unit: str, days: WorkingCalendar) -> Any:
    if unit == "working_day":
        return days.working_days_between
    return lambda since, until: (until - since).days


def day_after(unit: str, days: WorkingCalendar, since: date, left: int) -> date | None:
    """The day on which so many days after `since` are used; None when not announced or past."""
    if unit == "calendar_day":
        return since + timedelta(days=left)
    try:
        return days.add_working_days(since, max(left, 0)) if left >= 0 else None
    except CalendarNotAnnounced:
        return None
