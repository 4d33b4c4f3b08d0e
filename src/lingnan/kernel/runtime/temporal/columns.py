"""Writing many rows of one table by columns, without an object for each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise, repeat
from typing import Any

from django.db import connection, models

from lingnan.kernel.runtime import keys
from lingnan.kernel.runtime.models import BulkLoad
from lingnan.kernel.runtime.temporal.models import Temporal
from lingnan.kernel.runtime.text import index as text

# What a database takes as it is; all else is converted, each distinct value once.
PLAIN: tuple[tuple[type[models.Field[Any, Any]], type], ...] = (
    (models.CharField, str),
    (models.TextField, str),
    (models.FloatField, float),
)
NONE = type(None)


@dataclass(frozen=True)
class Written:
    """How many rows were inserted, and the lowest and the highest of their keys."""

    rows: int
    low: int = 0
    high: int = 0


class UnevenColumns(ValueError):
    """Columns of one table that are not equally long."""


@dataclass(frozen=True)
class Prepared:
    """Rows of a table as the driver takes them, sorted by key, and the words they are found by."""

    model: type[Temporal]
    rows: list[tuple[Any, ...]]
    words: list[tuple[int, str]]
    written: Written


def write(
    model: type[Temporal], columns: Mapping[str, Sequence[Any]], stated: Mapping[str, Any]
) -> Written:
    """Insert rows, sorted by key. `stated` holds for each row not told otherwise.

    A field that neither names takes its default; `key` is drawn. Raises TypeError on a name that
    is no field, UnevenColumns.
    """
    return insert(prepare(model, columns, stated))


def prepare(
    model: type[Temporal], columns: Mapping[str, Sequence[Any]], stated: Mapping[str, Any]
) -> Prepared:
    """`write` up to the database: asks it nothing. Raises the same."""
    count = _length(model, columns)
    if not count:
        return Prepared(model, [], [], Written(0))
    given: dict[str, Iterable[Any]] = {name: repeat(value, count) for name, value in stated.items()}
    given |= columns
    made = columns["key"] if "key" in columns else list(keys.new_keys(count))
    given["key"], order = made, _order(made)
    converted = [_column(f, given, count, order) for f in model._meta.concrete_fields]
    words = list(_found_by(model, given, count))
    return Prepared(
        model,
        list(zip(*converted, strict=True)),
        words if order is None else sorted(words),
        Written(count, int(min(made)), int(max(made))),
    )


def insert(prepared: Prepared) -> Written:
    if prepared.rows:
        model = prepared.model
        names = [str(field.column) for field in model._meta.concrete_fields]
        _insert(model._meta.db_table, names, prepared.rows)
        if prepared.words:
            text.add(model, prepared.words)
    return prepared.written


def mark(model: type[Temporal], written: Written, at: datetime) -> None:
    """Leave word of rows that have no version, for those who copy the register."""
    if written.rows:
        BulkLoad.objects.create(
            record_type=model._meta.label_lower,
            low=written.low,
            high=written.high,
            rows=written.rows,
            recorded_at=at,
        )


def _found_by(
    model: type[Temporal], given: Mapping[str, Iterable[Any]], count: int
) -> Iterable[tuple[int, str]]:
    found_by = model.text_index()
    if found_by is None:
        return ()
    named: dict[str, Any] = {name: given[name] for name in found_by.columns if name in given}
    keys_given: Any = given["key"]
    return zip(keys_given, found_by.of_columns(named, count), strict=True)


def _length(model: type[models.Model], columns: Mapping[str, Sequence[Any]]) -> int:
    known = {field.attname for field in model._meta.concrete_fields}
    strange = sorted(set(columns) - known)
    if strange:
        raise TypeError(f"{model.__name__} has no field {strange[0]}")
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        raise UnevenColumns(f"columns of {model.__name__}: {sorted(lengths)}")
    return lengths.pop() if lengths else 0


def _order(made: Sequence[int]) -> Sequence[int] | None:
    """The places of rows by ascending key; None where they stand so already."""
    if all(a < b for a, b in pairwise(made)):
        return None
    return sorted(range(len(made)), key=made.__getitem__)


def _column(
    field: models.Field[Any, Any],
    given: Mapping[str, Iterable[Any]],
    count: int,
    order: Sequence[int] | None,
) -> Iterable[Any]:
    values = given.get(field.attname, repeat(field.get_default(), count))
    if isinstance(values, repeat):
        # One value for all rows: nothing to sort, one conversion.
        return repeat(_prepared(field)(next(values)), count)
    if order is not None:
        listed = list(values)
        values = [listed[place] for place in order]
    return _converted(field, values)


def _prepared(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    return lambda value: field.get_db_prep_save(value, connection)


def _converted(field: models.Field[Any, Any], values: Iterable[Any]) -> Iterable[Any]:
    """The values as the database takes them, by Django's own conversion of the field."""
    listed = list(values)
    types = set(map(type, listed))
    if any(isinstance(field, kind) and types <= {plain, NONE} for kind, plain in PLAIN):
        return listed
    if connection.vendor == "sqlite" and isinstance(field, models.IntegerField) and types == {int}:
        return listed
    if isinstance(field, models.DateField) and types == {date}:
        return map(date.isoformat, listed) if connection.vendor == "sqlite" else listed
    prepare = _prepared(field)
    try:
        made = {value: prepare(value) for value in set(listed)}
    except TypeError:  # lists and dictionaries of a JSON field
        return map(prepare, listed)
    if len({type(value) for value in made}) > 1:
        # 1, 1.0 and True are one key of a dictionary.
        return map(prepare, listed)
    return map(made.__getitem__, listed)


def _insert(table: str, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    target = f"{connection.ops.quote_name(table)} ({quoted})"
    connection.ensure_connection()
    raw: Any = connection.connection
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            marks = ", ".join("?" * len(names))
            raw.executemany(f"INSERT INTO {target} VALUES ({marks})", rows)
            return
        with raw.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
