"""The desk's pages of linkage: the queue of pairs, and one pair to be judged."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.registry import display
from lingnan.kernel.registry.linkage import (
    deciding,
    finding,
    merging,
    reasons,
    undoing,
    waiting,
    words,
)
from lingnan.kernel.registry.linkage.deciding import Opened
from lingnan.kernel.registry.linkage.merging import Refused
from lingnan.kernel.registry.linkage.models import LinkageRun, Pair
from lingnan.kernel.registry.pages import address
from lingnan.kernel.registry.reading import context_of
from lingnan.kernel.registry.records import Record, record_types
from lingnan.kernel.registry.rights import may_merge
from lingnan.kernel.trust.api import OFFICIAL, Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui

STATUS = {"": 200, "reason": 422, "survivor": 422, "unknown": 422, "right": 403}


def _types(who: Actor) -> list[type[Record]]:
    return [m for m in record_types() if m.record.linkage and m.record.readers.permits(who)]


@allow(OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one, the likeliest first; POST asks the worker for a new search."""
    who = actor(request)
    models = _types(who)
    if request.method == "POST":
        refuse_noughts_posted(request)
        named = {context_of(m): m for m in models}
        model = named.get(request.POST.get("record_type", ""))
        if model is None:
            raise Http404
        if not may_merge(model, who):
            raise PermissionDenied
        finding.begin(model, who.signature)
        return redirect("linkage")
    of, after = request.GET.get("of", ""), request.GET.get("after", "")
    places = {context_of(m): after if of == context_of(m) else "" for m in models}
    tables = [
        (name, address(m), _table(m, who, places[name]), _state(m), may_merge(m, who))
        for m in models
        for name in [context_of(m)]
    ]
    return render(request, "registry/linkage.html", {"tables": tables})


def _state(model: type[Record]) -> str:
    run = LinkageRun.objects.filter(record_type=context_of(model)).order_by("-pk").first()
    if run is None:
        return _("not searched yet")
    said = {"done": run.done, "blocks": run.blocks, "pairs": run.pairs}
    if run.state == "failed":
        return _("last search: broke off after %(done)s of %(blocks)s parts; search again") % said
    return _("last search: %(done)s of %(blocks)s parts, %(pairs)s new pairs") % said


def _table(model: type[Record], who: Actor, after: str) -> ui.Table:
    columns = [
        ui.Column("pair", _("Pair")),
        ui.Column("differs", _("Differs in")),
        ui.Column("weight", _("Weight"), True),
        ui.Column("state", pgettext("linkage", "state")),
    ]
    found = waiting.page(model, who, after)
    rows = [_row(model, *one) for one in found.rows]
    more = f"?of={context_of(model)}&after={found.next}" if found.next else None
    nothing = ui.Empty(_("No pair waits"), _("A new search may find more."))
    return ui.Table(columns, rows, str(model.record.title), nothing, next_url=more)


def _row(model: type[Record], pair: Pair, left: Any, right: Any) -> dict[str, ui.CellLike]:
    differs = [
        str(display.label(model, name))
        for name, level in pair.levels.items()
        if level not in ("exact", "empty")
    ]
    title = f"{display.named(model, left)} · {display.named(model, right)}"
    return {
        "pair": ui.Link(f"/desk/linkage/{deciding.reference(pair)}/", title),
        "differs": ui.listed(differs) if differs else "—",
        "weight": f"{pair.weight:.1f}",
        "state": _chip(pair),
    }


def _chip(pair: Pair) -> ui.Chip:
    return ui.Chip(*words.STATES[pair.state])


@allow(OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def one_pair(request: HttpRequest, ref: str) -> HttpResponse:
    """Two records side by side, why they may be one, and what the official says."""
    who = actor(request)
    one = deciding.opened(ref, who)
    if one is None:
        raise Http404
    fault = ""
    if request.method == "POST":
        refuse_noughts_posted(request)
        try:
            deciding.decide(one, who, request.POST.dict(), request.POST.getlist("chosen"))
            return redirect("linkage-pair", ref=ref)
        except Refused as refused:
            fault = refused.code
    return _page(request, one, fault, may_merge(one.model, who))


def _page(request: HttpRequest, one: Opened, fault: str, may: bool) -> HttpResponse:
    asks = may and one.pair.state in ("open", "unsure", "different")
    context = {
        "chip": _chip(one.pair),
        "fault": ui.Notice("late", words.REFUSALS.get(fault, _("Not understood.")))
        if fault
        else "",
        "beside": _beside(one),
        "reasons": reasons.table(one.model, one.pair.levels, _("Why they may be one")),
        "together": reasons.together(one.model, one.pair.weight),
        "asks": asks,
        "may": may,
        "undoing": undoing.tables(one),
        "state": one.pair.state,
        "fields": _fields(one) if asks else [],
        "reason": _reason(request.POST.get("reason", "")),
        "decided": one.pair,
    }
    return render(request, "registry/linkage_pair.html", context, status=STATUS.get(fault, 409))


def _beside(one: Opened) -> ui.Table:
    columns = [
        ui.Column("field", _("Field")),
        ui.Column("left", _("Record A")),
        ui.Column("right", _("Record B")),
    ]
    rows: list[dict[str, ui.CellLike]] = []
    for panel in one.model.record.panels:
        for name in panel.fields:
            left, right = (display.shown(one.model, row, name) for row in (one.left, one.right))
            b: ui.CellLike = right
            if left != right:
                b = ui.Cell((right or "—", ui.Chip("warn", _("differs"))))
            rows.append({"field": str(display.label(one.model, name)), "left": left, "right": b})
    return ui.Table(columns, rows, _("Side by side"), "")


def _reason(value: str) -> ui.FieldView:
    title = pgettext("linkage", "reason")
    return ui.FieldView("reason", title, value=value, kind="textarea", rows=2, maxlength=400)


def _fields(one: Opened) -> list[ui.FieldView]:
    differing = merging.conflicts(one.left, one.right)
    stays = [ui.Option("left", _("Record A")), ui.Option("right", _("Record B"))]
    return [
        ui.FieldView(
            "survivor", _("The record that stays"),
            _("If they are the same: whose number is right."), kind="radio",
            options=stays, required=False,
        ),
        ui.FieldView(
            "chosen", _("Taken from the other"), _("All else is as the record that stays says."),
            (), "checkbox", required=False,
            options=[ui.Option(name, str(display.label(one.model, name))) for name in differing],
        ),
    ]  # fmt: skip
