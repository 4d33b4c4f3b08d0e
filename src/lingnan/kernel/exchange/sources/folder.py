"""A folder of files that a department writes: CSV, XLSX or JSON, the newest or all of a name.

Files have no index: they are read whole, once as long as they do not change, and only where they
are small enough for that.
"""

import fnmatch
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lingnan.kernel.exchange.sources import reaching
from lingnan.kernel.exchange.sources.described import Column, Index, Table
from lingnan.kernel.exchange.sources.driver import Connection, Question, Row, plain
from lingnan.kernel.exchange.sources.failures import SourceFailure
from lingnan.kernel.registry.importing import files, texts
from lingnan.kernel.registry.importing.sheets import SheetSource, Unfit
from lingnan.kernel.registry.importing.texts import TextSource
from lingnan.kernel.runtime.api import read_json

FILES, BYTES, ROWS, COLUMNS = 200, 50 * 1024 * 1024, 200_000, 500
ENDINGS = (".csv", ".xlsx", ".json")
PLACE = "#"
"""A column of the rows' own numbers, by which pages follow."""
Mark = tuple[tuple[str, int, int], ...]


@dataclass
class _Read:
    """What the files said, and where each value of a column stands."""

    mark: Mark
    columns: tuple[str, ...]
    rows: list[dict[str, Any]]
    found: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def places(self, column: str) -> Mapping[str, Sequence[int]]:
        if column not in self.found:
            made: dict[str, list[int]] = {}
            for number, row in enumerate(self.rows):
                made.setdefault(str(row.get(column)), []).append(number)
            self.found[column] = made
        return self.found[column]


_kept: dict[Connection, _Read] = {}
_reading = threading.Lock()


class Folder:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tables(self) -> Sequence[str]:
        return [self._connection.pattern] if self._paths() else []

    def table(self, name: str) -> Table | None:
        if name != self._connection.pattern or not self._paths():
            return None
        columns = tuple(Column(one, "text", "text") for one in self._read().columns)
        place = Column(PLACE, "integer", "row", required=True)
        return Table(name, (*columns, place), (Index((PLACE,), True),), "", "files", (name,))

    def rows(self, question: Question) -> list[Row]:
        read = self._read()
        if not {*question.read} <= {*read.columns, PLACE}:
            raise SourceFailure("changed", self._connection.pattern[:80])
        if question.values is None:
            numbers: Sequence[int] = range(min(len(read.rows), question.limit))
        else:
            places = read.places(question.key)
            found = (number for value in question.values for number in places.get(str(value), ()))
            last = int(question.after[0]) if question.after else -1
            numbers = sorted({number for number in found if number > last})[: question.limit]
        return [
            {name: number if name == PLACE else read.rows[number].get(name)
             for name in question.read}
            for number in numbers
        ]  # fmt: skip

    def indexed(self, question: Question) -> bool:
        """What is read once and kept is found by an index of its own."""
        return True

    def files(self) -> list[Path]:
        """The files themselves, as they are to be handed over. Raises SourceFailure."""
        try:
            return self._paths()
        except OSError as problem:
            raise SourceFailure("rights", self._connection.path[:80]) from problem

    def _paths(self) -> list[Path]:
        folder = reaching.within(self._connection.path)
        if not folder.is_dir():
            raise SourceFailure("address", self._connection.path[:80])
        fitting = [
            one
            for one in folder.iterdir()
            if fnmatch.fnmatchcase(one.name, self._connection.pattern)
            and one.suffix.lower() in ENDINGS
            and one.resolve().is_relative_to(folder)
            and one.is_file()
        ]
        fitting.sort(key=lambda one: (one.stat().st_mtime_ns, one.name))
        return fitting[-1:] if self._connection.newest else fitting[-FILES:]

    def _read(self) -> _Read:
        try:
            paths = self._paths()
            stats = [(one.name, one.stat()) for one in paths]
        except OSError as problem:
            raise SourceFailure("rights", self._connection.path[:80]) from problem
        mark = tuple((name, said.st_mtime_ns, said.st_size) for name, said in stats)
        with _reading:
            known = _kept.get(self._connection)
            if known is not None and known.mark == mark:
                return known
            if not paths:
                raise SourceFailure("table", self._connection.pattern[:80])
            if sum(size for _name, _at, size in mark) > BYTES:
                raise SourceFailure("limit", f"{BYTES // 1024 // 1024} MB")
            made = _Read(mark, *_whole(paths))
            _kept[self._connection] = made
            return made


def _whole(paths: Sequence[Path]) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """Columns and rows of all files; every file has the columns of the newest."""
    rows: list[dict[str, Any]] = []
    columns: tuple[str, ...] = ()
    for path in reversed(paths):
        try:
            names, said = _json(path) if path.suffix.lower() == ".json" else _cells(path)
            columns = columns or names
            if set(names) != set(columns):
                raise SourceFailure("changed", path.name[:80])
            for row in said:
                rows.append(row)
                if len(rows) > ROWS:
                    raise SourceFailure("limit", str(ROWS))
        except (Unfit, texts.TooLong, ValueError, OSError) as problem:
            raise SourceFailure("answer", path.name[:80]) from problem
    return columns, rows


def _cells(path: Path) -> tuple[tuple[str, ...], Iterator[dict[str, Any]]]:
    """The first row that says something names the columns."""
    kind = files.kind_of(path, path.name)
    reading = files.reading_of(path, kind)
    source = SheetSource(path) if kind == "xlsx" else TextSource(
        path, reading["encoding"], reading["delimiter"]
    )  # fmt: skip
    lines = (cells for _number, cells, _fault in source.rows() if not files.is_blank(cells))
    head = [_text(cell) or "" for cell in next(lines, [])]
    names = tuple(name for name in head if name)
    if not names or len(set(names)) != len(names) or len(names) > COLUMNS or PLACE in names:
        raise Unfit("columns")

    def rows() -> Iterator[dict[str, Any]]:
        for cells in lines:
            said = dict(zip(head, map(_text, cells), strict=False))
            yield {name: said.get(name) for name in names}

    return names, rows()


def _json(path: Path) -> tuple[tuple[str, ...], Iterator[dict[str, Any]]]:
    """A list of objects; what is nested in them is left out."""
    said = read_json(path.read_bytes())
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise Unfit("columns")
    flat = [{k: v for k, v in one.items() if not isinstance(v, dict | list)} for one in said]
    names = tuple(dict.fromkeys(str(name) for one in flat for name in one))
    if not names or len(names) > COLUMNS or PLACE in names:
        raise Unfit("columns")
    return names, ({name: _text(one.get(name)) for name in names} for one in flat)


def _text(cell: Any) -> str | None:
    """A cell as text; what a workbook computes is not known here."""
    if cell is None or type(cell).__name__ == "Formula":
        return None
    text = str(plain(cell)).strip()
    return text or None
