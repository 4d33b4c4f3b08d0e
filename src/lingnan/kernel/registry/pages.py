"""Lists and details of any record type, from its declaration."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.registry import display, reading, searches
from lingnan.kernel.registry.records import Record, UnknownRecordType, record_type, record_types
from lingnan.kernel.runtime.temporal.history import Statement
from lingnan.kernel.trust.api import OFFICIAL, Actor, actor, allow
from lingnan.kernel.ui import api as ui


def _readable(request: HttpRequest, system: str, name: str) -> tuple[type[Record], Actor]:
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
        ui.Tile(_address(model), str(model.record.title), model.record.basis)
        for model in readable_types(actor(request))
    ]
    nothing = ui.Empty(_("No records for this post"), _("Your post reads no register."))
    return render(request, "registry/types.html", {"tiles": tiles, "nothing": nothing})


def _address(model: type[Record]) -> str:
    return f"/desk/records/{model._meta.app_label}/{model._meta.model_name}/"


@allow(OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def record_list(request: HttpRequest, system: str, name: str) -> HttpResponse:
    """The records that the post may see. A search is posted and then read by its token."""
    model, who = _readable(request, system, name)
    if request.method == "POST":
        text = request.POST.get("q", "").strip()[: searches.LONGEST]
        asked = f"?{urlencode({'s': searches.keep(request, text)})}" if text else ""
        return redirect(_address(model) + asked)
    token = request.GET.get("s", "")
    search = searches.text_of(request, token) if token else ""
    if search is None:
        return redirect(_address(model))
    rows, after = reading.page(model, who, search, request.GET.get("after", ""))
    more = {"s": token, "after": after} if token else {"after": after}
    table = _table(model, rows, f"?{urlencode(more)}" if after else None)
    context = {"title": model.record.title, "table": table, "q": search, "record": model.record}
    return render(request, "registry/list.html", context)


def _table(model: type[Record], rows: list[Any], next_url: str | None) -> ui.Table:
    names = model.record.columns
    base = _address(model)
    return ui.Table(
        [ui.Column(n, display.label(model, n)) for n in names],
        [
            dict(
                zip(
                    names,
                    display.row_cells(row, f"{base}{reading.reference(row)}/"),
                    strict=True,
                )
            )
            for row in rows
        ],
        str(model.record.title),
        ui.Empty(_("Nothing found"), _("Try the beginning of a name or number.")),
        next_url=next_url,
        caption_hidden=True,
    )


@allow(OFFICIAL)
@require_safe
def record_detail(request: HttpRequest, system: str, name: str, ref: str) -> HttpResponse:
    model, who = _readable(request, system, name)
    record = reading.opened(model, who, ref)
    if record is None:
        raise Http404
    context = {
        "record": record,
        "title": model.record.title,
        "back": _address(model),
        "panels": display.panels(record),
        "history": [_version(model, s) for s in display.history(record)] or [_only(record)],
    }
    return render(request, "registry/detail.html", context)


def _version(model: type[Record], statement: Statement) -> ui.Step:
    """A version and what it changed, as far as the panels show it."""
    version = statement.version
    shown = {name for panel in model.record.panels for name in panel.fields}
    changes = "；".join(
        f"{display.label(model, d.field)}: {d.before} → {d.after}"
        for d in statement.differences
        if d.field in shown
    )
    words = _("Version %(n)s, valid from %(day)s") % {
        "n": version.version,
        "day": ui.legal_date(version.valid_from),
    }
    when = _("recorded %(at)s by %(by)s") % {
        "at": ui.legal_datetime(version.recorded_at),
        "by": version.changed_by,
    }
    return ui.Step(words, when, changes or version.reason, "done")


def _only(record: Record) -> ui.Step:
    words = _("Version %(n)s, valid from %(day)s") % {
        "n": record.version,
        "day": ui.legal_date(record.valid_from),
    }
    return ui.Step(words, ui.legal_datetime(record.recorded_at), "", "done")
