"""Reading a register's tables into Arrow, by chunks in the order of keys, from the driver itself.

No transaction stays open between chunks: versions are only ever added, so that what is read late
can only be too much, never wrong (see `building`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, models

from lingnan.kernel.registry.projection.files import schema
from lingnan.kernel.registry.projection.gathering import gathered
from lingnan.kernel.registry.projection.layout import Layout
from lingnan.kernel.registry.records import Record

CHUNK = 65_536
EVERY = (-(2**63), 2**63 - 1)


@dataclass(frozen=True)
class Span:
    """Keys from `low` to `high`, both included."""

    low: int = EVERY[0]
    high: int = EVERY[1]


def unversioned(model: type[Record], shape: Layout, span: Span) -> Iterator[pa.Table]:
    """Rows of the current table whose record has no version, by key; each table at most a chunk."""
    last = span.low - 1 if span.low > EVERY[0] else EVERY[0]
    any_version = model.Version.objects.exists()
    while True:
        table = _chunk(model, shape, last, span.high)
        count = table.num_rows
        if not count:
            return
        first, last = table["key"][0].as_py(), table["key"][-1].as_py()
        if any_version or model.Version.objects.exists():
            any_version = True
            table = _without(table, _versioned(model, first, last))
        yield table
        if count < CHUNK:
            return


def versions(model: type[Record], shape: Layout, to: int) -> Iterator[pa.Table]:
    """All versions up to an id, by key and number."""
    names, table = _names(shape), _quoted(model.Version._meta.db_table)
    sql = (
        f'SELECT {names} FROM {table} WHERE ("key", "version") > (%s, %s) AND "id" <= %s '
        'ORDER BY "key", "version" LIMIT %s'
    )
    key, number = EVERY[0], 0
    while rows := _fetched(sql, (key, number, to, CHUNK)):
        yield _arrow(rows, shape)
        key, number = rows[-1][0], rows[-1][1]


def new_versions(model: type[Record], shape: Layout, after: int, to: int) -> Iterator[pa.Table]:
    """Versions with ids beyond `after` up to `to`, by id."""
    names, table = _names(shape), _quoted(model.Version._meta.db_table)
    sql = f'SELECT {names}, "id" FROM {table} WHERE "id" > %s AND "id" <= %s ORDER BY "id" LIMIT %s'
    while rows := _fetched(sql, (after, to, CHUNK)):
        after = rows[-1][-1]
        yield _arrow([row[:-1] for row in rows], shape)


def _chunk(model: type[Record], shape: Layout, last: int, high: int) -> pa.Table:
    """Up to a chunk of rows of the current table beyond a key: by columns where that can be."""
    sql, told = _current(model, shape, last, high)
    # As a text SQLite gives fifteen digits of a number with a point: those are read by rows.
    if connection.vendor == "sqlite" and "double" not in shape.types:
        connection.ensure_connection()
        names = [_quoted(column) for column in shape.columns if column != "valid_to"]
        by_name = gathered(_plain(model, shape), told, names)
        if by_name is not None and not _doubtful(by_name, shape):
            table = _cast(by_name, shape)
            if _ascending(table["key"].to_numpy()):
                return table
    return _arrow(_fetched(sql, told), shape, current=True)


def _doubtful(found: Sequence[pa.Array], shape: Layout) -> bool:
    """Whether a text was taken for none that may as well be the sign for it."""
    kinds = [
        kind for name, kind in zip(shape.names, shape.types, strict=True) if name != "valid_to"
    ]
    return any(k == "string" and one.null_count for k, one in zip(kinds, found, strict=True))


def _plain(model: type[Record], shape: Layout) -> str:
    """The rows of a chunk for SQLite, their columns by name."""
    columns = ", ".join(_quoted(column) for column in shape.columns if column != "valid_to")
    return (
        f"SELECT {columns} FROM {_quoted(model._meta.db_table)} "
        'WHERE "key" > ? AND "key" <= ? ORDER BY "key" LIMIT ?'
    )


def _ascending(keys: np.ndarray[Any, Any]) -> bool:
    return bool(np.all(keys[1:] > keys[:-1]))


def _cast(texts: Sequence[pa.Array], shape: Layout) -> pa.Table:
    """Columns of texts in the types of the copy."""
    told, made = iter(texts), []
    for one in schema(shape):
        if one.name == "valid_to":
            made.append(pa.nulls(len(texts[0]), one.type))
        else:
            made.append(_of_texts(next(told), one.type))
    return pa.Table.from_arrays(made, schema=schema(shape))


def _of_texts(values: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_boolean(kind):
        return pc.equal(values, pa.scalar("1"))
    return values if pa.types.is_string(kind) else pc.cast(values, kind)


def _current(model: type[Record], shape: Layout, last: int, high: int) -> tuple[str, Any]:
    sql = (
        f"SELECT {_names(shape, without='valid_to')} FROM {_quoted(model._meta.db_table)} "
        'WHERE "key" > %s AND "key" <= %s ORDER BY "key" LIMIT %s'
    )
    return sql, (last, high, CHUNK)


def _versioned(model: type[Record], first: int, last: int) -> np.ndarray[Any, Any]:
    """The keys between two that have versions: asked after the rows were read."""
    found = model.Version.objects.filter(key__gte=first, key__lte=last)
    listed = found.values_list("key", flat=True).distinct()
    return np.fromiter(listed.iterator(CHUNK), dtype=np.int64)


def _without(table: pa.Table, keys: np.ndarray[Any, Any]) -> pa.Table:
    if not len(keys):
        return table
    return table.filter(pc.invert(pc.is_in(table["key"], pa.array(keys))))


def _fetched(sql: str, told: Sequence[Any]) -> list[Any]:
    """Rows as the driver gives them: Django's conversion would cost more than the reading."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            raw: Any = connection.connection
            cursor = raw.execute(sql.replace("%s", "?"), tuple(told))
            try:
                return list(cursor.fetchall())
            finally:
                cursor.close()
        with connection.cursor() as cursor:
            cursor.execute(sql, told)
            return list(cursor.fetchall())


def _arrow(rows: Sequence[Sequence[Any]], shape: Layout, current: bool = False) -> pa.Table:
    columns = dict(
        zip([n for n in shape.names if not (current and n == "valid_to")],
            zip(*rows, strict=True), strict=True)
    )  # fmt: skip
    made = [
        _array(columns[one.name], one.type)
        if one.name in columns
        else pa.nulls(len(rows), one.type)
        for one in schema(shape)
    ]
    return pa.Table.from_arrays(made, schema=schema(shape))


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """A column of the driver's values: SQLite gives days as texts, flags as 0 and 1."""
    if connection.vendor == "sqlite":
        if pa.types.is_temporal(kind):
            return pc.cast(pa.array(values, pa.string()), kind)
        if pa.types.is_boolean(kind):
            return pc.cast(pa.array(values, pa.int8()), kind)
    elif pa.types.is_timestamp(kind):
        return pa.array(values, pa.timestamp("us", tz="UTC")).cast(kind)
    return pa.array(values, kind)


def _names(shape: Layout, without: str = "") -> str:
    """The columns. An expression has no declared type, so that SQLite's driver converts nothing."""
    plain = "+" if connection.vendor == "sqlite" else ""
    return ", ".join(f"{plain}{_quoted(column)}" for column in shape.columns if column != without)


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def last_id(rows: models.QuerySet[Any]) -> int:
    """The highest id of a table that only grows; 0 where it is empty."""
    return int(rows.aggregate(last=models.Max("id"))["last"] or 0)
