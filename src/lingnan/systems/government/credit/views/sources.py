"""The source's pages: report a batch, correct or withdraw what it reported, answer objections."""

import secrets
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.duty.api import NotYours, TaskGone
from lingnan.kernel.runtime.api import Conflict, legal_time
from lingnan.kernel.trust.api import Actor, actor, allow, official, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.credit import batches, collecting, objections, opening
from lingnan.systems.government.credit.models import CreditEvent, Objection
from lingnan.systems.government.credit.views import wording
from lingnan.systems.government.credit.views.events import event_table

SOURCES = official("data_officer")
SHOWN = 25


@allow(SOURCES)
@require_http_methods(["GET", "HEAD", "POST"])
def collect(request: HttpRequest) -> HttpResponse:
    """Report events: paste or choose a file, look at what was read, then send all or nothing."""
    refuse_noughts_posted(request)
    who, said = actor(request), ui.Answers(request)
    if not said.posted:
        return ui.shown(request, _page(who, said))
    text = said["rows"]
    try:
        uploaded = request.FILES.get("file")
        if uploaded is not None:
            text = batches.decode(uploaded.read(batches.LARGEST + 1))
        rows = batches.read(text)
    except batches.Unreadable as unreadable:
        said.wrong["rows"] = str(unreadable)
        return ui.shown(request, _page(who, said, text), 422)
    judged = batches.judge(rows, who.body)
    if judged.faults or said.act != "send":
        return ui.shown(request, _page(who, said, text, judged), 422 if judged.faults else 200)
    return _send(request, who, said, rows)


def _send(
    request: HttpRequest, who: Actor, said: ui.Answers, rows: list[batches.Row]
) -> HttpResponse:
    try:
        numbers = collecting.take(rows, who, said["key"][:64] or "none")
    except collecting.OtherContent:
        said.wrong["rows"] = _("This form was sent before.")
        return ui.shown(request, _page(who, said, said["rows"]), 409)
    except collecting.Refused as refused:
        judged = batches.Judged((), refused.faults)
        return ui.shown(request, _page(who, said, said["rows"], judged), 422)
    messages.success(request, _("%(count)s events are on record.") % {"count": len(numbers)})
    return redirect("credit-collect")


def _page(
    who: Actor, said: ui.Answers, text: str = "", judged: batches.Judged | None = None
) -> ui.Page:
    """The form with the rows as `text`, and what was read of them."""
    top: list[Any] = []
    tables, first, forms = [], [_asking(said, text)], []
    if judged is not None and judged.faults:
        faults = [
            _("Row %(row)s: %(message)s") % {"row": row, "message": message}
            for row, message in judged.faults[:50]
        ]
        top.append(ui.Notice("late", _("Nothing was taken"), _("Please put right:"), items=faults))
    elif judged is not None:
        tables.append(ui.Part(_preview(judged), _("What was read")))
        first, forms = [], [_sending(text, len(judged.rows)), *first]
    else:
        tables.append(ui.Part(wording.tasks_of(who), _("To do")))
        tables.append(ui.Part(_reported(who), _("Reported by your body")))
    lead = _("Report what your body has decided. A batch is taken as a whole or not at all.")
    return ui.Page(_("Report credit events"), lead, top, (), tables, forms, first=first)


def _asking(said: ui.Answers, text: str) -> ui.Form:
    heads = ",".join(map(str, batches.COLUMNS.values()))
    rows = said.field(
        "rows",
        _("Rows"),
        hint=_("First line: %(columns)s") % {"columns": heads},
        value=text,
        kind="textarea",
        rows=8,
        width="full",
        required=False,
    )
    file = ui.FieldView(
        "file", _("Or a CSV file"), kind="file", required=False, accept=("csv",), max_megabytes=1
    )
    return ui.Form([rows, file], _("Read it"), files=True)


def _sending(text: str, count: int) -> ui.Form:
    hidden = {"rows": text, "key": secrets.token_hex(16)}
    button = _("Enter %(count)s events") % {"count": count}
    return ui.Form([], button, _("Enter them"), "send", hidden=hidden)


def _preview(judged: batches.Judged) -> ui.Table:
    names = ("document", "name", "credit_code", "what", "decided_on")
    columns = [ui.Column(name, str(batches.COLUMNS[name])) for name in names]
    rows: list[dict[str, ui.CellLike]] = []
    for row in judged.rows:
        line: dict[str, ui.CellLike] = {name: str(row[name]) for name in names}
        rows.append(line | {"decided_on": _in_time(row["decided_on"])})
    return ui.Table(columns, rows, _("What was read"), caption_hidden=True)


