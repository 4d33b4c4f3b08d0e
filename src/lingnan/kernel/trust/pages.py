"""Signing in and out, and choosing the post under which an official acts."""

from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lingnan.kernel.runtime import keys, legal_time
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust import demonstration
from lingnan.kernel.trust.access import (
    ANY,
    OFFICIAL,
    PUBLIC,
    SIGNED_IN,
    allow,
    invented,
    refuse_noughts_posted,
    under,
)
from lingnan.kernel.trust.actors import holdings, lent
from lingnan.kernel.trust.models import Account, Body, Holding
from lingnan.kernel.trust.signin import counter, entering, factors, pages_in, sessions
from lingnan.kernel.trust.signin.entering import Refused
from lingnan.kernel.ui import api as ui


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """By login and password; in a demonstration also as one of its invented people."""
    if request.method != "POST":
        return _page(request, "")
    refuse_noughts_posted(request)
    name = request.POST.get("login", "").strip()
    known, wanted = name or request.POST.get("demonstration", ""), request.POST.get("next", "")
    try:
        entering.count(request, known)
        account = _demonstrated(request)
        method = "demonstration" if account else "password"
        account = account or _by_password(request, name)
        if method == "password" and factors.of_kind(account, "totp").exists():
            entering.give_back(request, known)
            return pages_in.code_next(request, account, wanted)
        return entering.enter(request, account, method, wanted, known)
    except Refused as refused:
        return _page(request, name, refused)


def _by_password(request: HttpRequest, name: str) -> Account:
    """Whose password this is. Raises `Refused`, which does not say whether there is such a name."""
    known = Account.objects.filter(login=name, is_active=True).first()
    if known is not None:
        counter.bring_into_effect(known)
    found = authenticate(request, username=name, password=request.POST.get("password", ""))
    if not isinstance(found, Account) or invented(found):
        entering.failed(name, "password", known)
        raise Refused(_("This name and password do not belong together."))
    return found


def _demonstrated(request: HttpRequest) -> Account | None:
    chosen = request.POST.get("demonstration", "")
    if not chosen or not legal_time.is_demonstration():
        return None
    return Account.objects.filter(login=chosen, demonstration=True, is_active=True).first()


def _page(request: HttpRequest, name: str, refused: Refused | None = None) -> HttpResponse:
    offer = _offer(request)
    context = {
        "fields": [
            ui.FieldView(
                name="login",
                label=_("Name you sign in with"),
                value=name,
                error=refused.words if refused else "",
                autocomplete="username",
                width="medium",
            )
        ],
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "offer": offer,
        "filters": _filters(offer) if offer else [],
        "passkey": pages_in.passkey_form(request, again=False),
    }
    status = refused.status if refused else 200
    response = render(request, "trust/signin.html", context, status=status)
    if refused and refused.wait:
        response.headers["Retry-After"] = str(refused.wait)
    return response


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
    every = [*holdings(account), *lent(account)]
    held = {keys.veil(post.key, "trust.holding"): post for post in every}
    chosen = held.get(request.POST.get("post", "")) if request.method == "POST" else None
    if chosen is not None:
        request.session["holding"] = chosen.key
        return redirect("/")
    names = {b.code: b.title for b in Body.objects.filter(code__in=[p.body for p in held.values()])}
    givers = dict(
        Account.objects.filter(key__in=[p.account for p in every]).values_list("key", "name")
    )
    acts = [
        ui.Act("/posts/", _worded(post, names, givers, account), {"post": reference})
        for reference, post in held.items()
    ]
    return render(request, "trust/posts.html", {"acts": acts})


def _worded(
    post: Holding, bodies: dict[str, Title], givers: dict[int, str], account: Account
) -> str:
    """A post in words; a lent one says whose it is."""
    said = f"{bodies[post.body]} · {post.title}"
    if post.account == account.key:
        return said
    return _("%(post)s, for %(person)s") % {"post": said, "person": givers[post.account]}


@allow(under(SIGNED_IN, ANY))
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    sessions.ended_here(request)
    logout(request)
    return redirect("/")
