"""What an official's post has to do, and the cases of the body."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.duty.api import Reading, Task, clocks, tasks
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
    """The open tasks of the post, the oldest first; on a page the most urgent card first."""
    who = actor(request)
    rows = tasks.open_for(who.body, who.role)
    start = keys.unveil(request.GET.get("after", ""), "duty.task")
    if start is not None:
        rows = rows.filter(key__gt=start)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    readings = clocks.of_references({task.reference for task in shown})
    pairs = [(task, wording.running(readings.get(task.reference, {}))) for task in shown]
    more = keys.veil(shown[-1].key, "duty.task") if len(found) > PAGE else None
    context = {
        "table": _task_table(sorted(pairs, key=_urgency), f"?after={more}" if more else None),
        "who": who,
        "count": f"{PAGE}+" if more else str(len(shown)),
        "cards": _cards(pairs),
    }
    return render(request, "matters/worklist.html", context)


def _urgency(pair: Pair) -> tuple[int, int, int]:
    task, reading = pair
    if reading is None:
        return len(wording.URGENCY), 0, task.key
    return wording.URGENCY.index(reading.card), reading.left, task.key


def _cards(pairs: Sequence[Pair]) -> list[ui.Chip]:
    """How many tasks of this page bear each card that asks for attention."""
    seen = [reading.card for _task, reading in pairs if reading is not None]
    chips = []
    for card in ("red", "yellow", "warning"):
        kind, text = wording.CARDS[card]
        if card in seen:
            chips.append(ui.Chip(kind, f"{text} {seen.count(card)}"))
    return chips


def _task_table(pairs: Sequence[Pair], more: str | None) -> ui.Table:
    return ui.Table(
        [
            ui.Column("task", _("Task")),
            ui.Column("card", _("Card")),
            ui.Column("due", _("Time left")),
            ui.Column("about", _("Declared by the applicant")),
        ],
        [_task_row(task, reading) for task, reading in pairs],
        _("Tasks of your post"),
        ui.Empty(_("Nothing to do"), _("New cases of your body appear here by themselves.")),
        next_url=more,
        caption_hidden=True,
    )


def _task_row(task: Task, reading: Reading | None) -> dict[str, ui.CellLike]:
    return {
        "task": ui.Cell(ui.Link(f"/desk/cases/{task.reference}/", str(task.title)), task.reference),
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
