"""Checkpoints for everybody: what the log was, and that it only grew (RFC 9162 §2.1.4)."""

import base64

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.access import PUBLIC, allow
from lingnan.kernel.trust.models import CheckpointStamp, LogCheckpoint

PLAIN = "text/plain; charset=utf-8"


@allow(PUBLIC)
@require_safe
def newest(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint as a signed note. 404 where none was made yet."""
    return _noted(LogCheckpoint.objects.order_by("-size").first())


@allow(PUBLIC)
@require_safe
def of_size(request: HttpRequest, size: int) -> HttpResponse:
    return _noted(LogCheckpoint.objects.filter(size=size).first())


def _noted(found: LogCheckpoint | None) -> HttpResponse:
    if found is None:
        raise Http404
    return HttpResponse(found.note, content_type=PLAIN)


@allow(PUBLIC)
@require_safe
def stamp(request: HttpRequest, size: int) -> HttpResponse:
    """The time-stamp token (RFC 3161) over a checkpoint's note. 404 while it waits for one."""
    found = CheckpointStamp.objects.filter(size=size).first()
    if found is None:
        raise Http404
    return HttpResponse(bytes(found.token), content_type="application/timestamp-token")


@allow(PUBLIC)
@require_safe
def consistency(request: HttpRequest, old: int, size: int) -> JsonResponse:
    """That the log of `old` entries begins the log of `size`: hashes in base64."""
    try:
        proof = node_evidence.reader().consistency(old, size)
    except ValueError as problem:
        raise BadRequest(str(problem)) from problem
    return JsonResponse({"consistency": [base64.b64encode(one).decode() for one in proof]})
