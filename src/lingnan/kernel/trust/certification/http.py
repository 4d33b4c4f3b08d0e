"""The authorities over HTTP: certificates, lists, OCSP (RFC 6960 App. A), time-stamps (RFC 3161
§3.4). Programs ask without signing in; nothing that is told here is personal."""

import base64
import binascii
from urllib.parse import unquote

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingnan.kernel.trust.access import PUBLIC, allow
from lingnan.kernel.trust.certification import authorities, links, publishing

MOST_BYTES = 16_384
STAMPED = "application/timestamp-reply"
ASKING = "application/timestamp-query"


def _known(label: str) -> str:
    """An authority that there is: asking for one makes none."""
    if label not in authorities.labels():
        raise Http404
    return label


@allow(PUBLIC)
@require_safe
def certificate(request: HttpRequest, label: str) -> HttpResponse:
    return HttpResponse(publishing.certificate(_known(label)), content_type="application/pkix-cert")


@allow(PUBLIC)
@require_safe
def link(request: HttpRequest, name: str) -> HttpResponse:
    """A root as another root certifies it."""
    if name not in links.names():
        raise Http404
    return HttpResponse(links.certificate(name).dump(), content_type="application/pkix-cert")


@allow(PUBLIC)
@require_safe
def revocations(request: HttpRequest, label: str) -> HttpResponse:
    content = publishing.revocations(_known(label))
    return HttpResponse(content, content_type="application/pkix-crl")


@allow(PUBLIC)
@csrf_exempt  # a program's request, which changes nothing and knows no session
@require_POST
def status(request: HttpRequest, label: str) -> HttpResponse:
    return _status(_known(label), request.body[:MOST_BYTES])


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD"])
def status_by_address(request: HttpRequest, label: str, asked: str) -> HttpResponse:
    """The same with the request in the address, in base64."""
    try:
        content = base64.b64decode(unquote(asked), validate=True)
    except (ValueError, binascii.Error):
        content = b""
    return _status(_known(label), content)


def _status(label: str, asked: bytes) -> HttpResponse:
    answer = publishing.status(label, asked)
    return HttpResponse(answer, content_type="application/ocsp-response")


@allow(PUBLIC)
@csrf_exempt  # as above
@require_POST
def time_stamp(request: HttpRequest) -> HttpResponse:
    if request.content_type != ASKING:
        return HttpResponse(status=415, headers={"Accept-Post": ASKING})
    answer = publishing.stamper().answer(request.body[:MOST_BYTES])
    return HttpResponse(answer, content_type=STAMPED)
