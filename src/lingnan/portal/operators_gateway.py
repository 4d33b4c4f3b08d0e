"""What bodies' own systems do through this node's gateway: who may ask, and what is answered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import federation
from lingnan.kernel.trust.api import Body, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.portal.operators import OPERATORS

CODE, TITLE, ADDRESS, PEM, BODIES, BASIS = 40, 80, 200, 20_000, 400, 200
systems = federation.systems


@allow(OPERATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Two lists with a form each; what is withdrawn ends within a second."""
    refuse_noughts_posted(request)
    by, act = actor(request).signature, request.POST.get("act", "")
    client, address = ui.Answers(request, "client"), ui.Answers(request, "address")
    if act == "stop-client":
        systems.withdraw_client(request.POST.get("certificate", "")[:64], by)
        return redirect("gateway")
    if act == "stop-address":
        subsystem, _dot, code = request.POST.get("service", "")[: 2 * CODE + 1].partition(".")
        systems.withdraw_address(subsystem, code, by)
        return redirect("gateway")
    if (client.posted and _client_entered(client, by)) or (
        address.posted and _address_entered(address, by)
    ):
        return redirect("gateway")
    wrong = client.wrong or address.wrong
    return ui.shown(request, _page(client, address), 422 if wrong else 200)


def _client_entered(said: ui.Answers, by: str) -> bool:
    body, system = said.text("body", CODE), said.text("system", CODE)
    title, certificate = said.text("title", TITLE), said.text("certificate", PEM)
    if said.wrong:
        return False
    try:
        systems.enter_client(certificate, body, system, title, by)
    except systems.NotPossible as refused:
        said.wrong[_field(refused.why)] = _why(refused.why)
    return not said.wrong


def _address_entered(said: ui.Answers, by: str) -> bool:
    body, system = said.text("body", CODE), said.text("system", CODE)
    code = said.text("code", CODE)
    title, url = said.text("title", TITLE), said.text("url", ADDRESS)
    consumers, basis = said.text("consumers", BODIES), said.text("basis", BASIS)
    if said.wrong:
        return False
    try:
        systems.enter_address(body, system, code, title, url, consumers.split(), basis, by)
    except systems.NotPossible as refused:
        said.wrong[_field(refused.why)] = _why(refused.why)
    return not said.wrong


def _field(why: str) -> str:
    return {"taken": "title", "subsystem": "system", "carried": "system"}.get(why, why)


def _why(code: str) -> str:
    texts = {
        "certificate": _("Not a certificate in PEM: it begins with -----BEGIN CERTIFICATE-----."),
        "taken": _("Entered already."),
        "body": _("This node does not speak for such a body."),
        "subsystem": _("2 to 40 small letters, digits and underscores, a letter first."),
        "carried": _("This is a system that the node carries itself."),
        "code": _("2 to 40 small letters, digits and underscores, a letter first."),
        "url": _("Not an address that may be passed on to: http or https, a host, no question."),
        "consumers": _("No such bodies: codes, blanks between them."),
        "basis": _("Please name the legal basis."),
    }
    return texts[code]


def _page(client: ui.Answers, address: ui.Answers) -> ui.Page:
    trail = ui.Trail([ui.Link(reverse("operating"), _("Operating"))])
    title = pgettext("gateway", "Systems at the gateway")
    if federation.membership() is None:
        words = _("A node by itself has no gateway: it is brought up with a name (up --node).")
        return ui.Page(title, words, trail=trail)
    code = _("As gd-440000-police; this node speaks for it.")
    name = _("For example permits")
    asks = [
        client.field("body", _("Code of the body"), hint=code, maxlength=CODE),
        client.field("system", _("Short name of the system"), hint=name, maxlength=CODE),
        client.field("title", pgettext("gateway", "Name in full"), maxlength=TITLE),
        client.field("certificate", _("Its certificate (PEM)"), kind="textarea", maxlength=PEM),
    ]
    answers = [
        address.field("body", _("Code of the body"), hint=code, maxlength=CODE),
        address.field("system", _("Short name of the system"), hint=name, maxlength=CODE),
        address.field("code", _("Short name of the service"), maxlength=CODE),
        address.field("title", pgettext("gateway", "Name in full"), maxlength=TITLE),
        address.field("url", _("Where it answers"), hint=_("Behind this node"), maxlength=ADDRESS),
        address.field("consumers", _("Codes of the bodies that may ask"), maxlength=BODIES),
        address.field("basis", _("Legal basis"), maxlength=BASIS),
    ]
    return ui.Page(
        title,
        _(
            "Information systems ask by X-Road's message protocol for REST at the gateway; "
            "services of departments are answered behind it, under an agreement with each body."
        ),
        tables=[ui.Part(_clients()), ui.Part(_addresses())],
        forms=[
            ui.Form(asks, _("Let a system ask"), act="client"),
            ui.Form(answers, _("Answer a service here"), act="address"),
        ],
        trail=trail,
    )


def _names() -> dict[str, str]:
    return {one.code: str(one.title) for one in Body.objects.filter(ended=False)}


def _clients() -> ui.Table:
    names, stop, here = _names(), pgettext("witness", "Stop"), reverse("gateway")
    rows: list[dict[str, ui.CellLike]] = [
        {
            "system": ui.Cell(one.title, f"{one.body}/{one.subsystem}"),
            "body": names.get(one.body, one.body),
            "certificate": f"{one.certificate[:16]}…",
            "act": ui.Act(here, stop, {"act": "stop-client", "certificate": one.certificate},
                          one.title),
        }
        for one in systems.clients()
    ]  # fmt: skip
    columns = [
        ui.Column("system", _("System that asks")),
        ui.Column("body", pgettext("gateway", "For")),
        ui.Column("certificate", _("Digest of its certificate")),
        ui.Column("act", pgettext("operating", "Act")),
    ]
    title = _("Systems that may ask")
    return ui.Table(columns, rows, title, ui.Empty(_("No system asks through this node")))


def _addresses() -> ui.Table:
    names, stop, here = _names(), pgettext("witness", "Stop"), reverse("gateway")
    rows: list[dict[str, ui.CellLike]] = [
        {
            "service": ui.Cell(one.title, f"{one.subsystem}.{one.code}"),
            "body": names.get(one.body, one.body),
            "url": one.url,
            "act": ui.Act(here, stop, {"act": "stop-address",
                                       "service": f"{one.subsystem}.{one.code}"}, one.title),
        }
        for one in systems.addresses()
    ]  # fmt: skip
    columns = [
        ui.Column("service", pgettext("gateway", "Service")),
        ui.Column("body", pgettext("gateway", "Body that answers")),
        ui.Column("url", _("Where it answers")),
        ui.Column("act", pgettext("operating", "Act")),
    ]
    title = _("Services that are answered here")
    return ui.Table(
        columns, rows, title, ui.Empty(_("No service of a department is answered here"))
    )
