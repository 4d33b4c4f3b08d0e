"""What somebody states about a record, checked as the record type declares its fields."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext as _

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

    `values` are texts as typed or plain Python values. `record` is what they would change: fields
    not named keep its values; for a new record (None) they keep their defaults and are checked,
    too. An error of the whole record stands under `__all__`. Nothing is written.
    """
    clean: dict[str, Any] = {}
    errors: Errors = {}
    for name, value in values.items():
        try:
            clean[name] = _value(_field(model, name), value)
        except ValidationError as error:
            errors[name] = list(error.messages)
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


def _field(model: type[Record], name: str) -> models.Field[Any, Any]:
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        raise ValidationError(_("This register has no such field.")) from None
    if name in KEPT:
        raise ValidationError(_("This is kept by the register itself."))
    return field


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    """A typed or plain value as the field holds it. Raises ValidationError."""
    if isinstance(value, str):
        value = value.strip()
        if "\x00" in value:
            raise ValidationError(_("This holds a character that no register keeps."))
        if not value and not isinstance(field, models.CharField | models.TextField):
            value = field.get_default() if isinstance(field, models.BooleanField) else None
    made = field.to_python(value)
    if isinstance(made, float) and not math.isfinite(made):
        raise ValidationError(_("Please give a number."))
    return made


def _stated(model: type[Record], clean: Mapping[str, Any], record: Record | None) -> Record:
    """The record as it would stand, never written."""
    held: dict[str, Any] = {}
    if record is not None:
        held = {f.attname: getattr(record, f.attname) for f in model._meta.concrete_fields}
    stated = model(**(held | dict(clean)))
    stated._state.adding = record is None
    return stated
