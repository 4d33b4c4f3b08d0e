"""The registrar's desk: what waits, and the decision on a set-up or a cancellation."""

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.registry.api import visible_to
from lingnan.kernel.runtime.api import Conflict
from lingnan.kernel.trust.api import Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons import asking, cancellation, setting_up
from lingnan.systems.government.legal_persons.firms import OPEN
from lingnan.systems.government.legal_persons.holdings import YUAN
from lingnan.systems.government.legal_persons.models import (
    MARKET,
    Closing,
    ClosingObjection,
    Enquiry,
    Filing,
    ListEntry,
)
from lingnan.systems.government.legal_persons.opening import witness
from lingnan.systems.government.legal_persons.readers import REGISTRARS
from lingnan.systems.government.legal_persons.rules.holdings import InvalidHoldings
from lingnan.systems.government.legal_persons.setting_up import Refused
from lingnan.systems.government.legal_persons.views import chips
from lingnan.systems.government.legal_persons.views.frame import plain_table, refused

SHOWN = 50


def trail(here: str) -> ui.Trail:
    return ui.Trail([ui.Link(reverse("registration-desk"), _("Registration of enterprises"))], here)


@allow(MARKET)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the registrar in the own division: set-ups, cancellations, list entries,
    reports and questions."""
    who = actor(request)
    filings = list(visible_to(Filing, who).filter(state="filed").order_by("key")[:SHOWN])
    closings = visible_to(Closing, who).filter(state__in=OPEN)
    closing = list(closings.order_by("open_until", "key")[:SHOWN])
    entries = visible_to(ListEntry, who).filter(state__in=("noticed", "remedied"))
    entry = list(entries.order_by("heard_until", "key")[:SHOWN])
    asked = visible_to(Enquiry, who).filter(answered_on=None)
    enquiries = list(asked.order_by("due_on", "key")[:SHOWN])
    for rows in (filings, closing, entry, enquiries):
        witness("record.listed", rows, who)
    page = ui.Page(
        _("Registration of enterprises"),
        links=[
            ui.Link(reverse("legal-persons-desk"), _("Find an enterprise")),
            ui.Link("/desk/records/legal_persons/filing/", _("All applications")),
            ui.Link("/desk/records/legal_persons/listentry/", _("Both lists")),
            ui.Link("/desk/records/legal_persons/branch/", _("Branches")),
            ui.Link("/desk/records/legal_persons/enquiry/", _("All reports and questions")),
            ui.Link("/desk/records/legal_persons/publicationorder/", _("Orders to publish")),
        ],
        tables=[
            ui.Part(_filings(filings), _("Set-ups to decide")),
            ui.Part(_closings(closing), _("Cancellations under way")),
            ui.Part(_entries(entry), _("Entries on the lists to decide")),
            ui.Part(_enquiries(enquiries), _("Reports and questions to answer")),
        ],
    )
    return ui.shown(request, page)


def _table(rows: list[dict[str, ui.CellLike]], caption: str) -> ui.Table:
    columns = [("name", _("Name")), ("state", _("State")), ("day", _("Day"))]
    return plain_table(columns, rows, caption, _("Nothing waits"))


def _filings(rows: list[Filing]) -> ui.Table:
    lines: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(ui.Link(reverse("registration-filing", args=[r.number]), r.name),
                            r.number),
            "state": chips.filing(r),
            "day": ui.legal_date(r.filed_on),
        }
        for r in rows
    ]  # fmt: skip
    return _table(lines, _("Set-ups to decide"))


def _closings(rows: list[Closing]) -> ui.Table:
    lines: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(ui.Link(reverse("registration-closing", args=[r.number]), r.name),
                            str(r.get_way_display())),
            "state": chips.closing(r),
            "day": ui.Cell(ui.legal_date(r.open_until), _("objections or claims until")),
        }
        for r in rows
    ]  # fmt: skip
    return _table(lines, _("Cancellations under way"))


def _entries(rows: list[ListEntry]) -> ui.Table:
    lines: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(ui.Link(reverse("registration-entry", args=[r.number]), r.name),
                            str(r.get_ground_display())),
            "state": chips.entry(r),
            "day": ui.Cell(ui.legal_date(r.heard_until), _("may be heard until")),
        }
        for r in rows
    ]  # fmt: skip
    return _table(lines, _("Entries on the lists to decide"))


def _enquiries(rows: list[Enquiry]) -> ui.Table:
    lines: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(ui.Link(asking.address(r.number), r.name, r.number),
                            str(r.get_kind_display())),
            "state": chips.enquiry(r),
            "day": ui.Cell(ui.legal_date(r.due_on) if r.due_on else "—", _("to be answered by")),
        }
        for r in rows
    ]  # fmt: skip
    return _table(lines, _("Reports and questions to answer"))


@allow(REGISTRARS)
@require_http_methods(["GET", "HEAD", "POST"])
def filing(request: HttpRequest, number: str) -> HttpResponse:
    """One application of the own county: register it, or refuse it with reasons."""
    who = actor(request)
    found = Filing.objects.filter(number=number, division=who.division).first()
    if found is None:
        raise Http404
    refuse_noughts_posted(request)
    witness("record.opened", [found], who)
    said, top, status = ui.Answers(request, "decide"), list[ui.Notice](), 200
    if said.posted:
        status = 422
        if said.chosen("outcome", ("grant", "refuse")) == "refuse":
            said.text("words", 400)
        said.text("checked", 200, required=False)
    if said.good:
        try:
            return _decide(found, who, said)
        except Refused as why:
            top, status = [refused(why)], 409
        except InvalidHoldings:
            top, status = [ui.Notice("late", _("These holdings cannot be true"))], 409
        except (Conflict, IntegrityError):
            again = _("A colleague has decided, or taken the name, at the same time.")
            top, status = [ui.Notice("warn", again)], 409
    page = ui.Page(
        _("Application"),
        top=[*top, _filing_panel(found)],
        tables=[ui.Part(filed_holders(found), _("Shareholders and their capital"))],
        forms=[_filing_form(said)] if found.state == "filed" else [],
        trail=trail(found.name),
        code=found.number,
        name=found.name,
    )
    return ui.shown(request, page, status)


def _decide(found: Filing, who: Actor, said: ui.Answers) -> HttpResponse:
    if said["outcome"] == "refuse":
        setting_up.refuse(found, who, said["words"])
        return redirect("registration-filing", number=found.number)
    company = setting_up.grant(found, who, said["checked"])
    return redirect("legal-persons-control", code=company.credit_code)


def _filing_panel(found: Filing) -> ui.Panel:
    return ui.Panel(
        _("Application"),
        [
            ui.Item(_("State"), chips.filing(found), found.words),
            ui.Item(_("Legal representative"), found.applicant_name),
            ui.Item(_("Registered capital"), ui.money(found.capital * YUAN)),
            ui.Item(_("Supervisors"), found.supervisors),
            ui.Item(_("Business scope"), found.scope),
            ui.Item(_("Registered premises"), found.premises),
            ui.Item(_("Filed on"), ui.legal_date(found.filed_on)),
        ],
    )


def filed_holders(found: Filing) -> ui.Table:
    rows: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(one.name, one.code),
            "subscribed": ui.money(one.subscribed),
            "paid": ui.money(one.paid),
        }
        for one in setting_up.holders_of(found)
    ]
    columns = [("name", _("Shareholder")), ("subscribed", _("Subscribed")), ("paid", _("Paid"))]
    return plain_table(columns, rows, _("Shareholders and their capital"), _("None"))


def _filing_form(said: ui.Answers) -> ui.Form:
    outcomes = [ui.Option("grant", _("Register it")), ui.Option("refuse", _("Do not register"))]
    hint = _("Only where the credit register does not answer")
    fields = [
        said.field("outcome", _("What is decided"), kind="radio", options=outcomes),
        said.field("words", _("Reasons of a refusal"), kind="textarea", required=False,
                   maxlength=400),
        said.field("checked", _("How the representative was verified"), hint=hint,
                   required=False, maxlength=200),
    ]  # fmt: skip
    note = _("Registered today: the day of the licence is the day of establishment "
             "(《市场主体登记管理条例》第二十一条).")  # fmt: skip
    return ui.Form(fields, _("Decide"), _("Your decision"), "decide", note)


@allow(REGISTRARS)
@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: HttpRequest, number: str) -> HttpResponse:
    """One cancellation of the own county: cancel, or stop it with reasons."""
    who = actor(request)
    found = Closing.objects.filter(number=number, division=who.division).first()
    if found is None:
        raise Http404
    refuse_noughts_posted(request)
    witness("record.opened", [found], who)
    said, top, status = ui.Answers(request, "decide"), list[ui.Notice](), 200
    if said.posted:
        status = 422
        said.chosen("outcome", ("cancel", "stop"))
        said.text("words", 60 if said["outcome"] == "cancel" else 400)
    if said.good:
        try:
            act = cancellation.decide if said["outcome"] == "cancel" else cancellation.stop
            act(found, who, said["words"])
            return redirect("registration-closing", number=number)
        except Refused as why:
            top, status = [refused(why)], 409
        except Conflict:
            top, status = [ui.Notice("warn", _("A colleague has decided it."))], 409
    page = ui.Page(
        _("Cancellation"),
        top=[*top, closing_panel(found)],
        tables=[ui.Part(_objections(found, who), _("Objections and claims"))],
        forms=[_closing_form(said)] if found.state in OPEN else [],
        trail=trail(found.name),
        code=found.number,
        name=found.name,
    )
    return ui.shown(request, page, status)


def closing_panel(found: Closing) -> ui.Panel:
    items = [
        ui.Item(_("State"), chips.closing(found), found.words),
        ui.Item(_("Procedure"), str(found.get_way_display())),
        ui.Item(_("Cause of dissolution"), found.cause),
        ui.Item(_("Announced on"), ui.legal_date(found.published_on)),
        ui.Item(_("Objections or claims until"), ui.legal_date(found.open_until)),
    ]
    if found.leader:
        items.append(ui.Item(_("Liquidation team"), found.leader, found.team))
    return ui.Panel(_("Cancellation"), items)


def _objections(found: Closing, who: Actor) -> ui.Table:
    rows = list(ClosingObjection.objects.filter(closing=found.number).order_by("key"))
    witness("record.listed", rows, who)
    lines: list[dict[str, ui.CellLike]] = [
        {"name": one.name, "grounds": one.grounds, "day": ui.legal_date(one.raised_on)}
        for one in rows
    ]
    columns = [("name", _("Who")), ("grounds", _("Grounds of the objection")), ("day", _("Day"))]
    return plain_table(columns, lines, _("Objections and claims"), _("Nobody has objected"))


def _closing_form(said: ui.Answers) -> ui.Form:
    outcomes = [ui.Option("cancel", _("Cancel the registration")), ui.Option("stop", _("Stop"))]
    fields = [
        said.field("outcome", _("What is decided"), kind="radio", options=outcomes),
        said.field("words", _("Number of the decision, or reasons"), maxlength=400),
    ]
    return ui.Form(fields, _("Decide"), _("Your decision"), "decide")
