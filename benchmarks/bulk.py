"""Residents loaded a second, with their indexes and words, beside the bare driver.

BENCH_RESIDENTS sets how many (default 500,000); drawing them is not counted.
"""

import os
import resource
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure

FIGURES = ("bulk.loaded", "bulk.plain", "bulk.peak")
RESIDENTS = int(os.environ.get("BENCH_RESIDENTS", "500000"))
Rows = list[tuple[Any, ...]]


def measure() -> list[Figure]:
    """The baseline writes the same prepared columns and words by `executemany` or COPY.

    It too makes its indexes at the end, in one transaction. `plain` are the same residents
    without words to be found by.
    """
    import django

    django.setup()
    from django.core.management import call_command

    from lingnan.systems.government.population.models import Resident

    call_command("migrate", interactive=False, verbosity=0)
    chunks = _chunks()
    count = sum(len(chunk["key"]) for chunk in chunks)
    index, size = Resident.text_index(), f"{count:,} residents"
    loaded = count / _load("loaded", Resident, chunks)
    figures = [Figure("bulk.loaded", loaded, "rows/s", size, count / _bare(Resident, chunks))]
    _empty(Resident)
    Resident.text_index = classmethod(lambda _cls: None)  # type: ignore[method-assign, assignment]
    plain = count / _load("plain", Resident, chunks)
    figures.append(Figure("bulk.plain", plain, "rows/s", size, count / _bare(Resident, chunks)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert index is not None
    return [*figures, Figure("bulk.peak", peak, "MB", f"{size} held in memory besides")]


def _chunks() -> list[dict[str, Any]]:
    from lingnan.kernel.runtime.api import legal_time
    from lingnan.node import world

    made = world.make(2011, legal_time.today(), RESIDENTS)
    return [{**chunk, "valid_from": chunk["birth_date"]} for chunk in made.residents()]


def _load(name: str, model: Any, chunks: list[dict[str, Any]]) -> float:
    from lingnan.kernel.runtime.api import Batch, load

    start = time.perf_counter()
    load(name, (Batch([(model, chunk)]) for chunk in chunks))
    return time.perf_counter() - start


def _bare(model: Any, chunks: list[dict[str, Any]]) -> float:
    """Seconds for rows and words made ready before."""
    from django.db import connection

    rows = [_rows(model, chunk) for chunk in chunks]
    index = model.text_index()
    words = [
        list(zip(chunk["key"], index.of_columns(chunk, len(chunk["key"])), strict=True))
        for chunk in chunks
        if index is not None
    ]
    names = [field.column for field in model._meta.concrete_fields]
    if connection.vendor == "sqlite":
        return _sqlite(model, names, rows, words)
    return _postgres(model, names, rows, words)


def _rows(model: Any, chunk: dict[str, Any]) -> Rows:
    from lingnan.kernel.runtime.api import legal_time
    from lingnan.kernel.runtime.temporal import columns as bulk

    count = len(chunk["key"])
    given: dict[str, Any] = {"recorded_at": [legal_time.now()] * count} | chunk
    made = []
    for field in model._meta.concrete_fields:
        values = given.get(field.attname, [field.get_default()] * count)
        made.append(bulk._converted(field, values))
    return list(zip(*made, strict=True))


def _statements(model: Any) -> tuple[str, list[str]]:
    """The table and the indexes that SQLite has for a model."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT type, sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL "
            "AND type IN ('table', 'index')",
            [model._meta.db_table],
        )
        found = cursor.fetchall()
    table = next(sql for kind, sql in found if kind == "table")
    return table, [sql for kind, sql in found if kind == "index"]


def _sqlite(model: Any, names: Sequence[str], rows: list[Rows], words: list[Rows]) -> float:
    from lingnan.kernel.runtime.text.index import ON_SQLITE

    table, indexes = _statements(model)
    name, marks = model._meta.db_table, ", ".join("?" * len(names))
    with tempfile.TemporaryDirectory(prefix="lingnan-bench-") as folder:
        database = sqlite3.connect(Path(folder) / "bare.sqlite3", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-128000"):
            database.execute(f"PRAGMA {pragma}")
        database.execute(table)
        database.execute(ON_SQLITE[0].format("bare_text"))
        start = time.perf_counter()
        database.execute("BEGIN")
        for chunk in rows:
            database.executemany(
                f'INSERT INTO "{name}" ({", ".join(names)}) VALUES ({marks})', chunk
            )
        for chunk in words:
            database.executemany("INSERT INTO bare_text (rowid, words) VALUES (?, ?)", chunk)
        for statement in indexes:
            database.execute(statement)
        database.execute("COMMIT")
        return time.perf_counter() - start


def _postgres(model: Any, names: Sequence[str], rows: list[Rows], words: list[Rows]) -> float:
    from django.db import connection, transaction

    from lingnan.kernel.runtime.text.index import ON_POSTGRES

    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TABLE bare (LIKE "{table}" INCLUDING DEFAULTS)')
        cursor.execute("ALTER TABLE bare ADD PRIMARY KEY (key)")
        for statement in ON_POSTGRES[:1]:
            cursor.execute(statement.format("bare_text"))
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT LIKE '%%_pkey'",
            [table],
        )
        indexes = [
            row[0].replace(f"public.{table} ", "bare ").replace("INDEX ", "INDEX bare_", 1)
            for row in cursor.fetchall()
        ]
    start = time.perf_counter()
    with transaction.atomic():
        raw: Any = connection.connection
        with raw.cursor() as cursor:
            with cursor.copy(f"COPY bare ({', '.join(names)}) FROM STDIN") as copy:
                for chunk in rows:
                    for row in chunk:
                        copy.write_row(row)
            with cursor.copy("COPY bare_text (key, words) FROM STDIN") as copy:
                for chunk in words:
                    for key, text in chunk:
                        copy.write_row((key, " ".join(f"'{word}'" for word in text.split())))
        with connection.cursor() as cursor:
            for statement in indexes:
                cursor.execute(statement)
            if words:
                cursor.execute(ON_POSTGRES[1].format("bare_text"))
    seconds = time.perf_counter() - start
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bare, bare_text")
    return seconds


def _empty(model: Any) -> None:
    from django.db import connection

    from lingnan.kernel.runtime.temporal.marker import marked
    from lingnan.kernel.runtime.text import index

    with marked(), connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{model._meta.db_table}"')
    index.clear()
