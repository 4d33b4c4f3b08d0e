"""The page of a register's statistics, and its table as a file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.registry import rights
from lingnan.kernel.registry.holders.pages import functions
from lingnan.kernel.registry.pages import address, readable
from lingnan.kernel.registry.places import places_below
from lingnan.kernel.registry.records import Record, significant
from lingnan.kernel.registry.statistics import drawing, mapping
from lingnan.kernel.registry.statistics.axes import axes
from lingnan.kernel.registry.statistics.mapping import Shapes
from lingnan.kernel.registry.statistics.reading import (
    NAMES,
    PLACE,
    BadQuestion,
    Question,
    answer,
    asked,
)
from lingnan.kernel.registry.statistics.tables import Counted
from lingnan.kernel.registry.statistics.waiting import StillCounting, beside
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import OFFICIAL, Actor, allow
from lingnan.kernel.ui import api as ui

KEPT = (*NAMES, PLACE, "on", "known")
COUNTY_DIGITS = 6
# The columns of a table that stand beside a map.
MOST_BESIDE = 4


def countable(request: HttpRequest, system: str, name: str) -> tuple[type[Record], Actor]:
    """A register that declares by what it may be counted, for one who may read it."""
    model, who = readable(request, system, name)
    if not model.record.counted:
        raise Http404
    return model, who


@allow(OFFICIAL)
@require_safe
def statistics(request: HttpRequest, system: str, name: str, shapes: Shapes) -> HttpResponse:
    """Choose one to three dimensions and a day; the table, and a map or a chart of it."""
    model, who = countable(request, system, name)
    error: BadQuestion | None = None
    shown: dict[str, Any] = {}
    try:
        question = asked(model, request.GET)
        if question:
            with beside():
                counted = answer(model, who, question, "record.counted")
            shown = _shown(model, counted, request)
            shown |= _mapped(counted, who, request, shapes, shown["table"])
    except BadQuestion as fault:
        error = fault
    except StillCounting:
        shown = {"counting": drawing.still_counting()}
    fields = _fields(model, who, request, error)
    context = {
        "title": _("Statistics of %(register)s") % {"register": model.record.title},
        "register": model.record.title,
        "back": address(model),
        "fields": fields,
        "errors": ui.ErrorSummary.of(fields) if error and error.name else None,
        "waiting": ui.Notice("warn", error.words) if error and not error.name else None,
        "where": who.body_title,
    }
    return render(
        request,
        "registry/statistics.html",
        context | shown,
        status=error.status if error else 200,
    )


def _shown(model: type[Record], counted: Counted, request: HttpRequest) -> dict[str, Any]:
    title = " · ".join(axis.title for axis in (*counted.axes, *filter(None, [counted.across])))
    pyramid = drawing.pyramid(counted)
    return {
        "standing": drawing.standing(counted),
        "guard": drawing.guard(counted),
        "kpis": [ui.Kpi(str(model.record.title), drawing.said(counted.total), title)],
        "pyramid": pyramid,
        "bars": None if pyramid else drawing.bars(counted, title),
        "table": drawing.table(counted, title),
        "file": f"{address(model)}statistics/table.csv?{_query(request)}",
    }


def _mapped(
    counted: Counted, who: Actor, request: HttpRequest, shapes: Shapes, table: ui.Table
) -> dict[str, Any]:
    """The map of one of the table's figures, and the question of which. Raises BadQuestion."""
    options, figure = mapping.columns(counted), request.GET.get("figure", "")
    words = next((str(one.text) for one in options if one.value == figure), "")
    if figure and not words:
        raise BadQuestion("figure", _("This table has no such figure."))
    title = _("%(register)s, %(figure)s: %(day)s, kept by %(holder)s") % {
        "register": counted.model.record.title,
        "figure": words or _("Total"),
        "day": ui.legal_date(counted.day),
        "holder": functions().get(counted.model.record.holder, counted.model.record.holder),
    }
    beside = table if len(table.columns) <= MOST_BESIDE else None
    drawn = mapping.drawn(counted, shapes, who.division, figure, title, beside)
    if drawn is None:
        return {}
    choice = ui.FieldView(
        "figure", _("Figure on the map"), "", figure, "select", options[1:],
        required=False, blank=_("Total"),
    )  # fmt: skip
    return {
        "map": drawn,
        "beside": beside,
        "figure": choice if options else None,
        "kept": [(name, request.GET[name]) for name in KEPT if request.GET.get(name)],
    }


