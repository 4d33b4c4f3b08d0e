"""What a load of very many rows lays aside while it writes: secondary indexes and row triggers.

SQLite cannot drop the index of a unique column: rows out of its order leave its pages two thirds
full. It is made anew from the sorted values when all rows stand.

An index that is built once from the sorted rows costs a fraction of one that grows with each
row. Both databases take back what is laid aside when the transaction around it fails.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models

from lingnan.kernel.runtime.temporal import guards

# In memory, what savepoints keep is walked through at the end of each statement, and an index of
# a province would be sorted there. Set between transactions only.
LOADING = ("PRAGMA temp_store=FILE", "PRAGMA cache_size=-128000")
SERVING = ("PRAGMA temp_store=MEMORY", "PRAGMA cache_size=-16000")
SORTING = "SET maintenance_work_mem = '256MB'"

ON_SQLITE = """SELECT name, sql FROM sqlite_master
WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL AND sql NOT LIKE 'CREATE UNIQUE%%'"""
UNIQUE_ON_SQLITE = """SELECT name FROM sqlite_master
WHERE type = 'index' AND tbl_name = %s AND sql IS NULL"""
ON_POSTGRES = """SELECT i.relname, pg_get_indexdef(i.oid) FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
WHERE t.relname = %s AND NOT x.indisunique AND t.relnamespace = current_schema()::regnamespace"""


@contextmanager
def settled() -> Iterator[None]:
    """The database set for writing very many rows. Inside a transaction nothing is changed."""
    free = not connection.in_atomic_block
    if free:
        _say(LOADING if connection.vendor == "sqlite" else (SORTING,))
    try:
        yield
    finally:
        if free and connection.vendor == "sqlite":
            _say(SERVING)


def _say(statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def drop_indexes(tables: Sequence[str]) -> list[str]:
    """Drop tables' indexes that enforce nothing; returns the statements that make all anew."""
    asked = ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRES
    found: list[tuple[str, str]] = []
    kept: list[str] = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(asked, [table])
            found += cursor.fetchall()
            if connection.vendor == "sqlite":
                cursor.execute(UNIQUE_ON_SQLITE, [table])
                kept += [f"REINDEX {connection.ops.quote_name(name)}" for (name,) in cursor]
        for name, _statement in found:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    # First what frees pages, then what takes them.
    return kept + [statement for _name, statement in found]


def look_over(tables: Iterable[str]) -> None:
    """Tell PostgreSQL's planner of rows that were loaded, and mark them as seen by everybody.

    Its own vacuum comes only when people already ask: their first queries would then be planned
    for an empty table and write its pages. Inside a transaction nothing is done.
    """
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        names = ", ".join(connection.ops.quote_name(name) for name in sorted(tables))
        if names:
            _say([f"VACUUM (ANALYZE) {names}"])


def make_index(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def rows_unasked() -> Iterator[Callable[[type[models.Model]], None]]:
    """SQLite asks its guard for every row: not for the rows of the tables named in this block.

    Call inside an action. The triggers come back before its transaction ends, so that no other
    connection ever sees a table without them, and a process killed meanwhile leaves them.
    """
    tables: list[str] = []

    def lay_aside(model: type[models.Model]) -> None:
        table = model._meta.db_table
        if connection.vendor == "sqlite" and table not in tables:
            tables.append(table)
            _say([f'DROP TRIGGER IF EXISTS "guard_{table}_insert"'])

    yield lay_aside
    _say([guards.insert_guard(table) for table in tables])
