"""The ways in beside a password: a code, a passkey, a code kept for a loss."""

import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from lingnan.kernel.trust.access import PUBLIC, allow, refuse_noughts_posted
from lingnan.kernel.trust.attempts import address_of
from lingnan.kernel.trust.models import Account
from lingnan.kernel.trust.signin import entering, factors, passkeys, pieces, wording
from lingnan.kernel.trust.signin.entering import Refused
from lingnan.kernel.trust.signin.passkeys import NotThisPasskey
from lingnan.kernel.ui import api as ui

PENDING = "pending"
PATIENCE = 300.0


def code_next(request: HttpRequest, account: Account, wanted: str) -> HttpResponse:
    """The password was right; the authenticator is asked for. The session gets another name."""
    request.session.cycle_key()
    request.session[PENDING] = [account.key, time.time(), wanted]
    return redirect("/signin/code/")


def _pending(request: HttpRequest) -> tuple[Account, str] | None:
    key, at, wanted = request.session.get(PENDING) or (0, 0.0, "")
    if time.time() - at > PATIENCE:
        return None
    account = Account.objects.filter(key=key, is_active=True).first()
    return (account, wanted) if account is not None else None


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """After the password: what the authenticator shows, or a recovery code."""
    pending = _pending(request)
    if pending is None:
        return redirect("/signin/")
    if request.method != "POST":
        return _code_page(request)
    refuse_noughts_posted(request)
    account, wanted = pending
    name = f"code {account.login}"
    try:
        entering.count(request, name)
        said = request.POST.get("code", "").strip()
        method = second_factor(account, said)
        if not method:
            entering.failed(account.login, "code", account)
            words = _("This code is not the one, or it was used already.")
            raise Refused(f"{words} {wording.device_clock()}", 422)
        request.session.pop(PENDING, None)
        return entering.enter(request, account, method, wanted, name)
    except Refused as refused:
        return _code_page(request, refused)


def second_factor(account: Account, said: str) -> str:
    """Which factor a code is of; empty when of none."""
    if factors.check_authenticator(account, said):
        return "totp"
    long = len(factors.plain(said)) > 8
    return "recovery_code" if long and factors.spend_recovery_code(account, said) else ""


def code_field(error: str = "") -> ui.FieldView:
    return ui.FieldView(
        "code",
        pgettext("signin", "Code"),
        hint=_("The six digits that your authenticator shows now, or one of your recovery codes."),
        autocomplete="one-time-code",
        width="medium",
        maxlength=40,
        error=error,
    )


def _code_page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    form = ui.Form([code_field(refused.words if refused else "")], _("Sign in"))
    lost = ui.Link("/signin/recover/", _("I have lost what I sign in with"))
    page = ui.Page(_("One more step"), forms=[form], after=[lost])
    return answer(request, page, refused)


def answer(request: HttpRequest, page: ui.Page, refused: Refused | None) -> HttpResponse:
    """A page, with the status of a refusal where there was one."""
    status, wait = (refused.status, refused.wait) if refused else (200, 0)
    return pieces.shown(request, page, status, wait)


def nobody_yet(request: HttpRequest, way: str) -> str:
    """What an attempt counts under while nobody has said who they are."""
    return f"{way} {request.session.session_key or address_of(request)}"


# Passkeys.


@allow(PUBLIC)
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    return HttpResponse(passkeys.asking(request), content_type="application/json")


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in, or prove it again, by a passkey of this site."""
    if request.method != "POST":
        return passkey_page(request)
    refuse_noughts_posted(request)
    name = nobody_yet(request, "passkey")
    try:
        entering.count(request, name)
        account = passkeys.whose(request, request.POST.get("answer", ""))
        return entering.enter(request, account, "passkey", entering.wanted(request), name)
    except NotThisPasskey as problem:
        login = problem.account.login if problem.account else "passkey"
        entering.failed(login, f"passkey: {problem.why}", problem.account)
        words = _("This passkey was not accepted. Please try again, or sign in another way.")
        return passkey_page(request, Refused(words, 422))
    except Refused as refused:
        return passkey_page(request, refused)


def passkey_form(request: HttpRequest, again: bool) -> Any:
    """The button; where no passkey can belong to the address, why there is none."""
    if not passkeys.site(request):
        return None
    return pieces.PasskeyForm(
        title=_("With a passkey"),
        button=_("Use a passkey"),
        url="/signin/passkey/",
        options="/signin/passkey/options/",
        kind="get",
        note=_("Your device asks for your finger, your face or its PIN. Nothing is typed."),
        next=entering.wanted(request),
        again=again,
    )


def passkey_page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    form = passkey_form(request, entering.asked_again(request))
    notices: list[Any] = [ui.Notice("late", refused.words)] if refused else []
    if form is None:
        notices.append(ui.Notice("info", _("Passkeys need a name in the address bar, not digits.")))
    other = ui.Link("/signin/", _("Sign in another way"))
    page = ui.Page(_("Sign in with a passkey"), top=notices, after=[form, other])
    return answer(request, page, refused)


# Codes kept for a loss.


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """With one of the ten codes; or where to go with a document."""
    if request.method != "POST":
        return _recover_page(request)
    refuse_noughts_posted(request)
    login = request.POST.get("login", "").strip()
    try:
        entering.count(request, login)
        account = Account.objects.filter(login=login, is_active=True).first()
        if account is not None and entering.barred(account):
            account = None
        good = factors.spend_recovery_code(account, request.POST.get("code", ""))
        if account is None or not good:
            entering.failed(login, "recovery code", account)
            raise Refused(_("This name and code do not belong together."), 422)
        wanted = entering.wanted(request) or "/account/"
        return entering.enter(request, account, "recovery_code", wanted, login)
    except Refused as refused:
        return _recover_page(request, refused)


def _recover_page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    again = entering.asked_again(request)
    login = request.POST.get("login", "").strip()
    if again and isinstance(request.user, Account):
        login = request.user.login
    fields = [
        ui.FieldView(
            "login", _("Name you sign in with"), value=login, width="medium",
            error=refused.words if refused else "", autocomplete="username",
        ),
        ui.FieldView(
            "code", _("Recovery code"), width="medium", maxlength=40, autocomplete="off",
            hint=_("One of the ten that you wrote down. Each serves once."),
        ),
    ]  # fmt: skip
    hidden = {"next": entering.wanted(request)} | ({"again": "1"} if again else {})
    form = ui.Form(fields, _("Sign in"), _("With a recovery code"), hidden=hidden)
    counter = ui.Notice(
        "info",
        _("Without a code: with your document, at a counter of the police"),
        _(
            "An official compares you with your document and gives you a code, which you open here "
            "on your own device. Nobody else learns your new password."
        ),
        ui.Link("/signin/ticket/", _("I have a code from a counter")),
    )
    page = ui.Page(_("When you cannot sign in any more"), forms=[form], after=[counter])
    return answer(request, page, refused)
