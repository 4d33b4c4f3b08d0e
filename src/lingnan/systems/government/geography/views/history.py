"""Divisions of another day, and the changes of one code."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import PUBLIC, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.geography import divisions
from lingnan.systems.government.geography.divisions import FIRST_LIST, Change
from lingnan.systems.government.geography.models import Division


@allow(PUBLIC)
@require_safe
def as_of(request: HttpRequest) -> HttpResponse:
    """The county-level units of a day, by city. A day that cannot be is asked for again."""
    text = request.GET.get("on", "")
    day, error = _asked(text)
    rows = list(divisions.on(day).filter(level__in=["city", "county"])) if not error else []
    counties = [row for row in rows if row.level == "county"]
    field = ui.FieldView(
        "on",
        pgettext("place", "Day"),
        _("From %(day)s on.") % {"day": ui.legal_date(FIRST_LIST)},
        text or day.isoformat(),
        "date",
        error=error,
        minimum=FIRST_LIST.isoformat(),
    )
    title = ngettext(
        "%(n)s county-level unit on %(day)s", "%(n)s county-level units on %(day)s", len(counties)
    )
    context = {
        "field": field,
        "errors": ui.ErrorSummary([(field.id, error)]) if error else None,
        "title": title % {"n": len(counties), "day": ui.legal_date(day)},
        "table": None if error else _table(rows, counties),
    }
    return render(request, "geography/history.html", context, status=422 if error else 200)


def _asked(text: str) -> tuple[date, str]:
    today = legal_time.today()
    if not text:
        return today, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today, _("Please give a day as year, month and day, such as 2011-06-30.")
    if day < FIRST_LIST:
        return today, _("Divisions before the first list are not recorded here.")
    return day, ""


def _table(rows: list[Division], counties: list[Division]) -> ui.Table:
    below: dict[str, list[Division]] = {}
    for row in counties:
        below.setdefault(row.parent, []).append(row)
    lines: list[dict[str, ui.CellLike]] = []
    for city in (row for row in rows if row.level == "city"):
        names = [str(row.title) for row in below.get(city.code, [])]
        lines.append(
            {
                "city": ui.Link(f"/places/{city.code}/", str(city.title)),
                "count": len(names),
                "names": ui.listed(names) if names else _("none: the city has no counties"),
            }
        )
    columns = [
        ui.Column("city", pgettext("place", "City")),
        ui.Column("count", pgettext("place", "Units"), True),
        ui.Column("names", _("County-level units")),
    ]
    return ui.Table(columns, lines, _("County-level units by city"), caption_hidden=True)


def timeline(code: str) -> list[ui.Step]:
    """The changes of a code, oldest first; empty where none is recorded."""
    return [_step(change) for change in divisions.changes(code)]


def _step(change: Change) -> ui.Step:
    said = {"before": _names(change.before), "after": _names(change.after)}
    if not change.after:
        title = _("%(before)s was given up") % said
    elif change.before and all(row.begins != change.day for row in change.after):
        title = _("%(before)s was joined to %(after)s") % said
    elif change.before and change.after:
        title = _("%(before)s became %(after)s") % said
    else:
        title = _("%(after)s was set up") % said
    return ui.Step(title, ui.legal_date(change.day), _document(change.basis), "done")


def _names(rows: tuple[Division, ...]) -> str:
    marks = _("%(name)s (%(code)s)")
    return ui.listed(marks % {"name": str(row.title), "code": row.code} for row in rows)


def _document(basis: str) -> str:
    if basis == "unverified":
        return _("The date is not yet confirmed by a document.")
    if basis == "secondary":
        return _("The date is from the press or an encyclopaedia.")
    return basis
