"""The officials' desk: a case, and the acts on it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lingnan.kernel.duty.api import ClockRefused, NotYours, Task, TaskGone, clocks
from lingnan.kernel.matters import (
    cases,
    decisions,
    filing,
    opening,
    powers,
    prefill,
    procedure,
    reread,
    time_acts,
    wording,
)
from lingnan.kernel.matters.definition import matter_of
from lingnan.kernel.matters.deskforms import forms_for
from lingnan.kernel.matters.explanation import explanation_panel
from lingnan.kernel.matters.formviews import answer_panels, reads_panel
from lingnan.kernel.matters.models import Case, Decision
from lingnan.kernel.matters.pages.apply import file_response
from lingnan.kernel.matters.pages.worklists import HANDLERS
from lingnan.kernel.matters.timeviews import clock_panel, timeline
from lingnan.kernel.runtime import keys
from lingnan.kernel.trust.api import (
    Actor,
    Body,
    acting,
    actor,
    allow,
    node_bundles,
    refuse_noughts_posted,
)
from lingnan.kernel.ui import api as ui


def handled(number: str, who: Actor) -> Case:
    """A case of the official's own body; any other does not exist for them."""
    found = (
        Case.objects.select_related("definition", "application")
        .filter(number=number, body=who.body)
        .first()
    )
    if found is None:
        raise Http404
    return found


@allow(HANDLERS)
@require_safe
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, handled(number, actor(request)))


def _page(request: HttpRequest, case: Case, refusal: str = "", status: int = 200) -> HttpResponse:
    """The case as its body sees it; that it was opened is written down before it is shown."""
    who = actor(request)
    opening.witness(case, who)
    matter = matter_of(case.definition)
    readings = clocks.of_references([case.number]).get(case.number, {})
    filled, typed = prefill.counts(case.declared, matter)
    decision = Decision.objects.filter(case=case).first()
    context = {
        "case": case,
        "matter": matter,
        "state": wording.state_chip(case.state, decision.outcome if decision else ""),
        "card": wording.card_chip(wording.running(readings)),
        "refusal": ui.Notice("late", _("This was not done"), refusal) if refusal else None,
        "posted": request.POST.get("act", "") if refusal else "",
        "acts": forms_for(case, matter, who, request.POST if refusal else {}),
        "steps": timeline(case, matter, readings),
        "clocks": clock_panel(readings, matter),
        "answers": answer_panels(matter, case.declared),
        "reads": reads_panel(case.application.reads),
        "papers": _papers(case),
        "decision": decision,
        "explanation": explanation_panel(decision) if decision else None,
        "filled": filled,
        "total": filled + typed,
        "beside": _beside(case),
        "powers": powers.of_case(case),
    }
    return render(request, "matters/desk_case.html", context, status=status)


def _beside(case: Case) -> ui.Panel | None:
    """The other parts of a joint application: that they are, and how far, nothing of them."""
    if not case.joint:
        return None
    others = Case.objects.filter(joint=case.joint).exclude(key=case.key)
    rows = others.select_related("definition", "decision").order_by("key")
    items = [
        ui.Item(
            str(matter_of(other.definition).title),
            wording.state_chip(
                other.state, getattr(getattr(other, "decision", None), "outcome", "")
            ),
        )
        for other in rows
    ]
    return ui.Panel(_("Applied for together"), items, note=case.joint)


def _papers(case: Case) -> ui.Panel:
    titles = {m.code: str(m.title) for m in matter_of(case.definition).materials}
    items = [
        ui.Item(
            titles.get(row["material"], row["material"]),
            ui.Link(f"/desk/cases/{case.number}/files/{row['sha256']}/", row["name"]),
        )
        for row in filing.filed_materials(case)
    ]
    return ui.Panel(_("Materials"), items)


@allow(HANDLERS)
@require_safe
def case_file(request: HttpRequest, number: str, mark: str) -> HttpResponse:
    """A material as it was filed, also an earlier filing's."""
    who = actor(request)
    case = handled(number, who)
    filings = case.events.filter(kind__in=filing.FILINGS)
    rows = [row for event in filings for row in event.data.get("materials", [])]
    row = next((row for row in rows if row["sha256"] == mark), None)
    if row is None:
        raise Http404
    opening.witness(case, who, row["material"])
    return file_response(row["sha256"], row["name"])


