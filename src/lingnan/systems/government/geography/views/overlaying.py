"""An area drawn, typed or sent, laid over the divisions."""

import json
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods
from ninja.errors import HttpError

from lingnan.kernel.maps import api as maps
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import PUBLIC, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.geography import corners, measuring
from lingnan.systems.government.geography.views import charting
from lingnan.systems.government.geography.views.measuring import swapped, trail

KEPT = 200_000  # characters of a text that the page gives back
WHY = {
    "type": lambda: _("This is not an area in GeoJSON (Polygon or MultiPolygon)."),
    "number": lambda: _("A position is not two numbers."),
    "few": lambda: _("A ring has fewer than four positions."),
    "unclosed": lambda: _("A ring does not end where it begins."),
    "range": lambda: _("A position lies outside the globe: degrees are asked for."),
    "swapped": swapped,
    "crossing": lambda: _("The boundary crosses or touches itself."),
    "many": lambda: _("The area has more than 100,000 positions."),
    "nothing": lambda: _("There is no area in it."),
}


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def overlay(request: HttpRequest) -> HttpResponse:
    """An area's parts by the counties of today: sizes, shares, addresses.

    Who comes closer to a city takes the corners along, in the address, or where they are too many
    in a form that says `look`: they are kept in the field and not measured yet.
    """
    title, within = _("Measure an area"), _kept(request, "within")[:12]
    text = _kept(request, "area")
    sent = request.FILES.get("file")
    if sent is not None:
        text = sent.read().decode("utf-8", "replace")
    error = ""
    found: dict[str, Any] = {}
    if request.method == "POST" and "look" not in request.POST:
        error, found = _answer(text)
    hint = _("Corners in CGCS2000 degrees, one a line, longitude first; or GeoJSON.")
    field = ui.FieldView("area", _("The area"), hint, text[:KEPT], "textarea", required=False,
                         error=error, rows=6)  # fmt: skip
    file = ui.FieldView("file", _("Or a file"), "", "", "file", required=False,
                        accept=("geojson", "json", "txt"))  # fmt: skip
    context = found | {
        "title": title, "trail": trail(title), "grid": maps.grid(), "fields": [field, file],
        "map": _map(within), "near": bool(within), "within": within,
        "errors": ui.ErrorSummary.of([field]) if error else None,
    }  # fmt: skip
    return render(request, "geography/overlay.html", context, status=422 if error else 200)


def _kept(request: HttpRequest, name: str) -> str:
    """What was sent in the form, else what the address says."""
    return str(request.POST.get(name, request.GET.get(name, "")))


def _answer(text: str) -> tuple[str, dict[str, Any]]:
    """What was wrong, and what the page shows."""
    try:
        area = maps.read_area(corners.read(text))
        return "", _measured(measuring.overlay(area, legal_time.today(), "county"))
    except (ValueError, RecursionError) as fault:
        error, repair = _said(fault)
        return error, {"repair": repair}
    except HttpError:
        return _("No boundaries are known for this day."), {}


def _map(city: str) -> ui.RegionMap:
    """The cities, each a way to come closer; or the counties of one."""
    near = maps.shapes("county", within=city) if city else []
    shown = near or maps.shapes("city")
    regions = [charting.region(one, None) for one in shown]
    if not near:
        regions = [replace(one, url=f"?within={one.code}") for one in regions]
    return ui.RegionMap(
        _("Draw the area on the map"), regions, maps.view_box(shown),
        note=charting.lines_note(), name_title=_("Division"),
    )  # fmt: skip


def _said(fault: Exception) -> tuple[str, str]:
    """What was wrong, and the offered repair."""
    if isinstance(fault, corners.UnfitCorners):
        return (_unread(fault.line) if fault.line else _("An area has at least three corners.")), ""
    if not isinstance(fault, maps.UnfitArea):
        return WHY["type"](), ""
    at = f" ({fault.where[0]:g}, {fault.where[1]:g})" if fault.where else ""
    return WHY[fault.code]() + at, json.dumps(fault.repair) if fault.repair else ""


def _unread(line: int) -> str:
    return _("Line %(n)s is not a corner: longitude, then latitude.") % {"n": line}


def _count(number: int | None) -> str:
    return _("not counted") if number is None else f"{number:,}"


def _measured(found: measuring.OverlayOut) -> dict[str, Any]:
    columns = [
        ui.Column("name", pgettext("place", "County")),
        ui.Column("km2", _("Area (km²)"), True),
        ui.Column("share", _("Share of the area"), True),
        ui.Column("unit", _("Share of the county"), True),
        ui.Column("addresses", _("Addresses"), True),
        ui.Column("premises", _("Of these, business premises"), True),
    ]
    rows: list[Any] = [
        {
            "name": ui.Link(f"/places/{part.code}/", part.name_zh),
            "km2": f"{part.km2:,.3f}",
            "share": f"{part.of_area:.2%}",
            "unit": f"{part.of_unit:.2%}",
            "addresses": _count(part.addresses),
            "premises": _count(part.premises),
        }
        for part in sorted(found.parts, key=lambda part: -part.km2)
    ]
    nothing = ui.Empty(_("The area lies in no county of the province"), "")
    return {
        "kpis": [
            ui.Kpi(_("Area (km²)"), f"{found.km2:,.3f}"),
            ui.Kpi(_("Outside the counties (km²)"), f"{found.outside_km2:,.3f}"),
            ui.Kpi(_("Addresses"), _count(found.addresses)),
            ui.Kpi(_("Of these, business premises"), _count(found.premises)),
        ],
        "table": ui.Table(columns, rows, _("By counties"), nothing, figures=True),
    }
