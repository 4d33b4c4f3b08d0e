"""The wallet: a resident's certificates."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lingnan.kernel.content import files
from lingnan.kernel.matters import certificates, told
from lingnan.kernel.matters.models import CaseEvent, Certificate
from lingnan.kernel.trust.api import (
    APPLICANT,
    KeyStoreUnavailable,
    actor,
    allow,
    node_ofd,
    sealed_documents,
)
from lingnan.kernel.ui import api as ui

LIMIT = 50


@dataclass(frozen=True)
class Held:
    """A certificate as the wallet shows it; `changed` where its record has changed since."""

    certificate: Certificate
    changed: ui.Chip | None


@allow(APPLICANT)
@require_safe
def wallet(request: HttpRequest) -> HttpResponse:
    return _wallet(request)


def _wallet(request: HttpRequest, fault: str = "", status: int = 200) -> HttpResponse:
    rows = Certificate.objects.filter(account=actor(request).account).select_related("case")
    found = list(rows.order_by("-valid_from", "-sealed_at")[:LIMIT])
    happened = CaseEvent.objects.filter(kind__in=told.TOLD, case__in=[c.case_id for c in found])
    chips = {told.CHANGED: ui.Chip("info", _("Changed on record since")),
             told.ENDED: ui.Chip("warn", _("Ended on record since"))}  # fmt: skip
    # What is told last is what the wallet shows.
    changed = {
        case: chips[kind] for case, kind in happened.order_by("number").values_list("case", "kind")
    }
    context = {
        "held": [Held(c, changed.get(c.case_id)) for c in found],
        "fault": ui.Notice("late", fault) if fault else None,
        "nothing": ui.Empty(_("No certificate yet"), _("Granted applications appear here.")),
    }
    return render(request, "matters/wallet.html", context, status=status)


@allow(APPLICANT)
@require_safe
def certificate_file(request: HttpRequest, code: str) -> HttpResponse:
    certificate = _own(request, code)
    made = sealed_documents.newest(files.read(certificate.sha256))
    response = HttpResponse(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{code}.pdf"'
    return response


@allow(APPLICANT)
@require_POST
def certificate_ofd(request: HttpRequest, code: str) -> HttpResponse:
    """The certificate as OFD, made now; where it cannot be, the wallet says so."""
    certificate = _own(request, code)
    try:
        made = certificates.as_ofd(certificate)
    except ValueError:
        return _wallet(request, _("A character in it cannot stand in OFD. Take the PDF."), 409)
    except KeyStoreUnavailable:
        return _wallet(request, _("No OFD can be sealed at present. Take the PDF."), 503)
    response = HttpResponse(made, content_type=node_ofd.CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{code}.ofd"'
    return response


def _own(request: HttpRequest, code: str) -> Certificate:
    found = Certificate.objects.filter(code=code, account=actor(request).account).first()
    if found is None:
        raise Http404
    return found
