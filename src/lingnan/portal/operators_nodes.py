"""The nodes of the instance: who belongs to it, who is invited, who is shut out."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import federation
from lingnan.kernel.trust.api import actor, allow, body_titles, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.portal.operators import OPERATORS
from lingnan.portal.operators_names import system_titles

NAME, BODIES, SERVER = 31, 400, 160


@allow(OPERATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The directory as a list; who founded the instance invites and shuts out."""
    refuse_noughts_posted(request)
    said, by = ui.Answers(request, "invite"), actor(request).signature
    if request.POST.get("act") == "shut":
        _shut_out(request.POST.get("server", "")[:SERVER], by)
        return redirect("nodes")
    if said.posted and _invited(request, said, by):
        return redirect("nodes")
    return ui.shown(request, _page(said), 422 if said.wrong else 200)


def _shut_out(server: str, by: str) -> None:
    here = federation.membership()
    if here is not None and here.founded:
        federation.enrolling.shut_out(here, server, by)


def _invited(request: HttpRequest, said: ui.Answers, by: str) -> bool:
    """The address is shown once: only its digest is kept."""
    name, bodies = said.text("name", NAME), said.text("bodies", BODIES)
    via = said.text("via", NAME, required=False)
    here = federation.membership()
    if said.wrong or here is None:
        return False
    try:
        word = federation.inviting.invite(here, name, bodies.split(), by, via=via)
    except federation.inviting.NotPossible as refused:
        field = {"code": "name", "taken": "name", "via": "via"}.get(refused.why, "bodies")
        said.wrong[field] = _why(refused.why)
        return False
    address = f"{settings.PUBLIC_ADDRESS}{federation.inviting.PATH}{word.word}.{word.anchor}"
    told = _("Hand this over; it is shown once and serves one node for seven days: %(address)s")
    messages.success(request, told % {"address": address})
    return True


def _why(code: str) -> str:
    texts = {
        "code": _("2 to 31 small letters, digits and hyphens, a letter first."),
        "taken": _("Another node has joined by this name."),
        "bodies": _("No such bodies. Give codes, or the beginning of a division's code."),
        "owner": _("No body among these could answer for the node."),
        "via": _("No such node."),
        "founder": _("The node that founded the instance invites."),
    }
    return texts[code]


def _page(said: ui.Answers) -> ui.Page:
    here = federation.membership()
    trail = ui.Trail([ui.Link(reverse("operating"), _("Operating"))])
    title = pgettext("federation", "Nodes of the instance")
    if here is None:
        words = _(
            "This node stands by itself. Brought up with a name (up --node) it can found an "
            "instance or join one."
        )
        return ui.Page(title, words, trail=trail)
    forms = []
    if here.founded:
        hint = _("Codes of bodies, or the beginning of a division's code (4403) for all there.")
        through = _("The node through which alone it is reached; empty: directly.")
        fields = [
            said.field("name", pgettext("federation", "Name of the node"), maxlength=NAME),
            said.field("bodies", _("Bodies for which it speaks"), hint=hint, maxlength=BODIES),
            said.field("via", _("Reached through"), hint=through, required=False, maxlength=NAME),
        ]
        forms = [ui.Form(fields, _("Invite a node"), act="invite")]
    return ui.Page(
        title,
        _("Who belongs to the instance, for whom each node speaks, and until when that is known."),
        top=[ui.Panel(_("This node"), _own(here))],
        tables=[ui.Part(_listed(here))],
        forms=forms,
        trail=trail,
    )


def _own(here: "federation.Own") -> list[ui.Item]:
    known = federation.present()
    until = known.expires if known is not None else None
    return [
        ui.Item(_("Node"), here.server),
        ui.Item(
            _("Founded here") if here.founded else _("Joined at"), here.parent or here.instance
        ),
        ui.Item(
            _("Directory"),
            _("version %(n)s, good until %(until)s")
            % {"n": known.version, "until": ui.legal_datetime(until)}
            if known is not None and until is not None
            else _("none is known"),
        ),
    ]


def _listed(here: "federation.Own") -> ui.Table:
    known = federation.present()
    names, titles = body_titles(), system_titles()
    rows: list[dict[str, ui.CellLike]] = []
    for peer in sorted(known.peers, key=lambda one: one.server) if known is not None else []:
        systems = federation.systems_of(known, peer.server) if known is not None else []
        called = [titles.get(one, one) for one in systems]
        count = len(peer.members)
        spoken = ngettext("%(n)s body", "%(n)s bodies", count) % {"n": f"{count:,}"}
        owner = peer.server.split("/")[2]
        act: ui.CellLike = ""
        if here.founded and peer.server != here.server:
            told = {"act": "shut", "server": peer.server}
            act = ui.Act(reverse("nodes"), _("Shut out"), told, peer.code)
        rows.append({
            "node": ui.Cell(peer.code, names.get(owner, owner)),
            "address": ui.Cell(peer.url, f"{_('Reached through')} {peer.via}" if peer.via else ""),
            "systems": ui.Cell(spoken, pgettext("list", ", ").join(called)),
            "act": act,
        })  # fmt: skip
    columns = [
        ui.Column("node", _("Node")),
        ui.Column("address", pgettext("federation", "Gateway")),
        ui.Column("systems", _("Speaks and answers for")),
        ui.Column("act", pgettext("operating", "Act")),
    ]
    title = pgettext("federation", "Nodes of the instance")
    return ui.Table(columns, rows, title, ui.Empty(_("No directory is known yet")),
                    caption_hidden=True)  # fmt: skip
