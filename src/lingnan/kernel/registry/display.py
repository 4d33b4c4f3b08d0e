"""How a record's values are shown: by the field's declaration, in the reader's language."""

from typing import Any

from lingnan.kernel.registry import reading
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime.temporal.history import Statement, statements
from lingnan.kernel.ui import api as ui


def label(model: type[Record], name: str) -> str:
    return str(getattr(model._meta.get_field(name), "verbose_name", name)).capitalize()


def shown(record: Any, name: str, listed: bool = False) -> str:
    """A value as people read it; in a list a masked field keeps only its ends."""
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else getattr(record, name)
    if value is None or value == "":
        return "—"
    if hasattr(value, "year"):
        return ui.legal_date(value)
    text = str(value)
    return mask(text) if listed and name in record.record.masked else text


def mask(text: str) -> str:
    return f"{text[:4]}{'*' * (len(text) - 8)}{text[-4:]}" if len(text) > 8 else text


def row_cells(record: Record, url: str) -> list[ui.Cell]:
    names = record.record.columns
    first = ui.Cell(ui.Link(url, shown(record, names[0], listed=True)))
    return [first, *(ui.Cell(shown(record, name, listed=True)) for name in names[1:])]


def panels(record: Record) -> list[ui.Panel]:
    model = type(record)
    return [
        ui.Panel(
            str(panel.title),
            [ui.Item(label(model, name), ui.Cell(shown(record, name))) for name in panel.fields],
        )
        for panel in model.record.panels
    ]


def history(record: Record) -> list[Statement]:
    return statements(record)


def reference(record: Record) -> str:
    return reading.reference(record)
