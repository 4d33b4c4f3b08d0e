"""What every driver of a kind of source can do, and what it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Protocol

from lingnan.kernel.exchange.sources.described import Table

KINDS = ("postgresql", "mysql", "sqlite", "rest", "folder")
SECONDS = 5.0
"""How long a source may take for one answer."""
CONNECT = 3.0
TABLES, LONGEST = 500, 200
"""So many tables of a source are listed; so many characters has a value at most."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Connection:
    """How a source is reached; each kind uses its own of these.

    host, port, database, user, secret   a database server; `host` may be a socket's folder or file
    path      the file of a SQLite database, or the folder of files, within what the operator allows
    pattern   of a folder: which files, such as "*.csv"; `newest`: the newest alone, else all
    url       of a service: an address with {value} where the value asked for stands
    pointer   where in its answer the rows stand (RFC 6901); "" for the answer itself
    sample    of a service: a value whose answer shows which fields there are
    """

    kind: str
    host: str = ""
    port: int = 0
    database: str = ""
    user: str = ""
    secret: str = field(default="", repr=False)
    path: str = ""
    pattern: str = ""
    newest: bool = True
    url: str = ""
    pointer: str = ""
    sample: str = ""


@dataclass(frozen=True)
class Question:
    """Rows whose `key` is one of the values, in the order of `order`, after a row of it.

    `values` None is a look at the first rows, whatever they are: for a preview alone.
    """

    table: Table
    columns: tuple[str, ...]
    key: str
    values: tuple[Any, ...] | None
    limit: int
    order: tuple[str, ...] = ()
    after: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        """No name comes from the wire: each is one of the table's."""
        for name in (*self.columns, self.key, *self.order):
            if name and self.table.column(name) is None:
                raise ValueError(f"{self.table.name} has no column {name[:40]!r}")

    @property
    def read(self) -> tuple[str, ...]:
        """Every column that is read, each once."""
        return tuple(dict.fromkeys(name for name in (*self.columns, self.key, *self.order) if name))


class Driver(Protocol):
    """Each method raises SourceFailure."""

    def tables(self) -> Sequence[str]:
        """The names of what can be read, by name, at most `TABLES`."""
        ...

    def table(self, name: str) -> Table | None:
        """None where there is no such table to be read."""
        ...

    def rows(self, question: Question) -> list[Row]: ...

    def indexed(self, question: Question) -> bool:
        """Whether the source would find the rows without reading all, by its own plan."""
        ...


def plain(value: Any) -> Any:
    """A value as the exchange carries it: text, number, boolean or nothing."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def typed(table: Table, name: str, text: str) -> Any:
    """A value as the column has it; None where no row of it can have that value."""
    column = table.column(name)
    if column is None or not text or len(text) > LONGEST or "\x00" in text:
        return None
    if column.kind != "integer":
        return text
    number = text.removeprefix("-")
    fits = number.isascii() and number.isdigit() and len(number) <= 18
    return int(text) if fits else None
