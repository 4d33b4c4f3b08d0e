"""Who may call what: every view says it, and what says nothing is closed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode

from lingnan.kernel.runtime import legal_time
from lingnan.kernel.trust.acting.rules import APPLY, Acting
from lingnan.kernel.trust.acting.standing import of as for_whom
from lingnan.kernel.trust.actors import Actor, actor_of
from lingnan.kernel.trust.models import Account
from lingnan.kernel.trust.signin import standing
from lingnan.kernel.trust.signin.standing import StepUpNeeded

# Open whatever one acts under: to lay it down, to sign out.
ANY = "*"


class OutsideScope(PermissionDenied):
    """Whoever acts for another asked for what the power does not cover, or it is over."""


@dataclass(frozen=True)
class Access:
    """A rule: public, or a kind of account with optional roles and functions of its body.

    `level` is how surely the person must be known (1 to 3, docs/operating/signing-in.md);
    `guarded`: as surely as the account can be, and proved within ten minutes. `under` says for
    which scope of a power it is open to whoever acts for another (`whose`: a person, a firm);
    without one it is closed to them.
    """

    kind: str
    roles: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    level: int = 1
    guarded: bool = False
    under: str = ""
    whose: frozenset[str] = frozenset({"person"})

    def permits(self, actor: Actor | None) -> bool:
        if self.kind == "public":
            return True
        if actor is not None and actor.acting is not None and not self.covers(actor.acting):
            return False
        if actor is None or (self.kind != "signed-in" and actor.kind != self.kind):
            return False
        return (not self.roles or actor.role in self.roles) and (
            not self.functions or actor.function in self.functions
        )

    def covers(self, acting: Acting) -> bool:
        """Whether it is open to somebody who acts for another."""
        if self.under == ANY:
            return True
        return acting.kind in self.whose and acting.may(self.under)


PUBLIC = Access("public")
SIGNED_IN = Access("signed-in")
RESIDENT = Access("resident")
OFFICIAL = Access("official")
OPERATOR = Access("official", frozenset({"operator"}))


def official(*roles: str, functions: tuple[str, ...] = ()) -> Access:
    """Officials of the given roles and functions of their body (empty: any)."""
    return Access("official", frozenset(roles), frozenset(functions))


def at_level(rule: Access, level: int) -> Access:
    """The rule, for those who are known that surely."""
    return replace(rule, level=level)


def guarded(rule: Access) -> Access:
    """The rule, for what opens or closes an account: see `Access`."""
    return replace(rule, guarded=True)


def under(rule: Access, scope: str, *whose: str) -> Access:
    """The rule, open also to whoever acts for a person ("person", without more) or a firm
    ("organisation") by a power that covers the scope."""
    return replace(rule, under=scope, whose=frozenset(whose or ("person",)))


APPLICANT = under(RESIDENT, APPLY)

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def allow(rule: Access) -> Callable[[View], View]:
    """Declare who may call a view."""

    def declare(view: View) -> View:
        declared: Any = view
        declared.access = rule
        return view

    return declare


def actor(request: HttpRequest) -> Actor:
    """The actor of a request. Raises PermissionDenied when nobody is signed in."""
    found = cast(Actor | None, getattr(request, "actor", None))
    if found is None:
        raise PermissionDenied
    return found


def within(request: HttpRequest, scope: str) -> None:
    """Raises OutsideScope where somebody acts for another by a power without this scope."""
    found = cast(Actor | None, getattr(request, "actor", None))
    if found is not None and found.acting is not None and not found.acting.may(scope):
        raise OutsideScope


def _refuse_noughts(request: HttpRequest) -> None:
    """No database takes a nought character in a text, and nobody types one."""
    if "\x00" in request.path or any("\x00" in v for row in request.GET.lists() for v in row[1]):
        raise BadRequest("a nought character")


def refuse_noughts_posted(request: HttpRequest) -> None:
    """The same for what a form sends, where the form does not say it by its field."""
    if any("\x00" in value for row in request.POST.lists() for value in row[1]):
        raise BadRequest("a nought character")


def _acting(request: HttpRequest) -> Actor | None:
    """The actor of a session; what was invented for a demonstration never acts elsewhere."""
    account = request.user
    if not isinstance(account, Account) or invented(account):
        return None
    how = standing.of(request)
    if how.over(request):
        return None
    found = actor_of(account, request.session.get("holding"))
    if found is None:
        return None
    return for_whom(request, replace(found, assisted_by=how.clerk) if how.clerk else found)


def invented(account: Account) -> bool:
    """Whether this is a demonstration's account on a real node."""
    return account.demonstration and not legal_time.is_demonstration()


class AccessMiddleware:
    """Holds legal time for the request, finds the actor, and denies by default."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with legal_time.hold():
            known: Any = request
            known.actor = _acting(request)
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        _refuse_noughts(request)
        rule = getattr(view, "access", None)
        who = getattr(request, "actor", None)
        if rule is not None and rule.permits(who):
            return _proved_enough(request, rule)
        page = not request.path.startswith("/api/")  # a program is told, not led to a form
        if page and rule is not None and who is None and request.method in ("GET", "HEAD"):
            return redirect(f"/signin/?{urlencode({'next': request.get_full_path()})}")
        if who is not None and who.acting is not None:
            raise OutsideScope
        raise PermissionDenied


def _proved_enough(request: HttpRequest, rule: Access) -> HttpResponse | None:
    """Whoever is not known surely enough is led to prove it, and comes back."""
    try:
        standing.demand(request, rule.level, rule.guarded)
    except StepUpNeeded as asked:
        if request.path.startswith("/api/") or request.method not in ("GET", "HEAD"):
            raise
        told = {"need": str(asked.need), "next": request.get_full_path()}
        return redirect(f"/signin/step-up/?{urlencode(told)}")
    return None
