"""Proving it again, or more surely, because a page asks for it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.trust.access import SIGNED_IN, allow, refuse_noughts_posted
from lingnan.kernel.trust.models import Account
from lingnan.kernel.trust.signin import entering, factors, pages_in, pieces, standing
from lingnan.kernel.trust.signin.entering import Refused
from lingnan.kernel.ui import api as ui


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def step_up(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in proves it at the level that is asked for, and goes on."""
    account = request.user
    assert isinstance(account, Account)
    if request.method != "POST":
        return _page(request, account)
    refuse_noughts_posted(request)
    name = f"again {account.login}"
    try:
        entering.count(request, name)
        method = _proof(request, account)
        if not method:
            entering.failed(account.login, "step up", account)
            raise Refused(_("This is not right. Please try again."), 422)
        return entering.enter(request, account, method, entering.wanted(request), name)
    except Refused as refused:
        return _page(request, account, refused)


def _proof(request: HttpRequest, account: Account) -> str:
    """By which way it was proved; empty where it was not."""
    if request.POST.get("act") == "password":
        return "password" if account.check_password(request.POST.get("password", "")) else ""
    return pages_in.second_factor(account, request.POST.get("code", "").strip())


def _need(request: HttpRequest) -> int:
    said = request.POST.get("need") or request.GET.get("need", "")
    return int(said) if said in ("1", "2", "3") else 1


def _page(request: HttpRequest, account: Account, refused: Refused | None = None) -> HttpResponse:
    need, can = _need(request), standing.reachable(account)
    carried = {"again": "1", "need": str(need), "next": entering.wanted(request)}
    shown: list[Any] = _forms(request, account, need, carried, refused.words if refused else "")
    if need >= 2:
        shown += _stronger(request, account, carried)
    if factors.of_kind(account, "recovery_code").exists():
        shown.append(ui.Link(f"/signin/recover/?{urlencode(carried)}", _("With a recovery code")))
    lead = _("What you are about to do asks that you show once more who you are.")
    notices = [] if can >= need else [_missing(need)]
    page = ui.Page(_("Please confirm that it is you"), lead, top=notices, after=shown)
    status, wait = (refused.status, refused.wait) if refused else (200, 0)
    return pieces.shown(request, page, status, wait)


def _forms(
    request: HttpRequest, account: Account, need: int, carried: dict[str, str], error: str
) -> list[Any]:
    act = request.POST.get("act", "")
    found: list[Any] = []
    if need <= 1:
        said = error if act == "password" else ""
        secret = pieces.SecretField(
            "password", _("Password"), error=said, width="medium", autocomplete="current-password"
        )
        found.append(
            ui.Form([secret], pgettext("signin", "Confirm"), act="password", hidden=carried)
        )
    if need <= 2 and factors.of_kind(account, "totp").exists():
        said = error if act == "code" else ""
        field = pages_in.code_field(said)
        found.append(ui.Form([field], pgettext("signin", "Confirm"), act="code", hidden=carried))
    return found


def _stronger(request: HttpRequest, account: Account, carried: dict[str, str]) -> list[Any]:
    found: list[Any] = []
    if factors.of_kind(account, "passkey").exists():
        found.append(pages_in.passkey_form(request, again=True))
    if standing.in_force(account):
        words = _("Sign in with a certificate")
        found.append(ui.Link(f"/signin/certificate/?{urlencode(carried)}", words))
    return found


def _missing(need: int) -> ui.Notice:
    what = (
        _("This asks for a passkey or a certificate, and your account has none.")
        if need >= standing.STRONGEST
        else _("This asks for more than a password, and your account has nothing else.")
    )
    way = ui.Link("/account/", _("Add one under “My sign-in”"))
    return ui.Notice("warn", what, link=way)
