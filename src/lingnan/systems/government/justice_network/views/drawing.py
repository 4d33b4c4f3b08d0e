"""The timeline of a case: custody of each person, clocks, and where the file was."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.ui import api as ui
from lingnan.systems.government.justice_network import clocking, sights
from lingnan.systems.government.justice_network.models import Measure, Suspect, Term
from lingnan.systems.government.justice_network.rules import stages
from lingnan.systems.government.justice_network.sights import Seen
from lingnan.systems.government.justice_network.views import wording

MOST, DAY = 12, timedelta(days=1)
Said = Callable[[date], str]


def course(seen: Seen, now: datetime) -> ui.Course | None:
    """A column from each day on which something began or ended; the last ones where there are
    many. What is to come are the ends of the clocks that run."""
    people = sights.persons(seen)
    spans = {one.key: _measures(one) for one in people}
    ends = [
        (term, read, _last(read.due))
        for term, read in clocking.readings(seen.case)
        if read.ended is None and term.suspect in (None, *people)
    ]
    moves = _moves(seen)
    today = timezone.localtime(now).date()
    days = {today} | {day for day, _body in moves} | {end + DAY for _term, _read, end in ends}
    for begin, end, _kind in (one for rows in spans.values() for one in rows):
        days |= {begin} if end is None else {begin, end}
    if not spans:
        return None
    axis = sorted(days)[-MOST:]
    lanes = [
        _lane(wording.quoted(one.name), axis, today, _kind_on(spans[one.key])) for one in people
    ]
    lanes.append(_lane(pgettext("criminal", "Limit"), axis, None, _limit_on(ends)))
    lanes.append(_lane(pgettext("criminal", "File"), axis, today, _body_on(moves)))
    periods = [
        ui.CoursePeriod(ui.legal_date(day, "short"), day == today, day > today) for day in axis
    ]
    return ui.Course(_("Custody, clocks and the file"), periods, lanes)


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


def _last(due: datetime) -> date:
    """The last day of a clock."""
    return _day(due - timedelta(seconds=1))


def _measures(person: Suspect) -> list[tuple[date, date | None, str]]:
    rows = (
        Measure.objects.filter(suspect=person).select_related("end").order_by("started_at", "key")
    )
    return [
        (_day(one.started_at), _day(one.end.at) if hasattr(one, "end") else None,
         one.get_kind_display())
        for one in rows
    ]  # fmt: skip


def _moves(seen: Seen) -> list[tuple[date, str]]:
    """From which day on the file was where, by the events of taking it."""
    known: list[tuple[date, str]] = [(_day(seen.case.opened_at), seen.case.opened_by)]
    handing = {one.code for one in stages.acts().values() if one.receiver}
    rows = seen.case.events.filter(kind__in=handing).order_by("id")
    known += [(_day(one.at), one.body) for one in rows]
    titles = sights.bodies(body for _on, body in known)
    return [(day, wording.body_title(body, titles)) for day, body in known]


def _kind_on(rows: Sequence[tuple[date, date | None, str]]) -> Said:
    def said(day: date) -> str:
        held = [kind for begin, end, kind in rows if begin <= day and (end is None or day < end)]
        return held[-1] if held else ""

    return said


def _limit_on(ends: Sequence[tuple[Term, clocking.Reading, date]]) -> Said:
    """The clocks that end from a day on, the first of them."""

    def said(day: date) -> str:
        running = [(end, read) for term, read, end in ends if _day(term.started_at) <= day <= end]
        first = min(running, key=lambda one: one[0], default=None)
        return wording.clock_title(first[1]) if first else ""

    return said


def _body_on(moves: Sequence[tuple[date, str]]) -> Said:
    def said(day: date) -> str:
        before = [body for begin, body in moves if begin <= day]
        return before[-1] if before else ""

    return said


def _lane(title: str, axis: Sequence[date], today: date | None, said: Said) -> ui.CourseLane:
    """Equal neighbours are one span; nothing is said of measures and files after today."""
    spans: list[ui.CourseSpan] = []
    for place, day in enumerate(axis):
        text = said(day) if today is None or day <= today else ""
        shown = text or pgettext("timeline", "—")
        if spans and spans[-1].text == shown:
            last = spans.pop()
            spans.append(ui.CourseSpan(shown, last.periods + 1, last.changed, last.empty))
        else:
            spans.append(ui.CourseSpan(shown, 1, place > 0 and bool(text), not text))
    return ui.CourseLane(title, spans)
