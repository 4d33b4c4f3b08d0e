"""Signing in and out, and choosing the post under which an official acts."""

from datetime import timedelta

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lingnan.kernel.runtime import keys, legal_time
from lingnan.kernel.trust import attempts, demonstration, node_evidence
from lingnan.kernel.trust.access import (
    OFFICIAL,
    PUBLIC,
    SIGNED_IN,
    allow,
    invented,
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
    known = _hidden(name or request.POST.get("demonstration", ""))
    address = attempts.address_of(request)
    wait = attempts.take(known, address)
    if wait:
        return _wait(request, name, wait)
    account = _account(request, name)
    if account is None:
        _write("trust.signin_failed", {"login": known, "why": "password"})
        return _page(request, name, _("This name and password do not belong together."), 401)
    who = actor_of(account)
    if who is None:
        _write("trust.signin_failed", {"login": known, "why": "no post"})
        return _page(request, name, _("This account holds no post any more."), 403)
    # Written down first: without evidence nobody is signed in.
    number = _write("trust.signin", {"account": who.signature, "kind": account.kind})
    attempts.succeeded(known, address)
    login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    request.session["signin"] = number
    return redirect(_next(request, account))


def _account(request: HttpRequest, name: str) -> Account | None:
    """Who signs in, by password or as one of the invented people."""
    password = request.POST.get("password", "")
    found = _demonstrated(request) or authenticate(request, username=name, password=password)
    return found if isinstance(found, Account) and not invented(found) else None


def _hidden(name: str) -> str:
    """A login name as evidence holds it: the same each time, and nobody's to read."""
    return salted_hmac("trust.signin_failed", name.lower(), algorithm="sha256").hexdigest()[:32]


def _write(kind: str, payload: dict[str, str]) -> int:
    return node_evidence.write([node_evidence.entry(kind, payload)])[0].seq


def _wait(request: HttpRequest, name: str, seconds: int) -> HttpResponse:
    """Refused before the password is looked at."""
    then = timezone.localtime(timezone.now() + timedelta(seconds=seconds + 59))
    said = _("Too many attempts have failed. Please try again at %(time)s.")
    response = _page(request, name, said % {"time": f"{then:%H:%M}"}, 429)
    response.headers["Retry-After"] = str(seconds)
    return response


def _demonstrated(request: HttpRequest) -> Account | None:
    chosen = request.POST.get("demonstration", "")
    if not chosen or not legal_time.is_demonstration():
        return None
    return Account.objects.filter(login=chosen, demonstration=True, is_active=True).first()


def _page(request: HttpRequest, name: str, error: str, status: int = 200) -> HttpResponse:
    offer = _offer(request)
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
        "offer": offer,
        "filters": _filters(offer) if offer else [],
    }
    return render(request, "trust/signin.html", context, status=status)


def _offer(request: HttpRequest) -> demonstration.Offer | None:
    """Whom a demonstration offers, at the place that was asked for."""
    if not legal_time.is_demonstration():
        return None
    return demonstration.offer(request.GET.get("city", ""), request.GET.get("county", ""))


def _filters(offer: demonstration.Offer) -> list[ui.FieldView]:
    """Two lists to choose a place from; the second follows what was chosen in the first."""
    named = (
        ("city", _("Province or city"), offer.city, True, ""),
        ("county", _("County or district"), offer.county, False, _("its own bodies")),
    )
    return [
        ui.FieldView(
            name=name,
            label=label,
            kind="select",
            value=choice.chosen,
            options=[ui.Option(code, text) for code, text in choice.options],
            required=required,
            blank=blank,
            width="medium",
        )
        for name, label, choice, required, blank in named
        if choice.options
    ]


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
