"""What no hand does, since an act of the system keeps more than the field that it changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.registry import display, reading, rights
from lingnan.kernel.registry.editing.entry import WHOLE, Errors
from lingnan.kernel.registry.records import Act, Record
from lingnan.kernel.trust.api import Actor
from lingnan.kernel.ui import api as ui


def instead(model: type[Record], kind: str) -> Act | None:
    """The act by which records begin or end, where they do not by hand."""
    return {"new": model.record.begun_by, "end": model.record.ended_by}.get(kind)


def refused(
    model: type[Record], kind: str, values: Mapping[str, Any], record: Record | None
) -> Errors:
    """Why an entry is not made by hand, by field; the record as a whole under `__all__`."""
    act = instead(model, kind)
    if act is not None:
        return {WHOLE: [sentence(kind, act)]}
    if kind == "end" and record is not None and model.record.kept is not None:
        why = model.record.kept(record)
        return {WHOLE: [why]} if why else {}
    named = set(values) if kind == "change" else set(values) - set(model.record.entered)
    return of_fields(model, named)


def of_fields(model: type[Record], names: Iterable[str]) -> Errors:
    """Field → where it is changed, of those that only an act changes."""
    acts = model.record.by_act
    return {name: [sentence("change", acts[name])] for name in names if name in acts}


def sentence(kind: str, act: Act) -> str:
    words = {
        "new": _("Records of this register are not entered by hand, but here: %(act)s"),
        "end": _("Records of this register are not ended by hand, but here: %(act)s"),
        "change": _("This is changed by an act alone: %(act)s"),
    }[kind]
    return words % {"act": str(act.title)}


def links(model: type[Record], record: Record | None, kinds: Iterable[str]) -> list[ui.Link]:
    """The ways to the acts, each once."""
    ref = reading.reference_of(model, record.key) if record is not None else ""
    acts = [act for kind in kinds if (act := instead(model, kind)) is not None]
    if "change" in kinds:
        acts += model.record.by_act.values()
    return [ui.Link(act.address(ref), str(act.title)) for act in dict.fromkeys(acts)]


def panel(model: type[Record], who: Actor, record: Record, row: Any) -> ui.Panel | None:
    """What a form of change shows and does not ask, each fact with the way to its act."""
    ref = reading.reference_of(model, record.key)
    items = [
        ui.Item(
            display.label(model, name),
            ui.Cell((display.shown(model, row, name), ui.Link(act.address(ref), str(act.title)))),
        )
        for name, act in model.record.by_act.items()
        if rights.sees(model, who, name)
    ]
    note = _("An act keeps what belongs to the fact, too: its papers, its day, who is concerned.")
    return ui.Panel(_("Changed by an act alone"), items, note) if items else None
