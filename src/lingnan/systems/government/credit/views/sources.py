"""The source's pages: report a batch, correct or withdraw what it reported, answer objections."""

import secrets
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingnan.kernel.duty.api import NotYours, TaskGone
from lingnan.kernel.runtime.api import Conflict, legal_time
from lingnan.kernel.trust.api import Actor, actor, allow, official, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.credit import batches, collecting, objections, opening
from lingnan.systems.government.credit.models import CreditEvent, Objection
from lingnan.systems.government.credit.views import frame, wording
from lingnan.systems.government.credit.views.frame import Form, Page, Part, event_table, shown

SOURCES = official("data_officer")
SHOWN = 25


@allow(SOURCES)
@require_http_methods(["GET", "HEAD", "POST"])
def collect(request: HttpRequest) -> HttpResponse:
    """Report events: paste or choose a file, look at what was read, then send all or nothing."""
    refuse_noughts_posted(request)
    who = actor(request)
    if request.method != "POST":
        return shown(request, _page(who, "", ""))
    text, error = request.POST.get("rows", ""), ""
    try:
        uploaded = request.FILES.get("file")
        if uploaded is not None:
            text = batches.decode(uploaded.read(batches.LARGEST + 1))
        rows = batches.read(text)
    except batches.Unreadable as unreadable:
        return shown(request, _page(who, text, str(unreadable)), 422)
    judged = batches.judge(rows, who.body)
    if judged.faults or request.POST.get("go") != "send":
        page = _page(who, text, error, judged)
        return shown(request, page, 422 if judged.faults else 200)
    return _send(request, who, text, rows)


def _send(request: HttpRequest, who: Actor, text: str, rows: list[batches.Row]) -> HttpResponse:
    try:
        numbers = collecting.take(rows, who, request.POST.get("key", "")[:64] or "none")
    except collecting.OtherContent:
        return shown(request, _page(who, text, _("This form was sent before.")), 409)
    except collecting.Refused as refused:
        judged = batches.Judged((), refused.faults)
        return shown(request, _page(who, text, "", judged), 422)
    messages.success(request, _("%(count)s events are on record.") % {"count": len(numbers)})
    return redirect("credit-collect")


def _page(who: Actor, text: str, error: str, judged: batches.Judged | None = None) -> Page:
    top: list[Any] = []
    tables, first, forms = [], [_asking(text, error)], []
    if judged is not None and judged.faults:
        said = [
            _("Row %(row)s: %(message)s") % {"row": row, "message": message}
            for row, message in judged.faults[:50]
        ]
        top.append(ui.Notice("late", _("Nothing was taken"), _("Please put right:"), items=said))
    elif judged is not None:
        tables.append(Part(_preview(judged), _("What was read")))
        first, forms = [], [_sending(text, len(judged.rows)), *first]
    else:
        tables.append(Part(wording.tasks_of(who), _("To do")))
        tables.append(Part(_reported(who), _("Reported by your body")))
    lead = _("Report what your body has decided. A batch is taken as a whole or not at all.")
    return Page(_("Report credit events"), lead, top, (), tables, forms, first=first)


def _asking(text: str, error: str) -> Form:
    heads = ",".join(map(str, batches.COLUMNS.values()))
    rows = ui.FieldView(
        "rows",
        _("Rows"),
        _("First line: %(columns)s") % {"columns": heads},
        value=text,
        kind="textarea",
        error=error,
        rows=8,
        width="full",
        required=False,
    )
    file = ui.FieldView(
        "file", _("Or a CSV file"), kind="file", required=False, accept=("csv",), max_megabytes=1
    )
    return Form([rows, file], _("Read it"), files=True)


