"""Time as pages show it: the clocks of a case, its timeline, and limits in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.duty.api import Reading, clocks
from lingnan.kernel.matters import events, wording
from lingnan.kernel.matters.definition import Matter, find
from lingnan.kernel.matters.models import Case, CaseEvent
from lingnan.kernel.ui import api as ui


def clock_panel(readings: dict[str, Reading], matter: Matter) -> ui.Panel:
    items = []
    for code, reading in sorted(readings.items(), reverse=True):
        kind = code.split(":")[0]
        note = _clock_note(reading, demonstration_mark(matter.limits.get(kind, {})))
        items.append(ui.Item(str(clocks.title_of(code)), clock_cell(reading), note))
    return ui.Panel(_("Time limits"), items)


def clock_cell(reading: Reading) -> ui.Cell:
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
    elif event.kind in ("record_changed", "record_ended", "record_read_anew"):
        note = "；".join(wording.change(row) for row in data["changes"])
    elif event.kind == "record_missed":
        note = f"{_title(data['maker'])} · {wording.ENDED[data['how']]}"
    elif event.kind == "change_noted":
        note = data["findings"]
    elif event.kind in ("not_accepted", "extended", "suspended"):
        note = data.get("reasons") or data.get("reason") or ""
    return ui.Step(title, ui.legal_datetime(event.at), note, "done")


def _title(code: str) -> str:
    found = find(code)
    return str(found[1].title) if found else code


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


def demonstration_mark(limit: Mapping[str, Any]) -> str:
    """Said beside the promise of a matter in lists and in its figures, where it is invented."""
    return _(" (demonstration value)") if limit.get("promise_is_demonstration") else ""
