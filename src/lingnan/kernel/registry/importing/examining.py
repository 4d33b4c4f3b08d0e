"""The check of a whole file: row by row in chunks, each with its checkpoint."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from lingnan.kernel.registry.importing import columns, files, work
from lingnan.kernel.registry.importing.checking import Checked, Checker, Problem
from lingnan.kernel.registry.importing.files import Row
from lingnan.kernel.registry.importing.models import Import
from lingnan.kernel.registry.importing.onrecord import OnRecord
from lingnan.kernel.registry.importing.sheets import Unfit
from lingnan.kernel.registry.importing.work import Work
from lingnan.kernel.registry.records import Record, significant
from lingnan.kernel.runtime.api import keys

CHUNK, CHANGES = 5_000, 200
MOST = 10_000_000
BROKEN = ("unreadable", "nought", "quotes")


@dataclass
class Chunk:
    """What the check of one chunk found."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    seen: list[work.Seen] = field(default_factory=list)
    bad: list[work.Bad] = field(default_factory=list)
    parts: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, row: int, cells: Sequence[Any], problems: list[Problem]) -> None:
        self.counts["bad"] += 1
        self.faults.update({f"{one.field}|{one.code}" for one in problems})
        self.bad.append((row, cells, problems))


class Examination:
    """The check of one import, which may begin in the middle."""

    def __init__(self, one: Import, model: type[Record]) -> None:
        self.one, self.model = one, model
        self.places = {name: int(place) for place, name in one.mapping.items()}
        self.checker = Checker(model, list(self.places))
        self.prefix = significant(one.division) if model.record.scope else ""
        self.on_record = OnRecord(model, list(self.places), one.sender, one.changes)
        head = one.reading.get("names") or []
        self.head, self.width = [columns.folded(name) for name in head], len(head)
        self.first = min(self.places.values(), default=0)
        self.letter = self.head[self.first][:1] if head else ""
        self.headed = any(self.head)

    def run(self, stopping: Event) -> bool:
        """Check what is not checked yet; False when told to stop before the end. Raises Unfit."""
        one = self.one
        with Work(one.ref) as file:
            if not file.back_to(one.position):
                begin_anew(one)
                file.back_to(0)
            source = files.source_of(one)
            for rows in self._chunks(source.rows()):
                found = self.examine(rows, file)
                file.keep(one.position + 1, found.seen, found.bad, found.parts)
                self._checkpoint(rows[-1][0], found, source.share)
                if stopping.is_set():
                    return False
        return True

    def _checkpoint(self, last: int, found: Chunk, share: float) -> None:
        one = self.one
        counts = Counter({k: v for k, v in one.counts.items() if k != "faults"}) + found.counts
        faults = Counter(one.counts.get("faults", {})) + found.faults
        one.counts = dict(counts) | {"faults": dict(faults)}
        one.done, one.position, one.share = last, one.position + 1, share
        if counts["rows"] > MOST:
            raise Unfit("too_many")
        one.save(update_fields=["counts", "done", "position", "share"])

    def _chunks(self, rows: Iterator[Row]) -> Iterator[list[Row]]:
        """Rows after the checkpoint that say something, 5,000 at a time."""
        begin = max(self.one.done, self.one.reading.get("head", 0))
        chunk: list[Row] = []
        for row in rows:
            if row[0] <= begin or (not row[2] and files.is_blank(row[1])):
                continue
            chunk.append(row)
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    def examine(self, rows: Sequence[Row], file: Work) -> Chunk:
        found = Chunk()
        plain = self._plain(rows, found)
        if not plain:
            return found
        empty = [None] * len(plain)
        width = max(len(cells) for _n, cells, _f in plain)
        turned = list(zip(*(_padded(cells, width) for _n, cells, _f in plain), strict=True))
        given = {n: turned[p] if p < width else empty for n, p in self.places.items()}
        checked = self.checker.check(given)
        found.counts["early"] += len(checked.early)
        self._in_sight(checked)
        said = self._repeated(plain, checked, file)
        held = self.on_record.judge(checked)
        self._sorted(plain, checked, held, said, found)
        return found

    def _plain(self, rows: Sequence[Row], found: Chunk) -> list[Row]:
        """Rows that can be looked at by columns; others are refused or, as heads, passed over."""
        plain = []
        for row in rows:
            number, cells, fault = row
            if not fault and self.headed and self._is_head(cells):
                found.counts["heads"] += 1
                continue
            found.counts["rows"] += 1
            if not fault and len(cells) > self.width and not files.is_blank(cells[self.width :]):
                fault = "wide"
            if fault:
                found.refuse(number, cells, [Problem("", fault)])
            else:
                plain.append(row)
        return plain

    def _is_head(self, cells: Sequence[Any]) -> bool:
        """Whether the names of the columns stand here again, as where files were joined."""
        cell = str(cells[self.first]) if len(cells) > self.first else ""
        # Most rows are told by a letter.
        if self.letter not in cell[:3].casefold() or columns.folded(cell) != self.head[self.first]:
            return False
        return [columns.folded(cell) for cell in cells[: self.width]] == self.head[: len(cells)]

    def _in_sight(self, checked: Checked) -> None:
        scope = self.model.record.scope
        if not self.prefix or scope not in checked.values:
            return
        for place, code in enumerate(checked.values[scope]):
            if code is not None and not code.startswith(self.prefix):
                checked.refuse(place, Problem(scope, "sight"))

    def _repeated(self, rows: Sequence[Row], checked: Checked, file: Work) -> list[work.Seen]:
        """Refuse rows whose identifier, or other unique value, an earlier good row has."""
        seen: list[work.Seen] = []
        digests = _digests(checked)
        for name in self.on_record.unique:
            said = [None if v is None else f"{name}\x1f{v}" for v in checked.values[name]]
            before = file.known([text for text in said if text is not None])
            for place, text in enumerate(said):
                if text is None or place in checked.problems:
                    continue
                earlier = before.get(text)
                if earlier is None:
                    before[text] = (rows[place][0], digests[place])
                    seen.append((text, rows[place][0], digests[place]))
                    continue
                code = "same_row" if earlier[1] == digests[place] else "repeated"
                checked.refuse(place, Problem(name, code, str(earlier[0])))
        return seen

    def _sorted(
        self,
        rows: Sequence[Row],
        checked: Checked,
        held: Mapping[int, int],
        seen: list[work.Seen],
        found: Chunk,
    ) -> None:
        """New ones, changes and bad ones apart."""
        new, changed = [], []
        for place, (number, cells, _fault) in enumerate(rows):
            if place in checked.problems:
                found.refuse(number, cells, checked.problems[place])
            elif place not in held:
                new.append(place)
            elif held[place]:
                changed.append(place)
            else:
                found.counts["same"] += 1
        found.counts.update({"new": len(new), "changed": len(changed)})
        refused = {row for row, _cells, _problems in found.bad}
        found.seen = [one for one in seen if one[1] not in refused]
        made = list(keys.new_keys(len(new)))
        if new:
            found.parts.append(_part(rows, checked, new, made, False))
        for start in range(0, len(changed), CHANGES):
            some = changed[start : start + CHANGES]
            found.parts.append(_part(rows, checked, some, [held[p] for p in some], True))


def _padded(cells: Sequence[Any], width: int) -> Sequence[Any]:
    short = width - len(cells)
    return [*cells, *[None] * short] if short else cells


def _digests(checked: Checked) -> list[int]:
    """A number for each row's values: the same in every process."""
    lines = zip(*checked.values.values(), strict=True)
    return [zlib.crc32("\x1f".join(map(str, line)).encode("utf-8", "replace")) for line in lines]


def _part(
    rows: Sequence[Row],
    checked: Checked,
    places: Sequence[int],
    made: Sequence[int],
    change: bool,
) -> dict[str, Any]:
    values = {name: [column[p] for p in places] for name, column in checked.values.items()}
    numbers = [rows[p][0] for p in places]
    return {"change": change, "rows": numbers, "keys": list(made), "values": values}


def begin_anew(one: Import) -> None:
    """As if nothing of the file had been checked."""
    work.clear(one.ref)
    one.done = one.position = one.taken = 0
    one.share, one.counts, one.fault = 0, {}, ""
    one.save()
