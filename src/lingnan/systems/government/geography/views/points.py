"""Which county a point lies in."""

import unicodedata
from dataclasses import dataclass
from math import isfinite
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.maps import api as maps
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import PUBLIC, allow
from lingnan.kernel.ui import api as ui
from lingnan.standards.coordinates import gcj02_to_wgs84
from lingnan.systems.government.geography import divisions
from lingnan.systems.government.geography.views import charting

SYSTEMS = ("wgs84", "gcj02")


@dataclass(frozen=True)
class Number:
    """A number as typed: its value, or what is wrong with it."""

    text: str
    value: float = 0.0
    error: str = ""


@allow(PUBLIC)
@require_safe
def point(request: HttpRequest) -> HttpResponse:
    asked = "longitude" in request.GET or "latitude" in request.GET
    longitude = number(request.GET.get("longitude", ""), 180, asked)
    latitude = number(request.GET.get("latitude", ""), 90, asked)
    system = request.GET.get("system", SYSTEMS[0])
    fields = _fields(longitude, latitude, system if system in SYSTEMS else SYSTEMS[0])
    wrong = [(field.id, field.error) for field in fields if field.error]
    context: dict[str, Any] = {
        "fields": fields,
        "errors": ui.ErrorSummary(wrong) if wrong else None,
    }
    if asked and not wrong:
        x, y = longitude.value, latitude.value
        context |= _answer(*(gcj02_to_wgs84(x, y) if system == "gcj02" else (x, y)))
    return render(request, "geography/point.html", context, status=422 if wrong else 200)


def number(text: str, limit: float, asked: bool) -> Number:
    text = text.strip()[:40]
    if not asked:
        return Number(text)
    try:
        value = float(unicodedata.normalize("NFKC", text))
    except ValueError:
        return Number(text, error=_("Please give a number in degrees, such as 113.3245."))
    if not isfinite(value) or abs(value) > limit:
        said = {"limit": f"{limit:g}"}
        return Number(
            text, error=_("Please give a number between -%(limit)s and %(limit)s.") % said
        )
    return Number(text, value)


def _fields(longitude: Number, latitude: Number, system: str) -> list[ui.FieldView]:
    options = [
        ui.Option("wgs84", _("satellite navigation, CGCS2000"), _("what official maps use")),
        ui.Option("gcj02", _("a commercial online map"), _("shifted by some 500 metres")),
    ]
    return [
        ui.FieldView("longitude", _("Longitude"), _("In degrees, for example 113.3245"),
                     longitude.text, error=longitude.error, inputmode="text", maxlength=40),
        ui.FieldView("latitude", _("Latitude"), _("In degrees, for example 23.1065"),
                     latitude.text, error=latitude.error, inputmode="text", maxlength=40),
        ui.FieldView("system", _("Where do the numbers come from?"), "", system, "radio", options),
    ]  # fmt: skip


def _answer(x: float, y: float) -> dict[str, Any]:
    code = maps.locate(x, y)
    found = divisions.find(code, legal_time.today()) if code else None
    if found is None:
        title = _("The point lies in no county of the province")
        text = _("It may be at sea, in another province, or longitude and latitude are exchanged.")
        return {"verdict": ui.Notice("warn", title, text)}
    title = _("The point lies in %(place)s") % {"place": str(found.title)}
    text = _("Within some 300 metres of a boundary this may be wrong: lines are simplified.")
    link = ui.Link(f"/places/{found.code}/", _("About this division"))
    around = _("The point and the counties around it")
    drawn = charting.spot_map(around, found.code, (x, y), _("The point"))
    return {"verdict": ui.Notice("ok", title, text, link), "map": drawn}
