"""What lists ask of clocks: the days on which each turns colour, kept beside it.

A list of two thousand cases cannot play the events of each; it compares days in the database.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When

from lingnan.kernel.duty.calendars import calendar
from lingnan.kernel.duty.models import Clock, ClockEvent, Standing
from lingnan.kernel.duty.readings import Run, card, card_rule, day_after, played, warns_after
from lingnan.kernel.runtime.api import legal_time
from lingnan.standards.working_days import WorkingCalendar

CARDS = ("red", "yellow", "warning", "green")
BATCH = 500


def open_for(clock: Clock, body: str, about: str) -> Standing:
    """The standing of a clock that has just started."""
    standing = Standing(
        clock=clock,
        reference=clock.reference,
        code=clock.code,
        body=body,
        about=about,
        started_on=clock.started_on,
        statutory=clock.statutory,
        promised=clock.promised,
    )
    _work_out(standing, clock, [], calendar(), card_rule())
    standing.save(force_insert=True)
    return standing


def update(clocks: Sequence[Clock]) -> None:
    """Work the standings of these clocks out anew, with two queries for their events."""
    events: dict[int, list[ClockEvent]] = {clock.key: [] for clock in clocks}
    for event in ClockEvent.objects.filter(clock_id__in=events).order_by("id"):
        events[event.clock_id].append(event)
    held = Standing.objects.in_bulk(list(events))
    days, rule = calendar(), card_rule()
    for clock in clocks:
        standing = held.get(clock.key)
        if standing is not None:
            _work_out(standing, clock, events[clock.key], days, rule)
            standing.save()


def rebuild() -> int:
    """All open standings anew: after the rule or the calendar has changed."""
    done, last = 0, 0
    while True:
        rows = Clock.objects.filter(key__gt=last, standing__isnull=False)
        batch = list(rows.exclude(standing__state="stopped").order_by("key")[:BATCH])
        if not batch:
            return done
        update(batch)
        done, last = done + len(batch), batch[-1].key


def _work_out(
    standing: Standing,
    clock: Clock,
    events: Iterable[ClockEvent],
    days: WorkingCalendar,
    rule: Mapping[str, Any],
) -> None:
    today = legal_time.today()
    run = played(clock, events, today, days)
    limit = clock.statutory + run.extended
    standing.state, standing.used, standing.statutory = run.state, run.used, limit
    if run.state == "stopped":
        standing.stopped_on = today
        standing.card = card(run.used, clock.promised, limit, "stopped", rule)
        standing.warning_on = standing.yellow_on = standing.red_on = None
        return
    turns = {
        "warning": warns_after(clock.promised, limit, rule),
        "yellow": _passes(rule["yellow"]["when"], clock.promised, limit),
        "red": _passes(rule["red"]["when"], clock.promised, limit),
    }
    for colour, used in turns.items():
        name = f"{colour}_on"
        if run.used < used:
            day = _turns(clock.unit, days, run, used)
        elif colour == "warning" and run.state == "paused":
            # Nothing comes near while the clock waits.
            day = run.expected + timedelta(days=1) if run.expected else None
        else:
            before = getattr(standing, name)
            day = before if before is not None and before <= today else today
        setattr(standing, name, day)


def _passes(when: str, promised: int, statutory: int) -> int:
    """The first number of days used at which a limit of the rule is passed."""
    return {"promised_limit_passed": promised, "statutory_limit_passed": statutory}[when] + 1


def _turns(unit: str, days: WorkingCalendar, run: Run, used: int) -> date | None:
    """The day on which so much is used, if nothing else happens to the clock."""
    since = run.expected if run.state == "paused" else run.since
    return day_after(unit, days, since, used - run.used) if since else None


def card_now(standing: Standing, on: date | None = None) -> str:
    """The card on a day: red, yellow, warning, green; of a stopped clock its last."""
    today = on or legal_time.today()
    if standing.state == "stopped":
        return standing.card
    for colour in ("red", "yellow", "warning"):
        turned = getattr(standing, f"{colour}_on")
        if turned is not None and turned <= today:
            return colour
    return "green"


def running() -> QuerySet[Any]:
    """Standings of clocks that are not stopped, with `now`: the card they show today."""
    today = legal_time.today()
    shows = Case(
        When(red_on__lte=today, then=Value("red")),
        When(yellow_on__lte=today, then=Value("yellow")),
        When(warning_on__lte=today, then=Value("warning")),
        default=Value("green"),
        output_field=CharField(),
    )
    return Standing.objects.exclude(state="stopped").annotate(now=shows)


def counts(*by: str, **where: Any) -> dict[tuple[str, ...], dict[str, int]]:
    """Open clocks by card: {values of `by`: {card: number}}; one query."""
    today = legal_time.today()
    red = Q(red_on__lte=today)
    yellow = red | Q(yellow_on__lte=today)
    # Grouped by what is asked alone, so that the database walks an index and need not sort.
    sums = {
        "every": Count("clock"),
        "red": Count("clock", filter=red),
        "yellow": Count("clock", filter=yellow),
        "warning": Count("clock", filter=yellow | Q(warning_on__lte=today)),
    }
    rows = Standing.objects.exclude(state="stopped").filter(**where)
    counted = rows.values(*by).annotate(**sums).order_by() if by else [rows.aggregate(**sums)]
    return {tuple(row[name] for name in by): _parted(row) for row in counted if row["every"]}


def _parted(row: Mapping[str, Any]) -> dict[str, int]:
    """Each card alone, from counts in which the worse are contained."""
    red, yellow, warning, every = (row[n] for n in ("red", "yellow", "warning", "every"))
    return dict(zip(CARDS, (red, yellow - red, warning - yellow, every - warning), strict=True))


def most_urgent(rows: QuerySet[Any], after: tuple[date | None, int] | None = None) -> Any:
    """Rows by the day on which they turn red, soonest first; those that never will come last.

    `after` goes on behind (red_on, clock) of the last row shown.
    """
    if after is not None:
        day, key = after
        behind = Q(red_on=None, clock__gt=key)
        if day is not None:
            behind = Q(red_on=None) | Q(red_on__gt=day) | Q(red_on=day, clock__gt=key)
        rows = rows.filter(behind)
    return rows.order_by(F("red_on").asc(nulls_last=True), "clock")
