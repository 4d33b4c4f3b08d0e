"""Nodes that hold systems which this node does not carry: registered, asked again, stopped."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import elsewhere, holders, offers
from lingnan.kernel.trust.api import actor, allow, consents, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.portal.operators import OPERATORS
from lingnan.portal.operators_names import system_titles

SYSTEM = 40


@allow(OPERATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The list and a form; a node is asked again, or no more, by a button of its row."""
    refuse_noughts_posted(request)
    said, by = ui.Answers(request, "register"), actor(request).signature
    act, system = request.POST.get("act", ""), request.POST.get("system", "")[:SYSTEM]
    if act == "stop":
        holders.stop(system, by)
        return redirect("holder-nodes")
    if act == "ask":
        _asked_again(request, system)
        return redirect("holder-nodes")
    if said.posted and _registered(said, by):
        return redirect("holder-nodes")
    return ui.shown(request, _page(said), 422 if said.wrong else 200)


def _why(code: str) -> str:
    texts = {
        "system": _("No other node answers for this system."),
        "registered": _("This one is registered already."),
        "unreachable": _("That node does not answer."),
        "untrusted": _("What that node tells is not signed under this root."),
    }
    return texts[code]


def _asked_again(request: HttpRequest, system: str) -> None:
    for route in holders.routes():
        if route.system == system:
            try:
                holders.refresh(route)
            except holders.NotPossible as fault:
                messages.error(request, _why(fault.why))


def _registered(said: ui.Answers, by: str) -> bool:
    system = said.chosen("system", [one.value for one in _systems()])
    if said.wrong:
        return False
    try:
        holders.register(system, by)
    except holders.NotPossible as fault:
        said.wrong["system"] = _why(fault.why)
    return not said.wrong


def _systems() -> list[ui.Option]:
    """What other nodes answer for and this one does not carry, with the node's name."""
    found = sorted({one.system for one in elsewhere.systems()})
    homes = [home for home in map(elsewhere.of_system, found) if home is not None]
    called = system_titles()
    return [
        ui.Option(one.system, f"{called.get(one.system, one.system)} · {one.server}")
        for one in homes
    ]


def _page(said: ui.Answers) -> ui.Page:
    fields = [said.field("system", _("System that it carries"), kind="select", options=_systems())]
    own = ui.Item(_("Digest of its root"), consents.foreign.root_digest())
    return ui.Page(
        _("Systems that other nodes carry"),
        _(
            "What this node does not carry, it asks that node for. Where an agreement there needs "
            "consent, people here read it and decide here; that node asks again at each use."
        ),
        top=[ui.Panel(_("This node"), [own])],
        tables=[ui.Part(_listed())],
        forms=[ui.Form(fields, pgettext("witness", "Register"), act="register")],
        trail=ui.Trail([ui.Link(reverse("operating"), _("Operating"))]),
    )


def _listed() -> ui.Table:
    stop, here = pgettext("witness", "Stop"), reverse("holder-nodes")
    rows: list[dict[str, ui.CellLike]] = []
    called = system_titles()
    for one in holders.routes():
        acts: tuple[ui.Piece, ...] = (
            ui.Act(here, stop, {"act": "stop", "system": one.system}, one.system),
        )
        again = _("Ask again")
        acts = (ui.Act(here, again, {"act": "ask", "system": one.system}, one.system), *acts)
        asked = _("%(n)s that need consent") % {"n": len(offers.of_route(one))}
        told = ui.legal_datetime(one.told_at) if one.told_at else _("nothing yet")
        rows.append({
            "system": ui.Cell(called.get(one.system, one.system), one.server),
            "root": f"{one.root[:16]}…",
            "told": ui.Cell(told, asked),
            "act": ui.Cell(acts),
        })  # fmt: skip
    columns = [
        ui.Column("system", _("System that it carries")),
        ui.Column("root", _("Digest of its root")),
        ui.Column("told", _("Agreements told last")),
        ui.Column("act", pgettext("operating", "Act")),
    ]
    title = _("Systems that other nodes carry")
    return ui.Table(columns, rows, title, ui.Empty(_("This node asks no other node")),
                    caption_hidden=True)  # fmt: skip
