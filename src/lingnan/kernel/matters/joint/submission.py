"""Submitting a joint application, and what happens to the whole while its cases go on."""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from lingnan.kernel.duty.api import Clock, clocks
from lingnan.kernel.matters import applications, cases, filing, notices, procedure
from lingnan.kernel.matters.cases import NotAllowed
from lingnan.kernel.matters.definition import matter_of
from lingnan.kernel.matters.joint import clock, drafts
from lingnan.kernel.matters.joint.definition import event_of
from lingnan.kernel.matters.models import Application, Case, JointApplication
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import SYSTEM, Actor, Body


def submit(joint: JointApplication, actor: Actor) -> JointApplication:
    """Submit once: a case at each body, one clock for the whole. Raises NotReady."""
    with transaction.atomic():
        current = JointApplication.objects.select_for_update(of=("self",)).get(pk=joint.pk)
        if current.number:
            return current
        draft = drafts.load(current)
        drafts.ready(draft)
        division = Body.objects.get(code=current.body).division
        current.number = filing.next_number(division, "J")
        current.submitted_on = legal_time.today()
        current.save(update_fields=["number", "submitted_on"])
        limit = draft.event.limit
        clocks.start(
            current.number,
            clock.CODE,
            limit,
            limit["basis"],
            body=current.body,
            about=draft.event.code,
        )
        for code, part in draft.parts.items():
            part.joint = current
            if part.awaits and code in draft.event.deferred:
                part.awaiting = True
                part.save(update_fields=["awaiting"])
            else:
                file(part, actor)
        for code in set(draft.every) - set(draft.parts):
            draft.every[code].attachments.all().delete()
            draft.every[code].delete()
        notices.joint_filed(current, draft.event.title, draft.event.limit)
        return current


def file(part: Application, actor: Actor) -> Case:
    if part.case_number:
        return Case.objects.get(number=part.case_number)
    case = cases.receive(part, actor)
    part.case_number, part.awaiting = case.number, bool(part.awaits)
    part.save(update_fields=["case_number", "awaiting"])
    return case


def file_again(joint: JointApplication, matter: str, actor: Actor) -> Application:
    """A new draft of a member that was refused or not accepted: the others go on.

    Its answers and papers are those of the last time. Raises NotAllowed.
    """
    last = parts(joint).get(matter)
    if last is None or joint.account != actor.account or not may_file_again(last[1]):
        raise NotAllowed("no-second-filing")
    waiting = joint.applications.filter(definition__code=matter, case_number="").first()
    if waiting is not None:
        return waiting
    before = last[0]
    made = applications.begin(matter, before.body, actor, new=True)
    with transaction.atomic():
        made.joint = joint
        made.answers |= {
            name: answer
            for name, answer in before.answers.items()
            if answer.get("source") not in ("record", "awaited")
        }
        made.save(update_fields=["joint", "answers"])
        for paper in before.attachments.all():
            made.attachments.create(
                material=paper.material, name=paper.name, sha256=paper.sha256, size=paper.size
            )
    return made


def may_file_again(case: Case) -> bool:
    if case.state in ("not_accepted", "withdrawn"):
        return True
    decision = getattr(case, "decision", None)
    return case.state == "delivered" and decision is not None and decision.outcome == "refused"


def parts(joint: JointApplication) -> dict[str, tuple[Application, Case]]:
    """The newest case of each member, by matter, in the event's order."""
    rows = Case.objects.filter(joint=joint.number).select_related(
        "definition", "application__definition", "decision", "certificate"
    )
    newest = {case.matter: (case.application, case) for case in rows.order_by("key")}
    order = event_of(joint.definition).codes
    return {code: newest[code] for code in order if code in newest}


def extend(joint: JointApplication, actor: Actor, reason: str) -> None:
    """Once, by the head of the county's government (行政许可法 Art. 42(2)). Raises NotAllowed."""
    extension = event_of(joint.definition).extension
    division = Body.objects.get(code=joint.body).division
    if actor.role != "head" or actor.function != "government" or actor.division != division:
        raise NotAllowed("not-your-post")
    if extension is None or not reason.strip():
        raise NotAllowed("no-extension")
    with transaction.atomic():
        # Two heads at once: the second sees what the first has done.
        clock.locked(str(joint.number))
        days = int(extension["days"])
        clocks.extend(_whole(joint), days, actor.signature, extension["basis"], reason)
        clock.witness(joint, "joint.extended", actor, {"days": days, "reason": reason})
        notices.joint_extended(joint, days, reason)


def finish_done() -> int:
    """Stop the clock of each joint application whose every case has ended."""
    open_cases = _unfinished().filter(joint=OuterRef("number"))
    done = JointApplication.objects.filter(finished_on=None, number__isnull=False).exclude(
        Exists(open_cases)
    )
    count = 0
    for joint in done:
        with transaction.atomic():
            if clock.locked(str(joint.number)).finished_on or _goes_on(joint):
                continue
            clocks.stop(_whole(joint), SYSTEM.signature)
            joint.finished_on = legal_time.today()
            joint.save(update_fields=["finished_on"])
            clock.witness(joint, "joint.finished", SYSTEM, {})
            count += 1
    return count


def _whole(joint: JointApplication) -> Clock:
    return Clock.objects.get(reference=joint.number, code=clock.CODE)


def _unfinished() -> QuerySet[Case]:
    return Case.objects.exclude(state__in=procedure.FINISHED)


def _goes_on(joint: JointApplication) -> bool:
    return _unfinished().filter(joint=joint.number).exists() or _comes_still(joint)


def _comes_still(joint: JointApplication) -> bool:
    """Whether a part is about to be filed: what it waits for has been granted."""
    granted = Case.objects.filter(joint=joint.number, decision__outcome="granted")
    made = set(granted.values_list("matter", flat=True))
    waiting = joint.applications.filter(awaiting=True)
    return any(made & set(part.awaits.values()) for part in waiting)


def title_of(joint: JointApplication) -> Title:
    return event_of(joint.definition).title


def names(joint: JointApplication) -> list[str]:
    return [str(matter_of(a.definition).title) for a, _case in parts(joint).values()]
