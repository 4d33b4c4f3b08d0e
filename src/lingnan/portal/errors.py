"""Pages that say what went wrong and what one can do."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lingnan.kernel.duty.api import ClockRefused
from lingnan.kernel.matters.api import NotAllowed, OutOfOrder
from lingnan.kernel.trust.api import EvidenceUnavailable
from lingnan.kernel.ui import api as ui

logger = logging.getLogger(__name__)


class FaultsMiddleware:
    """A store that does not answer, or an act that does not follow, is said plainly."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, EvidenceUnavailable | OperationalError):
            logger.error("unavailable: %s", error)
            return unavailable(request)
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
    context = {
        "title": title,
        "text": text,
        "what_next": what_next,
        "status": status,
        "link": link,
    }
    return render(request, "ui/error.html", context, status=status)


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
            403,
            _("Please sign in first"),
            _("You are not signed in, or not any more. Nothing was changed."),
            _("Sign in and do it once more."),
            ui.Link("/signin/", _("Sign in")),
        )
    return page(
        request,
        403,
        _("This page is not open to you"),
        _("It belongs to another person or to another post."),
        _("Sign in as somebody else, or go to your own pages."),
    )


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


def moved_on(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        409,
        _("The case has moved on meanwhile"),
        _("This step does not follow any more; nothing was changed."),
        _("Open the case again and see where it stands."),
    )


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
