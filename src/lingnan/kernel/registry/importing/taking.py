"""Taking in what was checked: wholly in one act, or part by part, each with its checkpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

from django.db import models
from django.db.models import F

from lingnan.kernel.registry import reading
from lingnan.kernel.registry.importing import work as work_files
from lingnan.kernel.registry.importing.checking import Problem
from lingnan.kernel.registry.importing.models import Import, ImportedPart, packed
from lingnan.kernel.registry.importing.onrecord import by_act, of_others
from lingnan.kernel.registry.importing.work import Work
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime.api import Action, action
from lingnan.kernel.runtime.temporal import laidaside

# Up to so many new records each is created with its version; more are loaded.
FEW = 500
# All or nothing is one transaction, in which nobody else writes on SQLite.
WHOLE_MOST = 1_000_000
PARTS = 1_000


class Overtaken(Exception):
    """What stands on record is no longer what the check found."""


@dataclass(frozen=True)
class Part:
    """New records, or changes of records, from rows of the file."""

    number: int
    change: bool
    rows: list[int]
    keys: list[int]
    values: dict[str, list[Any]]

    def without(self, gone: set[int]) -> Part:
        """The part without the rows at some places."""
        stay = [place for place in range(len(self.rows)) if place not in gone]
        return Part(
            self.number,
            self.change,
            [self.rows[p] for p in stay],
            [self.keys[p] for p in stay],
            {name: [column[p] for p in stay] for name, column in self.values.items()},
        )

    def line(self, place: int) -> dict[str, Any]:
        return {name: column[place] for name, column in self.values.items()}


class Taking:
    """The taking in of one import, which may go on where it broke off."""

    def __init__(self, one: Import, model: type[Record]) -> None:
        self.one, self.model = one, model
        self.actor = one.sender
        self.few = one.counts.get("new", 0) <= FEW
        self.fields: dict[str, Any] = {n: model._meta.get_field(n) for n in one.mapping.values()}

    def run(self, stopping: Event) -> bool:
        """Take in what is not taken in yet; False when told to stop. Raises Overtaken."""
        done = set(ImportedPart.objects.filter(imported=self.one).values_list("number", flat=True))
        with Work(self.one.ref) as work, laidaside.settled():
            if self.one.whole:
                with self._act() as act:
                    count = 0
                    for part in self._parts(work):
                        self._take(act, part)
                        count += len(part.rows)
                        progress(self.one.ref).write_text(str(count))
                return True
            for part in self._parts(work):
                if part.number in done:
                    continue
                self._alone(part, work)
                if stopping.is_set():
                    return False
        return True

    def _act(self) -> Any:
        one = self.one
        by = f"{one.who} · {one.confirmed_by}" if one.confirmed_by else one.who
        return action(by=by[:200], reason=f"import {one.ref}: {one.purpose}"[:400])

    def _alone(self, part: Part, work: Work) -> None:
        """A part by itself; rows that were overtaken are refused, the others are taken in."""
        with self._act() as act:
            gone = self._overtaken(part)
            part_left = part.without(gone)
            self._take(act, part_left, checked=True)
        if gone:
            work.refuse(
                {part.rows[p]: self._cells(part, p) for p in gone}, Problem("", "meanwhile")
            )

    def _cells(self, part: Part, place: int) -> list[Any]:
        """A row as its file had it, as far as it was read."""
        cells: list[Any] = [None] * max(1, len(self.one.reading.get("names") or []))
        for column, name in self.one.mapping.items():
            cells[int(column)] = part.values[name][place]
        return cells

    def _parts(self, work: Work) -> Iterator[Part]:
        for chunk, parts in work.plans():
            for n, said in enumerate(parts):
                values = {k: _restored(self.fields[k], v) for k, v in said["values"].items()}
                yield Part(chunk * PARTS + n, said["change"], said["rows"], said["keys"], values)

    def _overtaken(self, part: Part) -> set[int]:
        """Places of rows that were recorded, changed hands or ended since the check."""
        foreign = of_others(self.model, self.actor, part.values)
        if part.change:
            return self._changed_meanwhile(part, {*foreign, *by_act(self.model, part.values)})
        if foreign:
            return set(range(len(part.rows)))
        name = self.model.record.identifier
        column, found = part.values[name], set()
        for start in range(0, len(column), 500):
            some: Any = self.model.objects.filter(**{f"{name}__in": column[start : start + 500]})
            found |= set(some.values_list(name, flat=True))
        return {place for place, value in enumerate(column) if value in found}

    def _changed_meanwhile(self, part: Part, kept: set[str]) -> set[int]:
        """Places of changes whose record is gone, or says otherwise what no file changes."""
        rows: Any = reading.visible_to(self.model, self.actor).filter(key__in=part.keys)
        there = {row["key"]: row for row in rows.values("key", *kept)}
        gone = set()
        for place, key in enumerate(part.keys):
            row = there.get(key)
            if row is None or any(row[name] != part.values[name][place] for name in kept):
                gone.add(place)
        return gone

    def _take(self, act: Action, part: Part, checked: bool = False) -> None:
        """Write one part, its checkpoint and its evidence, in the act that is under way."""
        if not checked and self._overtaken(part):
            raise Overtaken
        concerned = self._change(act, part) if part.change else self._create(act, part)
        ImportedPart(
            imported=self.one, number=part.number, rows=len(part.rows), records=packed(part.keys)
        ).save()
        Import.objects.filter(pk=self.one.ref).update(taken=F("taken") + len(part.rows))
        self._witness(part, concerned)

    def _create(self, act: Action, part: Part) -> Sequence[str]:
        if self.few:
            for place, key in enumerate(part.keys):
                act.create(self.model, key=key, **part.line(place))
        else:
            act.load_columns(self.model, {"key": part.keys} | part.values)
        concerned = self.model.record.concerns
        return part.values.get(concerned, []) if concerned else []

    def _change(self, act: Action, part: Part) -> Sequence[str]:
        rows: Any = self.model.objects.filter(key__in=part.keys)
        found = {record.key: record for record in rows}
        concerned = self.model.record.concerns
        for place, key in enumerate(part.keys):
            record, line = found[key], part.line(place)
            changed = {n: v for n, v in line.items() if getattr(record, n) != v}
            if changed:
                act.change(record, **changed)
        return [getattr(found[key], concerned) for key in part.keys] if concerned else []

    def _witness(self, part: Part, concerned: Sequence[str]) -> None:
        """Evidence of a part before anybody sees its records."""
        told = {
            "import": self.one.ref,
            "file": self.one.digest,
            "purpose": self.one.purpose,
            "rows": len(part.rows),
            "change": part.change,
        }
        if self.one.confirmed_by:
            told["confirmed_by"] = self.one.confirmed_by
        reading.witness_many("record.imported", self.model, self.actor, part.keys, concerned, told)


def _restored(column: Any, values: list[Any]) -> list[Any]:
    """Values as they were before they were kept as JSON."""
    if isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
        return [None if one is None else date.fromisoformat(one) for one in values]
    if isinstance(column, models.CharField | models.TextField | models.BooleanField):
        return values
    return [None if one is None else column.to_python(one) for one in values]


def progress(ref: str) -> Path:
    """Where the one act of an import says how far it is: its own rows nobody sees yet."""
    return work_files.folder(ref) / "progress"


def left(one: Import) -> Mapping[str, int]:
    """How many rows are to be taken in, and how many are written."""
    whole = one.counts.get("new", 0) + one.counts.get("changed", 0)
    try:
        written = int(progress(one.ref).read_text() or 0)
    except (OSError, ValueError):
        written = 0
    return {"whole": whole, "taken": max(one.taken, written)}
