"""How often one may do what is costly or can be guessed: by account, else by address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lingnan.kernel.trust.api import address_of, counts
from lingnan.portal import errors


@dataclass(frozen=True)
class Rate:
    """`allowed` requests in `window` seconds."""

    name: str
    allowed: int
    window: float


MINUTE = 60.0
FORM = 16 * 1024
BEGIN = Rate("begin", 120, 10 * MINUTE)
UPLOAD = Rate("upload", 120, 5 * MINUTE)
VERIFY = Rate("verify", 120, MINUTE)
SEARCH = Rate("search", 240, MINUTE)
API = Rate("api", 600, MINUTE)
NODE = Rate("exchange", 6000, MINUTE)

BEGINS = {"begin", "event-begin"}
VERIFIES = {"verify-code", "certificate"}
NODES = {"exchange-directory", "exchange-join", "exchange-join-terms", "exchange-renew"}


def rate_of(request: HttpRequest) -> Rate | None:
    """The rate that counts for a request, the narrowest first; None where none does."""
    match = request.resolver_match
    name, path = (match.url_name if match else "") or "", request.path
    posted = request.method == "POST"
    if name in NODES:
        return NODE
    if name in VERIFIES or path.startswith("/api/certificates/") or (name == "verify" and posted):
        return VERIFY
    if path.startswith("/api/"):
        return API
    if posted and name in BEGINS:
        return BEGIN
    if posted and _bears_files(request):
        return UPLOAD
    return SEARCH if "q" in request.GET else None


def _bears_files(request: HttpRequest) -> bool:
    """Told by what the head says, unread: forms without files are shorter."""
    length = str(request.META.get("CONTENT_LENGTH") or "")
    kind = request.headers.get("Content-Type", "")
    return kind.startswith("multipart/") and length.isdecimal() and int(length[:20]) > FORM


def whose(request: HttpRequest) -> str:
    """Whom a request counts for: who is signed in, else where it comes from."""
    who = getattr(request, "actor", None)
    return f"account {who.hand}" if who is not None else f"address {address_of(request)}"


class RatesMiddleware:
    """Stands where actor and language are known; counts when the address has been resolved."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        rate = rate_of(request)
        if rate is None:
            return None
        allowed = rate.allowed * settings.RATES
        wait = counts.take(f"rate.{rate.name}", whose(request), allowed, rate.window)
        return refused(request, wait) if wait else None


def refused(request: HttpRequest, wait: int) -> HttpResponse:
    """429: a page, or JSON for a program."""
    response = errors.too_often(request, wait)
    response.headers["Retry-After"] = str(wait)
    return response
