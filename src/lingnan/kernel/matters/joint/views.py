"""A joint application as the design system draws it: one form, five tracks."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lingnan.kernel.duty.api import Reading, Task, clocks
from lingnan.kernel.matters import formviews, nextstep, procedure, timeviews, wording
from lingnan.kernel.matters.definition import matter_of
from lingnan.kernel.matters.joint import drafts, limits, submission, waiting
from lingnan.kernel.matters.joint.definition import LifeEvent
from lingnan.kernel.matters.joint.drafts import Draft
from lingnan.kernel.matters.models import Application, Case, JointApplication
from lingnan.kernel.trust.api import Body
from lingnan.kernel.ui import api as ui


def sections(draft: Draft, errors: dict[str, str]) -> list[dict[str, Any]]:
    """The event's sections with each question once; empty sections are left out."""
    questions = draft.questions
    found = []
    for title, names in draft.event.sections:
        fields = [
            formviews.shown_field(
                questions[name].field, draft.every[questions[name].asked_in], errors.get(name, "")
            )
            for name in names
            if name in questions
        ]
        if fields:
            found.append({"title": str(title), "fields": fields})
    return found


def materials(draft: Draft, errors: dict[str, str]) -> list[ui.FieldView]:
    """Each paper once, with the matters that need it."""
    views: list[ui.FieldView] = []
    for material, parts in drafts.materials(draft).values():
        titles = ui.listed(str(matter_of(part.definition).title) for part in parts)
        need = _("For: %(matters)s") % {"matters": titles}
        views += formviews.one_material(parts[0], material, errors, need)
    return views


def members_field(draft: Draft, error: str = "") -> ui.FieldView:
    options = [
        ui.Option(code, str(matter_of(part.definition).title), nextstep.body_title(part.body))
        for code, part in draft.every.items()
    ]
    return ui.FieldView(
        name=drafts.MEMBERS,
        label=_("What you apply for"),
        hint=_("Leave out what you have already."),
        kind="checkbox",
        options=options,
        value=tuple(draft.joint.chosen),
        error=error,
    )


def answer_panels(draft: Draft) -> list[ui.Panel]:
    """Everything that will be sent, each answer once, with where it comes from."""
    questions, panels = draft.questions, []
    for title, names in draft.event.sections:
        items = []
        for name in names:
            if name in questions:
                answer = draft.answer(questions[name])
                shown = questions[name].field.display(answer.get("value"))
                note = formviews.source_words(answer)
                items.append(ui.Item(str(questions[name].field.title), shown, note))
        if items:
            panels.append(ui.Panel(str(title), items, compact=True))
    return panels


def papers(draft: Draft) -> ui.Panel | None:
    items: list[ui.Item] = []
    for material, parts in drafts.materials(draft).values():
        part = parts[0]
        kept = part.attachments.filter(material=material.code).first()
        if kept is not None:
            link = ui.Link(f"/apply/{part.reference}/files/{material.code}/", kept.name)
            items.append(ui.Item(str(material.title), link))
        elif material.code in part.promises:
            items.append(ui.Item(str(material.title), _("promised: to be handed in later")))
    return ui.Panel(_("Materials"), items) if items else None


def reads_panel(draft: Draft) -> ui.Panel:
    """What was read, by which body, for which matter."""
    items = []
    for part in draft.parts.values():
        title = str(matter_of(part.definition).title)
        for read in part.reads:
            name = formviews.resource_title(read["resource"])
            items.append(ui.Item(name, title, read["basis"]))
    return ui.Panel(_("Read from records"), items)


def typed_words(typed: int, total: int, forms: int) -> str:
    words = ngettext(
        "%(typed)s of %(total)s fields of %(forms)s form are typed by you",
        "%(typed)s of %(total)s fields of %(forms)s forms are typed by you",
        forms,
    )
    return words % {"typed": typed, "total": total, "forms": forms}