@allow(HANDLERS)
@require_safe
def power_file(request: HttpRequest, number: str, power: str) -> HttpResponse:
    """The signed text of a power by which something was done in the case."""
    made = powers.file_for(handled(number, actor(request)), power, actor(request))
    if made is None:
        raise Http404
    return acting.showing.answer(made, power)


@allow(HANDLERS)
@require_POST
def evidence(request: HttpRequest, number: str) -> HttpResponse:
    """What the log holds of the case, as a file that a court can check; to be told is evidence."""
    who = actor(request)
    case = handled(number, who)
    body = Body.objects.get(code=who.body)
    opening.taken_out(case, who)
    try:
        made = node_bundles.of_reference(case.number, body)
    except node_bundles.NothingToShow:
        return _page(request, case, _("Its entries are not there any more, or too old."), 409)
    answer = HttpResponse(made, content_type=node_bundles.CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{case.number}.asice"'
    return answer


@allow(HANDLERS)
@require_POST
def act(request: HttpRequest, number: str) -> HttpResponse:
    """One act on a case; what the law does not allow is said on the page, nothing is written."""
    refuse_noughts_posted(request)
    who = actor(request)
    case = handled(number, who)
    kind = request.POST.get("act", "")
    if kind not in ACTS:
        raise Http404
    try:
        ACTS[kind](case, who, request.POST)
    except (cases.NotAllowed, ClockRefused) as refused:
        return _page(request, case, wording.refusal(refused), 409)
    except TaskGone as gone:
        words = _("Somebody else has done this task meanwhile: %(by)s.") % {"by": gone.by}
        return _page(request, handled(number, who), words, 409)
    except procedure.OutOfOrder:
        return _page(
            request,
            handled(number, who),
            _("The case has moved on meanwhile; this step does not follow any more."),
            409,
        )
    except NotYours:
        raise PermissionDenied from None
    messages.success(request, str(wording.DONE[kind]))
    return redirect("desk-case", number=number)


def _task(case: Case, data: Any) -> Task:
    key = keys.unveil(data.get("task", ""), "duty.task")
    task = Task.objects.filter(key=key, reference=case.number).first() if key else None
    if task is None:
        raise Http404
    return task


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _accept(case: Case, who: Actor, data: Any) -> None:
    cases.accept(case.number, who, _task(case, data))


def _ask(case: Case, who: Actor, data: Any) -> None:
    cases.ask_correction(case.number, who, _task(case, data), _lines(data.get("items", "")))


def _refuse_acceptance(case: Case, who: Actor, data: Any) -> None:
    cases.not_accept(case.number, who, _task(case, data), data.get("reasons", ""))


def _step(case: Case, who: Actor, data: Any) -> None:
    cases.finish_step(
        case.number,
        who,
        _task(case, data),
        data.get("outcome", ""),
        data.get("findings", ""),
        data.getlist("officer"),
    )


def _note_change(case: Case, who: Actor, data: Any) -> None:
    cases.note_change(case.number, who, _task(case, data), data.get("findings", ""))


def _read_anew(case: Case, who: Actor, data: Any) -> None:
    reread.read_anew(case.number, who, _task(case, data))


def _decide(case: Case, who: Actor, data: Any) -> None:
    decisions.decide(
        case.number,
        who,
        _task(case, data),
        data.get("outcome", ""),
        data.get("reasons", ""),
        data.getlist("articles"),
        verified=bool(data.get("verified")),
    )


def _suspend(case: Case, who: Actor, data: Any) -> None:
    try:
        until = date.fromisoformat(data.get("until", ""))
    except ValueError:
        raise cases.NotAllowed("no-special-procedure") from None
    time_acts.suspend(case.number, who, data.get("kind", ""), data.get("reason", ""), until)


def _resume(case: Case, who: Actor, data: Any) -> None:
    time_acts.resume(case.number, who)


def _extend(case: Case, who: Actor, data: Any) -> None:
    time_acts.extend(case.number, who, data.get("reason", ""))


ACTS = {
    "accept": _accept,
    "ask-correction": _ask,
    "not-accept": _refuse_acceptance,
    "note-change": _note_change,
    "read-anew": _read_anew,
    "step": _step,
    "decide": _decide,
    "suspend": _suspend,
    "resume": _resume,
    "extend": _extend,
}