def _in_time(decided_on: date) -> ui.CellLike:
    """The day of a decision; with a mark where it is reported after its working days."""
    if collecting.late(decided_on, legal_time.today()):
        return ui.Cell(ui.legal_date(decided_on), _("later than 20 working days"))
    return ui.legal_date(decided_on)


def _reported(who: Actor) -> ui.Table:
    rows = CreditEvent.objects.filter(source=who.body, ended=False).order_by("-key")[:SHOWN]
    found = list(rows)
    opening.witness("record.listed", found, who)
    return event_table(
        found,
        _("Reported by your body"),
        lambda one: reverse("credit-source-event", args=[one.number]),
        inside=True,
    )


@allow(SOURCES)
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: HttpRequest, number: str) -> HttpResponse:
    """The source corrects or withdraws an event of its own."""
    who = actor(request)
    found = CreditEvent.objects.filter(number=number, source=who.body, ended=False).first()
    if found is None:
        raise Http404
    refuse_noughts_posted(request)
    opening.witness("record.opened", [found], who)
    said = ui.Answers(request)
    if said.posted:
        why = said.text("why", 400)
        what = "" if said.act == "withdraw" else said.text("what", 200)
        if said.good and _changed(found, who, what, why):
            messages.success(request, _("It is on record."))
            return redirect("credit-collect")
        if said.good:
            said.wrong["why"] = _("It was changed meanwhile. Please send it once more.")
    trail = ui.Trail([ui.Link(reverse("credit-collect"), _("Report credit events"))], number)
    table = ui.Part(event_table([found], _("Event"), inside=True))
    page = ui.Page(_("Credit event"), tables=[table], forms=_changing(found, said), trail=trail)
    return ui.shown(request, page, 422 if said.wrong else 200)


def _changed(found: CreditEvent, who: Actor, what: str, why: str) -> bool:
    """Correct it, or withdraw it where nothing new is said; False when another was quicker."""
    try:
        if what:
            collecting.correct(found, who, what, None, why)
        else:
            collecting.withdraw(found, who, why)
    except Conflict:
        return False
    return True


def _changing(found: CreditEvent, said: ui.Answers) -> list[ui.Form]:
    what = said.field("what", pgettext("credit", "What was found"), value=found.what, maxlength=200)
    reason = said.field("why", _("Reason"), maxlength=400)
    return [
        ui.Form([what, reason], _("Correct"), _("Correct it"), "correct"),
        ui.Form([reason], _("Withdraw"), _("Withdraw it"), "withdraw"),
    ]


@allow(SOURCES)
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, number: str) -> HttpResponse:
    """The source answers an objection, once."""
    who = actor(request)
    found = Objection.objects.filter(number=number, source=who.body).first()
    if found is None:
        raise Http404
    refuse_noughts_posted(request)
    event_ = CreditEvent.objects.filter(number=found.event).first()
    opening.witness("record.opened", [found], who)
    said = ui.Answers(request)
    if said.posted and _answered(found, who, said):
        messages.success(request, _("The answer has been sent."))
        return redirect("credit-collect")
    table = ui.Part(event_table([event_] if event_ else [], _("Event"), inside=True))
    page = ui.Page(
        _("Examine an objection"),
        top=[_panel(found)],
        tables=[table],
        forms=[_answering(said)] if found.answered_on is None else [],
    )
    return ui.shown(request, page, 422 if said.wrong else 200)


def _panel(found: Objection) -> ui.Panel:
    items = [
        ui.Item(_("About"), found.name),
        ui.Item(_("What is wrong in it"), found.grounds),
        ui.Item(_("Own statement"), found.statement or "—"),
        ui.Item(_("State"), wording.objection_chip(found)),
        ui.Item(_("To be answered by"), ui.legal_date(found.due_on)),
    ]
    return ui.Panel(found.number, items)


def _answered(found: Objection, who: Actor, said: ui.Answers) -> bool:
    """Send the answer; False where something has to be put right."""
    outcome, words = said.chosen("outcome", list(dict(Objection.OUTCOMES))), said.text("words", 400)
    what = said.text("what", 200) if outcome == "corrected" else said["what"][:200]
    if not said.good:
        return False
    try:
        objections.answer(found, who, outcome, words, what, None)
    except (objections.NotOpen, TaskGone, NotYours, Conflict):
        said.wrong["words"] = _("It has been answered already.")
    return said.good


def _answering(said: ui.Answers) -> ui.Form:
    outcome, corrected = _("Outcome of the objection"), _("What was found, as corrected")
    fields = [
        said.field("outcome", outcome, kind="radio", options=ui.options(Objection.OUTCOMES)),
        said.field("what", corrected, required=False, maxlength=200),
        said.field("words", _("Reasons"), kind="textarea", maxlength=400),
    ]
    return ui.Form(fields, _("Send the answer"), _("Answer"))
