"""Registers and fields as GovStack's interface names them, and their values in JSON.

A register is `<system>.<record type>`, its version `1.0`; a field is its name in camel case, or
the code of its data element; `id` is the record's reference, never its key.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _

from lingnan.kernel.registry import reading, rights
from lingnan.kernel.registry.display import mask
from lingnan.kernel.registry.editing.writing import Refused
from lingnan.kernel.registry.records import Record, UnknownRecordType, record_type
from lingnan.kernel.runtime import keys
from lingnan.kernel.trust.api import Actor

VERSION, ID = "1.0", "id"


def register(name: str, version: str, who: Actor) -> type[Record]:
    """A register that a post reads. Raises Http404 and PermissionDenied."""
    if version != VERSION:
        raise Http404
    return named(name, who)


def named(name: str, who: Actor) -> type[Record]:
    """`register` without a version."""
    system, _dot, bare = name.partition(".")
    try:
        model = record_type(system, bare)
    except UnknownRecordType:
        raise Http404 from None
    if not model.record.readers.permits(who):
        raise PermissionDenied
    return model


def camel(name: str) -> str:
    """`birth_date` → `birthDate`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def fields(model: type[Record], who: Actor) -> dict[str, str]:
    """Name in the interface → field, of all that the post sees on the record's page."""
    record = model.record
    said = [name for panel in record.panels for name in panel.fields]
    said += [record.identifier, *record.elements.values(), *record.entered]
    return {camel(name): name for name in said if rights.sees(model, who, name)}


def content(model: type[Record], who: Actor, row: Any, listed: bool = False) -> dict[str, Any]:
    """A record as JSON; a list masks what only an opening shows."""
    out: dict[str, Any] = {ID: reading.reference_of(model, row.key)}
    for name, field in fields(model, who).items():
        value = plain(getattr(row, field))
        hidden = listed and field in model.record.masked and value is not None
        out[name] = mask(str(value)) if hidden else value
    return out


def plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def read(model: type[Record], who: Actor, told: Mapping[str, Any]) -> dict[str, Any]:
    """Content as sent → values by field, `id` → the key. Raises Refused by the sender's names."""
    known, errors, values = fields(model, who), dict[str, list[str]](), dict[str, Any]()
    codes = {code: name for code, name in model.record.elements.items() if name in known.values()}
    for name, value in told.items():
        if name == ID:
            values["key"] = keys.unveil(str(value), reading.context_of(model))
        elif name not in known and name not in codes:
            errors[printable(name)] = [_("This register has no such field.")]
        elif not _is_plain(value):
            errors[name] = [_("Please give a single text, number or truth value.")]
        else:
            values[known.get(name) or codes[name]] = value
    if errors:
        raise Refused(errors)
    return values


def printable(text: str) -> str:
    """A name as it can be sent back."""
    return text.encode("utf-8", "replace").decode()


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        # Half of a surrogate pair can be written in JSON and kept nowhere.
        return "\x00" not in value and not any("\ud800" <= c <= "\udfff" for c in value)
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, bool | int)


def compared(model: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the database compares them. Raises Refused."""
    clean, errors = dict[str, Any](), dict[str, list[str]]()
    for name, value in values.items():
        field: Any = model._meta.get_field(name)
        loose = isinstance(field, models.IntegerField | models.BooleanField | models.FloatField)
        try:
            text = value if loose or value is None else str(value)
            clean[name] = value if name == "key" else field.to_python(text)
        except (ValidationError, ValueError, TypeError, OverflowError):
            errors[camel(name)] = [_("This is no value of the field.")]
    if errors:
        raise Refused(errors)
    return clean
