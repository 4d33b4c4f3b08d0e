"""The licence: the firm's own file, and what anybody can find out about one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingnan.kernel.trust.api import (
    PUBLIC,
    RESIDENT,
    acting,
    actor,
    allow,
    refuse_noughts_posted,
    sealed_documents,
    under,
)
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons import licences
from lingnan.systems.government.legal_persons.firms import own_firm
from lingnan.systems.government.legal_persons.setting_up import Refused


@allow(under(RESIDENT, acting.APPLY, "organisation"))
@require_POST
def own(request: HttpRequest, code: str) -> HttpResponse:
    """The sealed licence, for the representative."""
    who = actor(request)
    company = own_firm(who, code)
    if company is None:
        raise Http404
    try:
        made = licences.issue(company, who.signature)
    except Refused:
        raise Http404 from None
    answer = HttpResponse(sealed_documents.newest(bytes(made.pdf)), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{made.number}.pdf"'
    return answer


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Verify a licence by its number, or by the file that one holds."""
    refuse_noughts_posted(request)
    asked = ui.sought(request, _("Number of the licence"), _("Or the licence's file"))
    if asked.file is not None:
        return ui.shown(request, _verdict(licences.of_file(asked.file)))
    if asked.number:
        return redirect("enterprise-licence-number", number=asked.number)
    lead = _("Anybody may verify. A changed byte is found.")
    page = ui.Page(_("Verify a business licence"), lead, forms=[asked.form], trail=_trail())
    return ui.shown(request, page, asked.status)


@allow(PUBLIC)
@require_safe
def found(request: HttpRequest, number: str) -> HttpResponse:
    """What is known of a number."""
    verdict = licences.of_number(number)
    return ui.shown(request, _verdict(verdict), 404 if verdict.state == "unknown" else 200)


def _verdict(verdict: licences.Verdict) -> ui.Page:
    one, top = verdict.licence, [_notice(verdict.state)]
    links = [ui.Link(reverse("enterprise-licence-verify"), _("Verify another"))]
    panels = []
    if one is not None:
        items = [
            ui.Item(_("Number of the licence"), one.number),
            ui.Item(_("Name"), ui.Cell(one.name, one.company)),
            ui.Item(_("Licence issued on"), ui.legal_date(one.issued_on)),
            ui.Item("SHA-256", one.sha256),
        ]
        panels.append(ui.Panel(_("The licence issued"), items))
        links.append(ui.Link(reverse("enterprise", args=[one.company]), _("As registered now")))
    return ui.Page(_("Verify a business licence"), top=[*top, *panels], links=links, trail=_trail())


def _trail() -> ui.Trail:
    return ui.Trail([ui.Link(reverse("enterprises"), _("Enterprises"))], _("Verify a licence"))


def _notice(state: str) -> ui.Notice:
    """What is known of a licence, in words."""
    titles = {
        "genuine": _("This licence is genuine"),
        "issued": _("A licence with this number was issued"),
        "superseded": _("This licence is superseded"),
        "void": _("This licence is void"),
        "unknown": _("There is no licence with this number"),
        "foreign": _("This file bears no seal"),
        "altered": _("This file was changed"),
    }
    texts = {
        "superseded": _("It was issued as shown, but something else is registered now."),
        "void": _("The enterprise is cancelled, or its licence is revoked."),
    }
    return ui.verdict(state, titles.get(state, ""), texts.get(state, ""))
