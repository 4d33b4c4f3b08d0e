"""The registrar's page of a report or a question, where it is answered."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingnan.kernel.duty.api import NotYours, TaskGone
from lingnan.kernel.runtime.api import Conflict
from lingnan.kernel.trust.api import Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons import asking
from lingnan.systems.government.legal_persons.models import Enquiry
from lingnan.systems.government.legal_persons.opening import witness
from lingnan.systems.government.legal_persons.readers import REGISTRARS
from lingnan.systems.government.legal_persons.rules import publicity
from lingnan.systems.government.legal_persons.setting_up import Refused
from lingnan.systems.government.legal_persons.views import chips
from lingnan.systems.government.legal_persons.views.enquiries import answer_items
from lingnan.systems.government.legal_persons.views.frame import refused
from lingnan.systems.government.legal_persons.views.registrar import trail


@allow(REGISTRARS)
@require_http_methods(["GET", "HEAD", "POST"])
def enquiry(request: HttpRequest, number: str) -> HttpResponse:
    """One report or question about a firm of the own county, and the answer to it."""
    who = actor(request)
    found = Enquiry.objects.filter(number=number, division=who.division).first()
    if found is None:
        raise Http404
    refuse_noughts_posted(request)
    witness("record.opened", [found], who)
    said, top, status = ui.Answers(request, "answer"), list[ui.Notice](), 200
    said.chosen("outcome", publicity.outcomes(found.kind))
    said.text("words", 600)
    if said.posted:
        status = 422
    if said.good:
        top = _tried(found, who, said)
        if not top:
            return redirect("registration-enquiry", number=number)
        status = 409
    page = ui.Page(
        str(found.get_kind_display()),
        top=[*top, _panel(found)],
        links=[ui.Link(reverse("registration-acts", args=[found.company]), _("Enterprise"))],
        forms=[_form(found, said)] if _mine(found, who) else [],
        trail=trail(found.name),
        code=found.number,
        name=found.name,
    )
    return ui.shown(request, page, status)


def _mine(found: Enquiry, who: Actor) -> bool:
    return found.answered_on is None and who.role == asking.ROLE


def _tried(found: Enquiry, who: Actor, said: ui.Answers) -> list[ui.Notice]:
    try:
        asking.answer(found, who, said["outcome"], said["words"])
    except Refused as why:
        return [refused(why)]
    except NotYours:
        return [ui.Notice("warn", _("This is for another post to answer."))]
    except (TaskGone, Conflict):
        return [ui.Notice("warn", _("A colleague has answered it."))]
    return []


def _panel(found: Enquiry) -> ui.Panel:
    items = [
        ui.Item(_("State"), chips.enquiry(found)),
        ui.Item(_("Which information"), found.about),
        ui.Item(_("Facts or question"), found.statement),
        ui.Item(_("Who asks"), found.contact_name, found.contact),
        ui.Item(_("Day of receipt"), ui.legal_date(found.received_on)),
        ui.Item(_("To be answered by"), ui.legal_date(found.due_on) if found.due_on else "—"),
    ]
    if found.answered_on is not None:
        items += answer_items(found)
    return ui.Panel(_("Report or question"), items)


def _form(found: Enquiry, said: ui.Answers) -> ui.Form:
    named = dict(Enquiry.OUTCOMES)
    options = [ui.Option(code, str(named[code])) for code in publicity.outcomes(found.kind)]
    fields = [
        said.field("outcome", _("Result of the enquiry"), kind="radio", options=options),
        said.field("words", _("Answer in writing"), kind="textarea", maxlength=600),
    ]
    note = _("Who asked reads the answer by the number. What is found false leads to a notice to "
             "the enterprise, which may be heard before it is entered on the list "
             "(《企业信息公示暂行条例》第十三条、第十七条第一款第二项).")  # fmt: skip
    return ui.Form(fields, _("Send the answer"), _("The answer"), "answer", note)
