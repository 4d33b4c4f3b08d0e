"""The rows that were not taken, as a file to mend and send again: its columns, and why."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.registry.importing import arrows, words, work
from lingnan.kernel.registry.importing.jobs import model_of
from lingnan.kernel.registry.importing.models import Import
from lingnan.kernel.registry.importing.work import Work
from lingnan.kernel.ui import api as ui

PIECE = 1 << 16
TYPES = {
    "csv": ui.CSV_TYPE,
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
# A column of this name is a remark of an earlier error file: it is not repeated.
OWN = frozenset({"错误", "error"})


def pieces(one: Import) -> Iterator[bytes]:
    """The error file, piece by piece, in the format of what was sent."""
    return {"csv": _texts, "xlsx": _sheet, "parquet": _arrow}[one.kind](one)


def names_of(one: Import) -> list[str]:
    """The columns as uploaded; those without a name are numbered."""
    names = one.reading.get("names") or []
    return [name or str(place) for place, name in enumerate(names, 1)]


def _rows(one: Import) -> Iterator[list[str]]:
    model, names = model_of(one), names_of(one)
    kept = [place for place, name in enumerate(names) if name.casefold() not in OWN]
    yield [names[place] for place in kept] + [_("error")]
    with Work(one.ref) as file:
        for _row, cells, problems in file.bad():
            line = [_cell(cells, place) for place in kept]
            yield [*line, words.of_row(model, problems)]


def _cell(cells: Sequence[Any], place: int) -> str:
    text = cells[place] if place < len(cells) and cells[place] is not None else ""
    return str(ui.csv_cell(str(text)))


def _texts(one: Import) -> Iterator[bytes]:
    yield ui.CSV_BOM.encode()
    delimiter = one.reading.get("delimiter", ",")
    for row in _rows(one):
        yield ui.csv_line(row, delimiter).encode()


def _sheet(one: Import) -> Iterator[bytes]:
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in _rows(one):
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("\ufffd", cell) for cell in row])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        yield from _read(file)


def _arrow(one: Import) -> Iterator[bytes]:
    """The bad rows of the file as it was sent, with their types."""
    import pyarrow
    import pyarrow.parquet as parquet

    with arrows.opened(work.source(one.ref)) as source, tempfile.TemporaryFile() as file:
        own = [field for field in source.schema_arrow if field.name.casefold() not in OWN]
        schema = pyarrow.schema([*own, pyarrow.field(_("error"), pyarrow.string())])
        with parquet.ParquetWriter(file, schema) as writer:
            for places, said, batch in _bad_of(one, source):
                some = batch.select([field.name for field in own]).take(pyarrow.array(places))
                columns = [*some.columns, pyarrow.array(said, pyarrow.string())]
                writer.write_batch(pyarrow.record_batch(columns, schema=schema))
        yield from _read(file)


def _bad_of(one: Import, source: Any) -> Iterator[tuple[list[int], list[str], Any]]:
    """Places and faults of the bad rows of each batch, the names of columns being row 1."""
    model, first = model_of(one), 2
    with Work(one.ref) as kept:
        for batch in arrows.batches(source):
            last = first + batch.num_rows - 1
            bad = [(row - first, said) for row, _cells, said in kept.bad(-1, first, last)]
            first = last + 1
            if bad:
                said = [words.of_row(model, problems) for _place, problems in bad]
                yield [place for place, _said in bad], said, batch


def _read(file: Any) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece
