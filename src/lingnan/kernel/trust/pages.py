"""Signing in and out, and choosing the post under which an official acts."""

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lingnan.kernel.runtime import keys, legal_time
from lingnan.kernel.trust import demonstration, node_evidence
from lingnan.kernel.trust.access import (
    OFFICIAL,
    PUBLIC,
    SIGNED_IN,
    allow,
    refuse_noughts_posted,
)
from lingnan.kernel.trust.actors import actor_of, holdings
from lingnan.kernel.trust.models import Account, Body
from lingnan.kernel.ui import api as ui


def _next(request: HttpRequest, account: Account) -> str:
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        return wanted
    if account.kind == "official" and len(holdings(account)) > 1:
        return "/posts/"
    return "/"


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """By login and password; in a demonstration also as one of its invented people."""
    if request.method != "POST":
        return _page(request, "", "")
    refuse_noughts_posted(request)
    name = request.POST.get("login", "").strip()
    account = _demonstrated(request) or authenticate(
        request, username=name, password=request.POST.get("password", "")
    )
    if not isinstance(account, Account):
        return _page(request, name, _("This name and password do not belong together."), 401)
    if actor_of(account) is None:
        return _page(request, name, _("This account holds no post any more."), 403)
    login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    payload = {"account": account.key, "kind": account.kind}
    node_evidence.write([node_evidence.entry("trust.signin", payload)])
    return redirect(_next(request, account))


def _demonstrated(request: HttpRequest) -> Account | None:
    chosen = request.POST.get("demonstration", "")
    if not chosen or not legal_time.is_demonstration():
        return None
    return Account.objects.filter(login=chosen, demonstration=True, is_active=True).first()


def _page(request: HttpRequest, name: str, error: str, status: int = 200) -> HttpResponse:
    show = legal_time.is_demonstration()
    counties, above = demonstration.places() if show else ([], [])
    context = {
        "fields": [
            ui.FieldView(
                name="login",
                label=_("Name you sign in with"),
                value=name,
                error=error,
                autocomplete="username",
                width="medium",
            )
        ],
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "first": counties[:1],
        "counties": counties[1:],
        "above": above,
    }
    return render(request, "trust/signin.html", context, status=status)


@allow(OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def posts(request: HttpRequest) -> HttpResponse:
    """An official with several posts says under which one to act."""
    account = request.user
    assert isinstance(account, Account)
    held = {keys.veil(post.key, "trust.holding"): post for post in holdings(account)}
    chosen = held.get(request.POST.get("post", "")) if request.method == "POST" else None
    if chosen is not None:
        request.session["holding"] = chosen.key
        return redirect("/")
    names = {b.code: b.title for b in Body.objects.filter(code__in=[p.body for p in held.values()])}
    acts = [
        ui.Act("/posts/", f"{names[post.body]} · {post.title}", {"post": reference})
        for reference, post in held.items()
    ]
    return render(request, "trust/posts.html", {"acts": acts})


@allow(SIGNED_IN)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("/")
