"""The provider's pages: letting a system know who one is, signing out, and taking it back."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import OAuth2Error
from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from lingnan.kernel.trust import clocks, node_evidence
from lingnan.kernel.trust.access import PUBLIC, SIGNED_IN, actor, allow
from lingnan.kernel.trust.models import Body
from lingnan.kernel.trust.openid import claims, consents, parties, sessions
from lingnan.kernel.trust.openid.grants import SignedIn
from lingnan.kernel.trust.openid.models import RelyingParty
from lingnan.kernel.trust.openid.server import provider
from lingnan.kernel.trust.signin import sessions as browsers
from lingnan.kernel.ui import api as ui

SINCE = "since"


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """A system asks who somebody is (OpenID Connect Core §3.1.2)."""
    signed = sessions.current(request)
    try:
        grant = provider().get_consent_grant(request, end_user=signed)
    except OAuth2Error as error:
        return _refusal(request, error)
    asked, redirect_uri = grant.request, grant.redirect_uri
    prompts = (asked.payload.data.get("prompt") or "").split()
    if "none" in prompts and len(prompts) > 1:
        return _error(asked, redirect_uri, "invalid_request")
    needed = _level(asked)
    weak = signed is not None and signed.level < needed
    if signed is None or weak or not _fresh(asked, signed, prompts):
        if "none" in prompts:
            return _error(asked, redirect_uri, "login_required")
        return _to_sign_in(request, needed if weak else 0)
    if request.method == "POST":
        return _answered(request, grant, signed)
    agreed = consents.covers(signed.account, asked.client.client_id, asked.scope)
    if agreed and "consent" not in prompts:
        return _let_in(request, grant, signed)
    if "none" in prompts:
        return _error(asked, redirect_uri, "consent_required")
    return _question(request, asked.client.row, asked.scope, redirect_uri)


def _level(asked: Any) -> int:
    """The level of a sign-in that the system asks for, or is registered with."""
    wanted = (asked.payload.data.get("acr_values") or "").split()
    levels = [level for level, name in claims.LEVELS.items() if name in wanted]
    return max(asked.client.row.level, min(levels, default=1))


def _fresh(asked: Any, signed: SignedIn, prompts: list[str]) -> bool:
    """Whether the sign-in is as fresh as the system asks for."""
    data = asked.payload.data
    if sessions.answered(data.get(SINCE, ""), signed):
        return True
    age, most = (datetime.now(UTC) - signed.at).total_seconds(), data.get("max_age") or ""
    # After the clock was set back nobody knows how old a sign-in is.
    known = age >= -clocks.TOLERANCE.total_seconds()
    return "login" not in prompts and known and not (most.isdecimal() and age > int(most[:9]))


def _to_sign_in(request: HttpRequest, level: int) -> HttpResponse:
    """To sign in anew, or (a level) to prove more surely who is signed in; and back."""
    told = request.GET.copy()
    told[SINCE] = sessions.asked_now()
    asked = {"next": f"{request.path}?{told.urlencode()}"}
    if level:
        return redirect(f"{reverse('step-up')}?{urlencode(asked | {'need': str(level)})}")
    return redirect(f"{reverse('signin')}?{urlencode(asked)}")


def _answered(request: HttpRequest, grant: Any, signed: SignedIn) -> HttpResponse:
    who, asked = actor(request), grant.request
    if request.POST.get("answer") == "yes":
        consents.give(who, asked.client.client_id, asked.scope)
        return _let_in(request, grant, signed)
    payload = {"client": asked.client.client_id, "account": who.signature}
    node_evidence.write([node_evidence.entry("trust.signin_consent_refused", payload)])
    return _error(asked, grant.redirect_uri, "access_denied")


def _let_in(request: HttpRequest, grant: Any, signed: SignedIn) -> HttpResponse:
    """A code for the system; that it was given stands in the evidence first."""
    asked = grant.request
    payload = {
        "client": asked.client.client_id,
        "account": actor(request).signature,
        "scopes": asked.scope,
        "level": signed.level,
    }
    node_evidence.write([node_evidence.entry("trust.signed_in_at_system", payload)])
    answer = provider().create_authorization_response(asked, grant_user=signed, grant=grant)
    answer["Location"] = add_params_to_uri(answer["Location"], {"iss": settings.PUBLIC_ADDRESS})
    answer["Cache-Control"] = "no-store"
    return answer


def _error(asked: Any, redirect_uri: str, code: str) -> HttpResponse:
    """An error told to the system at its own registered address (RFC 6749 §4.1.2.1)."""
    told = {"error": code, "iss": settings.PUBLIC_ADDRESS}
    if asked.payload.state:
        told["state"] = asked.payload.state
    return redirect(add_params_to_uri(redirect_uri, told))


def _refusal(request: HttpRequest, error: OAuth2Error) -> HttpResponse:
    """Told to the system where its address is known to be its own; to the reader otherwise."""
    if error.redirect_uri:
        told = [*error.get_body(), ("iss", settings.PUBLIC_ADDRESS)]
        return redirect(add_params_to_uri(error.redirect_uri, told))
    words = _("The system that sent you here is not registered with this node, or asked in a way "
              "that is not allowed. Nothing was told to it.")  # fmt: skip
    notice = ui.Notice("late", _("This sign-in cannot go on"), words)
    return ui.shown(request, ui.Page(_("Sign in at a system"), top=[notice]), status=400)


def _question(
    request: HttpRequest, party: RelyingParty, scopes: str, redirect_uri: str
) -> HttpResponse:
    body, where = Body.objects.filter(code=party.body).first(), urlsplit(redirect_uri)
    context = {
        "name": party.title,
        "body": body.title if body else party.body,
        "host": where.netloc,
        "learns": [parties.WORDS[one] for one in scopes.split()],
        "who": actor(request),
    }
    # A browser holds the policy of the form against where its answer leads.
    allowed: Any = csp_update({"form-action": [f"{where.scheme}://{where.netloc}"]})
    shown: HttpResponse = allowed(lambda one: render(one, "trust/openid.html", context))(request)
    return shown


@csrf_exempt
@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """A system asks to end the sign-in (OpenID Connect RP-Initiated Logout 1.0 §2)."""
    try:
        asked = provider().validate_endpoint_request("end_session", request)
    except OAuth2Error as error:
        return _refusal(request, error)
    signed = sessions.current(request)
    if signed is not None and not _meant(asked, signed):
        return _confirmed(request)
    if signed is not None:
        _sign_out(request)
    answer: HttpResponse | None = provider().create_endpoint_response("end_session", asked)
    return answer or _left(request)


def _meant(asked: Any, signed: SignedIn) -> bool:
    """Whether the system's own identity token says that it is this person whom it means."""
    if asked.needs_confirmation or asked.client is None:
        return False
    subject = claims.subject(asked.client.row, signed.account)
    return bool(asked.id_token_claims.get("sub") == subject)


