"""Coordinates from one system to another: one point, or a file of them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.trust.api import PUBLIC, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.geography import converting
from lingnan.systems.government.geography.views.measuring import PAGE, trail
from lingnan.systems.government.geography.views.points import number

LARGEST = 1 << 20
FAR = 50_000_000.0
FILE = "file_"  # the fields of the form for files
WHY = {
    "number": lambda: _("Please give a number."),
    "range": lambda: _("The point lies outside this system."),
    "swapped": lambda: _("Longitude and latitude seem to be exchanged: longitude comes first."),
    "zone": lambda: _("An easting has eight figures before the point: the zone comes first."),
}


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def convert(request: HttpRequest) -> HttpResponse:
    posted = request.method == "POST"
    told, prefix = (request.POST, FILE) if posted else (request.GET, "")
    source = _system(told.get(f"{prefix}source", ""), "cgcs2000")
    target = _system(told.get(f"{prefix}target", ""), "gk3")
    error = ""
    if posted:
        try:
            return _file(request, source, target)
        except ValueError:
            error = _("Please send a CSV file in UTF-8 with two columns, up to 10,000 rows.")
    return _page(request, source, target, error)


def _system(text: str, usual: converting.System) -> converting.System:
    return next((one for one in converting.SYSTEMS if one == text), usual)


def _file(
    request: HttpRequest, source: converting.System, target: converting.System
) -> HttpResponse:
    """Raises ValueError."""
    sent = request.FILES.get("file")
    if sent is None or (sent.size or 0) > LARGEST:
        raise ValueError("no file, or too large")
    made, _rows, _bad = converting.of_file(sent.read().decode("utf-8-sig"), source, target)
    answer = HttpResponse(ui.CSV_BOM + made, content_type=ui.CSV_TYPE)
    answer["Content-Disposition"] = 'attachment; filename="converted.csv"'
    return answer


def _page(
    request: HttpRequest, source: converting.System, target: converting.System, file_error: str
) -> HttpResponse:
    told, asked = request.GET, "x" in request.GET
    x, y = (number(told.get(name, ""), FAR, asked) for name in ("x", "y"))
    title, answer, fault = _("Convert coordinates"), None, ""
    if asked and not (x.error or y.error):
        try:
            answer = _answer(converting.converted(x.value, y.value, source, target), source, target)
        except converting.NoPlace as error:
            fault = WHY[error.code]()
    fields = [
        ui.FieldView("x", _("Longitude, or easting with its zone"), "", x.text,
                     error=x.error or fault, maxlength=40),
        ui.FieldView("y", _("Latitude, or northing"), "", y.text, error=y.error, maxlength=40),
        *_choices(source, target),
    ]  # fmt: skip
    file = ui.FieldView("file", _("CSV file with two columns"), "", "", "file", accept=("csv",),
                        error=file_error)  # fmt: skip
    faulty = [(f.id, f.error) for f in [*fields, file] if f.error]
    context: dict[str, Any] = {
        "title": title, "trail": trail(title), "method": "get", "go": _("Convert"),
        "fields": fields, "rows": [*_choices(source, target, FILE), file], "answer": answer,
        "errors": ui.ErrorSummary(faulty) if faulty else None,
        "lead": _("Online maps shift their places by formulas that nobody has published: "
                  "official work uses CGCS2000."),
    }  # fmt: skip
    return render(request, PAGE, context, status=422 if faulty else 200)


def _names() -> dict[str, str]:
    return {
        "cgcs2000": _("CGCS2000 or WGS 84, in degrees"),
        "gcj02": _("GCJ-02 (most online maps), in degrees"),
        "bd09": _("BD-09 (Baidu's maps), in degrees"),
        "gk3": _("CGCS2000, Gauss-Krüger in zones of 3°, in metres"),
    }


def _choices(source: str, target: str, prefix: str = "") -> list[ui.FieldView]:
    options = [ui.Option(key, words) for key, words in _names().items()]
    return [
        ui.FieldView(
            f"{prefix}source", pgettext("coordinates", "From"), "", source, "select", options
        ),
        ui.FieldView(
            f"{prefix}target", pgettext("coordinates", "To"), "", target, "select", options
        ),
    ]


def _answer(made: tuple[float, float], source: str, target: str) -> ui.Panel:
    places = 4 if target == "gk3" else 8
    said = {
        "cgcs2000": _("WGS 84 is taken for CGCS2000: they differ by centimetres."),
        "gcj02": _("Unpublished shift: there and back within 0.1 m, otherwise unverified."),
        "bd09": _("Unpublished shift: there and back within 0.1 m, otherwise unverified."),
        "gk3": _("Within 0.1 mm of PROJ 9.5.1, in the zone of the point."),
    }
    notes = " ".join(dict.fromkeys((said[source], said[target])))
    return ui.Panel(
        _names()[target],
        [
            ui.Item(_("Longitude, or easting with its zone"), f"{made[0]:.{places}f}"),
            ui.Item(_("Latitude, or northing"), f"{made[1]:.{places}f}"),
            ui.Item(_("How exact it is"), notes),
        ],
    )
