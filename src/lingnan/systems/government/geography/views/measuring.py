"""Addresses nearby, and an area laid over the divisions."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe
from ninja.errors import HttpError

from lingnan.kernel.maps import api as maps
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import PUBLIC, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.geography import measuring
from lingnan.systems.government.geography.models import Address
from lingnan.systems.government.geography.nearest import Near
from lingnan.systems.government.geography.nearest import nearest as nearest_to
from lingnan.systems.government.geography.views.points import Number, number

PAGE = "geography/measure.html"
SHOWN = 20
WHY = {
    "type": lambda: _("This is not an area in GeoJSON (Polygon or MultiPolygon)."),
    "number": lambda: _("A position is not two numbers."),
    "few": lambda: _("A ring has fewer than four positions."),
    "unclosed": lambda: _("A ring does not end where it begins."),
    "range": lambda: _("A position lies outside the globe: degrees are asked for."),
    "swapped": lambda: _("Longitude and latitude seem to be exchanged: longitude comes first."),
    "crossing": lambda: _("The boundary crosses or touches itself."),
    "many": lambda: _("The area has more than 100,000 positions."),
    "nothing": lambda: _("There is no area in it."),
}


def trail(here: str) -> ui.Trail:
    return ui.Trail([ui.Link("/places/", _("Places"))], here)


@allow(PUBLIC)
@require_safe
def nearest(request: HttpRequest) -> HttpResponse:
    """The addresses nearest to a point or an address."""
    told = request.GET
    code, kind = told.get("address", "").strip()[:20], told.get("kind", "")
    asked = any(name in told for name in ("longitude", "latitude"))
    own = Address.objects.filter(code=code, ended=False).first() if code else None
    known = own is not None and own.longitude is not None
    x = number(told.get("longitude", ""), 180, asked and not code)
    y = number(told.get("latitude", ""), 90, asked and not code)
    fields = _fields(code, x, y, kind, bool(code) and not known)
    wrong = [(field.id, field.error) for field in fields if field.error]
    title = _("Addresses nearby")
    context: dict[str, Any] = {
        "title": title, "trail": trail(title), "method": "get", "fields": fields,
        "go": _("Find addresses"), "errors": ui.ErrorSummary(wrong) if wrong else None,
    }  # fmt: skip
    if (code or asked) and not wrong:
        place: Any = (own.longitude, own.latitude) if own is not None else (x.value, y.value)
        found = nearest_to(place[0], place[1], SHOWN, kind if kind in dict(Address.KINDS) else "")
        context["table"] = _near(found)
    return render(request, PAGE, context, status=422 if wrong else 200)


def _fields(code: str, x: Number, y: Number, kind: str, unknown: bool) -> list[ui.FieldView]:
    error = _("There is no address with this code, or its point is not known.") if unknown else ""
    swapped = not x.error and not y.error and 3 <= x.value <= 54 and 73 <= y.value <= 90
    said = x.error or (WHY["swapped"]() if swapped else "")
    kinds = [ui.Option(key, str(words)) for key, words in Address.KINDS]
    return [
        ui.FieldView("address", _("Address code"), _("Or give a point below"), code,
                     required=False, error=error, maxlength=20),
        ui.FieldView("longitude", _("Longitude"), _("In degrees, for example 113.3245"),
                     x.text, required=False, error=said, maxlength=40),
        ui.FieldView("latitude", _("Latitude"), _("In degrees, for example 23.1065"),
                     y.text, required=False, error=y.error, maxlength=40),
        ui.FieldView("kind", pgettext("place", "Kind"), "", kind, "select", kinds,
                     required=False, blank=_("All")),
    ]  # fmt: skip


def _near(found: list[Near]) -> ui.Table:
    nothing = ui.Empty(_("No address within 30 kilometres"), _("Try a point in the province."))
    rows: list[Any] = [
        {
            "text": ui.Link(f"/places/address/{one.address.code}/", one.address.text),
            "kind": one.address.get_kind_display(),
            "metres": f"{one.metres:,.1f}",
        }
        for one in found
    ]
    columns = [
        ui.Column("text", _("Standard address")),
        ui.Column("kind", pgettext("place", "Kind")),
        ui.Column("metres", _("Distance (m)")),
    ]
    return ui.Table(columns, rows, _("Addresses nearby"), nothing)


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def overlay(request: HttpRequest) -> HttpResponse:
    """An area's parts by the counties of today: sizes, shares, addresses."""
    title, text = _("Measure an area"), request.POST.get("area", "")
    sent = request.FILES.get("file")
    if sent is not None:
        text = sent.read().decode("utf-8", "replace")
    context: dict[str, Any] = {
        "title": title, "trail": trail(title), "method": "post", "go": pgettext("area", "Measure"),
        "lead": _("Lines of today, without legal effect. Nothing that is sent is kept."),
    }  # fmt: skip
    error = ""
    if request.method == "POST":
        try:
            area = maps.read_area(json.loads(text))
            context |= _measured(measuring.overlay(area, legal_time.today(), "county"))
        except (ValueError, RecursionError) as fault:
            error, context["repair"] = _said(fault)
        except HttpError:
            error = _("No boundaries are known for this day.")
    field = ui.FieldView("area", _("Area in GeoJSON"), _("Degrees of CGCS2000, longitude first"),
                         text[:200_000], "textarea", required=False, error=error)  # fmt: skip
    file = ui.FieldView("file", _("Or a file"), "", "", "file", required=False,
                        accept=("geojson", "json"))  # fmt: skip
    context |= {"fields": [field, file], "errors": ui.ErrorSummary.of([field]) if error else None}
    return render(request, PAGE, context, status=422 if error else 200)


def _said(fault: Exception) -> tuple[str, str]:
    """What was wrong, and the offered repair."""
    if not isinstance(fault, maps.UnfitArea):
        return WHY["type"](), ""
    at = f" ({fault.where[0]:g}, {fault.where[1]:g})" if fault.where else ""
    return WHY[fault.code]() + at, json.dumps(fault.repair) if fault.repair else ""


def _measured(found: measuring.OverlayOut) -> dict[str, Any]:
    counted = _("not counted") if found.addresses is None else f"{found.addresses:,}"
    columns = [
        ui.Column("name", pgettext("place", "County")),
        ui.Column("km2", _("Area (km²)")),
        ui.Column("share", _("Share of the area")),
        ui.Column("unit", _("Share of the county")),
        ui.Column("addresses", _("Addresses")),
    ]
    rows: list[Any] = [
        {
            "name": ui.Link(f"/places/{part.code}/", part.name_zh),
            "km2": f"{part.km2:,.3f}",
            "share": f"{part.of_area:.2%}",
            "unit": f"{part.of_unit:.2%}",
            "addresses": _("not counted") if part.addresses is None else f"{part.addresses:,}",
        }
        for part in sorted(found.parts, key=lambda part: -part.km2)
    ]
    nothing = ui.Empty(_("The area lies in no county of the province"), "")
    return {
        "kpis": [
            ui.Kpi(_("Area (km²)"), f"{found.km2:,.3f}"),
            ui.Kpi(_("Outside the counties (km²)"), f"{found.outside_km2:,.3f}"),
            ui.Kpi(_("Addresses"), counted),
        ],
        "table": ui.Table(columns, rows, _("By counties"), nothing),
    }
