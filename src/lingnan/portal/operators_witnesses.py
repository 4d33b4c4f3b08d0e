"""Who watches this node's log, and whose logs it watches."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.trust.api import actor, allow, refuse_noughts_posted, witnesses
from lingnan.kernel.ui import api as ui
from lingnan.portal.operators import OPERATORS, at

NAME, ADDRESS = 100, 200
ACTS = {"invite": witnesses.invite, "watch": witnesses.watch}


@allow(OPERATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Both lists, and a form for each."""
    refuse_noughts_posted(request)
    said = {act: ui.Answers(request, act) for act in ACTS}
    act = request.POST.get("act", "")
    if act == "stop":
        witnesses.stop(request.POST.get("name", "")[:NAME], actor(request).signature)
        return redirect("witnesses")
    if act in ACTS and _registered(act, said[act], actor(request).signature):
        return redirect("witnesses")
    wrong = any(one.wrong for one in said.values())
    return ui.shown(request, _page(said), 422 if wrong else 200)


def _registered(act: str, said: ui.Answers, by: str) -> bool:
    name, address = said.text("name", NAME), said.text("address", ADDRESS)
    if said.wrong:
        return False
    try:
        ACTS[act](name, address.rstrip("/"), by)
    except witnesses.NotPossible as fault:
        texts = {
            "registered": _("This one is registered already."),
            "untrusted": _("What is published at this address does not belong to this name."),
            "unreachable": _("Nothing answers at this address."),
        }
        said.wrong["address" if fault.code == "unreachable" else "name"] = texts[fault.code]
    return not said.wrong


def _page(said: dict[str, ui.Answers]) -> ui.Page:
    log, witness = witnesses.own_names()
    own = ui.Panel(
        _("This node"),
        [ui.Item(_("Name of its log"), log), ui.Item(_("Its name as a witness"), witness)],
    )
    lead = _("Nodes of other bodies sign this log's heads as long as it only grows: who rewrites "
             "it must win over them, too.")  # fmt: skip
    forms = [
        _form(said["invite"], "invite", _("Have another node watch this log"),
              _("Its name as a witness")),
        _form(said["watch"], "watch", _("Watch another node's log"), _("Name of its log")),
    ]  # fmt: skip
    tables = [
        ui.Part(_watching_us(), _("Witnesses of this log")),
        ui.Part(_watched(), _("Logs that this node watches")),
    ]
    trail = ui.Trail([ui.Link(reverse("operating"), _("Operating"))])
    return ui.Page(_("Witnesses"), lead, top=[own], tables=tables, forms=forms, trail=trail)


def _form(said: ui.Answers, act: str, title: str, name: str) -> ui.Form:
    fields = [
        said.field("name", name, hint=_("As that node's operator tells you, by another way.")),
        said.field("address", _("Its address"), hint=_("For example https://node.example.cn")),
    ]
    return ui.Form(fields, pgettext("witness", "Register"), title, act=act)


def _watching_us() -> ui.Table:
    rows: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(one.witness.name, one.witness.address),
            "size": f"{one.size:,}" if one.size else "—",
            "at": at(one.at.isoformat()) if one.at else _("nothing signed yet"),
            "act": _stop(one.witness.name),
        }
        for one in witnesses.standings()
    ]
    nothing = ui.Empty(_("Nobody watches this log"), _("Ask another body's operator to."))
    return ui.Table(_columns(), rows, _("Witnesses of this log"), nothing, caption_hidden=True)


def _watched() -> ui.Table:
    rows: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(log.origin, log.address),
            "size": f"{seen.size:,}" if seen else "—",
            "at": at(seen.at.isoformat()) if seen else _("nothing signed yet"),
            "act": _stop(log.origin),
        }
        for log, seen in witnesses.watched()
    ]
    nothing = ui.Empty(_("This node watches no log"))
    return ui.Table(
        _columns(), rows, _("Logs that this node watches"), nothing, caption_hidden=True
    )


def _columns() -> list[ui.Column]:
    return [
        ui.Column("name", pgettext("witness", "Name")),
        ui.Column("size", _("Entries signed"), numeric=True),
        ui.Column("at", _("Signed last")),
        ui.Column("act", pgettext("witness", "Stop")),
    ]


def _stop(name: str) -> ui.Act:
    return ui.Act(
        reverse("witnesses"), pgettext("witness", "Stop"), {"act": "stop", "name": name}, name
    )
