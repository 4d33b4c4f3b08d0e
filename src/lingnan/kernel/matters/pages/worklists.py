"""What an official's post has to do, and the cases of the body."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.duty.api import Reading, Task, clocks, standings, tasks
from lingnan.kernel.matters import wording
from lingnan.kernel.matters.definition import matter_of
from lingnan.kernel.matters.models import Case, Decision
from lingnan.kernel.runtime import keys
from lingnan.kernel.trust.api import actor, allow, official
from lingnan.kernel.ui import api as ui

HANDLERS = official("clerk", "reviewer", "inspector", "head")
PAGE = 25
Pair = tuple[Task, Reading | None]


@allow(HANDLERS)
@require_safe
def worklist(request: HttpRequest) -> HttpResponse:
    """The open tasks of the post, the most urgent first; by card, or by words of the list."""
    who = actor(request)
    every = tasks.open_for(who.body, who.role)
    counts = tasks.by_card(every)
    rows, card, words = _filtered(request, every)
    after = keys.unveil(request.GET.get("after", ""), "duty.task")
    start = Task.objects.filter(key=after).first() if after else None
    if start is not None:
        rows = tasks.behind(rows, tasks.red_on(start), start.key)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    readings = clocks.of_references({task.reference for task in shown})
    pairs = [(task, wording.running(readings.get(task.reference, {}))) for task in shown]
    more = {"after": keys.veil(shown[-1].key, "duty.task")} if len(found) > PAGE else None
    context = {
        "table": _task_table(pairs, _address(card, words, more) if more else None),
        "who": who,
        "count": every.count(),
        "tabs": _tabs(counts, card, words),
        "q": words,
        "card": card,
        "filtered": bool(card or words),
    }
    return render(request, "matters/worklist.html", context)


def _filtered(request: HttpRequest, rows: QuerySet[Any]) -> tuple[QuerySet[Any], str, str]:
    card = request.GET.get("card", "")
    words = request.GET.get("q", "").strip()[:60]
    card = card if card in standings.CARDS else ""
    if card:
        rows = rows.filter(card=card)
    if words:
        rows = rows.filter(Q(reference__startswith=words) | Q(about__icontains=words))
    return rows, card, words


def _address(card: str, words: str, more: Mapping[str, str] | None = None) -> str:
    said = {"card": card, "q": words} | dict(more or {})
    return "?" + urlencode({name: value for name, value in said.items() if value})


def _tabs(counts: Mapping[str, int], card: str, words: str) -> list[ui.Kpi]:
    """How many tasks show each card; each leads to them."""
    tabs = []
    for name in standings.CARDS:
        kind, text = wording.CARDS[name]
        note = _("shown below") if name == card else str(wording.CARD_NOTES.get(name, ""))
        tabs.append(
            ui.Kpi(text, f"{counts.get(name, 0):,}", note, kind, "/desk/" + _address(name, words))
        )
    return tabs


def _task_table(pairs: Sequence[Pair], more: str | None) -> ui.Table:
    titles = matter_titles([task.reference for task, _reading in pairs])
    return ui.Table(
        [
            ui.Column("task", _("Task")),
            ui.Column("card", _("Card")),
            ui.Column("due", _("Time left")),
            ui.Column("about", _("Declared by the applicant")),
        ],
        [_task_row(task, reading, titles.get(task.reference, "")) for task, reading in pairs],
        _("Tasks of your post"),
        ui.Empty(_("Nothing to do"), _("New cases of your body appear here by themselves.")),
        next_url=more,
        caption_hidden=True,
    )


def matter_titles(numbers: Sequence[str]) -> dict[str, str]:
    """The matter of each case, in the reader's language."""
    rows = Case.objects.filter(number__in=numbers).select_related("definition")
    return {case.number: str(matter_of(case.definition).title) for case in rows}


def _task_row(task: Task, reading: Reading | None, matter: str) -> dict[str, ui.CellLike]:
    address = task.link or f"/desk/cases/{task.reference}/"
    number = keys.shown(task.reference)
    link = ui.Link(address, str(task.title), number or task.about)
    return {
        "task": ui.Cell(link, " · ".join(part for part in (matter, number) if part)),
        "about": task.about,
        "card": wording.card_cell(reading),
        "due": wording.due_cell(reading),
    }


@allow(HANDLERS)
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """All cases of the body, newest first: what the applicant declared to it, nothing else."""
    who = actor(request)
    rows = Case.objects.filter(body=who.body).select_related("definition").order_by("-key")
    start = keys.unveil(request.GET.get("after", ""), "matters.case")
    if start is not None:
        rows = rows.filter(key__lt=start)
    found = list(rows[: PAGE + 1])
    more = keys.veil(found[PAGE - 1].key, "matters.case") if len(found) > PAGE else None
    table = _case_table(found[:PAGE], f"?after={more}" if more else None)
    return render(request, "matters/case_list.html", {"table": table, "who": who})


def _case_table(cases: Sequence[Case], more: str | None) -> ui.Table:
    readings = clocks.of_references([case.number for case in cases])
    outcomes = dict(Decision.objects.filter(case__in=cases).values_list("case_id", "outcome"))
    return ui.Table(
        [
            ui.Column("case", _("Case")),
            ui.Column("state", _("State")),
            ui.Column("card", _("Card")),
            ui.Column("due", _("Limit")),
            ui.Column("about", _("Declared by the applicant")),
        ],
        [
            _case_row(case, readings.get(case.number, {}), outcomes.get(case.key, ""))
            for case in cases
        ],
        _("Cases of your body"),
        ui.Empty(_("No case yet"), _("New cases of your body appear here by themselves.")),
        next_url=more,
        caption_hidden=True,
    )


def _case_row(case: Case, readings: dict[str, Reading], outcome: str) -> dict[str, ui.CellLike]:
    reading = wording.running(readings)
    title = str(matter_of(case.definition).title)
    return {
        "case": ui.Cell(ui.Link(f"/desk/cases/{case.number}/", title), case.number),
        "about": case.about,
        "state": wording.state_chip(case.state, outcome),
        "card": wording.card_cell(reading),
        "due": wording.due_cell(reading),
    }
