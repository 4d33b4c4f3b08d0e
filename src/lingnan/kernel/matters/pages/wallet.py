"""The wallet: a resident's certificates."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.content import files
from lingnan.kernel.matters.models import Certificate
from lingnan.kernel.trust.api import RESIDENT, actor, allow
from lingnan.kernel.ui import api as ui

LIMIT = 50


@allow(RESIDENT)
@require_safe
def wallet(request: HttpRequest) -> HttpResponse:
    rows = Certificate.objects.filter(account=actor(request).account).order_by("-valid_from")
    table = ui.Table(
        [
            ui.Column("title", _("Certificate")),
            ui.Column("number", _("Number")),
            ui.Column("body", _("Issued by")),
            ui.Column("file", _("File")),
        ],
        [
            {
                "title": ui.Cell(str(c.title), c.holder),
                "number": c.number,
                "body": ui.Cell(str(c.body), ui.legal_date(c.valid_from)),
                "file": ui.Cell(
                    (
                        ui.Link(f"/certificates/{c.code}.pdf", _("Download"), str(c.title)),
                        ui.Link(f"/verify/{c.code}/", _("Verify"), str(c.title)),
                    )
                ),
            }
            for c in rows[:LIMIT]
        ],
        _("Your certificates"),
        ui.Empty(_("No certificate yet"), _("Granted applications appear here.")),
        caption_hidden=True,
    )
    return render(request, "matters/wallet.html", {"table": table})


@allow(RESIDENT)
@require_safe
def certificate_file(request: HttpRequest, code: str) -> HttpResponse:
    certificate = Certificate.objects.filter(code=code, account=actor(request).account).first()
    if certificate is None:
        raise Http404
    response = HttpResponse(files.read(certificate.sha256), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{code}.pdf"'
    return response
