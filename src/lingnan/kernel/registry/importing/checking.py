"""Checking values against a record type's fields: many rows by columns.

One row by itself is checked by `editing.entry.validated`, of the same cleaners.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from lingnan.kernel.registry.importing.values import (
    LOST,
    STRIPPED,
    TEXTS,
    Cleaner,
    Refused,
    can_be_kept,
    cleaner,
    refused_by,
)
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime.temporal.models import Temporal

EARLY = date(1900, 1, 1)
MEMO = 50_000


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be taken: the field ("" for the row), a code of `words`, and its detail."""

    field: str
    code: str
    more: str = ""


Problems = dict[int, list[Problem]]


@dataclass
class Checked:
    """Rows by columns: clean values (None where refused), problems by place, rows warned of."""

    values: dict[str, list[Any]]
    problems: Problems = field(default_factory=dict)
    early: set[int] = field(default_factory=set)

    def refuse(self, place: int, problem: Problem) -> None:
        self.problems.setdefault(place, []).append(problem)


class Checker:
    """Checks rows of one record type; made once for an import."""

    def __init__(self, model: type[Record], names: Sequence[str]) -> None:
        self.model, self.names = model, list(names)
        strict = {model.record.identifier, model.record.scope}
        self.fields: dict[str, Any] = {name: model._meta.get_field(name) for name in names}
        self.cleaners = {n: cleaner(f, n in strict) for n, f in self.fields.items()}
        self.narrowed = strict
        self.memo: dict[str, dict[Any, Any]] = {name: {} for name in names}
        self.crosses = model.clean not in (models.Model.clean, Record.clean, Temporal.clean)

    def check(self, columns: Mapping[str, Sequence[Any]]) -> Checked:
        """Columns of equal length, each by its field's name."""
        found = Checked({})
        for name in self.names:
            found.values[name] = self._column(name, columns[name], found)
        if self.crosses:
            self._cross(found)
        return found

    def _column(self, name: str, cells: Sequence[Any], found: Checked) -> list[Any]:
        quick = self._quick(name, cells)
        if quick is not None:
            return quick
        clean, memo, day = self.cleaners[name], self.memo[name], self._is_day(name)
        if len(memo) > MEMO:
            memo.clear()
        made = []
        for place, cell in enumerate(cells):
            known = (type(cell), cell)
            if known not in memo:
                memo[known] = tried(clean, cell)
            value = memo[known]
            if isinstance(value, Refused):
                found.refuse(place, Problem(name, value.code, value.more))
                value = None
            elif day and value is not None and value < EARLY:
                found.early.add(place)
            made.append(value)
        return made

    def _is_day(self, name: str) -> bool:
        column = self.fields[name]
        return isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField)

    def _quick(self, name: str, cells: Sequence[Any]) -> list[Any] | None:
        """A whole column of texts at once; None where a cell needs to be looked at by itself."""
        column = self.fields[name]
        plain = isinstance(column, TEXTS) and not column.flatchoices
        own = [one for one in column.validators if not _is_length(one)]
        if not plain or own or not cells or set(map(type, cells)) != {str}:
            return None
        made = [cell.strip(STRIPPED) for cell in cells]
        longest = column.max_length
        if not all(made) or (longest and max(map(len, made)) > longest):
            return None
        text = "\n".join(made)
        turned = "E+" in text or "e+" in text
        if turned or "'" in text or any(sign in text for sign in LOST) or not can_be_kept(text):
            return None
        return None if name in self.narrowed and not text.isascii() else made

    def _cross(self, found: Checked) -> None:
        """What the record type itself says of fields together, of rows good so far."""
        for place, values in enumerate(zip(*found.values.values(), strict=True)):
            if place in found.problems:
                continue
            row: Any = self.model(**dict(zip(found.values, values, strict=True)))
            try:
                row.clean()
            except ValidationError as error:
                for problem in _said(error):
                    found.refuse(place, problem)


def _is_length(validator: Any) -> bool:
    return type(validator).__name__ == "MaxLengthValidator"


def tried(clean: Cleaner, cell: Any) -> Any:
    """The value of a cell, or the Refused that says why it has none."""
    try:
        return clean(cell)
    except Refused as refused:
        return refused
    except (ValueError, TypeError, OverflowError, ArithmeticError):
        return Refused("unfit")


def _said(error: ValidationError) -> list[Problem]:
    if not hasattr(error, "error_dict"):
        return [Problem("", "invalid", refused_by(error).more)]
    return [
        Problem("" if name == NON_FIELD_ERRORS else name, "invalid", refused_by(one).more)
        for name, listed in error.error_dict.items()
        for one in listed
    ]
