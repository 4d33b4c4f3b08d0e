"""The county's view of joint applications: its government's head may extend the whole, once."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.duty.api import ClockRefused, Reading, clocks, standings
from lingnan.kernel.matters import procedure, wording
from lingnan.kernel.matters.cases import NotAllowed
from lingnan.kernel.matters.joint import clock, submission
from lingnan.kernel.matters.joint.definition import event_of
from lingnan.kernel.matters.models import Case, JointApplication
from lingnan.kernel.runtime import keys
from lingnan.kernel.trust.api import Actor, actor, allow, official
from lingnan.kernel.ui import api as ui

SEES = official("head", "clerk", "data_officer", functions=("government", "data"))
APPROVES = official("head", functions=("government",))
CLOCK = "duty.clock"
PAGE = 25


@allow(SEES)
@require_safe
def joint_list(request: HttpRequest) -> HttpResponse:
    """The joint applications of the county that are open, the most urgent first."""
    who = actor(request)
    here = standings.running().filter(code=clock.CODE, reference__startswith=f"{who.division}-")
    last = keys.unveil(request.GET.get("after", ""), CLOCK)
    start = here.filter(clock=last).values_list("red_on", "clock").first() if last else None
    rows = list(standings.most_urgent(here, start)[: PAGE + 1])
    shown = rows[:PAGE]
    more = f"?after={keys.veil(shown[-1].pk, CLOCK)}" if len(rows) > PAGE else None
    table = _table([row.reference for row in shown], who, more)
    return render(request, "matters/joint_list.html", {"table": table, "who": who})


def _table(numbers: Sequence[str], who: Actor, more: str | None) -> ui.Table:
    found = {
        str(j.number): j
        for j in JointApplication.objects.filter(number__in=numbers).select_related("definition")
    }
    readings = clocks.of_references(numbers)
    items = [
        _row(found[number], readings[number][clock.CODE], who)
        for number in numbers
        if number in found
    ]
    return ui.Table(
        [
            ui.Column("event", _("Application")),
            ui.Column("card", _("Card")),
            ui.Column("due", _("Limit")),
            ui.Column("parts", _("Parts")),
            ui.Column("act", ""),
        ],
        items,
        _("Joint applications under way"),
        ui.Empty(_("None is under way"), _("They appear here when a resident submits one.")),
        next_url=more,
        caption_hidden=True,
    )


def _row(joint: JointApplication, reading: Reading, who: Actor) -> dict[str, ui.CellLike]:
    cases = Case.objects.filter(joint=joint.number)
    done = sum(case.state in procedure.FINISHED for case in cases)
    title = str(submission.title_of(joint))
    return {
        "event": ui.Cell(title, str(joint.number)),
        "card": wording.card_cell(reading),
        "due": wording.due_cell(reading),
        "parts": _("%(done)s of %(all)s parts have ended") % {"done": done, "all": len(cases)},
        "act": _extension(joint, reading, who),
    }


def _extension(joint: JointApplication, reading: Reading, who: Actor) -> ui.CellLike:
    extension = event_of(joint.definition).extension
    may = reading.state == "running" and not reading.extended and reading.left >= 0
    if not APPROVES.permits(who) or extension is None or not may:
        return ""
    label = _("Extend by %(n)s working days") % {"n": extension["days"]}
    return ui.Link(f"/desk/joint/{joint.number}/extend/", label, str(joint.number))


@allow(APPROVES)
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, number: str) -> HttpResponse:
    """The page that asks for the reason, and the act."""
    who = actor(request)
    rows = JointApplication.objects.select_related("definition")
    joint = rows.filter(number=number, number__startswith=f"{who.division}-").first()
    if joint is None:
        raise Http404
    error = ""
    if request.method == "POST":
        try:
            submission.extend(joint, who, request.POST.get("reason", ""))
        except (NotAllowed, ClockRefused) as refused:
            error = wording.refusal(refused)
        else:
            messages.success(request, str(wording.DONE["extend"]))
            return redirect("desk-joint")
    field = ui.FieldView(
        name="reason",
        label=_("Reason, told to the applicant"),
        kind="textarea",
        value=request.POST.get("reason", ""),
        error=error,
    )
    extension = event_of(joint.definition).extension or {}
    context = {
        "joint": joint,
        "title": submission.title_of(joint),
        "field": field,
        "extension": extension,
    }
    return render(request, "matters/joint_extend.html", context, status=409 if error else 200)
