"""Pages of any indicator, from its declaration: public, since they concern nobody."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.insight import drawing, values
from lingnan.kernel.insight.declaration import (
    PROVINCE,
    Counted,
    Figure,
    Indicator,
    UnknownIndicator,
    indicator,
    indicators,
)
from lingnan.kernel.insight.models import Value
from lingnan.kernel.trust.api import PUBLIC, allow
from lingnan.kernel.ui import api as ui

CSV_ROWS = 20_000


@allow(PUBLIC)
@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    """Every indicator with its newest figure."""
    found = values.newest(list(indicators()))
    table = ui.Table(
        [
            ui.Column("title", _("Indicator")),
            ui.Column("value", _("Figure"), True),
            ui.Column("parts", _("Counted"), True),
            ui.Column("on", _("As of")),
        ],
        [_row(one, found[one.code]) for one in indicators().values()],
        _("Indicators"),
        ui.Empty(_("Nothing is measured here yet")),
        caption_hidden=True,
    )
    return render(request, "insight/list.html", {"table": table})


def _row(one: Indicator, days: list[Any]) -> dict[str, ui.CellLike]:
    on, figure = days[-1] if days else (None, None)
    return {
        "title": ui.Link(f"/indicators/{one.code}/", str(one.title)),
        "value": drawing.words(one, figure),
        "parts": drawing.counted(figure),
        "on": on,
    }


def _known(code: str) -> Indicator:
    try:
        return indicator(code)
    except UnknownIndicator:
        raise Http404(code) from None


@allow(PUBLIC)
@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: figure, definition, where both sides come from, line, map and table."""
    one = _known(code)
    last = values.latest(code)
    figures = values.by_division(code)
    only_province = not set(figures) - {PROVINCE}
    context = {
        "one": one,
        "kpi": _kpi(one, last),
        "definition": _definition(one, last),
        "caution": ui.Notice("info", _("How to read it"), str(one.caution))
        if one.caution
        else None,
        "line": drawing.line(one, values.series(code)),
        "map": None if only_province else drawing.city_map(one, figures),
    }
    return render(request, "insight/detail.html", context)


def _kpi(one: Indicator, last: Any) -> list[ui.Kpi]:
    on, figure, _at = last if last else (None, None, None)
    note = f"{drawing.counted(figure)} · {ui.legal_date(on)}".strip(" ·") if on else ""
    found = [ui.Kpi(_("Guangdong"), drawing.words(one, figure), note or _("no figure yet"))]
    if one.target is not None:
        plain = Figure(round(one.target.value))
        said = f"{one.target.value:g}%" if one.unit == "percent" else f"{plain.numerator:,}"
        found.append(
            ui.Kpi(_("Target %(year)s") % {"year": one.target.year}, said, str(one.target.source))
        )
    return found


def _definition(one: Indicator, last: Any) -> ui.Panel:
    items = [
        ui.Item(_("Definition"), str(one.definition)),
        ui.Item(_("Counted"), _side(one.numerator)),
    ]
    if one.denominator is not None:
        items.append(ui.Item(_("Of"), _side(one.denominator)))
    if last:
        items.append(ui.Item(_("As of"), ui.legal_date(last[0])))
        items.append(ui.Item(_("Computed at (system time)"), ui.legal_datetime(last[2])))
    return ui.Panel(pgettext("indicator", "What it is"), items)


def _side(counted: Counted) -> ui.Cell:
    return ui.Cell(str(counted.title), _("from: %(source)s") % {"source": counted.source})


@allow(PUBLIC)
@require_safe
def table(request: HttpRequest, code: str) -> HttpResponse:
    """All days and divisions as CSV, newest day first: numerator and denominator, no share."""
    _known(code)
    rows = Value.objects.filter(indicator=code).order_by("-on", "division", "-id")
    names = ("indicator", "division", "on", "numerator", "denominator", "computed_at")
    lines, seen = [ui.csv_line(names)], None
    for row in rows.values_list(*names)[:CSV_ROWS]:
        if row[1:3] != seen:
            lines.append(ui.csv_line([*row[:5], row[5].isoformat()]))
        seen = row[1:3]
    answer = HttpResponse("".join(lines), content_type=ui.CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{code}.csv"'
    return answer
