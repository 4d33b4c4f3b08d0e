"""What somebody states about a record, checked as the record type declares its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.utils.translation import gettext as _

from lingnan.kernel.registry.importing import words
from lingnan.kernel.registry.importing.checking import tried
from lingnan.kernel.registry.importing.values import Refused, cleaner
from lingnan.kernel.registry.records import Record

# What the kernel's action writes itself.
KEPT = frozenset({"key", "version", "valid_from", "recorded_at", "ended"})
# An error of the record as a whole stands under this name.
WHOLE = "__all__"

Errors = dict[str, list[str]]


def validated(
    model: type[Record], values: Mapping[str, Any], record: Record | None = None
) -> tuple[dict[str, Any], Errors]:
    """(clean values by field, errors by field in the reader's language); without errors it holds.

    `values` are texts as typed or plain Python values, each read as a cell of a file is. `record`
    is what they would change: fields not named keep its values; for a new record (None) they keep
    their defaults and are checked, too. An error of the whole record stands under `__all__`.
    Nothing is written.
    """
    clean: dict[str, Any] = {}
    errors: Errors = {}
    for name, value in values.items():
        made = _value(model, name, value, record)
        if isinstance(made, Refused):
            errors[name] = [_words(made)]
        else:
            clean[name] = made
    stated = _stated(model, clean, record)
    skipped = KEPT | set(errors)
    if record is not None:
        # What stands unchanged was accepted when it was entered.
        same = {name for name, value in clean.items() if value == getattr(record, name)}
        skipped |= {f.name for f in model._meta.concrete_fields if f.name not in values} | same
    try:
        stated.full_clean(exclude=skipped)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            errors.setdefault(name, []).extend(messages)
    return clean, errors


def _value(model: type[Record], name: str, value: Any, record: Record | None) -> Any:
    """A typed or plain value as the field holds it, or why it cannot be: a Refused."""
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        return Refused("no_field")
    if name in KEPT:
        return Refused("kept")
    if record is not None:
        held = getattr(record, name)
        # A code that no list has any more stays as it is.
        if value == held or (isinstance(value, str) and value == str(held)):
            return held
    return tried(cleaner(field, name in (model.record.identifier, model.record.scope)), value)


def _words(refused: Refused) -> str:
    """What is said of a cell of a file, but of what is typed in its own words."""
    said = {
        "no_field": _("This register has no such field."),
        "kept": _("This is kept by the register itself."),
        "missing": _("Please fill this in."),
        "excel": _("Please give this as text, without a power of ten."),
    }
    return said.get(refused.code) or words.of_value(refused.code, refused.more)


def _stated(model: type[Record], clean: Mapping[str, Any], record: Record | None) -> Record:
    """The record as it would stand, never written."""
    held: dict[str, Any] = {}
    if record is not None:
        held = {f.attname: getattr(record, f.attname) for f in model._meta.concrete_fields}
    stated = model(**(held | dict(clean)))
    stated._state.adding = record is None
    return stated