def tracks(joint: JointApplication, event: LifeEvent) -> ui.Tracks:
    """Every member with its stages; one that waits for a record says for what."""
    parts = submission.parts(joint)
    numbers = [case.number for _a, case in parts.values()]
    readings = clocks.of_references(numbers)
    deferred = {
        matter_of(a.definition).code: a
        for a in joint.applications.filter(case_number="").select_related("definition")
    }
    bodies = {b.code: str(b.title) for b in Body.objects.filter(code__in=_bodies(joint))}
    open_tasks = {t.reference: t for t in Task.objects.filter(reference__in=numbers, done_at=None)}
    rows = []
    for code in event.codes:
        if code in parts:
            application, case = parts[code]
            task, lost = open_tasks.get(case.number), waiting.lost(parts, application)
            rows.append(_track(case, readings.get(case.number, {}), bodies, task, lost))
        elif code in deferred:
            lost = waiting.lost(parts, deferred[code])
            rows.append(_deferred(deferred[code], bodies, event, lost))
    return ui.Tracks(rows)


def _bodies(joint: JointApplication) -> list[str]:
    return list(joint.applications.values_list("body", flat=True))


def _track(
    case: Case,
    readings: dict[str, Reading],
    bodies: dict[str, str],
    task: Task | None,
    lost: list[str],
) -> ui.Track:
    outcome = case.decision.outcome if hasattr(case, "decision") else ""
    title = str(matter_of(case.definition).title)
    return ui.Track(
        title,
        bodies.get(case.body, case.body),
        wording.state_chip(case.state, outcome),
        _stages(case, outcome),
        f"/cases/{case.number}/",
        _coming(case, readings, outcome, task, lost),
    )


def _deferred(
    part: Application, bodies: dict[str, str], event: LifeEvent, lost: list[str]
) -> ui.Track:
    makers = {m.code: str(m.matter.title) for m in event.members}
    names = ui.listed(makers.get(code, code) for code in part.awaits.values())
    words = _("It is filed by itself as soon as this is there: %(names)s.") % {"names": names}
    words = waiting.deferred_words(lost) if lost else words
    stages = [ui.Stage(title) for title in _titles("")]
    chip = ui.Chip("soft", _("Waiting"))
    title = str(matter_of(part.definition).title)
    return ui.Track(title, bodies.get(part.body, part.body), chip, stages, "", words)


def _titles(outcome: str) -> list[str]:
    decided = {"granted": _("Granted"), "refused": _("Refused")}.get(outcome, _("Decision"))
    return [_("Received"), _("Accepted"), _("Examined"), decided]


def _stages(case: Case, outcome: str) -> list[ui.Stage]:
    """How far the case has come: the stage that it is in now, those done and those to come."""
    place = {
        "received": 0,
        "correction": 0,
        "not_accepted": 1,
        "in_review": 2,
        "suspended": 2,
        "decided": 4,
        "delivered": 4,
        "withdrawn": 0,
    }[case.state]
    stages = []
    for index, title in enumerate(_titles(outcome)):
        state: ui.StepState = "done" if index < place else "now" if index == place else "next"
        stopped = case.state in ("not_accepted", "withdrawn", "suspended") and index == place
        if stopped or (outcome == "refused" and index == 3):
            state = "stopped"
        stages.append(ui.Stage(title, state))
    return stages


def _coming(
    case: Case, readings: dict[str, Reading], outcome: str, task: Task | None, lost: list[str]
) -> str:
    """What comes next, and by when."""
    if case.state == "delivered":
        granted = _("The certificate is in your wallet.")
        return granted if outcome == "granted" else _("The others go on. You can file this again.")
    if case.state == "correction":
        return _("Waits for you: please correct it.")
    if case.state in ("not_accepted", "withdrawn"):
        return _("The others go on. You can file this again.")
    if lost:
        return waiting.words(lost)
    reading = readings.get("decision") or wording.running(readings)
    due = wording.due_words(reading) if reading else ""
    step = str(task.title) if task else _("Decision")
    return _("Next: %(step)s, %(due)s") % {"step": step, "due": due} if due else step


