"""Addresses nearby."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.trust.api import PUBLIC, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.geography.models import Address
from lingnan.systems.government.geography.nearest import Near
from lingnan.systems.government.geography.nearest import nearest as nearest_to
from lingnan.systems.government.geography.views.points import Number, number

PAGE = "geography/measure.html"
SHOWN = 20


def swapped() -> str:
    return _("Longitude and latitude seem to be exchanged: longitude comes first.")


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
    turned = not x.error and not y.error and 3 <= x.value <= 54 and 73 <= y.value <= 90
    said = x.error or (swapped() if turned else "")
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
