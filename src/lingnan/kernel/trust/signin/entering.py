"""The way in, shared by every way of signing in: counted, written down, and where it leads."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from lingnan.kernel.trust import attempts, node_evidence
from lingnan.kernel.trust.actors import actor_of, holdings, lent
from lingnan.kernel.trust.models import Account, CounterTicket
from lingnan.kernel.trust.signin import counter, sessions, standing


class Refused(Exception):
    """Why somebody is not signed in, in words, and the status to answer with."""

    def __init__(self, words: str, status: int = 401, wait: int = 0) -> None:
        super().__init__(words)
        self.words, self.status, self.wait = words, status, wait


def hidden(name: str) -> str:
    """A login name as evidence holds it: the same each time, and nobody's to read."""
    return salted_hmac("trust.signin_failed", name.lower(), algorithm="sha256").hexdigest()[:32]


def failed(name: str, why: str, account: Account | None = None) -> None:
    """Write a failure down; where there is such an account, its owner can read it."""
    subjects = [("trust", account.key)] if account is not None else []
    told = {"login": hidden(name), "why": why}
    node_evidence.write([node_evidence.entry("trust.signin_failed", told, subjects)])


def count(request: HttpRequest, name: str) -> None:
    """Count an attempt for a name and an address. Raises `Refused` when there were too many."""
    wait = attempts.take(hidden(name), attempts.address_of(request))
    if wait:
        then = timezone.localtime(timezone.now() + timedelta(seconds=wait + 59))
        said = _("Too many attempts have failed. Please try again at %(time)s.")
        raise Refused(said % {"time": f"{then:%H:%M}"}, 429, wait)


def give_back(request: HttpRequest, name: str) -> None:
    attempts.succeeded(hidden(name), attempts.address_of(request))


def enter(
    request: HttpRequest, account: Account, method: str, wanted: str, name: str
) -> HttpResponse:
    """Sign in, or prove again who is signed in; `name` is what the attempt was counted under.

    Raises `Refused`.
    """
    if barred(account):
        raise Refused(_("This account is only for a demonstration."), 403)
    if counter.bring_into_effect(account) and method != "password":
        failed(account.login, "recovered", account)
        raise Refused(_("This account was recovered. Please sign in with its new password."), 422)
    if asked_again(request):
        if standing.of(request).clerk:
            raise standing.OnlyInPerson
        if request.user != account:
            raise Refused(_("This belongs to another account than the one signed in."), 422)
        sessions.raise_to(request, account, standing.proved(method))
    else:
        who = actor_of(account)
        if who is None:
            failed(account.login, "no post", account)
            raise Refused(_("This account holds no post any more."), 403)
        sessions.begin(request, account, who, standing.proved(method))
    give_back(request, name)
    return redirect(leads(request, account, wanted))


def asked_again(request: HttpRequest) -> bool:
    """Whether somebody who is signed in proves it once more."""
    again = "1" in (request.POST.get("again"), request.GET.get("again"))
    return again and isinstance(request.user, Account)


def leads(request: HttpRequest, account: Account, wanted: str) -> str:
    """Where one goes from here: first to one's own sign-in, when somebody is changing it."""
    if CounterTicket.objects.filter(account=account.key, state="waiting").exists():
        return "/account/"
    if safe(request, wanted):
        return wanted
    if account.kind == "official" and len([*holdings(account), *lent(account)]) > 1:
        return "/posts/"
    return "/"


def safe(request: HttpRequest, url: str) -> bool:
    return bool(url) and url_has_allowed_host_and_scheme(url, {request.get_host()})


def wanted(request: HttpRequest) -> str:
    """Where the page was asked to lead."""
    return request.POST.get("next") or request.GET.get("next", "")


def barred(account: Account) -> bool:
    """A demonstration's account on a real node: its password is public."""
    return account.demonstration and not standing.is_invented(account)
