"""Statements that are written out and asked at every use of something, with nothing in between.

Django's cursor takes several times as long to pass a small statement on as SQLite to answer it. The
connection, its transaction, its types and its errors are Django's all the same; where somebody
listens to statements (a log, a wrapper), and on another database, they go its usual way.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db import connections

Row = tuple[Any, ...]
MOST = 256
"""Answers that a connection keeps."""


def rows(sql: str, values: Sequence[Any] = ()) -> list[Row]:
    """All rows of a statement that reads, with `%s` for each value. Raises as Django's cursor."""
    database = connections["default"]
    return _asked(database, sql, values) if _straight(database) else _by_cursor(sql, values)


def unchanged(sql: str, values: tuple[Any, ...] = ()) -> list[Row]:
    """The same of what is seldom written: asked anew only where something was, to any table, by
    whatever process, since it was asked last.

    SQLite tells it for less than an answer costs (`data_version` of others' writing,
    `total_changes` of our own). In a transaction, whose writing may be undone, and on another
    database each is asked anew. The rows are shared: not to be changed.
    """
    database = connections["default"]
    if not _straight(database) or database.connection.in_transaction:
        return rows(sql, values)
    known = _known(database)
    found = known.get((sql, values))
    if found is None:
        if len(known) >= MOST:
            known.clear()
        found = known[sql, values] = _asked(database, sql, values)
    return found


@contextmanager
def at_once() -> Iterator[None]:
    """For reading that takes no time: whether something was written is asked once for all of it."""
    database = connections["default"]
    if not _straight(database):
        yield
        return
    kept = _kept(database)
    kept.sure = False
    kept.once = True
    try:
        yield
    finally:
        kept.once = False


class _Kept:
    """What a connection was answered, and the state of the database at which it was."""

    def __init__(self, connection: Any) -> None:
        self.connection, self.state = connection, (-1, -1)
        self.answers: dict[tuple[str, tuple[Any, ...]], list[Row]] = {}
        self.once = self.sure = False


def _known(database: Any) -> dict[tuple[str, tuple[Any, ...]], list[Row]]:
    """The answers that still hold."""
    kept, connection = _kept(database), database.connection
    if not (kept.once and kept.sure):
        version = connection.execute("PRAGMA data_version").fetchone()[0]
        state = (version, connection.total_changes)
        if state != kept.state:
            kept.state, kept.answers = state, {}
        kept.sure = True
    return kept.answers


def _kept(database: Any) -> _Kept:
    kept: _Kept | None = getattr(database, "_lingnan_kept", None)
    if kept is None or kept.connection is not database.connection:
        kept = database._lingnan_kept = _Kept(database.connection)
    return kept


def _straight(database: Any) -> bool:
    """Whether nothing has to hear of a statement. Raises as Django's cursor."""
    if database.vendor != "sqlite" or database.execute_wrappers or database.queries_logged:
        return False
    database.ensure_connection()
    database.validate_no_broken_transaction()
    return True


def _asked(database: Any, sql: str, values: Sequence[Any]) -> list[Row]:
    with database.wrap_database_errors:
        return list(database.connection.execute(_marked(sql), values).fetchall())


def _by_cursor(sql: str, values: Sequence[Any]) -> list[Row]:
    with connections["default"].cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


@lru_cache(maxsize=1024)
def _marked(sql: str) -> str:
    """With the marks that SQLite knows."""
    return sql.replace("%s", "?").replace("%%", "%")
