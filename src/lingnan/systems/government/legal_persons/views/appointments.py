"""Who is named as a legal representative confirms or declines it, signed in as themselves."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingnan.kernel.runtime.api import Conflict
from lingnan.kernel.trust.api import RESIDENT, Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons import appointing
from lingnan.systems.government.legal_persons.models import Appointment, Enterprise
from lingnan.systems.government.legal_persons.setting_up import Refused
from lingnan.systems.government.legal_persons.views.frame import refused


@allow(RESIDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Find an appointment by the number that the firm has handed over."""
    refuse_noughts_posted(request)
    who, said, status = actor(request), ui.Answers(request), 200
    number = said.text("number", 24)
    if said.good:
        found = appointing.of_person(who, number)
        if found is not None:
            return redirect("enterprise-appointment", number=found.number)
        said.wrong["number"] = _("No appointment with this number waits for you.")
    if said.wrong:
        status = 422
    field = said.field("number", _("Number of the appointment"), maxlength=24, autocomplete="off")
    page = ui.Page(
        _("Confirm that you represent an enterprise"),
        _("The enterprise has given you a number. Nothing changes before you confirm."),
        forms=[ui.Form([field], _("Show it"))],
        trail=_trail(_("Confirm the appointment")),
    )
    return ui.shown(request, page, status)


@allow(RESIDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """What one is named for, and one's answer."""
    refuse_noughts_posted(request)
    who = actor(request)
    found = appointing.of_person(who, number)
    company = Enterprise.objects.filter(credit_code=found.company).first() if found else None
    if found is None or company is None:
        raise Http404
    said, top, status = ui.Answers(request), list[ui.Notice](), 200
    if said.posted:
        status = 422
        said.chosen("answer", ("confirm", "decline"))
        if said.good:
            try:
                return _answered(request, found, who, said["answer"] == "confirm")
            except Refused as why:
                top, status = [refused(why)], 409
            except Conflict:
                top = [ui.Notice("warn", _("Please send it again."))]
                status = 409
    return ui.shown(request, _page(found, company, said, top), status)


def _answered(request: HttpRequest, found: Appointment, who: Actor, agrees: bool) -> HttpResponse:
    if agrees:
        company = appointing.confirm(found, who)
        messages.success(request, _("You are the legal representative from today."))
        return redirect("enterprise-mine", code=company.credit_code)
    appointing.decline(found, who)
    messages.success(request, _("You have declined; nothing changes."))
    return redirect("enterprises-mine")


def _page(
    found: Appointment, company: Enterprise, said: ui.Answers, top: list[ui.Notice]
) -> ui.Page:
    items = [
        ui.Item(_("Legal representative until now"), company.representative),
        ui.Item(_("Who is named"), found.name),
        ui.Item(_("Registered premises"), company.premises),
        ui.Item(_("Number of the decision"), found.reference),
        ui.Item(_("Named on"), ui.legal_date(found.named_on)),
    ]
    choices = [
        ui.Option("confirm", _("I agree to be its legal representative")),
        ui.Option("decline", _("I do not agree")),
    ]
    field = said.field("answer", _("Your answer"), kind="radio", options=choices)
    return ui.Page(
        _("Enterprise"),
        top=[*top, ui.Panel(_("What you are named for"), items)],
        forms=[ui.Form([field], _("Send the answer"))],
        trail=_trail(company.name),
        name=company.name,
        code=company.credit_code,
    )


def _trail(here: str) -> ui.Trail:
    return ui.Trail([ui.Link(reverse("enterprises-mine"), _("My enterprises"))], here)
