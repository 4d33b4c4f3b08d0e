"""The columns of a register's columnar copy."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import models

from lingnan.kernel.registry.records import Record, record_types

# What each row has besides the projected fields. `key` never leaves the node.
OWN = ("key", "version", "valid_from", "valid_to", "recorded_at", "ended")
TYPES: tuple[tuple[type[models.Field[Any, Any]], str], ...] = (
    (models.DateTimeField, "timestamp[us]"),
    (models.DateField, "date32"),
    (models.BooleanField, "bool"),
    (models.IntegerField, "int64"),
    (models.FloatField, "double"),
    (models.CharField, "string"),
    (models.TextField, "string"),
)


class NotProjected(LookupError):
    """The register has no columnar copy, or the field is not in it."""


@dataclass(frozen=True)
class Layout:
    """Columns in order: the fields' names (also in Parquet), the database's, Arrow's types."""

    names: tuple[str, ...]
    columns: tuple[str, ...]
    types: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Changes when a column or its type does: the copy is then made anew."""
        return hashlib.sha256(repr((self.names, self.types)).encode()).hexdigest()[:16]

    @property
    def texts(self) -> list[str]:
        """Columns worth a dictionary: all but keys and times of recording."""
        return [name for name in self.names if name != "key"]


def projected_types() -> list[type[Record]]:
    """The record types that declare `projected`."""
    return [model for model in record_types() if model.record.projected]


def layout(model: type[Record]) -> Layout:
    """The columns of a record type's copy. Raises NotProjected."""
    if not model.record.projected:
        raise NotProjected(model._meta.label_lower)
    names = (*OWN, *model.record.projected)
    fields: list[Any] = [model.Version._meta.get_field(name) for name in names]
    columns = tuple(str(field.column) for field in fields)
    return Layout(names, columns, tuple(_type(field) for field in fields))


def _type(field: models.Field[Any, Any]) -> str:
    for kind, arrow in TYPES:
        if isinstance(field, kind):
            return arrow
    raise NotProjected(f"{field.model.__name__}.{field.name}: {type(field).__name__}")
