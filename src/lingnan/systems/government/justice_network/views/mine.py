"""The first page of an official: what waits, and the cases that stand before the own body."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.justice_network import (
    clocking,
    filing,
    ledger,
    prolonging,
    sights,
)
from lingnan.systems.government.justice_network.ledger import Hand
from lingnan.systems.government.justice_network.models import (
    Case,
    Package,
    Prepared,
    Sight,
    Term,
    TermNow,
)
from lingnan.systems.government.justice_network.rules import stages
from lingnan.systems.government.justice_network.views import rights, wording

PAGE = 25


@allow(rights.OFFICIALS)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    who, now = actor(request), legal_time.now()
    parts = [_offered(who), _approvals(who, now), _cases(request, who, now)]
    links = (
        [ui.Link("/desk/justice/open/", _("Open a case"))] if rights.OPENERS.permits(who) else []
    )
    if rights.SUPERVISORS.permits(who):
        links.append(ui.Link("/desk/justice/custody/", _("Supervision of custody")))
    page = ui.Page(
        _("Criminal cases"),
        _("The cases that stand before your body, and the limits that the law sets. What you open "
          "is in the evidence with the case and the legal basis."),
        top=[*_figures(who, now)],
        links=links,
        tables=[part for part in parts if part is not None],
    )  # fmt: skip
    return ui.shown(request, page)


def _figures(who: Actor, now: datetime) -> list[Any]:
    rows = TermNow.objects.filter(term__body=who.body, running=True)
    over = rows.filter(overrun=True).count()
    soon = rows.filter(overrun=False, due_at__gt=now, warn_at=None).count()
    with_us = sights.cases_of(who).filter(standing="holding").count()
    if over == 0:
        return []
    words = _("%(n)s clocks of your body are overrun; %(m)s cases are with you, %(k)s clocks are "
              "past their last warning.") % {"n": over, "m": with_us, "k": soon}  # fmt: skip
    return [ui.Notice("late", _("Overrun"), words)]


def _offered(who: Actor) -> ui.Part | None:
    rows = Package.objects.filter(receiver=who.body, receipt=None).select_related("case")
    found = list(rows.order_by("key")[:PAGE])
    if not found:
        return None
    known = sights.bodies(one.sender for one in found)
    columns = [
        ui.Column("number", _("Package")),
        ui.Column("what", pgettext("criminal", "What for")),
        ui.Column("from", pgettext("package", "From")),
        ui.Column("at", _("Arrived")),
    ]
    table: list[dict[str, ui.CellLike]] = [
        {
            "number": ui.Link(f"{ledger.link(one.case)}packages/{one.number}/", one.number),
            "what": wording.act_title(one.act),
            "from": wording.body_title(one.sender, known),
            "at": ui.legal_datetime(one.arrived_at),
        }
        for one in found
    ]
    return ui.Part(ui.Table(columns, table, _("To be received"), caption_hidden=True),
                   _("To be received"))  # fmt: skip


def _approvals(who: Actor, now: datetime) -> ui.Part | None:
    """What waits for the head: packages that were prepared, clocks to be prolonged."""
    if who.role != "head":
        return None
    rows: list[dict[str, ui.CellLike]] = []
    prepared = Prepared.objects.filter(end=None, case__sights__body=who.body,
                                       case__sights__standing="holding")  # fmt: skip
    for one in prepared.select_related("case").order_by("key")[:PAGE]:
        rows.append({
            "case": ui.Link(ledger.link(one.case), one.case.number),
            "what": wording.act_title(one.act),
            "due": "—",
        })  # fmt: skip
    for asked in prolonging.waiting_for(who.body)[:PAGE]:
        read = clocking.read(asked.term)
        url = f"{ledger.link(asked.term.case)}clocks/{prolonging.reference(asked.term)}/"
        words = _("Prolong: %(clock)s") % {"clock": wording.clock_title(read)}
        rows.append({
            "case": ui.Link(url, asked.term.case.number),
            "what": words,
            "due": wording.clock_chip(read, now),
        })  # fmt: skip
    if not rows:
        return None
    columns = [
        ui.Column("case", pgettext("criminal", "Case")),
        ui.Column("what", pgettext("criminal", "What for")),
        ui.Column("due", _("Clock")),
    ]
    return ui.Part(ui.Table(columns, rows, _("To be approved"), caption_hidden=True),
                   _("To be approved"))  # fmt: skip


def _cases(request: HttpRequest, who: Actor, now: datetime) -> ui.Part:
    rows = sights.cases_of(who).exclude(standing="offered").order_by("-id")
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) < 18:
        rows = rows.filter(id__lt=int(after))
    found = list(rows[: PAGE + 1])
    more = f"?after={found[PAGE - 1].pk}" if found[PAGE:] else None
    columns = [
        ui.Column("number", pgettext("criminal", "Case")),
        ui.Column("cause", _("Charge")),
        ui.Column("stage", _("Stage")),
        ui.Column("standing", pgettext("criminal", "File")),
        ui.Column("clock", _("Next limit")),
    ]
    table = [_row(one, who, now) for one in found[:PAGE]]
    empty = ui.Empty(_("No case stands before your body"))
    listed = ui.Table(
        columns, table, pgettext("criminal", "Cases"), empty, more, caption_hidden=True
    )
    return ui.Part(listed, pgettext("criminal", "Cases"))


def _row(one: Sight, who: Actor, now: datetime) -> dict[str, ui.CellLike]:
    stage = ledger.stage_of(one.case)
    return {
        "number": ui.Link(ledger.link(one.case), one.case.number),
        "cause": wording.quoted(one.case.cause),
        "stage": wording.stage_chip(stage),
        "standing": str(wording.STANDINGS[one.standing]),
        "clock": next_limit(one.case, who, now) if stage not in stages.ENDED else "—",
    }


def next_limit(case: Case, who: Actor, now: datetime) -> ui.CellLike:
    """The clock of the case that ends first, with its name."""
    if "measures" not in sights.seen(case, who):
        return "—"
    rows = TermNow.objects.filter(term__case=case, running=True).select_related("term__case")
    first: TermNow | None = rows.order_by("due_at").first()
    if first is None:
        return "—"
    term: Term = first.term
    read = clocking.read(term)
    return ui.Cell(wording.clock_chip(read, now), wording.clock_title(read))


@allow(rights.OPENERS)
@require_http_methods(["GET", "HEAD", "POST"])
def open_case(request: HttpRequest) -> HttpResponse:
    """立案: a case with its first person."""
    refuse_noughts_posted(request)
    who, said = actor(request), ui.Answers(request)
    values, fields = said.read(_opening())
    if said.posted and not values["unknown"] and not values["identity_number"]:
        said.wrong["identity_number"] = _("Give the number, or say that the identity is unknown.")
        values, fields = said.read(_opening())
    if said.good:
        hand = Hand.of(who)
        case = filing.open_case(hand, values["charge"], values["summary"])
        filing.add_suspect(
            case, hand, values["name"], values["identity_number"], values["charge"],
            values["charge_basis"], values["unknown"] == "1",
        )  # fmt: skip
        messages.success(request, _("The case is open."))
        return redirect(ledger.link(case))
    title = str(Title("立案", "Open a case"))
    trail = ui.Trail([ui.Link("/desk/justice/", _("Criminal cases"))], title)
    page = ui.Page(title, trail=trail, forms=[ui.Form(fields, _("Open the case"))])
    return ui.shown(request, page, 422 if said.posted else 200)


def _opening() -> list[ui.FieldView]:
    note = _(
        "As the document has it. No text at hand lists the charges: the article is unverified."
    )
    return [
        ui.FieldView("charge", _("Charge"), maxlength=80),
        ui.FieldView("charge_basis", _("Article of the Criminal Law"), note, required=False,
                     maxlength=200),
        ui.FieldView("summary", _("What is known"), kind="textarea", maxlength=600),
        ui.FieldView("name", _("Name of the suspect, or as the person says"), maxlength=60),
        ui.FieldView("identity_number", _("Identity number"), required=False, maxlength=18),
        ui.FieldView("unknown", _("Who the person is, is not known"), kind="checkbox",
                     required=False),
    ]  # fmt: skip
