"""The firm's own pages: its representative sets up, reports, answers and closes."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.exchange.api import introduce
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
from lingnan.systems.government.legal_persons import (
    cancellation,
    listing,
    reporting,
)
from lingnan.systems.government.legal_persons.firms import (
    closing_of,
    entries_of,
    orders_of,
    own_firm,
    own_firms,
)
from lingnan.systems.government.legal_persons.models import Enterprise, Filing, ListEntry
from lingnan.systems.government.legal_persons.setting_up import Refused
from lingnan.systems.government.legal_persons.views import chips, own_forms, published
from lingnan.systems.government.legal_persons.views.frame import plain_table, refused
from lingnan.systems.government.legal_persons.views.orders import order_table
from lingnan.systems.government.legal_persons.views.public import report_table
from lingnan.systems.government.legal_persons.views.registrar import closing_panel

# Also for whoever acts for a firm; each act asks for more.
FIRMS = under(RESIDENT, acting.RECORD, "organisation")
ACTS = ("report", "simple", "ordinary", "apply", "give_up", "say", "remedy")


@allow(FIRMS)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The firms that the resident represents, and the applications to set one up."""
    who = actor(request)
    person = introduce(who.subject, to="legal_persons")
    filings = list(Filing.objects.filter(applicant=person).order_by("-key")[:50])
    if who.acting is not None:
        filings = []  # of the agent, not of the firm
    firms: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(ui.Link(address(one), one.name), one.credit_code),
            "state": chips.firm(one),
        }
        for one in own_firms(who)
    ]
    asked: list[dict[str, ui.CellLike]] = [
        {"name": ui.Cell(one.name, one.number), "state": ui.Cell(chips.filing(one), one.words)}
        for one in filings
    ]
    columns = [("name", _("Name")), ("state", _("State"))]
    page = ui.Page(
        _("My enterprises"),
        links=[
            ui.Link(reverse("enterprise-set-up"), _("Set up an enterprise")),
            ui.Link(
                reverse("enterprise-appointments"), _("Confirm that you represent an enterprise")
            ),
        ],
        tables=[
            ui.Part(plain_table(columns, firms, _("Enterprises"), _("You represent none")),
                    _("Enterprises that you represent")),
            ui.Part(plain_table(columns, asked, _("Your applications"), _("You have filed none")),
                    _("Your applications")),
        ],
    )  # fmt: skip
    return ui.shown(request, page)


def address(company: Enterprise) -> str:
    return reverse("enterprise-mine", args=[company.credit_code])


@allow(FIRMS)
@require_http_methods(["GET", "HEAD", "POST"])
def firm(request: HttpRequest, code: str) -> HttpResponse:
    """One firm: what it owes, where it stands, and one act chosen in the address (?act=…)."""
    who = actor(request)
    company = own_firm(who, code)
    if company is None:
        raise Http404
    refuse_noughts_posted(request)
    if request.method == "POST":
        within(request, acting.APPLY)
    entry = next((one for one in entries_of(code) if one.state in ("noticed", "entered")), None)
    name = request.GET.get("act", "")
    name = name if name in _open(company, entry) else ""
    said, top, status = ui.Answers(request, name), list[ui.Notice](), 200
    form = _form(name, company, said)
    if said.posted and form is not None:
        status = 422
        if said.good:
            top, status = _tried(company, entry, who, said)
            if status == 302:
                messages.success(request, _("It is on record."))
                return redirect("enterprise-mine", code=code)
        form = _form(name, company, said)
    page = _page(request, company, top, form, _open(company, entry))
    return ui.shown(request, page, status)


def _form(name: str, company: Enterprise, said: ui.Answers) -> ui.Form | None:
    makers: dict[str, Callable[[Enterprise, ui.Answers], ui.Form]] = own_forms.FORMS
    return makers[name](company, said) if name else None


def _open(company: Enterprise, entry: ListEntry | None) -> dict[str, str]:
    if company.ended:
        return {}
    words: dict[str, str] = {}
    if reporting.years_due(company, legal_time.today()):
        words["report"] = _("Publish the annual report")
    closing = closing_of(company.credit_code)
    if closing is None:
        words |= {"simple": _("Close by the simple procedure"), "ordinary": _("Close it")}
    elif closing.way != "forced":
        words["give_up"] = _("Give up closing it")
        if closing.state == "public":
            words["apply"] = _("Apply for the cancellation")
    if entry is not None and entry.state == "noticed":
        words["say"] = _("Say something against the entry")
    if entry is not None and entry.state == "entered" and not listing.by_publication(entry):
        words["remedy"] = _("Ask to be removed from the list")
    return words


