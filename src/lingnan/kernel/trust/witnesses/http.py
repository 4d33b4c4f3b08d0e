"""A witness's addresses for other nodes, and what a log publishes for its witnesses."""

from asn1crypto import pem
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from lingnan.kernel.trust.access import PUBLIC, allow
from lingnan.kernel.trust.attempts import address_of
from lingnan.kernel.trust.certification import links
from lingnan.kernel.trust.certification.register import Certified
from lingnan.kernel.trust.checkpoints import making
from lingnan.kernel.trust.counts import counts
from lingnan.kernel.trust.witnesses import asking, cosigning, watching

PLAIN, CHAIN = "text/plain; charset=utf-8", "application/pem-certificate-chain"
# A log asks once a minute; who asks more often makes this node fetch and sign for nothing.
ALLOWED, WINDOW = 30, 60.0


@csrf_exempt
@allow(PUBLIC)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """A log asks this node to sign a head (`watching.add`)."""
    wait = counts.take("witness", address_of(request), ALLOWED, WINDOW)
    if wait:
        return HttpResponse(status=429, headers={"Retry-After": str(wait)})
    if len(request.body) > cosigning.LONGEST:
        return HttpResponse(status=413)
    answer = watching.add(request.body.decode("utf-8", "replace"))
    kind = "text/x.tlog.size" if answer.status == 409 else PLAIN
    return HttpResponse(answer.text, status=answer.status, content_type=kind)


@allow(PUBLIC)
@require_safe
def cosigned(request: HttpRequest, size: int) -> HttpResponse:
    """A checkpoint with the signatures of its witnesses."""
    note = asking.signed_note(size)
    if note is None:
        raise Http404
    return HttpResponse(note, content_type=PLAIN)


@allow(PUBLIC)
@require_safe
def of_log(request: HttpRequest) -> HttpResponse:
    """The certificate behind this log's heads, and those above it."""
    return _chain(making.signer())


@allow(PUBLIC)
@require_safe
def of_witness(request: HttpRequest) -> HttpResponse:
    """The certificate behind this node's signatures as a witness, and those above it."""
    return _chain(watching.signer())


def _chain(certified: Certified) -> HttpResponse:
    """The certificates; with the roots and their links, where there are several."""
    every = (certified.certificate, *certified.chain, *links.known())
    return HttpResponse(
        b"".join(pem.armor("CERTIFICATE", one.dump()) for one in every), content_type=CHAIN
    )
