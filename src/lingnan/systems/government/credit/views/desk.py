"""The credit bodies' desk: what is under way, and repairs proposed by one, decided by another."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.duty.api import NotYours, TaskGone
from lingnan.kernel.runtime.api import Conflict
from lingnan.kernel.trust.api import Actor, actor, allow, official, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.credit import opening, repairs
from lingnan.systems.government.credit.models import (
    READERS,
    CreditEvent,
    Listing,
    Objection,
    Repair,
)
from lingnan.systems.government.credit.views import wording
from lingnan.systems.government.credit.views.events import event_table

# Sources of any function give their view; the credit bodies' two posts propose and decide.
TAKES_PART = official("data_officer", "records_officer")
SHOWN = 50


@allow(READERS)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Open objections, repairs and entries of the own division, most urgent first."""
    who = actor(request)
    prefix = who.division.rstrip("0")
    asked = Objection.objects.filter(division__startswith=prefix, answered_on=None, ended=False)
    open_ = list(asked.order_by("due_on", "key")[:SHOWN])
    under_way = Repair.objects.filter(division__startswith=prefix, decided_on=None)
    filed = list(under_way.order_by("key")[:SHOWN])
    told = list(Listing.objects.filter(division__startswith=prefix, state="told")[:SHOWN])
    for rows in (open_, filed, told):
        opening.witness("record.listed", rows, who)
    base = "/desk/records/credit"
    page = ui.Page(
        _("Credit"),
        _("Opening and searching events is on the register; each is written down."),
        links=[
            ui.Link(f"{base}/creditevent/", _("Credit events")),
            ui.Link(f"{base}/listing/", _("Joint lists")),
            ui.Link(f"{base}/repair/", _("Repairs")),
            ui.Link(f"{base}/objection/", _("Objections")),
        ],
        tables=[
            ui.Part(wording.tasks_of(who), _("To do")),
            ui.Part(_objections(open_), _("Objections without an answer")),
            ui.Part(_repairs(filed), _("Repairs under way")),
            ui.Part(_told(told), _("To be entered on a joint list")),
        ],
    )
    return ui.shown(request, page)


def _objections(rows: list[Objection]) -> ui.Table:
    columns = [ui.Column("name", _("About")), ui.Column("state", _("State"))]
    lines: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(one.name, one.number),
            "state": ui.Cell(wording.objection_chip(one), ui.legal_date(one.due_on)),
        }
        for one in rows
    ]
    return _table(columns, lines, _("Objections without an answer"))


def _repairs(rows: list[Repair]) -> ui.Table:
    columns = [ui.Column("name", _("About")), ui.Column("state", _("State"))]
    lines: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(ui.Link(repairs.address(one.number), one.name), one.number),
            "state": wording.repair_chip(one),
        }
        for one in rows
    ]
    return _table(columns, lines, _("Repairs under way"))


def _told(rows: list[Listing]) -> ui.Table:
    columns = [ui.Column("name", _("About")), ui.Column("until", _("May be heard until"))]
    lines: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(one.name, str(one.get_list_display())),
            "until": ui.Cell(ui.legal_date(one.heard_until), one.defence),
        }
        for one in rows
    ]
    return _table(columns, lines, _("To be entered on a joint list"))


def _table(columns: list[ui.Column], lines: list[dict[str, ui.CellLike]], caption: str) -> ui.Table:
    return ui.Table(columns, lines, caption, ui.Empty(_("Nothing waits")), caption_hidden=True)


@allow(TAKES_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def repair(request: HttpRequest, number: str) -> HttpResponse:
    """One repair: the source gives its view, one officer proposes, another decides."""
    who = actor(request)
    rows = Repair.objects.filter(number=number)
    found = (rows.filter(source=who.body) | rows.filter(handler=who.body)).first()
    if found is None:
        raise Http404
    refuse_noughts_posted(request)
    opening.witness("record.opened", [found], who)
    said = ui.Answers(request)
    if said.posted and _done(found, who, said):
        messages.success(request, _("It is on record."))
        return redirect("credit-repair", number=number)
    event = CreditEvent.objects.filter(number=found.event).first()
    page = ui.Page(
        _("Credit repair"),
        top=[_panel(found), *_conditions(event, found)],
        tables=[ui.Part(event_table([event] if event else [], _("Event"), inside=True))],
        forms=_forms(found, who, said),
    )
    return ui.shown(request, page, 422 if said.wrong else 200)


def _panel(found: Repair) -> ui.Panel:
    items = [
        ui.Item(_("About"), found.name),
        ui.Item(_("What was put right"), found.grounds),
        ui.Item(_("Papers that show it"), found.papers),
        ui.Item(_("State"), wording.repair_chip(found)),
        ui.Item(_("View of the source"), str(found.get_source_view_display()) or "—"),
        ui.Item(_("Proposal of the officer"), found.proposal or "—", _grants(found)),
        ui.Item(_("Reasons of the decision"), found.decided_because or "—"),
    ]
    return ui.Panel(found.number, items)


def _grants(found: Repair) -> str:
    if not found.proposal:
        return ""
    return _("Proposed to grant") if found.grants else _("Proposed to refuse")


def _conditions(event: CreditEvent | None, found: Repair) -> list[ui.Panel]:
    if event is None:
        return []
    return [wording.conditions_panel(repairs.conditions(event, found.fulfilled, found.remedied))]


def _stage(found: Repair, who: Actor) -> str:
    """What the post has to do with the repair now; empty for nothing."""
    if who.holds("data_officer", found.source) and not found.source_view:
        return "view" if found.decided_on is None else ""
    if who.holds("records_officer", found.handler) and found.state == "filed":
        return "propose"
    if who.holds("data_officer", found.handler) and found.state == "proposed":
        return "decide"
    return ""


def _done(found: Repair, who: Actor, said: ui.Answers) -> bool:
    """Do what the post has to do; False where something has to be put right."""
    stage = _stage(found, who)
    yes = said.chosen("says", ("yes", "no")) == "yes"
    words = "" if stage == "view" else said.text("words", 400)
    if said.good and not stage:
        said.wrong["says"] = _("It has been done already.")
    if not said.good:
        return False
    try:
        _act(stage, found, who, yes, words)
    except repairs.Lacking as lacking:
        names = ui.listed([wording.condition(code) for code in lacking.codes])
        said.wrong["says"] = _("It cannot be granted; missing: %(names)s") % {"names": names}
    except repairs.SamePerson:
        said.wrong["says"] = _("Who proposed does not decide.")
    except (repairs.NotOpen, TaskGone, NotYours, Conflict):
        said.wrong["says"] = _("It has been done already.")
    return said.good


def _act(stage: str, found: Repair, who: Actor, yes: bool, words: str) -> None:
    if stage == "view":
        repairs.give_view(found, who, yes)
    elif stage == "propose":
        repairs.propose(found, who, yes, words)
    else:
        repairs.decide(found, who, yes, words)


def _forms(found: Repair, who: Actor, said: ui.Answers) -> list[ui.Form]:
    stage = _stage(found, who)
    if not stage:
        return []
    yes, no, title = {
        "view": (_("We agree"), _("We do not agree"), _("View of the source")),
        "propose": (_("Grant"), _("Refuse it"), _("Make the proposal")),
        "decide": (_("Grant"), _("Refuse it"), _("Decide")),
    }[stage]
    choices = [ui.Option("yes", yes), ui.Option("no", no)]
    fields = [said.field("says", title, kind="radio", options=choices)]
    if stage != "view":
        fields.append(said.field("words", _("Reasons"), kind="textarea", maxlength=400))
    return [ui.Form(fields, _("Send"))]
