"""Systems at which people sign in by this node: registered, given a new secret, taken off."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from lingnan.kernel.runtime.api import keys
from lingnan.kernel.trust.api import (
    OPERATOR,
    Body,
    actor,
    allow,
    body_titles,
    logout_notices,
    refuse_noughts_posted,
    relying_parties,
)
from lingnan.kernel.ui import api as ui

NAME, ADDRESSES, DEAD = 60, 2_000, 50


@allow(OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def systems(request: HttpRequest) -> HttpResponse:
    """The systems that are registered, and a form for another one."""
    refuse_noughts_posted(request)
    said = ui.Answers(request, "")
    wanted, fields = _wanted(said)
    if said.posted and not said.wrong:
        try:
            row, secret = relying_parties.register(wanted, actor(request).signature)
        except relying_parties.NotFit as wrong:
            said.wrong[wrong.field] = _unfit(wrong)
            _again, fields = _wanted(said)
        else:
            return _told(request, row, secret)
    return _page(request, fields, 422 if said.wrong else 200)


@allow(OPERATOR)
@require_POST
def renewed(request: HttpRequest, client_id: str) -> HttpResponse:
    """A new secret, shown this once."""
    row = _row(client_id)
    return _told(request, row, relying_parties.renew_secret(row, actor(request).signature))


@allow(OPERATOR)
@require_POST
def ended(request: HttpRequest, client_id: str) -> HttpResponse:
    """Nobody signs in there by this node any more."""
    relying_parties.end(_row(client_id), actor(request).signature)
    return redirect("signing-on")


def _row(client_id: str) -> relying_parties.RelyingParty:
    party = relying_parties.party(client_id)
    if party is None:
        raise Http404
    return party.row


def _wanted(said: ui.Answers) -> tuple[relying_parties.Wanted, list[ui.FieldView]]:
    bodies = list(Body.objects.filter(ended=False).values_list("code", flat=True))
    body = said["body"]
    if said.posted and body not in bodies:
        said.wrong["body"] = _("There is no body with this code.")
    level = said["level"] or "1"
    wanted = relying_parties.Wanted(
        body=body,
        name_zh=said.text("name_zh", NAME),
        name_en=said.text("name_en", NAME),
        redirects=said.text("redirects", ADDRESSES).split(),
        logouts=said.text("logouts", ADDRESSES, required=False).split(),
        backchannel=said.text("backchannel", NAME * 5, required=False),
        scopes=("openid", *said.several("scopes")),
        level=int(level) if level in ("1", "2", "3") else 0,
        public=said.ticked("public"),
        algorithm=said["algorithm"] or "RS256",
    )
    return wanted, _fields(said)


def _fields(said: ui.Answers) -> list[ui.FieldView]:
    scopes = [
        ui.Option("profile", _("name, and whether a resident or an official")),
        ui.Option("post", _("the official's post: body, division, role")),
    ]
    levels = [
        ui.Option("1", _("1: a password")),
        ui.Option("2", _("2: a password and a one-time code")),
        ui.Option("3", _("3: a passkey or a certificate")),
    ]
    return [
        said.field("name_zh", _("Name in Chinese"), width="medium"),
        said.field("name_en", _("Name in English"), width="medium"),
        said.field("body", _("Code of the body"), width="medium",
                   hint=_("People are known to all systems of a body by one number.")),
        said.field("redirects", _("Addresses to come back to"), kind="textarea",
                   hint=_("One to a line, whole and encrypted (https).")),
        said.field("logouts", _("Addresses after signing out"), kind="textarea", required=False,
                   hint=_("One to a line.")),
        said.field("backchannel", _("Address to be told of sign-outs"), required=False,
                   hint=_("When a person signs out here, or their session is ended, this node "
                          "tells the system there (back-channel logout).")),
        said.field("scopes", _("What it may learn besides that number"), kind="checkbox",
                   options=scopes, required=False, value=said.several("scopes")),
        said.field("level", _("Least level of a sign-in"), kind="select", options=levels,
                   value=said["level"] or "1"),
        said.field("algorithm", _("Signature of identity tokens"), kind="select",
                   options=[ui.Option("RS256", "RS256"), ui.Option("ES256", "ES256")],
                   value=said["algorithm"] or "RS256"),
        said.field("public", _("It can keep no secret (a program on people's own devices)"),
                   kind="checkbox", required=False, value="1" if said.ticked("public") else ""),
    ]  # fmt: skip


def _unfit(wrong: relying_parties.NotFit) -> str:
    if wrong.field in ("redirects", "logouts", "backchannel"):
        words = _("“%(address)s” is no whole, encrypted address.")
        return words % {"address": wrong.value}
    return _("Please choose.")


def _page(request: HttpRequest, fields: list[ui.FieldView], status: int) -> HttpResponse:
    form = ui.Form(fields, _("Register the system"), _("Another system"))
    lead = _("Departments' own systems let people sign in here (OpenID Connect) instead of "
             "keeping passwords. Each learns only what stands here and what the person "
             "agrees to.")  # fmt: skip
    tables = [_table(), *_untold()]
    page = ui.Page(_("Systems that sign in here"), lead, tables=tables, forms=[form])
    return ui.shown(request, page, status)


def _table() -> ui.Part:
    names = body_titles()
    columns = [
        ui.Column("name", pgettext("sign-in", "System")),
        ui.Column("address", _("Addresses to come back to")),
        ui.Column("learns", _("What it learns")),
        ui.Column("level", _("Least level"), numeric=True),
        ui.Column("secret", _("New secret")),
        ui.Column("end", _("Take off")),
    ]
    rows = [_line(row, names.get(row.body, row.body)) for row in relying_parties.registered()]
    nothing = ui.Empty(_("No system is registered"), _("Register the first one below."))
    table = ui.Table(columns, rows, _("Systems that sign in here"), nothing, caption_hidden=True)
    return ui.Part(table)


def _untold() -> list[ui.Part]:
    """Sign-outs that a system could not be told of in a day; each can be tried once more."""
    found = list(logout_notices.dead()[:DEAD])
    if not found:
        return []
    names = {row.client_id: str(row.title) for row in relying_parties.registered()}
    columns = [
        ui.Column("system", pgettext("sign-in", "System")),
        ui.Column("when", _("Signed out (system time)")),
        ui.Column("problem", _("What it answered")),
        ui.Column("again", _("Tell it again")),
    ]
    rows: list[dict[str, ui.CellLike]] = [
        {
            "system": names.get(one.client_id, one.client_id),
            "when": ui.legal_datetime(one.made_at),
            "problem": one.problem,
            "again": ui.Act(
                reverse("signing-on-again"), _("Tell it again"),
                {"notice": keys.veil(one.key, "trust.logout_notice")},
                about=names.get(one.client_id, ""),
            ),
        }
        for one in found
    ]  # fmt: skip
    title = _("Sign-outs that were not told")
    return [ui.Part(ui.Table(columns, rows, title, caption_hidden=True), title)]


@allow(OPERATOR)
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Tell a system once more of a sign-out that it did not take."""
    key = keys.unveil(request.POST.get("notice", "")[:64], "trust.logout_notice")
    if key is None or not logout_notices.again(key):
        raise Http404
    return redirect("signing-on")