@csrf_protect
def _confirmed(request: HttpRequest) -> HttpResponse:
    """Nobody else can sign a person out: without such a token the person is asked."""
    if request.method == "POST" and request.POST.get("confirm"):
        _sign_out(request)
        return _left(request)
    form = ui.Form([], _("Sign out"), hidden={"confirm": "yes"}, url=reverse("openid-logout"))
    lead = _("A system asks to sign you out here. You stay signed in if you leave this page.")
    return ui.shown(request, ui.Page(_("Sign out?"), lead, forms=[form]))


def _left(request: HttpRequest) -> HttpResponse:
    return ui.shown(request, ui.Page(_("You are signed out"), _("You may close this page.")))


def _sign_out(request: HttpRequest) -> None:
    """End the session here; the tokens that came of it are void with it."""
    browsers.ended_here(request)
    logout(request)


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def systems(request: HttpRequest) -> HttpResponse:
    """The systems that a person lets know who it is; each can be taken back."""
    who = actor(request)
    if request.method == "POST":
        consents.take_back(who, request.POST.get("system", "")[:40])
        return redirect("openid-systems")
    columns = [
        ui.Column("system", pgettext("sign-in", "System")),
        ui.Column("learns", _("What it learns of you")),
        ui.Column("since", pgettext("sign-in", "Since")),
        ui.Column("act", _("Take back")),
    ]
    rows = [_line(one.client_id, one.scopes, one.valid_from) for one in consents.of(who.account)]
    nothing = ui.Empty(_("No system knows you by this sign-in"))
    table = ui.Table(columns, rows, pgettext("sign-in", "Systems"), nothing, caption_hidden=True)
    lead = _("Departments' own systems at which you signed in by this account, and what each may "
             "learn. Taken back, a system must ask you again; what it has already kept stays with "
             "its body.")  # fmt: skip
    return ui.shown(request, ui.Page(_("Systems that know you"), lead, tables=[ui.Part(table)]))


def _line(client_id: str, scopes: str, since: Any) -> dict[str, ui.CellLike]:
    party = parties.party(client_id)
    learns = ui.listed(str(parties.WORDS[one]) for one in scopes.split() if one in parties.WORDS)
    return {
        "system": str(party.row.title) if party else client_id,
        "learns": learns,
        "since": ui.legal_date(since),
        "act": ui.Act(reverse("openid-systems"), _("Take back"), {"system": client_id}),
    }
