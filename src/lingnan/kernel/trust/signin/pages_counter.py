"""The counter: an official opens a way for who stands there; that person goes it alone."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.trust.access import (
    PUBLIC,
    actor,
    allow,
    at_level,
    official,
    refuse_noughts_posted,
)
from lingnan.kernel.trust.actors import actor_of
from lingnan.kernel.trust.attempts import address_of
from lingnan.kernel.trust.models import Account, CounterTicket
from lingnan.kernel.trust.signin import counter, entering, pieces, sessions, standing, wording
from lingnan.kernel.trust.signin.counter import NotThisTicket
from lingnan.kernel.trust.signin.entering import Refused
from lingnan.kernel.trust.signin.pages_adding import new_password_fields, read_new_password
from lingnan.kernel.ui import api as ui

COUNTER = at_level(official("clerk", "records_officer", functions=("police",)), 2)
HEADS = at_level(official("head"), 2)
CODE = "/signin/ticket/"


@allow(COUNTER)
@require_http_methods(["GET", "HEAD", "POST"])
def residents(request: HttpRequest) -> HttpResponse:
    """For residents, at a counter of the police."""
    lead = _("For a resident who stands before you with a document.")
    links = [ui.Link(reverse("counter-enrol"), _("Open an account for a resident"))]
    return _desk(request, _("Sign-in at the counter"), lead, ("recover", "assist"), links)


@allow(HEADS)
@require_http_methods(["GET", "HEAD", "POST"])
def colleagues(request: HttpRequest) -> HttpResponse:
    """For the officials of one's own body."""
    lead = _("For an official of your body who has lost every way to sign in.")
    return _desk(request, _("Sign-in of a colleague"), lead, ("recover",))


def _desk(
    request: HttpRequest, title: str, lead: str, purposes: tuple[str, ...],
    links: Sequence[ui.Link] = (),
) -> HttpResponse:  # fmt: skip
    refuse_noughts_posted(request)
    who, answers = actor(request), ui.Answers(request, "")
    said, fields = answers.read(_fields(purposes))
    if answers.posted and said["compared"] != "1":
        answers.wrong["compared"] = _("Only after you have compared face and document.")
    if answers.good:
        account = counter.sought(said["login"], said["name"], who)
        if account is not None:
            purpose = said.get("purpose") or purposes[0]
            code = counter.open_for(request, who, account, purpose, said["document"])
            return code_page(request, title, purpose, code)
        answers.wrong["login"] = _(
            "There is no account of this name and sign-in name that you may open a way for."
        )
    drawn = [answers.field(f.name, str(f.label), **_rest(f)) for f in fields]
    page = ui.Page(title, lead, links=links, forms=[ui.Form(drawn, _("Open a way"))])
    return pieces.shown(request, page, 422 if answers.wrong else 200)


def _rest(field: ui.FieldView) -> dict[str, object]:
    return {"kind": field.kind, "options": field.options, "hint": field.hint, "width": field.width,
            "autocomplete": field.autocomplete, "maxlength": field.maxlength}  # fmt: skip


def _fields(purposes: tuple[str, ...]) -> list[ui.FieldView]:
    documents = ui.options(wording.DOCUMENTS)
    words = _("I have compared the person with the document, and the names are the same.")
    fields = [
        ui.FieldView("login", _("Name the person signs in with"), width="medium", maxlength=64,
                     autocomplete="off"),
        ui.FieldView("name", _("Name on the document"), width="medium", maxlength=60,
                     autocomplete="off"),
        ui.FieldView("document", _("Document"), kind="select", options=documents, width="medium"),
        ui.FieldView("compared", words, kind="checkbox", required=False),
    ]  # fmt: skip
    if len(purposes) > 1:
        hints = {
            "recover": _("The person chooses a new password on a device of their own."),
            "assist": _("Twenty minutes on the counter's second screen; marked as helped by you."),
        }
        choices = [ui.Option(code, str(text), hints[code]) for code, text in CounterTicket.PURPOSES]
        fields.insert(
            0,
            ui.FieldView("purpose", pgettext("signin", "What for"), kind="radio", options=choices),
        )
    return fields