def _line(row: relying_parties.RelyingParty, body: str) -> dict[str, Any]:
    name = str(row.title)
    renew = reverse("signing-on-renew", args=[row.client_id])
    end = reverse("signing-on-end", args=[row.client_id])
    return {
        "name": ui.Cell(name, f"{body} · {row.client_id}"),
        "address": ui.listed(row.redirects.split()),
        "learns": ui.listed(str(relying_parties.WORDS[one]) for one in row.scopes.split()),
        "level": str(row.level),
        "secret": ui.Act(renew, _("New secret"), about=name) if row.secret else "—",
        "end": ui.Act(end, _("Take off"), about=name),
    }


def _told(request: HttpRequest, row: relying_parties.RelyingParty, secret: str) -> HttpResponse:
    items = [
        ui.Item(_("Identifier (client_id)"), row.client_id),
        ui.Item(_("Secret (client_secret)"), secret or _("none: it proves itself by a proof key")),
        ui.Item(_("Discovery"), request.build_absolute_uri(reverse("openid-discovery"))),
    ]
    notice = ui.Notice("warn", _("The secret is shown this once"),
                       _("Put it into the system now. The node keeps only its hash."))  # fmt: skip
    trail = ui.Trail([ui.Link(reverse("signing-on"), _("Systems that sign in here"))])
    top = [notice, ui.Panel(str(row.title), items)] if secret else [ui.Panel(str(row.title), items)]
    shown = ui.shown(request, ui.Page(str(row.title), trail=trail, top=top))
    shown["Cache-Control"] = "no-store"
    return shown
