"""The wallet: a resident's certificates."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.content import files
from lingnan.kernel.matters import told
from lingnan.kernel.matters.models import CaseEvent, Certificate
from lingnan.kernel.trust.api import RESIDENT, actor, allow
from lingnan.kernel.ui import api as ui

LIMIT = 50


@dataclass(frozen=True)
class Held:
    """A certificate as the wallet shows it; `changed` where its record has changed since."""

    certificate: Certificate
    changed: ui.Chip | None


@allow(RESIDENT)
@require_safe
def wallet(request: HttpRequest) -> HttpResponse:
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
        "nothing": ui.Empty(_("No certificate yet"), _("Granted applications appear here.")),
    }
    return render(request, "matters/wallet.html", context)


@allow(RESIDENT)
@require_safe
def certificate_file(request: HttpRequest, code: str) -> HttpResponse:
    certificate = Certificate.objects.filter(code=code, account=actor(request).account).first()
    if certificate is None:
        raise Http404
    response = HttpResponse(files.read(certificate.sha256), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{code}.pdf"'
    return response
