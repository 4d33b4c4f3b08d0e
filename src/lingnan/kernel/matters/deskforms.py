"""The acts that are open to a post on a case, as forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.duty.api import Clock, Task, clocks
from lingnan.kernel.matters import procedure, reread, told, wording
from lingnan.kernel.matters.cases import FORMAL_CHECK, unverified
from lingnan.kernel.matters.definition import Matter, StepOf, cite
from lingnan.kernel.matters.models import Case, facts_of
from lingnan.kernel.runtime import keys
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Actor, colleagues
from lingnan.kernel.ui import api as ui


@dataclass(frozen=True)
class ActForm:
    """One act: its heading, its questions and its button."""

    act: str
    title: str
    button: str
    fields: list[ui.FieldView]
    task: str = ""
    grave: bool = False
    note: str = ""


def forms_for(case: Case, matter: Matter, who: Actor, given: Mapping[str, Any]) -> list[ActForm]:
    """Forms for the open tasks of this post, and for its acts on the case's time."""
    forms: list[ActForm] = []
    open_tasks = Task.objects.filter(
        reference=case.number, done_at=None, body=who.body, role=who.role
    )
    for task in open_tasks.order_by("key"):
        reference = keys.veil(task.key, "duty.task")
        if task.code == FORMAL_CHECK:
            forms += _formal(reference, case, given)
        elif task.code == told.TASK:
            forms += _change(reference, case, matter, given)
        elif task.code in matter.steps and matter.steps[task.code].decides:
            forms.append(_decision(reference, matter, matter.steps[task.code], case, given))
        elif task.code in matter.steps:
            forms.append(_step(reference, matter.steps[task.code], who, given))
    return forms + _time(case, matter, who, given)


def _formal(task: str, case: Case, given: Mapping[str, Any]) -> list[ActForm]:
    forms = [
        ActForm(
            "accept",
            _("Accept"),
            _("Accept the application"),
            [],
            task,
            note=_("The papers are complete and in legal form."),
        )
    ]
    if not case.events.filter(kind="correction_asked").exists():
        forms.append(_correction(task, given))
    forms.append(
        ActForm(
            "not-accept",
            _("Do not accept"),
            _("Do not accept, and tell why"),
            [_text("reasons", _("Reasons, and where the applicant can go instead"), given)],
            task,
            grave=True,
        )
    )
    return forms


def _change(task: str, case: Case, matter: Matter, given: Mapping[str, Any]) -> list[ActForm]:
    """What has changed on record since it was read, and what the post can do about that."""
    titles = {field.name: str(field.title) for field in matter.form.fields()}
    waiting = told.waiting(case)
    ended = any(event.kind == told.ENDED for event in waiting)
    rows = [
        f"{titles[row['field']]}: {wording.change(row)}"
        for event in waiting
        for row in event.data["changes"]
    ]
    field = _text("findings", _("What you did about it"), given)
    note = "；".join(rows)
    check = str(told.CHECK_ENDED if ended else told.CHECK)
    noted = ActForm("note-change", check, _("Record it"), [field], task, note=note)
    if not reread.may_read_anew(case):
        return [noted]
    title = _("The record you rely on has changed")
    if ended:
        title = _("The record you rely on has ended")
    return [ActForm("read-anew", title, _("Read the record anew"), [], task, note=note), noted]


def _correction(task: str, given: Mapping[str, Any]) -> ActForm:
    field = _text(
        "items",
        _("What the applicant has to mend, one a line"),
        given,
        _("The law allows one notice: list everything."),
    )
    return ActForm("ask-correction", _("Ask for a correction"), _("Send the notice"), [field], task)


def _text(name: str, label: str, given: Mapping[str, Any], hint: str = "") -> ui.FieldView:
    return ui.FieldView(
        name=name, label=label, hint=hint, kind="textarea", value=str(given.get(name, ""))
    )