def _tried(
    company: Enterprise, entry: ListEntry | None, who: Actor, said: ui.Answers
) -> tuple[list[ui.Notice], int]:
    try:
        _do(company, entry, who, said)
    except Refused as why:
        return [refused(why)], 409
    except (Conflict, IntegrityError):
        return [ui.Notice("warn", _("It was changed at the same time. Please send it again."))], 409
    return [], 302


def _do(company: Enterprise, entry: ListEntry | None, who: Actor, said: ui.Answers) -> None:
    closing = closing_of(company.credit_code)
    if said.act == "report":
        year, values = own_forms.report_values(said)
        reporting.publish(company, who, year, values)
    elif said.act in ("simple", "ordinary"):
        words = [said[name] for name in ("cause", "leader", "team")]
        cancellation.begin(company, who, said.act, *words)
    elif said.act == "apply" and closing is not None:
        ended = said.day("ended_on", legal_time.today()) if closing.way == "ordinary" else None
        cancellation.apply(closing, who, ended)
    elif said.act == "give_up" and closing is not None:
        cancellation.stop(closing, who, said["words"])
    elif said.act == "say" and entry is not None:
        listing.say(entry, who, said["words"])
    elif said.act == "remedy" and entry is not None:
        listing.remedy(entry, who, said["words"])


def _page(
    request: HttpRequest,
    company: Enterprise,
    top: list[ui.Notice],
    form: ui.Form | None,
    open_: dict[str, str],
) -> ui.Page:
    missing = reporting.missing(company, legal_time.today())
    panel: list[Any] = [
        ui.Panel(
            _("State"),
            [
                ui.Item(_("State"), chips.firm(company), company.revocation),
                *_licence(company),
                ui.Item(_("Reports not yet published"), ", ".join(map(str, missing)) or "—",
                        _("from 1 January to 30 June of the next year")),
            ],
        )
    ]  # fmt: skip
    closing = closing_of(company.credit_code)
    if closing is not None:
        panel.append(closing_panel(closing))
    entries = [one for one in entries_of(company.credit_code) if one.state != "dropped"]
    rows: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(str(one.get_ground_display()), one.found),
            "state": chips.entry(one),
            "day": ui.Cell(ui.legal_date(one.heard_until), _("may be heard until")),
        }
        for one in entries
    ]
    columns = [("name", _("Reason of the entry")), ("state", _("State")), ("day", _("Day"))]
    url = address(company)
    return ui.Page(
        _("Enterprise"),
        top=[*top, *panel],
        links=[*_publish(company),
               *(ui.Link(f"{url}?act={name}", words) for name, words in open_.items())],
        tables=[
            *_orders(company),
            ui.Part(published.page_of(request, company.credit_code, own=not company.ended),
                    _("Published by the enterprise itself")),
            ui.Part(report_table(reporting.reports_of(company.credit_code)), _("Annual reports")),
            ui.Part(plain_table(columns, rows, _("Entries on lists"), _("It stands on no list")),
                    _("Entries on lists")),
        ],
        first=[form] if form else [],
        trail=ui.Trail([ui.Link(reverse("enterprises-mine"), _("My enterprises"))], company.name),
        code=company.credit_code,
        name=company.name,
    )  # fmt: skip


def _publish(company: Enterprise) -> list[ui.Link]:
    if company.ended:
        return []
    return [ui.Link(published.address(company.credit_code), _("Publish something"))]


def _orders(company: Enterprise) -> list[ui.Part]:
    """Orders to publish, where there are any."""
    rows = orders_of(company.credit_code)
    table = order_table(rows, code="" if company.ended else company.credit_code)
    return [ui.Part(table, _("Orders to publish"))] if rows else []


def _licence(company: Enterprise) -> list[ui.Item]:
    if company.ended or company.state != "existing":
        return []
    url = reverse("enterprise-licence", args=[company.credit_code])
    return [ui.Item(_("Business licence"), ui.Act(url, _("Get the sealed licence")))]
