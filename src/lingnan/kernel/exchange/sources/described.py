"""What a source's table is made of, what of that was published, and what has changed since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["text", "integer", "number", "date", "instant", "boolean", "other"]
ASKED_BY: tuple[Kind, ...] = ("text", "integer")


@dataclass(frozen=True)
class Column:
    """`kind` is what its values are here; "other" cannot be published. `declared`: its own type."""

    name: str
    kind: Kind
    declared: str
    comment: str = ""
    required: bool = False


@dataclass(frozen=True)
class Index:
    """The columns of an index in its order."""

    columns: tuple[str, ...]
    unique: bool = False


@dataclass(frozen=True)
class Table:
    """A table, a view, the files of a folder, or what a service answers.

    name     as people read it; `parts` as the source names it (schema and table)
    form     "table", "view", "files" or "service": only of a table are indexes known
    """

    name: str
    columns: tuple[Column, ...]
    indexes: tuple[Index, ...] = ()
    comment: str = ""
    form: str = "table"
    parts: tuple[str, ...] = ()

    def column(self, name: str) -> Column | None:
        return next((one for one in self.columns if one.name == name), None)

    def leads(self, name: str) -> bool:
        """Whether an index begins with the column; of what has no indexes that cannot be said."""
        return self.form != "table" or any(one.columns[0] == name for one in self.indexes)

    def ways(self) -> tuple[str, ...]:
        """The columns by which its rows can be asked for."""
        able = (one.name for one in self.columns if one.kind in ASKED_BY)
        return tuple(name for name in able if self.leads(name))

    @property
    def order(self) -> tuple[str, ...]:
        """Columns that tell all rows apart and are never empty: what pages follow. () if none."""
        needed = {one.name for one in self.columns if one.required}
        able = [
            one.columns for one in self.indexes if one.unique and needed.issuperset(one.columns)
        ]
        return min(able, key=len, default=())


@dataclass(frozen=True)
class Difference:
    """`what`: "table" or "column" is gone, "type" is another, "index" leads there no more."""

    what: str
    column: str = ""
    before: str = ""
    now: str = ""


def kept(table: Table, columns: Collection[str], key: str) -> dict[str, Any]:
    """What is remembered of a table at its publication, as JSON."""
    used = [one for one in table.columns if one.name in {*columns, key}]
    return {
        "columns": {one.name: one.kind for one in used},
        "declared": {one.name: one.declared for one in used},
        "key": key,
        "form": table.form,
    }


def drift(before: Mapping[str, Any], table: Table | None) -> list[Difference]:
    """What of the published is not as it was; more columns, or wider ones, hurt nobody."""
    if table is None:
        return [Difference("table")]
    found = []
    for name, kind in before["columns"].items():
        now = table.column(name)
        if now is None:
            found.append(Difference("column", name, before["declared"][name]))
        elif now.kind != kind:
            found.append(Difference("type", name, before["declared"][name], now.declared))
    if table.column(before["key"]) is not None and not table.leads(before["key"]):
        found.append(Difference("index", before["key"]))
    return found
