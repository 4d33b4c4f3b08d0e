"""The party's own view: everything that is kept of it, objection, repair, its own report."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingnan.kernel.runtime.api import Conflict, legal_time
from lingnan.kernel.trust.api import (
    RESIDENT,
    Actor,
    acting,
    actor,
    allow,
    refuse_noughts_posted,
    under,
    within,
)
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.credit import joint, objections, repairs, reports
from lingnan.systems.government.credit.models import CreditEvent, Listing, Repair, Report
from lingnan.systems.government.credit.registered import lists_of
from lingnan.systems.government.credit.rules import terms
from lingnan.systems.government.credit.rules.repair import repairable
from lingnan.systems.government.credit.standing import Own, node_body, own_event, own_events, own_of
from lingnan.systems.government.credit.views import wording
from lingnan.systems.government.credit.views.events import event_table
from lingnan.systems.government.credit.views.firm import list_part
from lingnan.systems.government.credit.views.public import pdf

# Also for whoever acts for another; each act asks for more.
OWN = under(RESIDENT, acting.RECORD, "person", "organisation")


@allow(OWN)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """All that is kept of the resident and their firms, and what is under way."""
    who = actor(request)
    own = own_of(who)
    events = own_events(own)
    top: list[Any] = []
    if not own.whole:
        said = _("The register of firms does not answer now; only what is of you yourself is here.")
        top.append(ui.Notice("warn", _("Your firms are missing"), said))
    listings = list(Listing.objects.filter(credit_code__in=list(own.firms)).exclude(state="left"))
    tables = [
        ui.Part(_table_of(events, code), code, name, _report_acts(code))
        for code, name in own.firms.items()
    ]
    if own.person:
        about = _("About you yourself")
        tables.append(ui.Part(_table_of(events, ""), about, acts=_report_acts("")))
    if own.firms:
        found = lists_of(list(own.firms), node_body().code, who.signature)
        tables.insert(0, list_part(found))
    if own.person:
        tables.append(ui.Part(wording.proceedings(own.person), _("Objections and repairs")))
    page = ui.Page(
        _("My own credit"),
        _("Everything that the credit register keeps of you and your firms, and who may see it."),
        [*top, *map(wording.listing_panel, listings)],
        [ui.Link("/looked/", _("Who looked at my data")), *map(_looked, own.firms)],
        tables,
        [_defence(row) for row in listings if row.state == "told"],
    )
    return ui.shown(request, page)


@allow(RESIDENT)
@require_safe
def looked_elsewhere(request: HttpRequest, code: str) -> HttpResponse:
    """“Who looked” of a firm stands where that of everybody does."""
    return redirect(f"/looked/?firm={code}")


def _looked(code: str) -> ui.Link:
    return ui.Link(f"/looked/?firm={code}", _("Who looked at %s") % code)


def _table_of(events: list[CreditEvent], code: str) -> ui.Table:
    rows = [one for one in events if one.credit_code == code]
    return event_table(rows, _("Credit events"), lambda one: address(one.number), inside=True)


def address(number: str) -> str:
    return reverse("credit-mine-event", args=[number])


def _report_acts(code: str) -> list[ui.Act]:
    url = reverse("credit-mine-report")
    words = _("Get this firm's full report") if code else _("Get my full report")
    return [ui.Act(url, words, {"code": code}, code)]


def _defence(row: Listing) -> ui.Form:
    field = ui.FieldView(
        "words", _("What you want to say"), value=row.defence, kind="textarea", maxlength=400
    )
    return ui.Form(
        [field],
        _("Send my statement"),
        str(row.get_list_display()),
        note=_("You may be heard until %(day)s.") % {"day": ui.legal_date(row.heard_until)},
        hidden={"number": row.number},
        url=reverse("credit-mine-defence"),
    )


@allow(under(RESIDENT, acting.APPLY, "person", "organisation"))
@require_POST
def defence(request: HttpRequest) -> HttpResponse:
    """The statement of defence before an entry on a joint list."""
    refuse_noughts_posted(request)
    who, said = actor(request), ui.Answers(request)
    words = said.text("words", 400)
    own = own_of(who)
    rows = Listing.objects.filter(credit_code__in=list(own.firms), state="told")
    row = rows.filter(number=said["number"][:48]).first()
    if row is None or row.heard_until < legal_time.today():
        raise Http404
    if said.wrong:
        messages.error(request, said.wrong["words"])
    else:
        joint.defend(row, who.signature, words)
        messages.success(request, _("Your statement is on record."))
    return redirect("credit-mine")


@allow(OWN)
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """A sealed full report of oneself (no code) or of a firm of one's own; also for whoever acts
    for one of them. What a firm's agent gets is the firm's, and stays with no account."""
    refuse_noughts_posted(request)
    who, code = actor(request), ui.Answers(request)["code"][:18]
    own = own_of(who)
    if code and code not in own.firms:
        raise Http404
    if not code and not own.person:
        raise Http404  # whoever acts for a firm gets no report of themselves
    events = [one for one in own_events(own) if one.credit_code == code]
    name = own.firms.get(code) or who.name
    account = 0 if own.person == "" else who.account
    made = reports.issue("own", code, name, events, who.signature, account)
    return redirect("credit-mine-report-file", number=made.number)


@allow(OWN)
@require_safe
def report_file(request: HttpRequest, number: str) -> HttpResponse:
    """To whom it was given; a firm's to its agents alone while they are, a person's to theirs."""
    who, rows = actor(request), Report.objects.filter(number=number, kind="own")
    if who.acting is not None:
        rows = rows.filter(credit_code=who.acting.code)
    firm = who.acting is not None and who.acting.code
    found = rows.filter(account=0 if firm else who.account).first()
    if found is None:
        raise Http404
    return pdf(found)


@allow(OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: HttpRequest, number: str) -> HttpResponse:
    """One own event: object to it, or ask that it be repaired."""
    who = actor(request)
    own = own_of(who)
    found = own_event(own, number)
    if found is None:
        raise Http404
    refuse_noughts_posted(request)
    said = ui.Answers(request)
    if said.posted:
        within(request, acting.APPLY)
    if said.posted and _done(request, own, who, found, said):
        return redirect("credit-mine")
    trail = ui.Trail([ui.Link(reverse("credit-mine"), _("My own credit"))], found.number)
    page = ui.Page(
        _("Credit event"),
        top=[_panel(found), *_conditions(found)],
        forms=_forms(request, found, said),
        trail=trail,
    )
    return ui.shown(request, page, 422 if said.wrong else 200)


def _done(request: HttpRequest, own: Own, who: Actor, found: CreditEvent, said: ui.Answers) -> bool:
    """Do what the form says; False where something has to be put right."""
    acts = {"repair": _ask_repair, "object": _object}
    try:
        done = acts.get(said.act, _object)(own, who, found, said)
    except (objections.NotOpen, repairs.NotOpen, Conflict, ValidationError):
        said.wrong["grounds"] = _("This is under way already.")
        return False
    if done:
        messages.success(request, done)
    return bool(done)


def _ask_repair(own: Own, who: Actor, found: CreditEvent, said: ui.Answers) -> str:
    values: dict[str, Any] = {name: said.text(name, 400) for name in ("grounds", "papers")}
    values |= {name: said.ticked(name) for name in ("fulfilled", "remedied")}
    if said.good:
        repairs.apply(own, who, found.number, values)
    return _("Your application for repair has been filed.") if said.good else ""


def _object(own: Own, who: Actor, found: CreditEvent, said: ui.Answers) -> str:
    grounds = said.text("grounds", 400)
    statement = said.text("statement", 200, required=False)
    if said.good:
        objections.object_to(own, who, found.number, grounds, statement)
    return _("The event is marked; its source has been asked.") if said.good else ""


def _panel(found: CreditEvent) -> ui.Panel:
    public_until, kept = terms.public_until(found.facts), found.kept_until
    items = [
        ui.Item(_("About"), ui.Cell(found.name, found.credit_code)),
        ui.Item(pgettext("credit", "What was found"), found.what, found.basis),
        ui.Item(_("Decided by"), found.source_name, found.document),
        ui.Item(_("Decided on"), ui.legal_date(found.decided_on)),
        ui.Item(_("Public until"), ui.legal_date(public_until) if public_until else "—"),
        ui.Item(_("Kept until"), ui.legal_date(kept) if kept else "—"),
    ]
    return ui.Panel(_("Event"), items)


def _conditions(found: CreditEvent) -> list[ui.Panel]:
    if not repairable(found.facts):
        return []
    stated = ("fulfilled", "remedied")
    known = [one for one in repairs.conditions(found, True, True) if one.code not in stated]
    return [wording.conditions_panel(known)]


def _forms(request: HttpRequest, found: CreditEvent, said: ui.Answers) -> list[ui.Form]:
    forms = []
    if not found.disputed:
        forms.append(_objection(_of_form(request, said, "object")))
    open_ = Repair.objects.filter(event=found.number).exclude(state="refused").exists()
    if repairable(found.facts) and not found.repaired_on and not open_:
        forms.append(_repair(_of_form(request, said, "repair")))
    return forms


def _of_form(request: HttpRequest, said: ui.Answers, act: str) -> ui.Answers:
    """What was said in this form, and nothing of what was said in the other."""
    return said if said.act == act else ui.Answers(request, act)


def _area(said: ui.Answers, name: str, label: str, longest: int) -> ui.FieldView:
    optional = name == "statement"
    return said.field(
        name, label, kind="textarea", rows=3, maxlength=longest, required=not optional
    )


def _objection(said: ui.Answers) -> ui.Form:
    days = objections.rule()["days"]
    fields = [
        _area(said, "grounds", _("What is wrong in it"), 400),
        _area(said, "statement", _("What shall stand beside it"), 200),
    ]
    note = _("It is marked at once, and answered within %(days)s days.") % {"days": days}
    return ui.Form(fields, _("Object"), _("Object to this event"), "object", note)


def _repair(said: ui.Answers) -> ui.Form:
    ticks = [
        ui.FieldView(name, label, value="", kind="checkbox", required=False)
        for name, label in (
            ("fulfilled", _("I have done what the decision demands")),
            ("remedied", _("I have removed the harm")),
        )
    ]
    fields = [
        _area(said, "grounds", _("What was put right"), 400),
        _area(said, "papers", _("Papers that show it"), 400),
        *ticks,
    ]
    return ui.Form(fields, _("Ask for repair"), _("Ask that publicity end early"), "repair")
