"""Addresses that only take what is sent to them, opened as a page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect


class PostOnlyMiddleware:
    """Reloading after a refused act, or switching the language there, asks for such an
    address with GET: it leads to the page above it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        wants_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if response.status_code != 405 or not wants_page:
            return response
        above = request.path.rstrip("/").rpartition("/")[0]
        return HttpResponseRedirect(f"{above}/")
