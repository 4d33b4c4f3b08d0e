"""Forms and cases as the design system draws them."""

from collections.abc import Mapping
from typing import Any, cast

from django.utils.translation import gettext as _

from lingnan.kernel.content.files import LIMIT
from lingnan.kernel.duty.api import Reading
from lingnan.kernel.exchange.api import resources
from lingnan.kernel.matters import applications, events, wording
from lingnan.kernel.matters.definition import Matter, cite
from lingnan.kernel.matters.form import Field
from lingnan.kernel.matters.models import Application, Case, CaseEvent
from lingnan.kernel.ui import api as ui


def resource_title(code: str) -> str:
    found = resources().get(code)
    return str(found.title) if found else code


def field_view(field: Field, answer: dict[str, Any], error: str = "") -> ui.FieldView:
    source = None
    if answer.get("source") == "record":
        source = ui.Source(
            resource_title(field.resource),
            wording.day(answer["read_on"]),
            dispute_name="dispute",
        )
    return ui.FieldView(
        name=field.name,
        label=str(field.title),
        hint=_hint(field, answer),
        value=str(answer.get("value", "")),
        kind=cast(ui.FieldKind, field.type),
        options=[ui.Option(value, str(title)) for value, title in field.options],
        required=field.required,
        error=error,
        source=source,
        unit=str(field.unit) if field.unit else "",
        maxlength=field.limits.get("max_length"),
        inputmode="tel" if field.limits.get("format") == "phone" else "",
        autocomplete="tel" if field.limits.get("format") == "phone" else "",
        minimum=str(field.limits.get("min", "")),
        maximum=str(field.limits.get("max", "")),
    )


def _hint(field: Field, answer: dict[str, Any]) -> str:
    if answer.get("source") == "disputed":
        return _(
            "The record says “%(value)s”. You said that is not right: please give it here."
        ) % {"value": answer.get("record_says", "")}
    if answer.get("source") == "fallback":
        return _("The record could not be read just now: please give it here; it is checked later.")
    return str(field.hint) if field.hint else ""


def sections(
    matter: Matter, application: Application, errors: dict[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "title": str(section.title),
            "fields": [
                field_view(
                    field, application.answers.get(field.name, {}), errors.get(field.name, "")
                )
                for field in section.fields
            ],
        }
        for section in matter.form.sections
    ]


def material_views(application: Application, errors: dict[str, str]) -> list[ui.FieldView]:
    kept = {a.material: a for a in application.attachments.all()}
    return [
        ui.FieldView(
            name=f"file-{material.code}",
            label=str(material.title),
            hint=str(material.hint) if material.hint else "",
            kind="file",
            required=material.required,
            error=errors.get(f"file-{material.code}", ""),
            accept=("pdf", "png", "jpg"),
            max_megabytes=LIMIT // (1024 * 1024),
            files=_kept(application, kept.get(material.code)),
        )
        for material in applications.materials(application)
    ]


def _kept(application: Application, attachment: Any) -> list[ui.Link]:
    if attachment is None:
        return []
    return [
        ui.Link(f"/apply/{application.reference}/files/{attachment.material}/", attachment.name)
    ]


def answers_panel(matter: Matter, declared: dict[str, Any], section: Any) -> ui.Panel:
    """What was declared in one section, with where each answer comes from."""
    notes = {
        "record": _("from records"),
        "typed": _("typed by the applicant"),
        "disputed": _("the applicant disputes the record"),
        "fallback": _("typed: the holder did not answer"),
    }
    items = []
    for field in section.fields:
        answer = declared.get(field.name, {})
        note = notes.get(answer.get("source", ""), "")
        if answer.get("source") == "disputed":
            note = f"{note}: {answer.get('record_says', '')}"
        items.append(ui.Item(str(field.title), field.display(answer.get("value")), note))
    return ui.Panel(str(section.title), items, compact=True)


def answer_panels(matter: Matter, declared: dict[str, Any]) -> list[ui.Panel]:
    return [answers_panel(matter, declared, section) for section in matter.form.sections]


def clock_panel(readings: dict[str, Reading], matter: Matter) -> ui.Panel:
    names = {
        "formal_check": _("Check for completeness"),
        "decision": _("Decision"),
        "delivery": _("Delivery"),
    }
    items = []
    for code, reading in sorted(readings.items(), reverse=True):
        kind = code.split(":")[0]
        note = _clock_note(reading, demonstration_mark(matter.limits.get(kind, {})))
        items.append(ui.Item(names[kind], _clock_cell(reading), note))
    return ui.Panel(_("Time limits"), items)


