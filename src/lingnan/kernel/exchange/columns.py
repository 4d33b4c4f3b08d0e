"""Columns of a record type for many subjects at once, without an object for each record.

The statement is written out and kept: the ORM takes longer to say it than the database to answer.
Values are what the ORM would give, by the same converters of field and database.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models
from django.db.models.expressions import Col

from lingnan.kernel.runtime import statements

TOGETHER = 900
RECORDED = "recorded_at as text"
"""For a name: when a record was recorded, in ISO 8601 in UTC. Most of many share it, and to make
an instant of each would cost more than all else."""
Convert = Callable[[Any], Any]


def read(
    model: type[models.Model], subject: str, names: Sequence[str], asked: Sequence[Any]
) -> Iterator[tuple[Any, ...]]:
    """Rows of these fields, of records that have not ended, by whom they are about; newest first
    of each. `asked` are values of the field `subject`."""
    convert = _converters(model, tuple(names))
    for start in range(0, len(asked), TOGETHER):
        some = asked[start : start + TOGETHER]
        found = statements.rows(_sql(model, subject, tuple(names), len(some)), list(some))
        if not convert:
            yield from found
            continue
        for row in found:
            said = list(row)
            for place, one in convert:
                said[place] = one(said[place])
            yield tuple(said)


@lru_cache(maxsize=512)
def _sql(model: type[models.Model], subject: str, names: tuple[str, ...], count: int) -> str:
    quoted = connection.ops.quote_name

    def column(name: str) -> str:
        if name == RECORDED:
            return f"CAST({quoted('recorded_at')} AS VARCHAR(40))"
        return quoted(str(_field(model, name).column))

    marks = ", ".join(["%s"] * count)
    table = quoted(model._meta.db_table)
    # Of a key there is one record: to sort thousands of them would tell nothing.
    order = "" if subject == "key" else f" ORDER BY valid_from DESC, {quoted('key')} DESC"
    return (
        f"SELECT {', '.join(map(column, names))} FROM {table}"
        f" WHERE {column(subject)} IN ({marks}) AND NOT ended{order}"
    )


@lru_cache(maxsize=256)
def _converters(model: type[models.Model], names: tuple[str, ...]) -> list[tuple[int, Convert]]:
    return [
        (place, made)
        for place, name in enumerate(names)
        if name != RECORDED and (made := _converter(_field(model, name))) is not None
    ]


def _converter(field: Any) -> Convert | None:
    column = Col(field.model._meta.db_table, field)
    steps = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    if not steps:
        return None

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, column, connection)
        return value

    return convert


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)
