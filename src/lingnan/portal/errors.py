"""Pages that say what went wrong and what one can do."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from lingnan.kernel.duty.api import ClockRefused
from lingnan.kernel.matters.api import NotAllowed, OutOfOrder
from lingnan.kernel.runtime.api import Conflict, keys
from lingnan.kernel.trust.api import (
    ClocksDiffer,
    EvidenceUnavailable,
    KeyStoreUnavailable,
    OnlyInPerson,
    OutsideScope,
    StepUpNeeded,
    acting,
    actor,
)
from lingnan.kernel.ui import api as ui
from lingnan.portal import no_room

logger = logging.getLogger(__name__)
UNAVAILABLE = (EvidenceUnavailable, KeyStoreUnavailable, OperationalError, keys.ClockBehind)


class FaultsMiddleware:
    """A store that does not answer, or an act that does not follow, is said plainly."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, (*UNAVAILABLE, OSError)) and no_room.of(error):
            logger.error("no room: %s", error)
            return full(request)
        if isinstance(error, ClocksDiffer | keys.ClockBehind):
            logger.error("clock: %s", error)
            return wrong_clock(request, error)
        if isinstance(error, UNAVAILABLE):
            logger.error("unavailable: %s", error)
            return unavailable(request)
        if isinstance(error, LookupError) and str(error).startswith("No installed app"):
            # An act of a system that stands in the data and is not carried by this node.
            logger.error("not carried: %s", error)
            return unavailable(request)
        if isinstance(error, Conflict):
            return changed_meanwhile(request)
        if isinstance(error, OutOfOrder | NotAllowed | ClockRefused):
            return moved_on(request)
        return None


def page(
    request: HttpRequest,
    status: int,
    title: str,
    text: str,
    what_next: str,
    link: ui.Link | None = None,
) -> HttpResponse:
    if for_program(request):
        return problem(status, f"{title}. {text}", what_next)
    context = {
        "title": title,
        "text": text,
        "what_next": what_next,
        "status": status,
        "link": link,
    }
    return render(request, "ui/error.html", context, status=status)


def for_program(request: HttpRequest) -> bool:
    """Whether what is asked for is answered with data, refusals too."""
    return request.path.startswith(("/api/", "/exchange/")) or request.path == "/healthz"


def problem(status: int, detail: str, what_next: str = "") -> JsonResponse:
    said = {"detail": detail, "what_next": what_next}
    return JsonResponse(said, status=status, json_dumps_params={"ensure_ascii": False})


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return page(
        request,
        400,
        _("This request cannot be understood"),
        _("What was sent is not complete or not in order."),
        _("Please go back and try again."),
    )


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if getattr(request, "actor", None) is None:
        return page(
            request,
            401 if for_program(request) else 403,
            _("Please sign in first"),
            _("You are not signed in, or not any more. Nothing was changed."),
            _("Sign in and do it once more."),
            ui.Link(_signin(request), _("Sign in")),
        )
    if isinstance(exception, OutsideScope):
        return _outside(request)
    if isinstance(exception, StepUpNeeded):
        return _proof_needed(request, exception.need)
    if isinstance(exception, OnlyInPerson):
        return page(
            request,
            403,
            _("Not while an official helps you"),
            _("What opens your account you change alone, on a device of your own."),
            _("Ask at the counter for a way to sign in yourself."),
        )
    return page(
        request,
        403,
        _("This page is not open to you"),
        _("It belongs to another person or to another post."),
        _("Sign in as somebody else, or go to your own pages."),
    )


def _outside(request: HttpRequest) -> HttpResponse:
    """Somebody acts for another, by a power that does not cover this or is over."""
    one = actor(request).acting
    assert one is not None
    if one.over:
        after = _("Stop acting for another; then you are in your own pages again.")
        if one.over == "grown_up":
            after += " " + _(
                "Your child gets an account at a counter of the police, with an identity document. "
                "All that was done for the child is in it."
            )
        return page(
            request,
            403,
            _("You cannot act for another any more"),
            acting.words.over(one.over) + " " + _("Nothing was done."),
            after,
            ui.Link("/acting/", _("Acting for others")),
        )
    covered = acting.words.scope(one.scope, one.kind)
    return page(
        request,
        403,
        _("This is not covered by what you may do for another"),
        _("You act for another, for these things only: %(scope)s. Nothing was done.")
        % {"scope": covered},
        _("Stop acting for another to come to your own pages, or ask for a power that covers it."),
        ui.Link("/acting/", _("Acting for others")),
    )


