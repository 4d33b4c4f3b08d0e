"""MySQL and MariaDB: a session that can only read, with a limit of time, its plan looked at."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import pymysql
from pymysql.cursors import Cursor

from lingnan.kernel.exchange.sources import pools, reaching
from lingnan.kernel.exchange.sources.described import Column, Index, Kind, Table
from lingnan.kernel.exchange.sources.driver import (
    CONNECT,
    SECONDS,
    TABLES,
    Connection,
    Question,
    Row,
    plain,
)
from lingnan.kernel.exchange.sources.failures import SourceFailure
from lingnan.kernel.exchange.sources.sql import select

PORT = 3306
_KINDS: dict[str, Kind] = {
    "char": "text", "varchar": "text", "text": "text", "tinytext": "text", "mediumtext": "text",
    "longtext": "text", "enum": "text", "set": "text", "uuid": "text",
    "tinyint": "integer", "smallint": "integer", "mediumint": "integer", "int": "integer",
    "bigint": "integer", "year": "integer",
    "decimal": "number", "float": "number", "double": "number",
    "date": "date", "datetime": "instant", "timestamp": "instant",
}  # fmt: skip
_HOPS = {
    1044: "sign_in", 1045: "sign_in", 1049: "sign_in", 1698: "sign_in", 2059: "sign_in",
    1142: "rights", 1143: "rights", 1146: "changed", 1054: "changed", 1356: "changed",
    1969: "slow", 3024: "slow", 1205: "slow", 1317: "slow",
    2002: "reach", 2003: "reach", 2006: "reach", 2013: "reach",
}  # fmt: skip
# How rows are found that need no look at all of them.
_BY_INDEX = {
    "system", "const", "eq_ref", "ref", "ref_or_null", "range", "index_merge", "unique_subquery",
    "index_subquery", "fulltext",
}  # fmt: skip
_TABLES = """
  SELECT table_name, table_type, table_comment FROM information_schema.tables
  WHERE table_schema = DATABASE()
"""
_COLUMNS = """
  SELECT column_name, data_type, column_type, column_comment, is_nullable
  FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = %s
  ORDER BY ordinal_position
"""
_INDEXES = """
  SELECT index_name, non_unique, column_name FROM information_schema.statistics
  WHERE table_schema = DATABASE() AND table_name = %s AND sub_part IS NULL
    AND index_type IN ('BTREE', 'HASH')
  ORDER BY index_name <> 'PRIMARY', index_name, seq_in_index
"""


class MySQL:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pool: pools.Pool[pymysql.Connection[Cursor]] = pools.pool_of(
            connection, self._connect, lambda one: one.close()
        )

    def _connect(self) -> "pymysql.Connection[Cursor]":
        told = self._connection
        port = told.port or PORT
        found = reaching.address(told.host, port)
        where: dict[str, Any] = (
            {"unix_socket": found} if reaching.is_socket(found) else {"host": found, "port": port}
        )
        try:
            one = pymysql.connect(
                **where, user=told.user, password=told.secret.encode(), database=told.database,
                charset="utf8mb4", connect_timeout=int(CONNECT), read_timeout=int(SECONDS) + 5,
                write_timeout=int(SECONDS) + 5, autocommit=False, local_infile=False,
            )  # fmt: skip
        except pymysql.Error as problem:
            raise _failure(problem) from problem
        try:
            self._limit(one)
        except pymysql.Error as problem:
            one.close()
            raise _failure(problem) from problem
        return one

    def _limit(self, one: "pymysql.Connection[Cursor]") -> None:
        """Each server has a word of its own for how long a question may take."""
        with one.cursor() as cursor:
            # With backslashes as text the driver's quoting of values would not hold.
            cursor.execute("SET SESSION sql_mode = 'STRICT_TRANS_TABLES'")
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
            if "MariaDB" in one.get_server_info():
                cursor.execute("SET SESSION max_statement_time = %s", (SECONDS,))
            else:
                cursor.execute("SET SESSION MAX_EXECUTION_TIME = %s", (int(SECONDS * 1000),))
        one.rollback()

    @contextlib.contextmanager
    def _asking(self) -> Iterator[Cursor]:
        with self._pool.taken() as one:
            try:
                with one.cursor() as cursor:
                    yield cursor
                one.rollback()
            except pymysql.Error as problem:
                raise _failure(problem) from problem

    def tables(self) -> Sequence[str]:
        with self._asking() as cursor:
            cursor.execute(f"{_TABLES} ORDER BY table_name LIMIT {TABLES}")
            return [str(row[0]) for row in cursor.fetchall()]

    def table(self, name: str) -> Table | None:
        with self._asking() as cursor:
            cursor.execute(f"{_TABLES} AND BINARY table_name = %s", (name,))
            found = cursor.fetchone()
            if found is None:
                return None
            cursor.execute(_COLUMNS, (name,))
            columns = tuple(
                Column(said[0], _KINDS.get(said[1], "other"), said[2], said[3] or "",
                       said[4] == "NO")
                for said in cursor.fetchall()
            )  # fmt: skip
            cursor.execute(_INDEXES, (name,))
            by_name: dict[str, tuple[list[str], bool]] = {}
            for index, others, column in cursor.fetchall():
                by_name.setdefault(index, ([], not others))[0].append(column)
        indexes = tuple(Index(tuple(names), unique) for names, unique in by_name.values())
        view = found[1] != "BASE TABLE"
        comment = "" if view else found[2] or ""  # of a view it only says VIEW
        return Table(name, columns, indexes, comment, "view" if view else "table", (name,))

    def rows(self, question: Question) -> list[Row]:
        statement, values = select(question, "`", "%s")
        with self._asking() as cursor:
            cursor.execute(statement, values)
            found = cursor.fetchall()
        return [dict(zip(question.read, map(plain, row), strict=True)) for row in found]

    def indexed(self, question: Question) -> bool:
        """A small table is read whole where that is cheaper; then it counts that it need not be."""
        statement, values = select(question, "`", "%s")
        with self._asking() as cursor:
            cursor.execute(f"EXPLAIN {statement}", values)
            names = [one[0] for one in cursor.description or ()]
            steps = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return all(_by_index(step) for step in steps)


def _by_index(step: dict[str, Any]) -> bool:
    if step["table"] is None:  # the server knows that there is no such row
        return True
    return step["type"] in _BY_INDEX or bool(step["possible_keys"])


def _failure(problem: pymysql.Error) -> SourceFailure:
    number = problem.args[0] if problem.args and isinstance(problem.args[0], int) else 0
    return SourceFailure(_HOPS.get(number, "answer"), str(number) if number else "")