def _query(request: HttpRequest) -> str:
    return urlencode({name: request.GET[name] for name in KEPT if request.GET.get(name)})


def _fields(
    model: type[Record], who: Actor, request: HttpRequest, error: BadQuestion | None
) -> list[ui.FieldView]:
    told, said = request.GET, {error.name: error.words} if error else {}
    known = axes(model, rights.withheld(model, who))
    options = [ui.Option(axis.code, axis.title) for axis in known]
    words = (_("Count by"), _("and by"), _("and also by"))
    made = [
        ui.FieldView(
            name, label, "", told.get(name, ""), "select", options,
            required=False, error=said.get(name, ""), blank=_("nothing more") if n else _("choose"),
        )
        for n, (name, label) in enumerate(zip(NAMES, words, strict=True))
    ]  # fmt: skip
    if any(axis.dimension.kind == "township" for axis in known):
        made += _place(who, told.get(PLACE, ""), said.get(PLACE, ""))
    made.append(
        ui.FieldView(
            "on", _("As it held on"), "", told.get("on", ""), "date", required=False,
            error=said.get("on", ""),
        )
    )  # fmt: skip
    made.append(
        ui.FieldView(
            "known", _("As it was known on"), "", told.get("known", ""), "date", required=False,
            error=said.get("known", ""), maximum=legal_time.today().isoformat(),
        )
    )  # fmt: skip
    return made


def _place(who: Actor, value: str, error: str) -> list[ui.FieldView]:
    """Of which county or city townships are counted; a county's own post is not asked."""
    if len(significant(who.division)) == COUNTY_DIGITS and not error:
        return []
    options = [
        ui.Option(code, name)
        for code, name in places_below(who.division).items()
        if not code.endswith("0000")
    ]
    return [
        ui.FieldView(
            PLACE, _("Townships of"), "", value, "select", options,
            required=False, error=error, blank=_("no place"),
        )
    ]  # fmt: skip


@allow(OFFICIAL)
@require_safe
def statistics_file(request: HttpRequest, system: str, name: str) -> HttpResponse:
    """The same table as CSV (UTF-8 with a mark for spreadsheets)."""
    model, who = countable(request, system, name)
    try:
        question = asked(model, request.GET)
        counted = answer(model, who, question, "record.counted") if question else None
    except BadQuestion as fault:
        return HttpResponse(fault.words, status=fault.status, content_type="text/plain")
    if counted is None or question is None:
        words = _("Say by what is to be counted.")
        return HttpResponse(words, status=422, content_type="text/plain; charset=utf-8")
    return _file(model, counted, question)


def _file(model: type[Record], counted: Counted, question: Question) -> HttpResponse:
    lines: list[list[object]] = [list(drawing.heads(counted))]
    for names, row in drawing.lines(counted):
        lines.append([*names, *("x" if count is None else count for count in row)])
    standing = drawing.standing(counted)
    lines += [[], [str(standing.title), str(standing.text)]]
    if legal_time.is_demonstration():
        lines.append([_("synthetic")])
    synthetic = "synthetic-" if legal_time.is_demonstration() else ""
    place = f"{model._meta.app_label}-{model._meta.model_name}"
    name = f"{synthetic}{place}-statistics-{question.moment.valid.isoformat()}.csv"
    found = ui.csv_file(name, lines)
    found["Cache-Control"] = "no-store"
    return found
