"""The licence: the firm's own file, and what anybody can find out about one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingnan.kernel.trust.api import PUBLIC, RESIDENT, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons import licences
from lingnan.systems.government.legal_persons.firms import own_firm
from lingnan.systems.government.legal_persons.setting_up import Refused

LARGEST = 8 * 1024 * 1024


@allow(RESIDENT)
@require_POST
def own(request: HttpRequest, code: str) -> HttpResponse:
    """The sealed licence, for the representative."""
    company = own_firm(actor(request), code)
    if company is None:
        raise Http404
    try:
        made = licences.issue(company)
    except Refused:
        raise Http404 from None
    answer = HttpResponse(bytes(made.pdf), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{made.number}.pdf"'
    return answer


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Verify a licence by its number, or by the file that one holds."""
    refuse_noughts_posted(request)
    said, file_error, status = ui.Answers(request), "", 200
    uploaded = request.FILES.get("file")
    if uploaded is not None and (uploaded.size or 0) <= LARGEST:
        return ui.shown(request, _verdict(licences.of_file(uploaded.read())))
    if uploaded is not None:
        file_error, status = _("This file is larger than 8 MB."), 413
    elif said.posted:
        number = "".join(one for one in said["number"].upper() if one.isalnum())[:40]
        if number:
            return redirect("enterprise-licence-number", number=number)
        said.wrong["number"], status = _("Please give the number or choose the file."), 422
    return ui.shown(request, _asking(said, file_error), status)


def _asking(said: ui.Answers, file_error: str) -> ui.Page:
    number = said.field("number", _("Number of the licence"), required=False, maxlength=40)
    file = ui.FieldView(
        "file",
        _("Or the licence's file"),
        kind="file",
        error=file_error,
        required=False,
        accept=("pdf",),
        max_megabytes=8,
    )
    return ui.Page(
        _("Verify a business licence"),
        _("Anybody may verify. A changed byte is found."),
        forms=[ui.Form([number, file], _("Verify"), files=True)],
        trail=_trail(),
    )


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
    if state == "genuine":
        return ui.Notice("ok", _("This licence is genuine"), _("The seal is intact."))
    if state == "issued":
        text = _("Compare it with the paper in your hand, or verify the file itself.")
        return ui.Notice("ok", _("A licence with this number was issued"), text)
    if state == "superseded":
        text = _("It was issued as shown, but something else is registered now.")
        return ui.Notice("warn", _("This licence is superseded"), text)
    if state == "void":
        text = _("The enterprise is cancelled, or its licence is revoked.")
        return ui.Notice("late", _("This licence is void"), text)
    if state == "unknown":
        return ui.Notice("late", _("There is no licence with this number"))
    if state == "foreign":
        return ui.Notice("late", _("This file bears no seal"), _("It was not issued here."))
    return ui.Notice("late", _("This file was changed"), _("Do not rely on it."))