def what_next(joint: JointApplication, event: LifeEvent) -> ui.Notice:
    """One card at the top: what the applicant has to do, or that nothing is to be done."""
    parts = submission.parts(joint)
    cases = [case for _a, case in parts.values()]
    for case in cases:
        if case.state == "correction":
            return nextstep.notice(case, {}, "")
    again = [c for c in cases if submission.may_file_again(c)]
    done = sum(c.state == "delivered" and hasattr(c, "certificate") for c in cases)
    if again:
        names = ui.listed(str(matter_of(c.definition).title) for c in again)
        title, held = _("One part was not granted"), waiting.in_vain(joint, parts)
        words = _("Not granted: %(names)s. What is granted stays; the others go on.")
        if held:
            words = _("Not granted: %(names)s. It is waited for by: %(held)s. File it again here.")
        said = words % {"names": names, "held": ui.listed(held)}
        return ui.Notice("warn", title, said)
    if joint.finished_on and done == len(cases):
        words = _("Every certificate is in your wallet.")
        link = ui.Link("/certificates/", _("To your certificates"))
        return ui.Notice("ok", _("You can open"), words, link)
    late = limits.late(cases)
    if late:
        words = _(
            "The body has let the limit pass for: %(names)s. Supervision sees it as a red card. "
            "You need not do anything; what you filed goes on."
        )
        return ui.Notice("late", _("A part is late"), words % {"names": ui.listed(late)})
    words = _("%(done)s of %(all)s are granted. You need not do anything now.")
    count = len(joint.applications.all())
    return ui.Notice("info", _("Everything is under way"), words % {"done": done, "all": count})


def figures(event: LifeEvent) -> list[ui.Kpi]:
    """One form for how many; how long; what it costs in questions."""
    questions = event.questions(event.codes)
    every = sum(len(m.matter.form.fields()) for m in event.members)
    typed = sum(not q.field.bound for q in questions.values())
    limit = event.limit
    bodies = len({m.matter.function for m in event.members})
    return [
        ui.Kpi(
            _("One form instead of"),
            _("%(n)s forms") % {"n": len(event.members)},
            _("%(n)s bodies work at once") % {"n": bodies},
        ),
        ui.Kpi(
            _("You fill in"),
            _("%(n)s answers") % {"n": typed},
            _("of %(n)s fields in all forms") % {"n": every},
        ),
        ui.Kpi(
            _("Promised") + timeviews.demonstration_mark(limit),
            wording.counted(limit["promised"], limit["unit"]),
            _("statutory %(s)s") % {"s": wording.counted(limit["statutory"], limit["unit"])},
        ),
    ]


def event_facts(event: LifeEvent) -> list[str]:
    """How many matters and bodies, and how long, in a few words."""
    limit = event.limit
    promised = wording.counted(limit["promised"], limit["unit"])
    bodies = len({m.matter.function for m in event.members})
    return [
        _("%(n)s matters, one form") % {"n": len(event.members)},
        _("%(n)s bodies work at once") % {"n": bodies},
        _("Promised in %(p)s") % {"p": promised} + timeviews.demonstration_mark(limit),
    ]


def tile(joint: JointApplication) -> ui.Tile:
    """A joint application in a list: a draft to go on with, or where it stands."""
    title = str(submission.title_of(joint))
    if joint.number is None:
        words = _("Draft, begun on %(day)s") % {"day": ui.legal_date(joint.started_at)}
        return ui.Tile(f"/joint/draft/{joint.reference}/", title, words)
    cases = [case for _a, case in submission.parts(joint).values()]
    done = sum(case.state in procedure.FINISHED for case in cases)
    words = _("%(done)s of %(all)s parts have ended") % {
        "done": done,
        "all": joint.applications.count(),
    }
    return ui.Tile(f"/joint/{joint.number}/", title, words, [joint.number])
