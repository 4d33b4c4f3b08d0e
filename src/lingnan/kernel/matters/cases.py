"""What can be done to a case. Every act is one transaction on a locked case."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from lingnan.kernel.duty.api import Clock, Task, clocks, tasks
from lingnan.kernel.matters import events, filing, notices, review, told, tolerance
from lingnan.kernel.matters.definition import Matter, StepOf, matter_of
from lingnan.kernel.matters.joint import alone, missed
from lingnan.kernel.matters.models import Application, Case, facts_of, locked
from lingnan.kernel.matters.remedies import REMEDIES
from lingnan.kernel.runtime import keys
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import SYSTEM, Actor, Body, colleagues

FORMAL_CHECK = "formal-check"
clocks.named("formal_check", "形式审查", "Check for completeness")
clocks.named("decision", "审批决定", "Decision")
clocks.named("delivery", "送达", "Delivery")
CORRECTION = Title("形式审查", "Check that the application is complete")


class NotAllowed(Exception):
    """The act is not open to this post, or the law does not allow it now."""


def receive(application: Application, actor: Actor) -> Case:
    """收件: a case with its number; the check for completeness starts."""
    definition = application.definition
    matter = matter_of(definition)
    body = Body.objects.get(code=application.body)
    values = {name: answer["value"] for name, answer in application.answers.items()}
    case = Case.objects.create(
        key=keys.new_key(),
        number=filing.next_number(body.division),
        definition=definition,
        matter=matter.code,
        body=application.body,
        applicant=application.subject,
        account=application.account,
        application=application,
        about=filing.about(matter, values),
        declared=application.answers,
        state="",
        received_on=legal_time.today(),
        joint=(application.joint.number or "") if application.joint else "",
    )
    filed: dict[str, Any] = {
        "reads": filing.cited(application),
        "materials": filing.materials(application),
    }
    if application.promises:
        filed["promised"] = list(application.promises)
    events.append(case, "received", actor, filed)
    alone.tell(case)
    told.follow_reads(case, matter)
    _open_formal_check(case, matter)
    return case


def _open_formal_check(case: Case, matter: Matter) -> None:
    limit = matter.limits["formal_check"]
    round_ = case.events.filter(kind="corrected").count()
    code = "formal_check" if not round_ else f"formal_check:{round_ + 1}"
    clocks.start(case.number, code, limit, limit["basis"], body=case.body, about=case.matter)
    tasks.open_task(case.number, FORMAL_CHECK, CORRECTION, case.about, case.body, "clerk")


def unverified(case: Case) -> list[str]:
    """Fields that no record answers, though one should: disputed, unanswered, or ended since."""
    return [
        name
        for name, answer in case.declared.items()
        if answer.get("source") in ("disputed", "fallback", "gone")
    ]


def awaited(case: Case) -> list[str]:
    """Fields that a record will answer which another matter of the joint application makes."""
    return [name for name, answer in case.declared.items() if answer.get("source") == "awaited"]


def is_deemed(case: Case) -> bool:
    """Whether the law has accepted the case: no notice in time (行政许可法 Art. 32(4))."""
    if case.state != "received" or not matter_of(case.definition).deemed_acceptance:
        return False
    readings = clocks.of_references([case.number]).get(case.number, {})
    checks = [r for r in readings.values() if r.code.startswith("formal_check")]
    return any(r.state == "running" and r.used > r.statutory for r in checks)


def _not_too_late(number: str) -> None:
    """An act on receipt comes too late once the case counts as accepted. Raises NotAllowed."""
    case = Case.objects.select_related("definition").get(number=number)
    if is_deemed(case):
        deem_accepted(number)
        raise NotAllowed("deemed-accepted")


def accept(number: str, actor: Actor, task: Task) -> Case:
    """受理: the review begins, its clock runs."""
    _not_too_late(number)
    with transaction.atomic():
        case = locked(number)
        tasks.finish(task, actor, "accepted")
        events.append(case, "accepted", actor, tolerance.accepted(case))
        _begin_review(case, legal_time.today(), actor)
        return case


def deem_accepted(number: str) -> Case | None:
    """视为受理: no notice came in time, so the case counts as accepted from its receipt."""
    with transaction.atomic():
        case = locked(number)
        if case.state != "received":
            return None
        received = events.history(case)[-1].at.astimezone(legal_time.CHINA).date()
        tasks.withdraw(number, SYSTEM.signature, [FORMAL_CHECK])
        data = {"from": received.isoformat()} | tolerance.accepted(case)
        events.append(case, "deemed_accepted", SYSTEM, data)
        _begin_review(case, received, SYSTEM)
        return case


def _begin_review(case: Case, start: date, actor: Actor) -> None:
    matter = matter_of(case.definition)
    for clock in Clock.objects.filter(reference=case.number, code__startswith="formal_check"):
        clocks.stop(clock, actor.signature)
    limit = _decision_limit(case, matter)
    if limit.get("counts_from") == "complete":
        start = _last_filed(case)
    clocks.start(
        case.number,
        "decision",
        limit,
        limit["basis"],
        on=start,
        body=case.body,
        about=case.matter,
    )
    notices.accepted(case, matter)
    _open_steps(case, matter)


def _decision_limit(case: Case, matter: Matter) -> dict[str, Any]:
    limit = matter.limit("decision", facts_of(case))
    assert limit is not None
    return limit


def _last_filed(case: Case) -> date:
    filed = case.events.filter(kind__in=("received", "corrected")).order_by("-number").first()
    assert filed is not None
    return filed.at.astimezone(legal_time.CHINA).date()


def ask_correction(number: str, actor: Actor, task: Task, items: Sequence[str]) -> Case:
    """补正告知: one single notice that lists everything (行政许可法 Art. 32(4))."""
    if not items:
        raise NotAllowed("empty-notice")
    _not_too_late(number)
    with transaction.atomic():
        case = locked(number)
        if case.events.filter(kind="correction_asked").exists():
            raise NotAllowed("notice-given-already")
        tasks.finish(task, actor, "correction_asked")
        events.append(case, "correction_asked", actor, {"items": list(items)})
        for clock in Clock.objects.filter(reference=number, code__startswith="formal_check"):
            clocks.stop(clock, actor.signature)
        notices.correction(case, items)
        return case


def corrected(number: str, actor: Actor) -> Case:
    """The applicant has filed what was asked for."""
    with transaction.atomic():
        case = locked(number)
        if case.account != actor.account:
            raise NotAllowed("not-the-applicant")
        case.declared = case.application.answers
        case.about = filing.about(matter_of(case.definition), facts_of(case))
        case.save(update_fields=["declared", "about"])
        filed = {"materials": filing.materials(case.application)}
        promised = {"promised": list(case.application.promises)}
        events.append(case, "corrected", actor, filed | promised)
        told.follow_reads(case, matter_of(case.definition))
        _open_formal_check(case, matter_of(case.definition))
        return case


def not_accept(number: str, actor: Actor, task: Task, reasons: str) -> Case:
    """不予受理, with reasons and where to go instead (Art. 32(1), (2))."""
    if not reasons.strip():
        raise NotAllowed("reasons-missing")
    _not_too_late(number)
    with transaction.atomic():
        case = locked(number)
        tasks.finish(task, actor, "not_accepted")
        events.check(case, "not_accepted")
        missed.tell(case, "not_accepted")
        events.append(case, "not_accepted", actor, {"reasons": reasons})
        _stop_clocks(case, actor)
        told.follow_no_more(case, actor)
        notices.not_accepted(case, reasons, REMEDIES)
        return case


def withdraw(number: str, actor: Actor) -> Case:
    """The applicant takes the application back."""
    with transaction.atomic():
        case = locked(number)
        if case.account != actor.account:
            raise NotAllowed("not-the-applicant")
        events.check(case, "withdrawn")
        missed.tell(case, "withdrawn")
        events.append(case, "withdrawn", actor)
        tasks.withdraw(number, actor.signature)
        _stop_clocks(case, actor)
        told.follow_no_more(case, actor)
        return case


def _stop_clocks(case: Case, actor: Actor) -> None:
    for clock in Clock.objects.filter(reference=case.number):
        clocks.stop(clock, actor.signature)


def done_steps(case: Case) -> list[tuple[str, dict[str, Any]]]:
    """The steps done so far, as the process engine replays them."""
    return [
        (event.data["step"], {event.data["step"]: event.data["outcome"]})
        for event in events.history(case)
        if event.kind in ("step_done", "decided")
    ]


def open_steps(case: Case) -> list[str]:
    matter = matter_of(case.definition)
    return review.open_steps(matter.process, facts_of(case), done_steps(case))


def _open_steps(case: Case, matter: Matter) -> None:
    """Open a task for each step that the process now offers and that has none yet."""
    waiting = set(
        Task.objects.filter(reference=case.number, done_at=None).values_list("code", flat=True)
    )
    for code in open_steps(case):
        if code not in waiting:
            step = matter.steps[code]
            tasks.open_task(case.number, code, step.title, case.about, case.body, step.role)


def finish_step(
    number: str, actor: Actor, task: Task, outcome: str, findings: str, beside: Sequence[str] = ()
) -> Case:
    """A step of the review that does not decide: its outcome, findings and officers.

    `beside` names colleagues of the same post who took part (`trust.colleagues`). A check of
    substance needs two officers or more (行政许可法 Art. 34(3)).
    """
    with transaction.atomic():
        case = locked(number)
        step = step_of(case, task)
        if step.decides or outcome not in step.outcomes:
            raise NotAllowed("unknown-outcome")
        known = colleagues(actor)
        present = [actor.name, *(known[one] for one in dict.fromkeys(beside) if one in known)]
        if len(present) < step.officers:
            raise NotAllowed("officers-missing")
        tasks.finish(task, actor, outcome)
        data = {
            "step": step.code,
            "outcome": outcome,
            "findings": findings,
            "officers": present,
        }
        events.append(case, "step_done", actor, data)
        _open_steps(case, matter_of(case.definition))
        return case


def note_change(number: str, actor: Actor, task: Task, findings: str) -> Case:
    """The body has looked at a change on record, and says what it did about it."""
    if not findings.strip():
        raise NotAllowed("findings-missing")
    with transaction.atomic():
        case = locked(number)
        tasks.finish(task, actor, "noted")
        events.append(case, "change_noted", actor, {"findings": findings})
        return case


def step_of(case: Case, task: Task) -> StepOf:
    matter = matter_of(case.definition)
    if task.reference != case.number or task.code not in matter.steps:
        raise NotAllowed("not-a-step")
    return matter.steps[task.code]


def after_decision(case: Case, matter: Matter) -> None:
    """Open the steps that the process places after the decision (a check afterwards)."""
    _open_steps(case, matter)