def code_page(request: HttpRequest, title: str, purpose: str, code: str) -> HttpResponse:
    """The code, shown this once."""
    url = request.build_absolute_uri(CODE)
    about = (
        _("The person scans this with their own phone, or opens %(url)s and types the code.")
        if purpose == "recover"
        else _("Open %(url)s on the second screen of this counter and type the code.")
    )
    picture = pieces.Picture(f"{url}#{code}", about % {"url": url}, code)
    text = _("It serves once, for half an hour, and not in this browser. It is shown only now.")
    page = ui.Page(title, top=[ui.Notice("info", _("The way is open"), text), picture])
    return pieces.shown(request, page)


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def ticket(request: HttpRequest) -> HttpResponse:
    """The code of a counter, opened by whom it is for."""
    if request.method != "POST":
        return _ticket_page(request)
    refuse_noughts_posted(request)
    name = f"ticket {request.session.session_key or address_of(request)}"
    try:
        entering.count(request, name)
        found, account = counter.redeem(request, request.POST.get("ticket", ""))
        entering.give_back(request, name)
    except NotThisTicket as problem:
        return _ticket_page(request, Refused(wording.ticket_refused(problem.why), 422))
    except Refused as refused:
        return _ticket_page(request, refused)
    if found.purpose == "recover":
        return redirect("/signin/ticket/password/")
    return _assisted(request, found, account)


def _assisted(request: HttpRequest, found: CounterTicket, account: Account) -> HttpResponse:
    who = actor_of(account)
    if who is None:
        return _ticket_page(request, Refused(wording.ticket_refused("unknown"), 422))
    how = standing.proved("assisted", found.clerk, address_of(request))
    sessions.begin(request, account, who, how)
    return redirect("/")


def _ticket_page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    field = ui.FieldView(
        "ticket", _("Code from the counter"), width="medium", maxlength=40, autocomplete="off",
        error=refused.words if refused else "",
        hint=_("Twelve letters and digits in three groups."),
    )  # fmt: skip
    page = ui.Page(_("A code from a counter"), forms=[ui.Form([field], _("Go on"))])
    status, wait = (refused.status, refused.wait) if refused else (200, 0)
    return pieces.shown(request, page, status, wait)


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def ticket_password(request: HttpRequest) -> HttpResponse:
    """The new password, which nobody else learns."""
    refuse_noughts_posted(request)
    found = counter.redeemed(request)
    if found is None:
        return redirect(CODE)
    row, account = found
    answers = ui.Answers(request, "")
    said = read_new_password(request, answers, account)
    if answers.good:
        return _chosen(request, row, account, said)
    lead = _("You sign in as %(login)s. Choose a new password.") % {"login": account.login}
    form = ui.Form(new_password_fields(answers), _("Set it"))
    page = ui.Page(_("A new password"), lead, forms=[form])
    return pieces.shown(request, page, 422 if answers.wrong else 200)


def _chosen(request: HttpRequest, row: CounterTicket, account: Account, said: str) -> HttpResponse:
    if counter.choose(row, account, said):
        account.refresh_from_db()
        try:
            return entering.enter(request, account, "counter", "/account/", account.login)
        except Refused as refused:
            return _ticket_page(request, refused)
    text = _(
        "Your account had a passkey or a certificate. Until %(due)s whoever holds it can stop "
        "this; after that you sign in with the new password, and what was there before ends."
    )
    row.refresh_from_db()
    told = text % {"due": ui.legal_datetime(row.due_at)}
    notice = ui.Notice("info", _("Your new password waits a day"), told)
    return pieces.shown(request, ui.Page(_("A new password"), top=[notice]))
