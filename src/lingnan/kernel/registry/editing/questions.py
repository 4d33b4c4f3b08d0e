"""The form of an entry: each field of the register as a question, from its declaration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _

from lingnan.kernel.registry import display
from lingnan.kernel.registry.editing.entry import WHOLE, Errors
from lingnan.kernel.registry.editing.writing import (
    LONGEST,
    REASON,
    VALID_FROM,
    VALID_TO,
    Kind,
    Typed,
)
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.ui import api as ui

# What stands before a field's name in the form: a register may have a field called “reason”.
PREFIX = "v_"
LONG = 200


def typed(names: list[str], model: type[Record], told: QueryDict | Mapping[str, str]) -> Typed:
    """What a form sent. A box that is not ticked sends nothing, which means no.

    What the form does not ask, since only an act changes it, counts where it was sent.
    """
    acts = [name for name in model.record.by_act if f"{PREFIX}{name}" in told]
    values = {name: told[f"{PREFIX}{name}"] for name in acts}
    for name in names:
        sent = told.get(f"{PREFIX}{name}")
        if isinstance(model._meta.get_field(name), models.BooleanField):
            sent = "1" if sent and sent != "0" else "0"
        if sent is not None:
            values[name] = sent
    version = told.get("version", "")
    number = int(version) if version.isdecimal() and len(version) < 9 else 0
    return Typed(
        values,
        told.get(VALID_FROM, ""),
        told.get(VALID_TO, ""),
        told.get(REASON, ""),
        number,
        told.get("base", ""),
    )


def of_record(names: list[str], row: Any, version: int, base: str) -> Typed:
    """The form as a record fills it."""
    values = {name: _text(getattr(row, name)) for name in names}
    return Typed(values, base or legal_time.today().isoformat(), "", "", version, base)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def fields(
    model: type[Record], names: list[str], kind: Kind, told: Typed, errors: Errors
) -> list[ui.FieldView]:
    """The questions of the form, with what was typed and what is wrong with it."""
    asked = [] if kind == "end" else names
    made = [_field(model, name, told.values.get(name, ""), _first(errors, name)) for name in asked]
    return [*made, *_about(kind, told, errors)]


def _about(kind: Kind, told: Typed, errors: Errors) -> list[ui.FieldView]:
    start = told.valid_from or legal_time.today().isoformat()
    hint = _("A past day makes it hold since then; with a future day it waits until then.")
    title = _("Ends on") if kind == "end" else _("Holds from")
    made = [ui.FieldView(VALID_FROM, title, hint, start, "date", error=_first(errors, VALID_FROM))]
    if kind == "change":
        hint = _("Only for a correction of the past: the first day on which it no longer held.")
        made.append(
            ui.FieldView(
                VALID_TO, _("Until (not included)"), hint, told.valid_to, "date",
                required=False, error=_first(errors, VALID_TO),
            )
        )  # fmt: skip
    hint = _("It stands in the history of the record.")
    made.append(
        ui.FieldView(
            REASON, _("Reason"), hint, told.reason,
            error=_first(errors, REASON), maxlength=LONGEST,
        )
    )  # fmt: skip
    return made


def _first(errors: Errors, name: str) -> str:
    return errors[name][0] if errors.get(name) else ""


def _field(model: type[Record], name: str, value: Any, error: str) -> ui.FieldView:
    column: Any = model._meta.get_field(name)
    kind: ui.FieldKind = "text"
    options: list[ui.Option] = []
    if column.flatchoices:
        kind = "select"
        options = [ui.Option(str(key), str(words)) for key, words in column.flatchoices]
        if value and str(value) not in {option.value for option in options}:
            options.append(ui.Option(str(value), str(value)))
    elif isinstance(column, models.BooleanField):
        kind = "checkbox"
    elif isinstance(column, models.DateField):
        kind = "date"
    elif isinstance(column, models.IntegerField | models.DecimalField | models.FloatField):
        kind = "number"
    elif isinstance(column, models.TextField) or (column.max_length or 0) > LONG:
        kind = "textarea"
    required = not (column.blank or column.null or isinstance(column, models.BooleanField))
    return ui.FieldView(
        f"{PREFIX}{name}", display.label(model, name), str(column.help_text), str(value), kind,
        options, required=required, error=error,
        maxlength=column.max_length if kind in ("text", "textarea") else None,
    )  # fmt: skip


def summary(fields: list[ui.FieldView], errors: Errors) -> ui.ErrorSummary | None:
    """Every error, those of no field of the form too; None without any."""
    shown = {field.name.removeprefix(PREFIX) for field in fields}
    items = list(ui.ErrorSummary.of(fields).items)
    first = fields[0].id
    for name, said in errors.items():
        if name == WHOLE or name not in shown:
            items += [(first, words) for words in said]
    return ui.ErrorSummary(items) if items else None


def hidden(told: Typed) -> list[tuple[str, str]]:
    """Everything typed, to be sent along unseen."""
    pairs = [(f"{PREFIX}{name}", str(value)) for name, value in told.values.items()]
    about = [
        (VALID_FROM, told.valid_from),
        (VALID_TO, told.valid_to),
        (REASON, told.reason),
        ("version", str(told.version)),
        ("base", told.base),
    ]
    return pairs + about
