"""A SQLite file in a folder that the operator allows: opened to read, with a limit of time."""

import contextlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from lingnan.kernel.exchange.sources import reaching
from lingnan.kernel.exchange.sources.described import Column, Index, Kind, Table
from lingnan.kernel.exchange.sources.driver import (
    SECONDS,
    TABLES,
    Connection,
    Question,
    Row,
    plain,
)
from lingnan.kernel.exchange.sources.failures import SourceFailure
from lingnan.kernel.exchange.sources.sql import quoted, select

STEPS = 10_000
"""Steps of SQLite's machine between two looks at the clock."""
_READS = {
    sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_PRAGMA,
    sqlite3.SQLITE_RECURSIVE,
}  # fmt: skip
_LISTED = """
  SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%'
  ESCAPE '!'
"""


class SQLite:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @contextlib.contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection]:
        path = reaching.within(self._connection.path)
        if not path.is_file():
            raise SourceFailure("address", self._connection.path[:80])
        until = time.monotonic() + SECONDS
        try:
            with contextlib.closing(
                sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=1.0)
            ) as one:
                one.execute("PRAGMA query_only = 1")
                one.execute("PRAGMA trusted_schema = 0")
                one.set_progress_handler(lambda: time.monotonic() > until, STEPS)
                one.set_authorizer(_reads_only)
                yield one
        except sqlite3.DatabaseError as problem:
            raise SourceFailure(_hop(problem), problem.sqlite_errorname) from problem

    def tables(self) -> Sequence[str]:
        with self._asking() as one:
            found = one.execute(f"{_LISTED} ORDER BY name LIMIT {TABLES}").fetchall()
        return [str(name) for name, _kind in found]

    def table(self, name: str) -> Table | None:
        with self._asking() as one:
            found = one.execute(f"{_LISTED} AND name = ?", (name,)).fetchone()
            if found is None:
                return None
            said = one.execute(f"PRAGMA table_xinfo({quoted(name, chr(34))})").fetchall()
            indexes = tuple(_indexes(one, name))
        primary = sorted((row for row in said if row[5]), key=lambda row: row[5])
        if primary:
            indexes = (Index(tuple(row[1] for row in primary), True), *indexes)
        columns = tuple(
            Column(row[1], _kind(row[2]), row[2] or "—", required=bool(row[3] or row[5]))
            for row in said
        )
        return Table(name, columns, indexes, "", found[1], (name,))

    def rows(self, question: Question) -> list[Row]:
        statement, values = select(question, '"', "?")
        with self._asking() as one:
            found = one.execute(statement, values).fetchall()
        return [dict(zip(question.read, map(_plain, row), strict=True)) for row in found]

    def indexed(self, question: Question) -> bool:
        statement, values = select(question, '"', "?")
        with self._asking() as one:
            plan = one.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
        return not any(str(step[3]).startswith("SCAN ") for step in plan)


def _indexes(one: sqlite3.Connection, name: str) -> Iterator[Index]:
    for row in one.execute(f"PRAGMA index_list({quoted(name, chr(34))})").fetchall():
        columns = one.execute(f"PRAGMA index_info({quoted(row[1], chr(34))})").fetchall()
        names = tuple(said[2] for said in columns)
        if not row[4] and all(names):  # neither partial nor of an expression
            yield Index(names, bool(row[2]))


def _reads_only(act: int, _what: Any, _of: Any, _where: Any, _by: Any) -> int:
    return sqlite3.SQLITE_OK if act in _READS else sqlite3.SQLITE_DENY


def _kind(declared: str) -> Kind:
    """By SQLite's rules of affinity, and the names that people use for days."""
    said = (declared or "").upper()
    if "DATETIME" in said or "TIMESTAMP" in said:
        return "instant"
    if said.startswith("DATE"):
        return "date"
    if said.startswith("BOOL"):
        return "boolean"
    if "INT" in said:
        return "integer"
    if any(word in said for word in ("CHAR", "CLOB", "TEXT")):
        return "text"
    if any(word in said for word in ("REAL", "FLOA", "DOUB", "NUMERIC", "DECIMAL")):
        return "number"
    return "other"


def _plain(value: Any) -> Any:
    return None if isinstance(value, bytes) else plain(value)


def _hop(problem: sqlite3.DatabaseError) -> str:
    name = getattr(problem, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_INTERRUPT", "SQLITE_BUSY")):
        return "slow"
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return "rights"
    return "answer" if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")) else "changed"
