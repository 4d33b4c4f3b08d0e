"""Lists and details of any record type, from its declaration."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.registry import display, reading
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
@require_safe
def record_list(request: HttpRequest, system: str, name: str) -> HttpResponse:
    model, who = _readable(request, system, name)
    search = request.GET.get("q", "").strip()[:60]
    rows, after = reading.page(model, who, search, request.GET.get("after", ""))
    names = model.record.columns
    base = _address(model)
    table = ui.Table(
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
        next_url=f"?{urlencode({'q': search, 'after': after})}" if after else None,
        caption_hidden=True,
    )
    context = {"title": model.record.title, "table": table, "q": search, "record": model.record}
    return render(request, "registry/list.html", context)


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
    version = statement.version
    changes = "；".join(
        f"{display.label(model, d.field)}: {d.before} → {d.after}"
        for d in statement.differences
        if d.field != "ended"
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