def _step(task: str, step: StepOf, who: Actor, given: Mapping[str, Any]) -> ActForm:
    fields = [
        ui.FieldView(
            name="outcome",
            label=_("Outcome"),
            kind="radio",
            value=str(given.get("outcome", "")),
            options=[ui.Option(code, str(title)) for code, title in step.outcomes.items()],
        ),
        _findings(step, given),
    ]
    if step.officers > 1:
        hint = _("You are the first: %(name)s. The law asks for two or more.") % {"name": who.name}
        label = _("The second officer")
        fields.append(
            ui.FieldView(
                name="officer",
                label=label,
                hint=hint,
                kind="select",
                value=str(given.get("officer", "")),
                options=[ui.Option(ref, name) for ref, name in colleagues(who).items()],
            )
        )
    return ActForm("step", str(step.title), _("Record the outcome"), fields, task)


def _findings(step: StepOf, given: Mapping[str, Any]) -> ui.FieldView:
    if step.officers > 1:
        return _text("findings", _("Findings"), given, _("What was seen, in sentences."))
    return _text("findings", _("What you found"), given, _("In sentences; the file keeps them."))


def _decision(
    task: str, matter: Matter, step: StepOf, case: Case, given: Mapping[str, Any]
) -> ActForm:
    grounds = matter.grounds
    fields = [
        ui.FieldView(
            name="outcome",
            label=_("Decision"),
            kind="radio",
            value=str(given.get("outcome", "")),
            options=[
                ui.Option("granted", _("Grant")),
                ui.Option("refused", pgettext("decision", "Refuse")),
            ],
        ),
        _text("reasons", _("Reasons"), given, _("The applicant reads them as you write them.")),
        ui.FieldView(
            name="articles",
            label=_("Article that a refusal rests on"),
            hint=_("Needed when you refuse."),
            kind="checkbox",
            required=False,
            options=[ui.Option(cite(g), cite(g), str(Title.of(g["title"]))) for g in grounds],
        ),
    ]
    doubtful = [str(matter.form.field(name).title) for name in unverified(case)]
    if doubtful:
        label = _("I have verified what does not come from records: %(fields)s") % {
            "fields": ui.listed(doubtful)
        }
        fields.append(ui.FieldView(name="verified", label=label, kind="checkbox", required=False))
    return ActForm("decide", str(step.title), _("Sign the decision"), fields, task)


def _time(case: Case, matter: Matter, who: Actor, given: Mapping[str, Any]) -> list[ActForm]:
    forms: list[ActForm] = []
    senior = who.role in ("reviewer", "head")
    if senior and matter.suspensions and procedure.may(case.state, "suspended"):
        forms.append(_suspension(matter, given))
    if senior and procedure.may(case.state, "resumed"):
        forms.append(
            ActForm("resume", _("Let the clock run again"), _("The procedure has ended"), [])
        )
    extension = matter.limit("extension", facts_of(case))
    if who.role == "head" and extension and procedure.may(case.state, "extended"):
        clock = Clock.objects.filter(reference=case.number, code="decision").first()
        if clock and not clocks.read(clock).extended:
            title = _("Extend by %(n)s working days") % {"n": extension["days"]}
            fields = [_text("reason", _("Reason, told to the applicant"), given)]
            forms.append(
                ActForm("extend", title, _("Extend once"), fields, note=extension["basis"])
            )
    return forms


def _suspension(matter: Matter, given: Mapping[str, Any]) -> ActForm:
    note = ""
    if matter.kind == "licence":
        note = _("An inspection on site does not stop the clock (Licensing Law Art. 45).")
    fields = [
        ui.FieldView(
            name="kind",
            label=_("Special procedure"),
            kind="radio",
            value=str(given.get("kind", "")),
            options=[ui.Option(code, str(title)) for code, title in matter.suspensions.items()],
        ),
        ui.FieldView(
            name="until", label=_("Expected until"), kind="date", value=str(given.get("until", ""))
        ),
        _text("reason", _("Reason, told to the applicant"), given),
    ]
    return ActForm(
        "suspend",
        _("Pause the clock for a special procedure"),
        _("Pause, and tell the applicant"),
        fields,
        note=note,
    )
