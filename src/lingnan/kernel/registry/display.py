"""How a record's values are shown: by the field's declaration, in the reader's language.

A row is a record or one of its versions: both have the record's fields.
"""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext

from lingnan.kernel.registry.places import names_of_places
from lingnan.kernel.registry.records import Record
from lingnan.kernel.ui import api as ui


def label(model: type[Record], name: str) -> str:
    return str(getattr(model._meta.get_field(name), "verbose_name", name)).capitalize()


def named(model: type[Record], row: Any) -> str:
    """What a record is called, also as a version of it says."""
    plain: Any = model
    return str(plain.__str__(row))


def shown(model: type[Record], row: Any, name: str, listed: bool = False) -> str:
    """A value as people read it; in a list a masked field keeps only its ends."""
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    text = said(value)
    return mask(text) if listed and name in model.record.masked else text


def said(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if hasattr(value, "year"):
        return ui.legal_date(value)
    return str(value)


def valued(model: type[Record], name: str, value: Any) -> str:
    """A bare value of a field as people read it: a choice by its words."""
    choices = dict(getattr(model._meta.get_field(name), "flatchoices", ()) or ())
    return said(choices.get(value, value))


def mask(text: str) -> str:
    return f"{text[:4]}{'*' * (len(text) - 8)}{text[-4:]}" if len(text) > 8 else text


def row_cells(
    model: type[Record], row: Any, url: str, withheld: Collection[str] = ()
) -> list[ui.Cell]:
    names = model.record.columns
    first = ui.Cell(ui.Link(url, shown(model, row, names[0], listed=True)))
    return [first, *(_cell(model, row, name, withheld, listed=True) for name in names[1:])]


def _cell(
    model: type[Record], row: Any, name: str, withheld: Collection[str], listed: bool = False
) -> ui.Cell:
    return ui.Cell(not_for_this_post() if name in withheld else shown(model, row, name, listed))


def not_for_this_post() -> str:
    """What stands where a value is withheld."""
    return gettext("not for this post")


def panels(
    model: type[Record],
    row: Any,
    withheld: Collection[str] = (),
    marks: Mapping[str, Sequence[ui.Chip | ui.Link]] = MappingProxyType({}),
) -> list[ui.Panel]:
    """The facts of a record by their panels; `marks` stand beside a field's value."""
    places = _places(model, row, withheld)

    def cell(name: str) -> ui.Cell:
        plain = _cell(model, row, name, withheld)
        return ui.Cell(places[name], str(plain.content)) if name in places else plain

    return [
        ui.Panel(
            str(panel.title),
            [
                ui.Item(label(model, name), _marked(cell(name), marks, name))
                for name in panel.fields
            ],
        )
        for panel in model.record.panels
    ]


def _places(model: type[Record], row: Any, withheld: Collection[str]) -> dict[str, str]:
    """The fields whose codes are those of places → what these are called."""
    codes = {
        one.field: str(getattr(row, one.field))
        for one in model.record.counted
        if one.kind in ("division", "township") and one.field not in withheld
    }
    names = names_of_places(codes.values())
    return {field: names[code] for field, code in codes.items() if code in names}


def _marked(cell: ui.Cell, marks: Mapping[str, Sequence[ui.Chip | ui.Link]], name: str) -> ui.Cell:
    return ui.Cell((*cell.pieces, *marks[name]), cell.note) if name in marks else cell


def panel_fields(model: type[Record]) -> Sequence[str]:
    """The fields that the detail page shows, in its order."""
    return tuple(dict.fromkeys(name for panel in model.record.panels for name in panel.fields))
