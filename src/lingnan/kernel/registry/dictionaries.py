"""The page of the data dictionary, and its file."""

from dataclasses import astuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.registry.dictionary import NAMES, DictionaryField, entries
from lingnan.kernel.trust.api import OFFICIAL, allow
from lingnan.kernel.ui import api as ui

LONGEST = 60


@allow(OFFICIAL)
@require_safe
def dictionary(request: HttpRequest) -> HttpResponse:
    """Every register and its fields, to be searched and printed."""
    search = request.GET.get("q", "").strip()[:LONGEST]
    chinese = (get_language() or "").startswith("zh")
    found = entries(search)
    by_register: dict[str, list[DictionaryField]] = {}
    for entry in found:
        by_register.setdefault(entry.record_type, []).append(entry)
    context = {
        "q": search,
        "registers": [(_table(listed, chinese), listed[0]) for listed in by_register.values()],
        "count": _("%(fields)s fields of %(registers)s registers")
        % {"fields": len(found), "registers": len(by_register)},
        "nothing": ui.Empty(_("Nothing found"), _("Try a shorter word, or a code.")),
        "file": f"table.csv?{urlencode({'q': search})}" if search else "table.csv",
    }
    return render(request, "registry/dictionary.html", context)


def _table(listed: list[DictionaryField], chinese: bool) -> ui.Table:
    first = listed[0]
    title = first.register_zh if chinese else first.register_en
    columns = [
        ui.Column("title", _("Field")),
        ui.Column("element", _("Data element")),
        ui.Column("type", _("Type")),
        ui.Column("obligatory", _("Obligatory")),
        ui.Column("codes", _("Code list")),
        ui.Column("uses", _("Remarks")),
    ]
    rows = [_row(entry, chinese) for entry in listed]
    return ui.Table(columns, rows, title or first.record_type)


def _row(entry: DictionaryField, chinese: bool) -> dict[str, ui.CellLike]:
    types = {
        "text": _("text"), "integer": _("integer"), "number": _("decimal number"),
        "boolean": _("yes or no"), "date": _("day"), "instant": _("instant"),
        "structure": _("structure"),
    }  # fmt: skip
    uses = {
        _("shortened in lists"): entry.masked,
        _("never shown"): entry.withheld,
        _("searched"): entry.searchable,
        _("filter"): entry.filterable,
        _("in the columnar copy"): entry.projected,
    }
    title = entry.title_zh if chinese else entry.title_en
    kind = types[entry.type]
    return {
        "title": ui.Cell(title, entry.field),
        "element": entry.element,
        "type": ui.Cell(kind, _("up to %(n)s characters") % {"n": entry.length})
        if entry.length
        else kind,
        "obligatory": _("Yes") if entry.obligatory else _("No"),
        "codes": entry.codes_zh if chinese else entry.codes_en,
        "uses": ui.listed([words for words, holds in uses.items() if holds]),
    }


@allow(OFFICIAL)
@require_safe
def dictionary_file(request: HttpRequest) -> HttpResponse:
    """The dictionary as CSV (UTF-8 with a mark for spreadsheets)."""
    found = entries(request.GET.get("q", "").strip()[:LONGEST])
    return ui.csv_file("dictionary.csv", [NAMES, *map(astuple, found)])
