"""Asking a source: what it has, a look at a few rows, and rows by a value of a key column.

Never a whole table: a question names values, an index has to lead to them, and more rows than
`MOST` are none.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from lingnan.kernel.exchange.sources.described import Table, drift
from lingnan.kernel.exchange.sources.driver import Connection, Driver, Question, Row, typed
from lingnan.kernel.exchange.sources.failures import SourceFailure

MOST, LOOKED_AT, AT_ONCE = 1000, 20, 200
"""Rows of an answer; of a preview; values of one question."""
FRESH = 60.0
"""Seconds for which a table that was looked at is taken to be as it was."""
_DRIVERS = {
    "postgresql": "PostgreSQL", "mysql": "MySQL", "sqlite": "SQLite", "rest": "Rest",
    "folder": "Folder",
}  # fmt: skip
"""Module → class. Imported when a source of the kind is asked: the databases' own libraries take
thirty megabytes of every process, and most nodes have no such source."""


def driver(connection: Connection) -> Driver:
    module = import_module(f"lingnan.kernel.exchange.sources.{connection.kind}")
    made: Driver = getattr(module, _DRIVERS[connection.kind])(connection)
    return made


def tables(connection: Connection) -> Sequence[str]:
    """What can be read; the trial of a connection, too. Raises SourceFailure."""
    return driver(connection).tables()


def table(connection: Connection, name: str) -> Table:
    """Raises SourceFailure, with the hop "table" where there is none."""
    found = driver(connection).table(name)
    if found is None:
        raise SourceFailure("table", name[:80])
    return found


def preview(connection: Connection, name: str) -> tuple[Table, list[Row]]:
    """A table and its first rows, at most `LOOKED_AT`. Raises SourceFailure."""
    found = table(connection, name)
    columns = tuple(one.name for one in found.columns if one.kind != "other")
    question = Question(found, columns, "", None, LOOKED_AT)
    return found, driver(connection).rows(question) if columns else []


def demand_index(connection: Connection, found: Table, key: str) -> None:
    """That rows are found by the key column without reading all. Raises SourceFailure."""
    column = found.column(key)
    if column is None or not found.leads(key):
        raise SourceFailure("index", key[:80])
    value: Any = 1 if column.kind == "integer" else "1"
    question = Question(found, (key,), key, (value,), 1, found.order)
    if not driver(connection).indexed(question):
        raise SourceFailure("index", key[:80])


@dataclass(frozen=True)
class Lookup:
    """What was published of a source: `kept` is what was remembered of its table then."""

    connection: Connection
    table: str
    columns: tuple[str, ...]
    key: str
    kept: Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """Rows, and after which one the next page begins; () at the end."""

    rows: list[Row]
    following: tuple[Any, ...] = ()


_seen: dict[tuple[Connection, str, str], tuple[float, Table]] = {}


def _ready(lookup: Lookup, fresh: float = FRESH) -> Table:
    """The table as it is, looked at a minute ago at most. Raises SourceFailure."""
    mark = (lookup.connection, lookup.table, lookup.key)
    since, found = _seen.get(mark, (0.0, None))
    if found is None or time.monotonic() - since > fresh:
        _seen.pop(mark, None)
        found = driver(lookup.connection).table(lookup.table)
        changed = drift(lookup.kept, found)
        if changed or found is None:
            first = changed[0]
            raise SourceFailure("index" if first.what == "index" else "changed", first.column[:80])
        demand_index(lookup.connection, found, lookup.key)
        _seen[mark] = (time.monotonic(), found)
    return found


def looked_at_anew(lookup: Lookup) -> None:
    """Whether it is as it was published, whatever was seen before. Raises SourceFailure."""
    _ready(lookup, fresh=-1.0)


def rows(lookup: Lookup, values: Sequence[str]) -> dict[str, list[Row]]:
    """By value, all its rows. Raises SourceFailure, "limit" where there are more than `MOST`."""
    found = _ready(lookup)
    by_value = {value: typed(found, lookup.key, value) for value in dict.fromkeys(values)}
    known = [value for value, own in by_value.items() if own is not None]
    answers: dict[str, list[Row]] = {value: [] for value in by_value}
    texts = {str(by_value[value]): value for value in known}
    for start in range(0, len(known), _at_once(lookup)):
        asked = tuple(by_value[value] for value in known[start : start + _at_once(lookup)])
        question = Question(found, lookup.columns, lookup.key, asked, MOST + 1, found.order)
        said = driver(lookup.connection).rows(question)
        if len(said) > MOST:
            raise SourceFailure("limit", str(MOST))
        for row in said:
            value = texts.get(str(row[lookup.key]).rstrip(" "))
            if value is not None:
                answers[value].append(row)
    return answers


def _at_once(lookup: Lookup) -> int:
    return 20 if lookup.connection.kind == "rest" else AT_ONCE


def page(lookup: Lookup, value: str, limit: int, after: Sequence[str] = ()) -> Found:
    """Rows of one value, from behind a row on. Raises SourceFailure; ValueError on an `after`
    that is none of this table's."""
    found = _ready(lookup)
    own = typed(found, lookup.key, value)
    if own is None:
        return Found([])
    place = _place(found, after)
    question = Question(found, lookup.columns, lookup.key, (own,), limit + 1, found.order, place)
    said = driver(lookup.connection).rows(question)
    same = [row for row in said[:limit] if str(row[lookup.key]).rstrip(" ") == str(own)]
    if len(said) <= limit:
        return Found(same)
    if not found.order:
        raise SourceFailure("limit", str(limit))
    return Found(same, tuple(said[limit - 1][name] for name in found.order))


def _place(found: Table, after: Sequence[str]) -> tuple[Any, ...]:
    if not after:
        return ()
    if len(after) != len(found.order):
        raise ValueError("not a place in this table")
    # Only whole numbers need to be told apart from texts: servers read the others as they stand.
    place = tuple(
        typed(found, name, str(one)) for name, one in zip(found.order, after, strict=True)
    )
    if any(one is None for one in place):
        raise ValueError("not a place in this table")
    return place
