"""Taking a list out of a register as a file: who may, what for, and each row in the evidence.

The rows go out in batches; each batch is written down before its first byte leaves, so that a
file that breaks off tells of no more people than the evidence does.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingnan.kernel.registry import choosing, display, moments, reading, rights, searches
from lingnan.kernel.registry.pages import address, readable
from lingnan.kernel.registry.reading import Reading
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import OFFICIAL, Actor, allow
from lingnan.kernel.ui import api as ui

LONGEST = 10_000
LEAST = 4


def may_export(model: type[Record], who: Actor) -> bool:
    exporters = model.record.exporters
    return exporters is not None and exporters.permits(who)


@allow(OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, system: str, name: str) -> HttpResponseBase:
    """A list as CSV (UTF-8 with a mark for spreadsheets), for a stated purpose."""
    model, who = readable(request, system, name)
    if not may_export(model, who):
        raise PermissionDenied
    told = request.POST if request.method == "POST" else request.GET
    asked, bad_day = moments.read(told)
    chosen, bad_choice = choosing.read(model, told)
    search = searches.text_of(request, told.get("s", "")) if told.get("s") else ""
    if bad_day or bad_choice or search is None:
        return redirect(address(model))
    told_of = choosing.Choosing(chosen.told).without(rights.withheld(model, who))
    read = Reading(search, asked.moment, told_of)
    purpose = told.get("purpose", "").strip()[:200]
    if request.method != "POST" or len(purpose) < LEAST:
        return _ask(request, model, read, purpose)
    answer = StreamingHttpResponse(_file(model, who, read, purpose), content_type=ui.CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{_filename(model)}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _ask(request: HttpRequest, model: type[Record], read: Reading, purpose: str) -> HttpResponse:
    """The question what for; asked again when the answer says too little."""
    sent = request.method == "POST"
    error = _("Say in a few words what the file is needed for.") if sent else ""
    hint = _("It is kept with the evidence; the people concerned can see that they were exported.")
    field = ui.FieldView("purpose", _("What for"), hint, purpose, error=error, maxlength=200)
    kept = {name: value for name, value in request.POST.items() if name != "purpose"}
    hidden = kept if sent else dict(request.GET.items())
    hidden.pop("csrfmiddlewaretoken", None)
    words = _("Up to %(n)s rows, with the columns of the list and what it masks masked.")
    context = {
        "title": model.record.title,
        "back": address(model),
        "field": field,
        "errors": ui.ErrorSummary.of([field]) if error else None,
        "hidden": hidden,
        "what": words % {"n": f"{LONGEST:,}"},
        "chosen": _chosen(model, read),
    }
    return render(request, "registry/export.html", context, status=422 if error else 200)


def _chosen(model: type[Record], read: Reading) -> ui.Panel:
    """What will be in the file, in words."""
    items = [ui.Item(_("Register"), str(model.record.title))]
    if read.search:
        items.append(ui.Item(_("Search"), read.search))
    for field in choosing.fields(model, read.choosing.told, None, sortable=False):
        if field.value:
            items.append(ui.Item(field.label, field.shown))
    if read.moment:
        items.append(ui.Item(_("As it held on"), ui.legal_date(read.moment.valid)))
    return ui.Panel(_("What the file will hold"), items)


def _filename(model: type[Record]) -> str:
    synthetic = "synthetic-" if legal_time.is_demonstration() else ""
    name = f"{model._meta.app_label}-{model._meta.model_name}"
    return f"{synthetic}{name}-{legal_time.today().isoformat()}.csv"


def _file(model: type[Record], who: Actor, read: Reading, purpose: str) -> Iterator[bytes]:
    """The lines of the file; the head is made in the request, the rows as they are fetched."""
    columns = [name for name in model.record.columns if rights.sees(model, who, name)]
    synthetic = [_("synthetic")] if legal_time.is_demonstration() else []
    head = [display.label(model, name) for name in columns] + synthetic
    marks = [_("Yes")] if synthetic else []
    rows = reading.exported(model, who, read, purpose, LONGEST)
    lines = ([_cell(model, row, name) for name in columns] + marks for row in rows)
    return (text.encode() for text in chain([ui.CSV_BOM], map(ui.csv_line, chain([head], lines))))


def _cell(model: type[Record], row: Any, name: str) -> str:
    value = getattr(row, name)
    if hasattr(value, "year"):
        return str(value.isoformat())
    text = "" if value is None else display.shown(model, row, name, listed=True)
    return "" if text == "—" else text
