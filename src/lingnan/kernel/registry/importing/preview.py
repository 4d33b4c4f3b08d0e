"""The first rows of a file as they will be stored, and the form that says how it is read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.registry import display
from lingnan.kernel.registry.importing import acts, columns, files, texts, words
from lingnan.kernel.registry.importing.checking import Checker
from lingnan.kernel.registry.importing.models import Import, SentFile
from lingnan.kernel.registry.records import Record, significant
from lingnan.kernel.ui import api as ui

ROWS = 20


@dataclass(frozen=True)
class Asked:
    """What the page of a file that is not checked yet shows and asks."""

    notices: list[ui.Notice]
    reading: list[ui.FieldView]
    columns: list[ui.FieldView]
    changes: ui.FieldView
    table: ui.Table


def asked(one: Import, model: type[Record]) -> Asked:
    """Raises Unfit where the file cannot be read as chosen."""
    rows = files.first_rows(one)
    return Asked(
        _notices(one, model), reading_fields(one),
        column_fields(one, model, model.record.imported, columns.needed(model), rows),
        _changes(one), _table(one, model, rows),
    )  # fmt: skip


def _notices(one: Import, model: type[Record]) -> list[ui.Notice]:
    found = []
    absent = [display.label(model, name) for name in columns.missing(model, one.mapping)]
    if absent:
        found.append(ui.Notice("warn", _("Columns that were not found"), ui.listed(absent)))
    names = one.reading.get("names") or []
    other = [name for place, name in enumerate(names) if name and str(place) not in one.mapping]
    if other:
        found.append(ui.Notice("info", _("Columns that are not taken"), ui.listed(other[:40])))
    if not one.reading.get("head"):
        text = _("No row names the columns, so the first row counts as data. Choose each by hand.")
        found.append(ui.Notice("warn", _("The names of the columns are missing"), text))
    earlier = Import.objects.filter(digest=one.digest, record_type=one.record_type, state="taken")
    if earlier.exclude(pk=one.ref).exists():
        found.append(ui.Notice("warn", _("The same file was taken in before")))
    return found


def reading_fields(one: SentFile) -> list[ui.FieldView]:
    """Encoding and delimiter of a text."""
    if one.kind != "csv":
        return []
    encodings = [ui.Option(name, name.upper().replace("GB", "GB ")) for name in texts.ENCODINGS]
    signs = {"comma": _("comma"), "tab": _("tab"), "semicolon": _("semicolon")}
    delimiters = [ui.Option(sign, signs[name]) for sign, name in texts.DELIMITERS.items()]
    return [
        ui.FieldView(
            "encoding", _("Encoding"), "", one.reading["encoding"], "select", encodings
        ),
        ui.FieldView(
            "delimiter", _("Cells are parted by"), "", one.reading["delimiter"], "select",
            delimiters,
        ),
    ]  # fmt: skip


def column_fields(
    one: SentFile,
    model: type[Record],
    fields: Sequence[str],
    need: Collection[str],
    rows: list[files.Row],
) -> list[ui.FieldView]:
    """For each of some fields the column that gives it; `need` are those that must be given."""
    names = one.reading.get("names") or []
    sample = next((c for n, c, _f in rows if n > one.reading.get("head", 0)), [])
    options = [
        ui.Option(str(place), _named(place, name, sample)) for place, name in enumerate(names)
    ]
    given = {field: place for place, field in one.mapping.items()}
    return [
        ui.FieldView(
            f"{acts.FIELD}{name}", display.label(model, name), "", given.get(name, ""), "select",
            options, required=name in need, blank=_("not in the file"),
        )
        for name in fields
    ]  # fmt: skip


def _named(place: int, name: str, sample: Any) -> str:
    if name:
        return f"{place + 1} · {name}"
    first = str(sample[place])[:20] if place < len(sample) and sample[place] is not None else ""
    return _("column %(n)s (%(first)s)") % {"n": place + 1, "first": first}


def _changes(one: Import) -> ui.FieldView:
    options = [
        ui.Option("0", _("New ones only"), _("A row whose identifier is on record is an error.")),
        ui.Option(
            "1", _("New ones and changes"),
            _("Such a row changes its record; an empty cell empties."),
        ),
    ]  # fmt: skip
    value = "1" if one.changes else "0"
    return ui.FieldView("changes", _("What the rows are"), "", value, "radio", options)


def _table(one: Import, model: type[Record], rows: list[files.Row]) -> ui.Table:
    """Up to 20 rows, each cell as it will be stored, or why it cannot be."""
    head = one.reading.get("head", 0)
    data = [r for r in rows if r[0] > head and not files.is_blank(r[1])][:ROWS]
    places = {name: int(place) for place, name in one.mapping.items()}
    checker = Checker(model, list(places))
    given = {
        name: [cells[place] if place < len(cells) else None for _n, cells, _f in data]
        for name, place in places.items()
    }
    checked = checker.check(given) if places else None
    prefix = significant(one.division) if model.record.scope else ""
    lines = []
    for place, (number, _cells, fault) in enumerate(data):
        line: dict[str, ui.CellLike] = {"row": ui.Cell(str(number), _fault(fault))}
        problems = checked.problems.get(place, []) if checked else []
        said = {one.field: one for one in problems}
        for name in places:
            value = checked.values[name][place] if checked else None
            if name in said:
                text = words.of_value(said[name].code, said[name].more)
                shown = given[name][place]
                line[name] = ui.Cell(str("" if shown is None else shown)[:40] or "—", f"▲ {text}")
            elif name == model.record.scope and value and not value.startswith(prefix):
                line[name] = ui.Cell(str(value), f"▲ {words.of_value('sight', '')}")
            else:
                line[name] = ui.Cell(display.valued(model, name, value))
        lines.append(line)
    listed = [ui.Column(name, display.label(model, name)) for name in places]
    return ui.Table(
        [ui.Column("row", _("Row")), *listed], lines, _("The first rows, as they will be stored"),
        _("No rows follow the names of the columns."),
    )  # fmt: skip


def _fault(fault: str) -> str:
    return f"▲ {words.of_value(fault, '')}" if fault else ""
