"""How much one request may send: refused by what its head says, before anybody reads it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lingnan.kernel.registry.importing.rights import takes_in
from lingnan.portal import errors

FORM = 64 * 1024


class LimitsMiddleware:
    """Stands where language and actor are known and nobody has read the body yet.

    CSRF reads the form in `process_view`, which Django calls after every middleware's own
    call. A body without a length is refused: Django would read nothing of it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = str(request.META.get("CONTENT_LENGTH") or "")
        if not length and request.META.get("HTTP_TRANSFER_ENCODING"):
            return errors.without_length(request)
        if length and (not length.isdecimal() or int(length[:20]) > limit_of(request)):
            return errors.too_large(request)
        return self.get_response(request)


def limit_of(request: HttpRequest) -> int:
    """Bytes of one request: more for those only who may take files of rows into a register.

    The file of such a request goes to the disk as it comes.
    """
    if request.method == "POST" and takes_in(request.path, getattr(request, "actor", None)):
        return int(settings.IMPORT_LIMIT) + FORM
    return int(settings.REQUEST_LIMIT)
