"""Cells of a dirty file as texts that can be compared, or why a cell says nothing.

A register's own validators do not hold here: a number with a wrong digit is what is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from lingnan.kernel.registry.importing.checking import MEMO, Problem, tried
from lingnan.kernel.registry.importing.values import NARROW, Cleaner, Refused, cleaner
from lingnan.kernel.registry.linkage.declaration import Compared, Linkage
from lingnan.kernel.registry.records import Record

LONGEST = 400
# A number that a spreadsheet turned into one has lost its end; a name or address has not.
EXACT = frozenset({"number", "code", "division"})
CHINESE = re.compile(r"[㐀-鿿]")


@dataclass(frozen=True)
class Fitted:
    """A row's values by field, in the order of the fields; None where it says nothing."""

    values: tuple[str | None, ...]
    problems: list[Problem]

    @property
    def says(self) -> bool:
        return any(self.values)


class Fitter:
    """Made once for a file; `mapping` is place of a column → field."""

    def __init__(self, model: type[Record], linkage: Linkage, mapping: Mapping[str, str]) -> None:
        places = {field: int(place) for place, field in mapping.items()}
        self.columns = [
            (one, places.get(one.field), _cleaner(model, one)) for one in linkage.compared
        ]
        self.memo: dict[str, dict[Any, Any]] = {one.field: {} for one in linkage.compared}

    def fit(self, cells: Sequence[Any]) -> Fitted:
        values: list[str | None] = []
        problems = []
        for one, place, clean in self.columns:
            cell = cells[place] if place is not None and place < len(cells) else None
            found = self._tried(one, clean, cell)
            if isinstance(found, Refused):
                problems.append(Problem(one.field, found.code, found.more))
                found = None
            values.append(found)
        return Fitted(tuple(values), problems)

    def _tried(self, one: Compared, clean: Cleaner, cell: Any) -> str | Refused | None:
        if cell is None:
            return None
        memo, known = self.memo[one.field], (type(cell), cell)
        if len(memo) > MEMO:
            memo.clear()
        if known not in memo:
            value = tried(clean, cell)
            memo[known] = value if isinstance(value, Refused) else _plain(one, value)
        found: str | Refused | None = memo[known]
        return found


def _cleaner(model: type[Record], one: Compared) -> Cleaner:
    field: Any = model._meta.get_field(one.field)
    loose: models.Field[Any, Any]
    if one.kind == "date":
        loose = models.DateField(null=True, blank=True)
    else:
        longest = None if field.flatchoices else LONGEST
        loose = models.CharField(blank=True, max_length=longest, choices=field.choices)
    return cleaner(loose, one.kind in EXACT)


def _plain(one: Compared, value: Any) -> str | None:
    """One way of writing: signs of the usual keyboard, no blanks within a number or Chinese."""
    if value is None or value == "":
        return None
    if one.kind == "date":
        return str(value.isoformat())
    text = str(value).translate(NARROW)
    parts = text.split()
    whole = one.kind in EXACT or CHINESE.search(text)
    return ("" if whole else " ").join(parts) or None
