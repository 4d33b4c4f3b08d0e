"""The plan's indicators for everybody: aims, where they began, and where they stand here."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.insight import api as insight
from lingnan.kernel.insight.api import Figure
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import PUBLIC, Place, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.assurance.targets.plan import Aim, aims, groups

PLACES = [
    Place(
        "targets",
        Title("信息化主要指标", "Targets of the plan"),
        PUBLIC,
        Title(
            "“十二五”规划的目标，以及本平台现在算得出的数值",
            "What the plan aims at, and what this platform can compute today",
        ),
    )
]
MAPPED = "within_promise"
Series = Mapping[str, list[tuple[date, Figure]]]


@allow(PUBLIC)
@require_safe
def targets(request: HttpRequest) -> HttpResponse:
    """First what is computed here, then the plan's own figures."""
    found = insight.newest(list(insight.indicators()))
    chosen = request.GET.get("show", "")
    shown = insight.indicators().get(chosen) or insight.indicators()[_first_counted(found)]
    context = {
        "kpis": _figures(found),
        "day": _day(found),
        "groups": [_group(code, title, found) for code, title in groups()],
        "measured": sum(bool(one.indicator) for one in aims()),
        "all": len(aims()),
        "map": insight.city_map(shown, insight.by_division(shown.code)),
        "choices": _choices(shown.code),
        "shown": shown,
    }
    return render(request, "targets/targets.html", context)


def _first_counted(found: Series) -> str:
    """The indicator to begin with: the first that has something counted."""
    for code, _title, _shown in _choices(""):
        figure = _last(found, code)
        if figure is not None and figure.denominator:
            return code
    return MAPPED


def _last(found: Series, code: str) -> Figure | None:
    return found[code][-1][1] if found.get(code) else None


def _day(found: Series) -> date | None:
    days = [rows[-1][0] for rows in found.values() if rows]
    return max(days) if days else None


def _figures(found: Series) -> list[ui.Kpi]:
    """Each computed indicator with what it was counted from."""
    rows = []
    for code, one in insight.indicators().items():
        figure = _last(found, code)
        note = _("nothing to count yet")
        if figure is not None and figure.denominator:
            said = {"n": f"{figure.numerator:,}", "of": f"{figure.denominator:,}"}
            note = _("%(n)s of %(of)s") % said
        words = insight.words(one, figure)
        rows.append(ui.Kpi(str(one.title), words, note, url=f"/indicators/{code}/"))
    return rows


def _choices(shown: str) -> list[tuple[str, str, bool]]:
    """Indicators that have figures of cities: code, title, whether it is on the map."""
    ordinary = [c for c in insight.indicators() if not c.endswith("matters_online")]
    return [(code, str(insight.indicators()[code].title), code == shown) for code in ordinary]


def _group(code: str, title: Title, found: Series) -> dict[str, Any]:
    rows = [_row(one, found) for one in aims() if one.group == code]
    table = ui.Table(
        [
            ui.Column("title", _("Indicator")),
            ui.Column("aim", _("Aim"), True),
            ui.Column("base", _("End of 2010"), True),
            ui.Column("now", _("Here now"), True),
            ui.Column("reach", _("Between")),
        ],
        rows,
        str(title),
        caption_hidden=True,
    )
    return {"title": str(title), "table": table}


def _row(one: Aim, found: Series) -> dict[str, Any]:
    figure = _last(found, one.indicator) if one.indicator else None
    indicator = insight.indicators().get(one.indicator)
    title: Any = str(one.title)
    if indicator is not None:
        title = ui.Link(f"/indicators/{indicator.code}/", title)
    note = f"{one.note} ({one.source})" if one.note else str(one.source)
    return {
        "title": ui.Cell(title, note),
        "aim": _aim(one),
        "base": _base(one),
        "now": _now(one, figure),
        "reach": _reach(one, figure),
    }


def _plain(one: Aim, value: float) -> str:
    return f"{value:.3g}%" if one.unit == "percent" else f"{value:,g}"


def _aim(one: Aim) -> ui.CellLike:
    if one.target is None:
        return None
    return ui.Cell(_plain(one, one.target), str(one.year))


def _base(one: Aim) -> ui.CellLike:
    base = one.base
    if base is None or base.value is None:
        return None
    words = _plain(one, base.value)
    if base.at_least:
        words = _("%(value)s or more") % {"value": words}
    if base.numerator is not None and base.denominator is not None:
        return ui.Cell(words, f"{base.numerator:,} / {base.denominator:,}")
    return words


def _now(one: Aim, figure: Figure | None) -> ui.CellLike:
    indicator = insight.indicators().get(one.indicator)
    if indicator is None:
        return ui.Chip("soft", _("not measured here yet"))
    if figure is None or figure.value is None:
        return ui.Chip("soft", _("nothing to count yet"))
    note = f"{figure.numerator:,} / {figure.denominator:,}" if figure.denominator else ""
    return ui.Cell(insight.words(indicator, figure), note)


def _reach(one: Aim, figure: Figure | None) -> ui.CellLike:
    """Drawn only for shares; what nobody measures has an empty track."""
    if one.unit != "percent":
        return None
    now = figure.value if figure else None
    base = one.base.value if one.base else None
    parts = [
        _("End of 2010: %(value)s") % {"value": _plain(one, base)} if base is not None else "",
        _("aim: %(value)s") % {"value": _plain(one, one.target)} if one.target is not None else "",
        _("here now: %(value)s") % {"value": _plain(one, now)} if now is not None else "",
    ]
    said = "; ".join(part for part in parts if part) or str(one.title)
    return ui.Cell(ui.Reach(said, now, base, one.target))


urlpatterns = [path("targets/", targets, name="targets")]
