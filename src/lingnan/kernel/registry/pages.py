"""Lists of any record type, from its declaration: of today, or as they held on a day."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.registry import choosing as choosing_of
from lingnan.kernel.registry import display, moments, rights, searches
from lingnan.kernel.registry import reading as reading_of
from lingnan.kernel.registry.choosing import Choosing
from lingnan.kernel.registry.reading import Reading
from lingnan.kernel.registry.records import Record, UnknownRecordType, record_type, record_types
from lingnan.kernel.trust.api import OFFICIAL, Actor, actor, allow
from lingnan.kernel.ui import api as ui


def readable(request: HttpRequest, system: str, name: str) -> tuple[type[Record], Actor]:
    who = actor(request)
    try:
        model = record_type(system, name)
    except UnknownRecordType:
        raise Http404 from None
    if not model.record.readers.permits(who):
        raise PermissionDenied
    return model, who


def readable_types(who: Actor) -> list[type[Record]]:
    return [model for model in record_types() if model.record.readers.permits(who)]


@allow(OFFICIAL)
@require_safe
def types(request: HttpRequest) -> HttpResponse:
    """The record types that the post may read."""
    tiles = [
        ui.Tile(address(model), str(model.record.title), model.record.basis)
        for model in readable_types(actor(request))
    ]
    tiles += _beside(actor(request))
    nothing = ui.Empty(_("No records for this post"), _("Your post reads no register."))
    return render(
        request, "registry/types.html", {"tiles": tiles, "nothing": nothing, "ways": _ways()}
    )


def _ways() -> list[ui.Tile]:
    """What there is about all registers."""
    return [
        ui.Tile("/desk/linkage/", _("Records that may be the same"), _("Judge, merge and undo")),
        ui.Tile("/desk/quality/", _("Quality of the registers"), _("Scores, and what to mend")),
        ui.Tile("/desk/dictionary/", _("Data dictionary"), _("Every field and its code list")),
    ]


def _beside(who: Actor) -> list[ui.Tile]:
    """What stands beside the registers."""
    note = _("What is doubted in the registers of your body, and what you doubt.")
    tiles = [ui.Tile("/desk/doubts/", _("Doubts"), note)]
    note = _("Records opened without the right to, in an emergency, and their review.")
    tiles.append(ui.Tile("/desk/emergency/", _("Emergency access"), note))
    if who.role == "data_officer":
        note = _("Who answers for each data element, since when and on which basis.")
        tiles.append(ui.Tile("/desk/holders/", _("Holders of data elements"), note))
    return tiles


def address(model: type[Record]) -> str:
    return f"/desk/records/{model._meta.app_label}/{model._meta.model_name}/"


@allow(OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def record_list(request: HttpRequest, system: str, name: str) -> HttpResponse:
    """The records that the post may see. A search is posted and then read by its token."""
    model, who = readable(request, system, name)
    if request.method == "POST":
        return redirect(_searched(request, model))
    token = request.GET.get("s", "")
    search = searches.text_of(request, token) if token else ""
    if search is None:
        return redirect(address(model))
    asked, bad_day = moments.read(request.GET)
    choosing, bad_choice = choosing_of.read(model, request.GET)
    in_order = asked.moment is not None or bool(search)
    if in_order:
        choosing = Choosing(choosing.told)
    wrong = bool(bad_day or bad_choice)
    reading = Reading(search, asked.moment, choosing)
    after = request.GET.get("after", "")
    rows, more = ([], "") if wrong else reading_of.page(model, who, reading, after)
    query = "&".join(part for part in (asked.query, choosing.query) if part)
    fields = choosing_of.fields(
        model, request.GET, bad_choice, not in_order, rights.withheld(model, who)
    )
    panel = moments.panel(request.GET, asked, bad_day, address(model), {"s": token}, fields)
    context = {
        "title": model.record.title,
        "table": None if wrong else _table(model, who, rows, _next(query, token, more), asked),
        "q": search,
        "record": model.record,
        "what": _("Words, or the beginning of a number")
        if model.record.text
        else _("Beginning of a name or number"),
        "past": panel,
        "statistics": f"{address(model)}statistics/" if model.record.counted else "",
        "enter": _entry(model) if _may_enter(model, who) else None,
        "export": None if wrong else _export(model, who, query, token),
        "importing": _import(model, who),
    }
    return render(request, "registry/list.html", context, status=422 if wrong else 200)


def _entry(model: type[Record]) -> ui.Link:
    """Where records begin: the form, or the act by which they do."""
    act = model.record.begun_by
    if act is not None:
        return ui.Link(act.address(), str(act.title))
    return ui.Link(f"{address(model)}new/", _("Enter a new record"))


def _may_enter(model: type[Record], who: Actor) -> bool:
    editors = model.record.editors
    return editors is not None and editors.permits(who)


def _searched(request: HttpRequest, model: type[Record]) -> str:
    """Where the answer of a posted search is read; a moment and what is chosen stay."""
    text = request.POST.get("q", "").strip()[: searches.LONGEST]
    told = {"s": searches.keep(request, text)} if text else {}
    kept = ["on", "known", choosing_of.SORT, *(n for n, _field in choosing_of.names(model))]
    told |= {name: request.POST[name] for name in kept if request.POST.get(name)}
    return address(model) + (f"?{urlencode(told)}" if told else "")


def _export(model: type[Record], who: Actor, query: str, token: str) -> str:
    """Where what is listed can be taken out as a file; "" for whom it cannot."""
    exporters = model.record.exporters
    if exporters is None or not exporters.permits(who):
        return ""
    told = "&".join(part for part in (query, urlencode({"s": token}) if token else "") if part)
    return f"{address(model)}export/{f'?{told}' if told else ''}"


def _import(model: type[Record], who: Actor) -> str:
    """Where files of rows are sent; "" for whom they cannot be."""
    importers = model.record.importers
    may = importers is not None and importers.permits(who)
    return f"{address(model)}import/" if may else ""


def _next(query: str, token: str, after: str) -> str | None:
    if not after:
        return None
    more = {"s": token, "after": after} if token else {"after": after}
    return "?" + "&".join(part for part in (query, urlencode(more)) if part)


def _nothing(model: type[Record], next_url: str | None) -> ui.Empty:
    if next_url:
        return ui.Empty(
            _("Nothing found so far"),
            _("Many records have these words. What is chosen besides fits none of the first."),
            ui.Link(next_url, _("Go on searching")),
        )
    if model.record.text:
        words = _("Try two characters of a name or address, or the beginning of a number.")
    else:
        words = _("Try the beginning of a name or number.")
    return ui.Empty(_("Nothing found"), words)


def _table(
    model: type[Record],
    who: Actor,
    rows: list[Any],
    next_url: str | None,
    asked: moments.Asked,
) -> ui.Table:
    names, hidden = model.record.columns, rights.withheld(model, who)
    base, query = address(model), f"?{asked.query}" if asked.query else ""
    lines = []
    for row in rows:
        url = f"{base}{reading_of.reference_of(model, row.key)}/{query}"
        cells = display.row_cells(model, row, url, hidden)
        lines.append(dict(zip(names, cells, strict=True)))
    return ui.Table(
        [ui.Column(n, display.label(model, n)) for n in names],
        lines,
        str(model.record.title),
        _nothing(model, next_url),
        next_url=next_url,
        caption_hidden=True,
    )
