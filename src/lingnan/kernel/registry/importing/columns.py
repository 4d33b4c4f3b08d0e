"""Which column of a file gives which field: by label, name or data element, or by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils import translation

from lingnan.kernel.registry.importing.values import NARROW, STRIPPED
from lingnan.kernel.registry.records import Record

# So many rows from the top may stand above the names of the columns: a title, a remark.
ABOVE = 10


@dataclass(frozen=True)
class Head:
    """The names of a file's columns; `row` is where they stand, 0 where no row names any."""

    row: int
    names: tuple[str, ...]

    def mapping(self, model: type[Record], names: tuple[str, ...]) -> dict[str, str]:
        """Place of a column (as text, for JSON) → field. Of two with one name the first counts."""
        known = labels(model, names)
        found: dict[str, str] = {}
        for place, name in enumerate(self.names):
            field = known.get(folded(name))
            if field and field not in found.values():
                found[str(place)] = field
        return found


@lru_cache(maxsize=64)
def labels(model: type[Record], names: tuple[str, ...]) -> dict[str, str]:
    """Every way in which a column that gives one of these fields may be named → field."""
    found: dict[str, str] = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for name in names:
                words: Any = model._meta.get_field(name)
                found.setdefault(folded(str(words.verbose_name)), name)
    codes = {field: code for code, field in model.record.elements.items()}
    for name in names:
        found[folded(name)] = name
        found |= {folded(codes[name]): name} if name in codes else {}
    return found


def folded(name: Any) -> str:
    """A name as it is compared: without spaces, signs of duty and case."""
    text = "" if name is None else str(name).translate(NARROW)
    return "".join(text.split()).strip(STRIPPED + "*：:").casefold()


def find_head(
    model: type[Record], names: tuple[str, ...], rows: Sequence[tuple[int, Sequence[Any], str]]
) -> Head:
    """The row among the first that names most columns; none where no row names two of them."""
    known = labels(model, names)
    least = min(2, len(names))
    best, most = Head(0, ()), least - 1
    for number, cells, _fault in rows[:ABOVE]:
        named = len({known[folded(cell)] for cell in cells if folded(cell) in known})
        if named > most:
            best, most = Head(number, tuple(name_of(cell) for cell in cells)), named
    if best.row:
        return best
    width = max((len(cells) for _number, cells, _fault in rows), default=0)
    return Head(0, ("",) * width)


def name_of(cell: Any) -> str:
    """The name that a cell gives a column."""
    return "" if cell is None else str(cell).strip(STRIPPED)[:80]


def missing(model: type[Record], mapping: Mapping[str, str]) -> list[str]:
    """Fields without which no record can be made, and that no column gives."""
    given = set(mapping.values())
    return [name for name in needed(model) if name not in given]


def needed(model: type[Record]) -> list[str]:
    found = []
    for name in model.record.imported:
        field: Any = model._meta.get_field(name)
        optional = field.blank or field.null or field.has_default()
        if not optional or name == model.record.identifier:
            found.append(name)
    return found


def faults(model: type[Record]) -> list[str]:
    """What a declaration of imports asks for that cannot be."""
    record, known = model.record, {field.name for field in model._meta.concrete_fields}
    said = [f"{model.__name__} has no field {n}" for n in record.imported if n not in known]
    if record.imported and record.identifier not in record.imported:
        said.append(f"{model.__name__} is imported without its identifier")
    if record.imported and record.scope and record.scope not in record.imported:
        said.append(f"{model.__name__} is imported without its division")
    if bool(record.imported) != (record.importers is not None):
        said.append(f"{model.__name__} declares one of importers and imported, but not the other")
    return said