def _sending(text: str, count: int) -> Form:
    hidden = {"rows": text, "go": "send", "key": secrets.token_hex(16)}
    button = _("Enter %(count)s events") % {"count": count}
    return Form([], button, _("Enter them"), hidden=hidden)


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
    what, why = frame.said(request, "what", 200), frame.said(request, "why", 400)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        withdraws = request.POST.get("act") == "withdraw"
        wrong = {"why": frame.wanting(why, 400)}
        wrong |= {} if withdraws else {"what": frame.wanting(what, 200)}
        wrong = {name: text for name, text in wrong.items() if text}
        if not wrong and _changed(found, who, "" if withdraws else what, why):
            messages.success(request, _("It is on record."))
            return redirect("credit-collect")
        wrong = wrong or {"why": _("It was changed meanwhile. Please send it once more.")}
    trail = ui.Trail([ui.Link(reverse("credit-collect"), _("Report credit events"))], number)
    table = Part(event_table([found], _("Event"), inside=True))
    page = Page(_("Credit event"), tables=[table], forms=_changing(found, why, wrong), trail=trail)
    return shown(request, page, 422 if wrong else 200)


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


def _changing(found: CreditEvent, why: str, wrong: dict[str, str]) -> list[Form]:
    what = ui.FieldView(
        "what", _("What was found"), value=found.what, error=wrong.get("what", ""), maxlength=200
    )
    reason = ui.FieldView("why", _("Reason"), value=why, error=wrong.get("why", ""), maxlength=400)
    return [
        Form([what, reason], _("Correct"), _("Correct it"), hidden={"act": "correct"}),
        Form([reason], _("Withdraw"), _("Withdraw it"), hidden={"act": "withdraw"}),
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
    wrong: dict[str, str] = {}
    if request.method == "POST":
        wrong = _answered(request, found, who)
        if not wrong:
            return redirect("credit-collect")
    table = Part(event_table([event_] if event_ else [], _("Event"), inside=True))
    page = Page(
        _("Examine an objection"),
        top=[_panel(found)],
        tables=[table],
        forms=[_answering(request, wrong)] if found.answered_on is None else [],
    )
    return shown(request, page, 422 if wrong else 200)


def _panel(found: Objection) -> ui.Panel:
    items = [
        ui.Item(_("About"), found.name),
        ui.Item(_("What is wrong"), found.grounds),
        ui.Item(_("Own statement"), found.statement or "—"),
        ui.Item(_("State"), wording.objection_chip(found)),
        ui.Item(_("To be answered by"), ui.legal_date(found.due_on)),
    ]
    return ui.Panel(found.number, items)


def _answered(request: HttpRequest, found: Objection, who: Actor) -> dict[str, str]:
    outcome, words = request.POST.get("outcome", ""), frame.said(request, "words", 400)
    what = frame.said(request, "what", 200)
    wrong = {"words": frame.wanting(words, 400)}
    if outcome not in dict(Objection.OUTCOMES):
        wrong["outcome"] = _("Please choose.")
    if outcome == "corrected":
        wrong["what"] = frame.wanting(what, 200)
    wrong = {name: text for name, text in wrong.items() if text}
    if wrong:
        return wrong
    try:
        objections.answer(found, who, outcome, words, what, None)
    except (objections.NotOpen, TaskGone, NotYours, Conflict):
        return {"words": _("It has been answered already.")}
    messages.success(request, _("The answer has been sent."))
    return {}


def _answering(request: HttpRequest, wrong: dict[str, str]) -> Form:
    options = [ui.Option(code, str(word)) for code, word in Objection.OUTCOMES]
    fields = [
        ui.FieldView(
            "outcome",
            _("Outcome of the objection"),
            value=request.POST.get("outcome", ""),
            kind="radio",
            options=options,
            error=wrong.get("outcome", ""),
        ),
        ui.FieldView(
            "what",
            _("What was found, as corrected"),
            value=request.POST.get("what", ""),
            required=False,
            maxlength=200,
            error=wrong.get("what", ""),
        ),
        ui.FieldView(
            "words",
            _("Reasons"),
            value=request.POST.get("words", ""),
            kind="textarea",
            maxlength=400,
            error=wrong.get("words", ""),
        ),
    ]
    return Form(fields, _("Send the answer"), _("Answer"))