def _proof_needed(request: HttpRequest, need: int) -> HttpResponse:
    """Signed in, but not surely or not recently enough."""
    asked = urlencode({"need": str(need), "next": _came(request)})
    return page(
        request,
        403,
        _("Please confirm first that it is you"),
        _("It asks that you have shown lately and surely enough who you are. Nothing was done."),
        _("Confirm it and do it once more."),
        ui.Link(f"/signin/step-up/?{asked}", _("Confirm that it is you")),
    )


def _signin(request: HttpRequest) -> str:
    """Where to sign in, and then back to the page on which the form stood."""
    return f"/signin/?{urlencode({'next': _came(request)})}"


def _came(request: HttpRequest) -> str:
    """The page on which the form stood."""
    parts = urlsplit(request.headers.get("Referer", ""))
    came = urlunsplit(("", "", parts.path, parts.query, ""))
    ours = parts.netloc == request.headers.get("Host")
    if not ours or not url_has_allowed_host_and_scheme(came, None):
        came = request.get_full_path()
    return came


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return page(
        request,
        404,
        _("There is no such page"),
        _("The address is wrong, or what was here is not yours to see."),
        _("Check the address, or begin at the first page."),
    )


def failure(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        500,
        _("Something went wrong on our side"),
        _("What you had sent before is kept."),
        _("Please try again in a moment."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(
        request,
        403,
        _("This form has expired"),
        _("For your protection a form works only in the session in which it was opened."),
        _("Please go back, load the page again and send it once more."),
    )


def too_large(request: HttpRequest) -> HttpResponse:
    megabytes = settings.REQUEST_LIMIT // (1024 * 1024)
    return page(
        request,
        413,
        _("This is too much at once"),
        _("All files of one form together may have %(n)d MB. Nothing was taken.")
        % {"n": megabytes},
        _("Go back and send smaller files, or one file at a time."),
    )


def too_often(request: HttpRequest, wait: int) -> HttpResponse:
    return page(
        request,
        429,
        _("This was asked too often in a short time"),
        _("So that the node stays there for everybody, this can be done only so often."),
        _("Please wait %(n)d seconds, then do it once more. Nothing of yours was lost.")
        % {"n": wait},
    )


def without_length(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        411,
        _("The request does not say how long it is"),
        _("A program has sent this in pieces; no browser of a person does. Nothing was taken."),
        _("Send it with its length (Content-Length)."),
    )


def moved_on(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        409,
        _("The case has moved on meanwhile"),
        _("This step does not follow any more; nothing was changed."),
        _("Open the case again and see where it stands."),
    )


def changed_meanwhile(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        409,
        _("Somebody else changed this at the same moment"),
        _("Theirs counts; nothing of yours was changed."),
        _("Open it again and see how it stands now."),
    )


def full(request: HttpRequest) -> HttpResponse:
    response = page(
        request,
        507,
        _("There is no room left on the node"),
        _("Its disk is full, so nothing new is written. What was confirmed to you before is kept; "
          "this was not done."),
        _("Please do it once more later. The operator has to make room."),
    )  # fmt: skip
    response.headers["Retry-After"] = "600"
    return response


def wrong_clock(request: HttpRequest, error: Exception | None = None) -> HttpResponse:
    text = _("It stands before what the node itself has issued, so nothing is sealed or written "
             "now. Nothing of yours was lost.")  # fmt: skip
    if isinstance(error, ClocksDiffer):
        said = {"now": ui.legal_datetime(error.now), "at": ui.legal_datetime(error.at)}
        text += " " + _("The clock says %(now)s; what was issued says %(at)s.") % said
    response = page(
        request,
        503,
        _("The clock of the node is wrong"),
        text,
        _("Please tell the operator to set the clock of this machine right, then try again."),
    )
    response.headers["Retry-After"] = "600"
    return response


def unavailable(request: HttpRequest) -> HttpResponse:
    response = page(
        request,
        503,
        _("This cannot be done just now"),
        _("A part of the system does not answer; nothing of yours was lost."),
        _("Please try again in a moment."),
    )
    response.headers["Retry-After"] = "10"
    return response
