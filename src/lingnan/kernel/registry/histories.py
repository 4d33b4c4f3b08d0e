"""The history of a record in words and drawn: what held when, by what was known."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.registry import display
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.runtime.temporal.action import LOADED
from lingnan.kernel.runtime.temporal.history import Period, Statement, course, statements
from lingnan.kernel.trust.api import in_words
from lingnan.kernel.ui import api as ui


def versions(record: Record) -> list[Any]:
    """A record's versions by ascending number; one never changed since it was loaded is its own."""
    rows: list[Any] = list(record.Version.objects.filter(key=record.key).order_by("version"))
    return rows or [_alone(record)]


def _alone(record: Record) -> Any:
    names = [field.attname for field in record._meta.concrete_fields]
    row: Any = record.Version(**{name: getattr(record, name) for name in names})
    row.changed_by = row.reason = LOADED
    return row


def course_of(
    model: type[Record],
    rows: Sequence[Any],
    known: datetime | None,
    withheld: Collection[str] = (),
) -> ui.Course | None:
    """Each fact as a lane over the periods in which something changed; None where none held.

    A withheld fact is one span that says so: not even when it changed.
    """
    periods = course(rows, known)
    if not periods:
        return None
    lanes = [
        _hidden(model, name, len(periods)) if name in withheld else _lane(model, name, periods)
        for name in display.panel_fields(model)
    ]
    return ui.Course(_("What held when"), [_period(one) for one in periods], lanes)


def _period(period: Period) -> ui.CoursePeriod:
    today = legal_time.today()
    begun = period.start <= today
    now = begun and (period.until is None or today < period.until)
    title = _("from %(day)s") % {"day": ui.legal_date(period.start)}
    return ui.CoursePeriod(title, now=now, ahead=not begun)


def _lane(model: type[Record], name: str, periods: Sequence[Period]) -> ui.CourseLane:
    """Neighbouring periods of one value are one span."""
    cells = [
        None if one.version.ended else display.shown(model, one.version, name) for one in periods
    ]
    edges = [0, *(n for n, (a, b) in enumerate(pairwise(cells), start=1) if a != b), len(cells)]
    spans = []
    for start, end in pairwise(edges):
        text = cells[start]
        words = _("not on record") if text is None else text
        spans.append(ui.CourseSpan(words, end - start, changed=start > 0, empty=text is None))
    return ui.CourseLane(display.label(model, name), spans)


def _hidden(model: type[Record], name: str, periods: int) -> ui.CourseLane:
    span = ui.CourseSpan(display.not_for_this_post(), periods, empty=True)
    return ui.CourseLane(display.label(model, name), [span])


def steps(model: type[Record], record: Record, withheld: Collection[str] = ()) -> list[ui.Step]:
    """Every version, newest first: what it says otherwise, from when, by whom and why."""
    found = statements(record)
    return [_step(model, one, withheld) for one in found] or [_only(record)]


def _step(model: type[Record], statement: Statement, withheld: Collection[str]) -> ui.Step:
    version = statement.version
    day, until = ui.legal_date(version.valid_from), version.valid_to
    said = {"n": version.version, "day": day, "until": ui.legal_date(until)}
    words = (
        _("Version %(n)s, valid from %(day)s until %(until)s")
        if until
        else _("Version %(n)s, valid from %(day)s")
    )
    when = _("recorded %(at)s by %(by)s") % {
        "at": ui.legal_datetime(version.recorded_at),
        "by": _told(version.changed_by),
    }
    ahead = version.valid_from > legal_time.today()
    return ui.Step(
        words % said, when, _changes(model, statement, withheld), "next" if ahead else "done"
    )


def _told(text: str) -> str:
    """What a version says of its origin; the kernel's own word for a load is translated."""
    return _("bulk load") if text == LOADED else in_words(text)


def _changes(model: type[Record], statement: Statement, withheld: Collection[str]) -> str:
    """What a version changed, as far as the panels show it, and its reason."""
    fields = set(display.panel_fields(model)) - set(withheld)
    said = [
        f"{display.label(model, d.field)}: "
        f"{display.valued(model, d.field, d.before)} → {display.valued(model, d.field, d.after)}"
        for d in statement.differences
        if d.field in fields
    ]
    if any(d.field == "ended" and d.after for d in statement.differences):
        said.append(_("the record ends"))
    return "；".join([*said, _("reason: %(why)s") % {"why": _told(statement.version.reason)}])


def _only(record: Record) -> ui.Step:
    words = _("Version %(n)s, valid from %(day)s") % {
        "n": record.version,
        "day": ui.legal_date(record.valid_from),
    }
    return ui.Step(words, ui.legal_datetime(record.recorded_at), "", "done")
