"""The index of words beside a current table: FTS5 on SQLite, tsvector on PostgreSQL.

It has the words of every statement a record ever made, so that the past is searched by it too;
what it finds are candidates, and the reader compares them with what holds. It is written in the
transaction of the act that writes the record.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Exists, OuterRef

from lingnan.kernel.runtime.models import TextIndexed
from lingnan.kernel.runtime.temporal.models import Temporal

BATCH = 20_000
# Contentless, without places of words: a row takes about twenty bytes.
ON_SQLITE = (
    'CREATE VIRTUAL TABLE "{0}" USING fts5'
    "(words, content='', detail=none, columnsize=0, tokenize='ascii')",
)
ON_POSTGRES = (
    'CREATE TABLE "{0}" (key bigint PRIMARY KEY, words tsvector NOT NULL)',
    'CREATE INDEX "{0}_words" ON "{0}" USING gin (words)',
)


def table(model: type[Temporal]) -> str:
    return f"{model._meta.db_table}_text"


def indexed() -> Iterator[type[Temporal]]:
    """The record types that have an index of words."""
    for model in apps.get_models():
        if issubclass(model, Temporal) and model.text_index() is not None:
            yield model


def add(model: type[Temporal], rows: Iterable[tuple[int, str]]) -> None:
    """The words of records that have none yet: (key, words parted by spaces)."""
    _write(_insert(model), rows)


def _insert(model: type[Temporal]) -> str:
    if connection.vendor == "sqlite":
        return f'INSERT INTO "{table(model)}" (rowid, words) VALUES (?, ?)'
    return f'COPY "{table(model)}" (key, words) FROM STDIN'


def _write(statement: str, rows: Iterable[tuple[int, str]]) -> None:
    connection.ensure_connection()
    raw: Any = connection.connection
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            raw.executemany(statement, rows)
            return
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            for key, text in rows:
                copy.write_row((key, _vector(text.split())))


def _vector(found: Iterable[str]) -> str:
    """PostgreSQL's way of writing words; none of ours has a quote or a backslash."""
    return " ".join(f"'{word}'" for word in found)


def widen(model: type[Temporal], key: int, had: frozenset[str], has: frozenset[str]) -> None:
    """Let a record be found by `has`, which is all of `had` and more."""
    if had == has:
        return
    name, (old, new) = table(model), (" ".join(sorted(had)), " ".join(sorted(has)))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Without content the index must be told what it has to forget.
            cursor.execute(
                f'INSERT INTO "{name}" ("{name}", rowid, words) VALUES (%s, %s, %s)',
                ["delete", key, old],
            )
            cursor.execute(f'INSERT INTO "{name}" (rowid, words) VALUES (%s, %s)', [key, new])
        else:
            cursor.execute(
                f'INSERT INTO "{name}" (key, words) VALUES (%s, %s::tsvector) '
                "ON CONFLICT (key) DO UPDATE SET words = excluded.words",
                [key, _vector(sorted(has))],
            )


def keys(model: type[Temporal], asked: Sequence[str], after: int | None, limit: int) -> list[int]:
    """Keys of records that have all these words, ascending, after a key; of no word none."""
    if not asked:
        return []
    name, start = table(model), -1 if after is None else after
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f'SELECT rowid FROM "{name}" WHERE "{name}" MATCH %s AND rowid > %s '
                "ORDER BY rowid LIMIT %s",
                [" AND ".join(f'"{word}"' for word in asked), start, limit],
            )
        else:
            cursor.execute(
                f'SELECT key FROM "{name}" WHERE words @@ %s::tsquery AND key > %s '
                "ORDER BY key LIMIT %s",
                [" & ".join(f"'{word}'" for word in asked), start, limit],
            )
        return [row[0] for row in cursor.fetchall()]


def install() -> list[str]:
    """Make each index that is missing or made by another declaration; returns their tables."""
    existing = set(connection.introspection.table_names())
    if TextIndexed._meta.db_table not in existing:
        return []
    made = []
    known = dict(TextIndexed.objects.values_list("table", "digest"))
    for model in indexed():
        index: Any = model.text_index()
        name = table(model)
        if model._meta.db_table not in existing:
            continue
        if known.get(name) != index.digest or name not in existing:
            rebuild(model)
            TextIndexed.objects.update_or_create(table=name, defaults={"digest": index.digest})
            made.append(name)
    return made


def rebuild(model: type[Temporal]) -> None:
    """Make an index anew from what the records say and ever said."""
    name = table(model)
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE IF EXISTS "{name}"')
        for statement in ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRES:
            cursor.execute(statement.format(name))
    fill(model)


def fill(model: type[Temporal]) -> None:
    """Take the words of all records into an index that has none of them."""
    last = -1
    while rows := list(model.objects.filter(key__gt=last).order_by("key")[:BATCH]):
        versions = model.Version.objects.filter(key__gt=last, key__lte=rows[-1].key)
        last = rows[-1].key
        _take_in(model, [*rows, *versions])
    told = model.objects.filter(key=OuterRef("key"))
    _take_in(model, model.Version.objects.exclude(Exists(told)).order_by("key"))


def _take_in(model: type[Temporal], rows: Iterable[Any]) -> None:
    index: Any = model.text_index()
    said: dict[int, set[str]] = {}
    for row in rows:
        said.setdefault(row.key, set()).update(index.of_row(row))
    add(model, ((key, " ".join(sorted(found))) for key, found in sorted(said.items())))


def clear() -> None:
    """Empty every index: for the tests that empty tables."""
    with connection.cursor() as cursor:
        for model in indexed():
            name = table(model)
            if connection.vendor == "sqlite":
                cursor.execute(f"""INSERT INTO "{name}" ("{name}") VALUES ('delete-all')""")
            else:
                cursor.execute(f'DELETE FROM "{name}"')
