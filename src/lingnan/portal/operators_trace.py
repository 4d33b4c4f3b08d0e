"""The way of one message, hop by hop: looked for by its X-Road-Id, walked step by step."""

import re
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.exchange.api import elsewhere
from lingnan.kernel.exchange.operating import assembling, reading, steps, telling
from lingnan.kernel.exchange.tracing.assembling import Traced
from lingnan.kernel.trust.api import EvidenceUnavailable, allow
from lingnan.kernel.ui import api as ui
from lingnan.portal.operators import OPERATORS
from lingnan.portal.operators_steps import moment, name_of, shown_step, state, table, total
from lingnan.portal.operators_words import Named

IDENTITY, SERVER = 200, 160
SIGNATURE = re.compile(r"[0-9a-f]{32}")


@allow(OPERATORS)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Asked by an id, it leads on to the message."""
    identity = request.GET.get("id", "").strip()[:IDENTITY]
    if identity:
        return redirect(_address(identity))
    lead = _("Every message has an X-Road-Id: the system that asks gives it, or its gateway does. "
             "It stands in the answer.")  # fmt: skip
    return ui.shown(request, _framed(lead, [_find("")]))


@allow(OPERATORS)
@require_safe
def page(request: HttpRequest, identity: str) -> HttpResponse:
    """The message, or the messages, of an id; a digest of a signature leads to its message."""
    identity = identity[:IDENTITY]
    digest = identity.lower()
    try:
        found = assembling.messages(identity)
        by_digest = SIGNATURE.fullmatch(digest) and not found
        other = telling.named_by(digest) if by_digest else ""
    except EvidenceUnavailable:
        notice = ui.Notice("late", _("The evidence cannot be read now"), _("Please try again."))
        return ui.shown(request, _framed("", [notice]), 503)
    wanted = request.GET.get("message", "")[:64]
    chosen = [one for one in found if wanted in ("", one.signature)]
    if other:
        return redirect(_address(other, message=digest))
    if not found:
        return _unknown(request, identity)
    if len(chosen) != 1:
        return ui.shown(request, _several(identity, found))
    return _one(request, assembling.whole(chosen[0]))


def _framed(lead: str, top: Sequence[Any], **more: Any) -> ui.Page:
    trail = ui.Trail([ui.Link(reverse("operating"), _("Operating"))])
    title = pgettext("trace", "The way of a message")
    return ui.Page(title, lead, top=top, trail=trail, **more)


def _find(identity: str) -> ui.Filter:
    label = _("X-Road-Id of the message, or the digest of its signature")
    field = ui.FieldView("id", label, value=identity, maxlength=IDENTITY)
    return ui.Filter([field], pgettext("trace", "Look for it"))


def _address(identity: str, **asked: str) -> str:
    query = {name: text for name, text in asked.items() if text}
    address = reverse("trace", args=[identity])
    return f"{address}?{urlencode(query)}" if query else address


def _unknown(request: HttpRequest, identity: str) -> HttpResponse:
    """Nothing is written down here; another node may have it, of an answer that never came."""
    named, server = Named(), request.GET.get("node", "")[:SERVER]
    others = [one.server for one in elsewhere.nodes()]
    if server in others:
        traced = assembling.found_elsewhere(identity, server)
        if traced.records:
            return _one(request, traced)
    top: list[object] = [
        ui.Empty(
            _("This node wrote down nothing under this id"),
            _("Written down is what was answered. Of a message whose answer never came, the node "
              "that was asked may know."),
        )
    ]  # fmt: skip
    if server in others:
        heard = {
            assembling.SILENT: _("%(node)s does not answer"),
            assembling.REFUSED: _("%(node)s refuses to tell"),
        }
        said = heard.get(traced.heard[server], _("%(node)s has nothing of it either"))
        top.insert(0, ui.Notice("warn", said % {"node": named.node(server)}))
    first: list[object] = []
    if others:
        options = [ui.Option(one, named.node(one)) for one in others]
        field = ui.FieldView("node", _("Ask another node"), kind="select", options=options,
                             value=server)  # fmt: skip
        first = [ui.Filter([field], pgettext("trace", "Ask"))]
    shown = _framed("", [_find(""), *top], first=first, code=identity)
    return ui.shown(request, shown, 404)


def _several(identity: str, found: list[Traced]) -> ui.Page:
    """A client may use one id again: each message has its own signature."""
    named = Named()
    rows: list[dict[str, ui.CellLike]] = []
    for one in found:
        first = one.records[0]
        service = named.service(reading.service_of(str(first.told.get("service", ""))))
        link = ui.Link(_address(identity, message=one.signature), moment(first.at, exact=True))
        rows.append({"at": link, "service": service, "signature": one.signature.upper()})
    columns = [
        ui.Column("at", _("Written down at (system time)")),
        ui.Column("service", pgettext("traffic", "Service")),
        ui.Column("signature", _("Digest of its signature")),
    ]
    caption = _("Several messages have this id")
    listed = ui.Table(columns, rows, caption)
    return _framed("", [], tables=[ui.Part(listed)], code=identity)


def _one(request: HttpRequest, traced: Traced) -> HttpResponse:
    walked, named = steps.steps(traced), Named()
    asked = request.GET.get("step", "")
    at = int(asked) if asked.isdecimal() and 1 <= int(asked[:3]) <= len(walked) else 0
    top: list[object] = [_verdict(traced, walked, named)]
    links: list[ui.Link] = []

    def to(step: int) -> str:
        return _address(traced.identity, message=traced.signature, step=str(step) if step else "",
                        node=request.GET.get("node", "")[:SERVER])  # fmt: skip

    if at:
        top.append(shown_step(walked[at - 1], at, len(walked), named))
        if at > 1:
            links.append(ui.Link(to(at - 1), pgettext("trace", "Previous step")))
        if at < len(walked):
            links.append(ui.Link(to(at + 1), pgettext("trace", "Next step")))
        links.append(ui.Link(to(0), _("All steps")))
    else:
        links.append(ui.Link(to(1), _("Walk it step by step")))
    line = ui.Timeline([_timed(one, number, at, named) for number, one in enumerate(walked, 1)])
    after: list[object] = [] if at else [ui.Part(table(walked, named))]
    why = ui.Notice(
        "soft",
        _("It cannot be asked again from here"),
        _("Of what was asked only digests are kept. And asking again would be another use of "
          "somebody's data, without its case and its purpose: the system that asked asks anew."),
    )  # fmt: skip
    shown = _framed(
        "", top, links=links, code=traced.identity, after=[line, *after, *([] if at else [why])]
    )
    return ui.shown(request, shown)


def _timed(one: steps.Step, number: int, at: int, named: Named) -> ui.Step:
    note = f"{named.node(one.server)}" + (f" → {named.node(one.other)}" if one.other else "")
    stands: ui.StepState = state(one)
    if at and stands == "done":
        stands = "done" if number < at else "now" if number == at else "next"
    return ui.Step(name_of(one.code), moment(one.at, exact=not one.whole_second), note, stands)


def _verdict(traced: Traced, walked: list[steps.Step], named: Named) -> ui.Notice:
    """In a sentence: whether every hop is known, says the same, and every signature holds."""
    silent = [s for s, heard in traced.heard.items() if heard in (assembling.SILENT,
                                                                  assembling.REFUSED)]  # fmt: skip
    broken = [one for one in walked if one.verdict and one.verdict.verdict == "broken"]
    told = {
        "member": named.member(reading.member_of(str(traced.any.get("client", "")))),
        "service": named.service(reading.service_of(str(traced.any.get("service", "")))),
    }
    items = [_("%(member)s asks: %(service)s") % told, *filter(None, [total(walked)])]
    items += [_("%(node)s does not answer; its hop is missing") % {"node": named.node(one)}
              for one in silent]  # fmt: skip
    if broken or traced.faults:
        title = _("The hops do not say the same, or a signature does not hold")
        return ui.Notice("late", title, _("Keep the evidence of each node as it is."), items=items)
    missing = [one for one in walked if not one.known]
    if silent or missing:
        title = _("What is known of it holds; a hop is missing")
        return ui.Notice("warn", title, items=items)
    title = _("Every hop is written down, all say the same, every signature holds")
    return ui.Notice("ok", title, items=items)
