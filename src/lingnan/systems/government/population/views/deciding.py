"""The head decides on what an officer proposed."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingnan.kernel.registry.api import raising
from lingnan.kernel.trust.api import actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.population import opening
from lingnan.systems.government.population.acts import addresses, corrections
from lingnan.systems.government.population.acts.refusals import Refused
from lingnan.systems.government.population.basis import POLICE, POLICE_HEAD
from lingnan.systems.government.population.models import Correction
from lingnan.systems.government.population.rules.addresses import meets
from lingnan.systems.government.population.views import wording


@allow(POLICE)
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, number: str) -> HttpResponse:
    """One proposal; the head grants or refuses it with reasons."""
    who = actor(request)
    rows = Correction.objects.filter(number=number, division__startswith=opening.prefix(who))
    found = rows.first()
    if found is None:
        raise Http404
    refuse_noughts_posted(request)
    opening.witness("record.opened", who, addresses.concerned(found))
    decides = POLICE_HEAD.permits(who) and found.state == "proposed"
    open_ = [one for one in corrections.doubts(found) if raising.may_see(one, who)]
    fields, refused, status = _fields(found, open_) if decides else [], "", 200
    if request.method == "POST":
        if not decides:
            return ui.shown(request, _page(found, [], wording.refusal("decided_already")), 409)
        answers = ui.Answers(request)
        said, fields = answers.read(fields)
        status = 422
        if answers.good:
            try:
                answered = [d.key for d in open_ if raising.reference(d) in said["doubts"]]
                corrections.decide(found, said["says"] == "yes", said["words"], who, answered)
                messages.success(request, _("It is on record."))
                return redirect("population-correction", number=number)
            except Refused as refusal:
                refused, status = wording.refusal(refusal.code), 409
    return ui.shown(request, _page(found, fields, refused), status)


def _fields(found: Correction, open_: list[Any]) -> list[ui.FieldView]:
    says = [ui.Option("yes", _("Grant")), ui.Option("no", _("Refuse it"))]
    return [
        ui.FieldView("says", _("Decision of the head"), kind="radio", options=says),
        ui.FieldView("words", _("Reasons"), kind="textarea", maxlength=200),
        *_doubts(found, open_),
    ]


def _doubts(found: Correction, open_: list[Any]) -> list[ui.FieldView]:
    """The open doubts to tick: those that want what is proposed are ticked beforehand."""
    if not open_:
        return []
    hint = _("With a grant these are answered and their raisers told; the others stay open.")
    options = [_doubt(one) for one in open_]
    ticked = tuple(raising.reference(d) for d in open_ if meets(d.right, found.after))
    return [
        ui.FieldView("doubts", _("Open doubts that this decision answers"), hint, ticked,
                     "checkbox", options, required=False)
    ]  # fmt: skip


def _doubt(one: Any) -> ui.Option:
    wanted = format_html('<span lang="zh-Hans">“{}”</span>', one.right)
    words = _("Raised on %(day)s") % {"day": ui.legal_date(one.at)}
    return ui.Option(raising.reference(one), wanted, format_html(
        '{} · <span lang="zh-Hans">{}</span>', words, one.said))  # fmt: skip


def _of_address(found: Correction) -> list[ui.Item]:
    """What a correction of an address says beside: whose, how far, and whether it is standard."""
    if found.kind != "address":
        return []
    standard = found.place or ui.Chip("warn", _("no standard address: as written"))
    whom = found.household or _("This resident alone")
    many = _("household, with everybody who has its address") if found.household else ""
    return [
        ui.Item(_("Whose address"), whom, many),
        ui.Item(_("Code of the standard address"), standard),
        ui.Item(_("Wrong since"), _day(found.since) or _("as long as it was on record")),
        ui.Item(_("Right again from"), _day(found.until) or "—"),
    ]


def _day(day: date | None) -> str:
    return ui.legal_date(day) if day else ""


def _page(found: Correction, fields: list[ui.FieldView], refused: str) -> ui.Page:
    items = [
        ui.Item(_("Resident"), found.name),
        ui.Item(_("What is to be changed"), str(found.get_kind_display())),
        ui.Item(_("As it stands"), found.before),
        ui.Item(_("As it shall be"), found.after),
        *_of_address(found),
        ui.Item(_("Grounds of the correction"), found.grounds),
        ui.Item(_("Papers that show it"), found.papers),
        ui.Item(_("Proposed by"), found.proposed_by, ui.legal_date(found.proposed_on)),
        ui.Item(_("State"), str(found.get_state_display()), found.words),
    ]
    way = [ui.Link(reverse("population-desk"), _("Household registration"))]
    top: list[object] = [ui.Panel(found.number, items, note=found.record.basis)]
    if refused:
        top.insert(0, ui.Notice("late", _("It cannot be entered so"), refused))
    return ui.Page(
        _("Correction"),
        top=top,
        forms=[ui.Form(fields, _("Decide"))] if fields else [],
        trail=ui.Trail(way, found.number),
    )