def _clock_cell(reading: Reading) -> ui.Cell:
    """The card, how much is used while the clock lives, and when it ends."""
    if reading.state == "stopped":
        return ui.Cell((wording.due_words(reading), wording.card_chip(reading)))
    pieces = (wording.card_chip(reading), wording.clock_bar(reading))
    return ui.Cell(pieces, wording.due_words(reading))


def _clock_note(reading: Reading, mark: str) -> str:
    words = limit_words(reading.promised, reading.statutory, reading.unit, mark)
    return f"{words} · {reading.basis}"


def limit_words(promised: int, statutory: int, unit: str, mark: str = "") -> str:
    return _("promised %(p)s, statutory %(s)s") % {
        "p": wording.counted(promised, unit) + mark,
        "s": wording.counted(statutory, unit),
    }


def timeline(case: Case, matter: Matter, readings: dict[str, Reading]) -> list[ui.Step]:
    steps = [_step(event, matter) for event in events.history(case)]
    return [*steps, *_next(case, readings)]


def _step(event: CaseEvent, matter: Matter) -> ui.Step:
    title, note = str(wording.EVENTS[event.kind]), ""
    data = event.data
    if event.kind == "step_done":
        step = matter.steps[data["step"]]
        title = f"{step.title} · {step.outcomes[data['outcome']]}"
        note = _("Officers: %(names)s.") % {"names": ui.listed(data["officers"])}
        note += f" {data['findings']}" if data["findings"] else ""
    elif event.kind == "decided":
        title = _("Granted") if data["outcome"] == "granted" else _("Refused")
    elif event.kind == "correction_asked":
        note = "；".join(data["items"])
    elif event.kind in ("not_accepted", "extended", "suspended"):
        note = data.get("reasons") or data.get("reason") or ""
    return ui.Step(title, ui.legal_datetime(event.at), note, "done")


def _next(case: Case, readings: dict[str, Reading]) -> list[ui.Step]:
    """What happens next, and by when."""
    if case.state == "correction":
        return [ui.Step(_("You file the correction"), "", "", "now")]
    if case.state == "received":
        running = [r for r in readings.values() if r.state == "running"]
        when = wording.due_words(running[0]) if running else ""
        return [
            ui.Step(_("Check for completeness"), when, "", "now"),
            ui.Step(_("Decision"), "", "", "next"),
        ]
    if case.state in ("in_review", "suspended") and "decision" in readings:
        state: ui.StepState = "stopped" if case.state == "suspended" else "now"
        return [ui.Step(_("Decision"), wording.due_words(readings["decision"]), "", state)]
    return []


def matter_facts(matter: Matter) -> list[str]:
    """How long and how much, in a few words."""
    limit = matter.limits["decision"]
    promised = wording.counted(limit["promised"], limit["unit"])
    words = _("Promised in %(p)s") % {"p": promised}
    return [words + demonstration_mark(limit), fee_words(matter)]


def demonstration_mark(limit: Mapping[str, Any]) -> str:
    """Said beside the promise of a matter in lists and in its figures, where it is invented."""
    return _(" (demonstration value)") if limit.get("promise_is_demonstration") else ""


def fee_words(matter: Matter) -> str:
    amount = matter.content["matter"].get("fee", {}).get("amount", 0)
    return _("%(n)s yuan") % {"n": amount} if amount else _("Free of charge")


def basis_panel(matter: Matter) -> ui.Panel:
    return ui.Panel(
        _("Legal basis"),
        [ui.Item(cite(row), str(_title(row))) for row in matter.basis],
    )


def _title(row: dict[str, Any]) -> Any:
    from lingnan.kernel.runtime.api import Title

    return Title.of(row["title"])


def reads_panel(reads: list[dict[str, Any]]) -> ui.Panel:
    """What was read from whom on which basis, with the number of the evidence."""
    states = {
        "found": _("read"),
        "absent": _("the holder has no such record"),
        "denied": _("denied"),
        "unavailable": _("the holder did not answer"),
        "stale": _("too old"),
    }
    items = [
        ui.Item(
            resource_title(read["resource"]),
            ui.Cell(states[read["state"]], read["basis"]),
            _("Evidence no. %(n)s") % {"n": read["evidence"]} if read["evidence"] else "",
        )
        for read in reads
    ]
    return ui.Panel(_("Read from records"), items)
