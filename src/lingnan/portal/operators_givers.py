"""Nodes whose people's consents count here, by the roots that operators tell each other."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import afar, elsewhere
from lingnan.kernel.trust.api import actor, allow, consents, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.portal.operators import OPERATORS

ROOT = 64


@allow(OPERATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The list, this node's own root, and a form; a node is taken out at once."""
    refuse_noughts_posted(request)
    said, by = ui.Answers(request, "register"), actor(request).signature
    if request.POST.get("act") == "stop":
        afar.stop(request.POST.get("root", "")[:ROOT], by)
        return redirect("givers")
    if said.posted and _registered(said, by):
        return redirect("givers")
    return ui.shown(request, _page(said), 422 if said.wrong else 200)


def _registered(said: ui.Answers, by: str) -> bool:
    server = said.chosen("server", [one.server for one in elsewhere.nodes()])
    if said.wrong:
        return False
    try:
        afar.register(server, by)
    except ValueError:
        said.wrong["server"] = _("Registered already, or no node of the directory.")
    return not said.wrong


def _nodes() -> list[ui.Option]:
    """The other nodes that the directory names."""
    return [ui.Option(one.server, one.server) for one in elsewhere.nodes()]


def _page(said: ui.Answers) -> ui.Page:
    own = ui.Item(_("Digest of its root"), consents.foreign.root_digest())
    fields = [said.field("server", _("Node"), kind="select", options=_nodes())]
    return ui.Page(
        _("Consents of other nodes"),
        _(
            "A consent that was given on one of these nodes counts here. At each use that node is "
            "asked whether it still holds; where it does not answer, nothing is read."
        ),
        top=[ui.Panel(_("This node"), [own])],
        tables=[ui.Part(_listed())],
        forms=[ui.Form(fields, pgettext("witness", "Register"), act="register")],
        trail=ui.Trail([ui.Link(reverse("operating"), _("Operating"))]),
    )


def _listed() -> ui.Table:
    stop = pgettext("witness", "Stop")
    rows: list[dict[str, ui.CellLike]] = [
        {
            "root": ui.Cell(f"{one.root[:16]}…", one.server),
            "since": ui.legal_datetime(one.recorded_at),
            "act": ui.Act(reverse("givers"), stop, {"act": "stop", "root": one.root}, one.server),
        }
        for one in afar.nodes()
    ]
    columns = [
        ui.Column("root", _("Digest of its root")),
        ui.Column("since", pgettext("post", "Since")),
        ui.Column("act", stop),
    ]
    title = _("Consents of other nodes")
    return ui.Table(columns, rows, title, ui.Empty(_("No other node's consents count here")),
                    caption_hidden=True)  # fmt: skip
