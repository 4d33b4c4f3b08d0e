"""PostgreSQL: a transaction that can only read, with a limit of time, its plan looked at before."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

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

PORT = 5432
_LIMITS = {
    "default_transaction_read_only": "on",
    "statement_timeout": str(int(SECONDS * 1000)),
    "lock_timeout": "1000",
    "idle_in_transaction_session_timeout": "15000",
}
_KINDS: dict[str, Kind] = {
    "text": "text", "varchar": "text", "bpchar": "text", "name": "text", "citext": "text",
    "int2": "integer", "int4": "integer", "int8": "integer",
    "numeric": "number", "float4": "number", "float8": "number",
    "date": "date", "timestamp": "instant", "timestamptz": "instant", "bool": "boolean",
}  # fmt: skip
_READABLE = """
  SELECT c.oid, n.nspname, c.relname, c.relkind, obj_description(c.oid, 'pg_class')
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    AND has_schema_privilege(n.oid, 'USAGE')
    AND has_any_column_privilege(c.oid, 'SELECT')
"""
_COLUMNS = """
  SELECT a.attname, t.typname, format_type(a.atttypid, a.atttypmod), col_description(%s, a.attnum),
         a.attnotnull
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped
    AND has_column_privilege(a.attrelid, a.attnum, 'SELECT') ORDER BY a.attnum
"""
_INDEXES = """
  SELECT i.indisunique, array_agg(a.attname::text ORDER BY k.place)
  FROM pg_catalog.pg_index i
  CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
  WHERE i.indrelid = %s AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
    AND k.place <= i.indnkeyatts
  GROUP BY i.indexrelid, i.indisunique, i.indisprimary ORDER BY i.indisprimary DESC
"""


class PostgreSQL:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pool: pools.Pool[psycopg.Connection[Any]] = pools.pool_of(
            connection, self._connect, lambda one: one.close()
        )

    def _connect(self) -> "psycopg.Connection[Any]":
        told = self._connection
        port = told.port or PORT
        found = reaching.address(told.host, port)
        where: dict[str, Any] = {"host": found} if reaching.is_socket(found) else {
            "host": told.host, "hostaddr": found,
        }  # fmt: skip
        options = " ".join(f"-c {name}={value}" for name, value in _LIMITS.items())
        try:
            one = psycopg.connect(
                "", **where, port=port, user=told.user, password=told.secret, dbname=told.database,
                connect_timeout=int(CONNECT), options=options, prepare_threshold=None,
                application_name="lingnan", passfile="/dev/null",
            )  # fmt: skip
        except psycopg.Error as problem:
            raise SourceFailure("sign_in", problem.sqlstate or "") from problem
        one.read_only = True
        return one

    @contextlib.contextmanager
    def _asking(self) -> "Iterator[psycopg.Cursor[Any]]":
        """A transaction that reads, rolled back at its end."""
        with self._pool.taken() as one:
            try:
                with psycopg.ClientCursor(one) as cursor:
                    yield cursor
                one.rollback()
            except psycopg.errors.QueryCanceled as problem:
                raise SourceFailure("slow", problem.sqlstate or "") from problem
            except psycopg.errors.InsufficientPrivilege as problem:
                raise SourceFailure("rights", problem.sqlstate or "") from problem
            except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn) as problem:
                raise SourceFailure("changed", problem.sqlstate or "") from problem
            except psycopg.OperationalError as problem:
                raise SourceFailure("reach", problem.sqlstate or "") from problem
            except psycopg.Error as problem:
                raise SourceFailure("answer", problem.sqlstate or "") from problem

    def tables(self) -> Sequence[str]:
        with self._asking() as cursor:
            cursor.execute(f"{_READABLE} ORDER BY n.nspname, c.relname LIMIT {TABLES}")
            return [f"{row[1]}.{row[2]}" for row in cursor.fetchall()]

    def table(self, name: str) -> Table | None:
        with self._asking() as cursor:
            cursor.execute(f"{_READABLE} AND n.nspname || '.' || c.relname = %s", (name,))
            found = cursor.fetchone()
            if found is None:
                return None
            oid, schema, relation, kind, comment = found
            cursor.execute(_COLUMNS, (oid, oid))
            columns = tuple(
                Column(said[0], _KINDS.get(said[1], "other"), said[2], said[3] or "", said[4])
                for said in cursor.fetchall()
            )
            cursor.execute(_INDEXES, (oid,))
            indexes = tuple(Index(tuple(names), unique) for unique, names in cursor.fetchall())
        form = "table" if kind in ("r", "p", "m") else "view"
        return Table(name, columns, indexes, comment or "", form, (schema, relation))

    def rows(self, question: Question) -> list[Row]:
        statement, values = select(question, '"', "%s")
        with self._asking() as cursor:
            cursor.execute(statement.encode(), values)
            found = cursor.fetchall()
        return [dict(zip(question.read, map(plain, row), strict=True)) for row in found]

    def indexed(self, question: Question) -> bool:
        """As planned where reading all would cost much: a small table is else read whole."""
        statement, values = select(question, '"', "%s")
        with self._asking() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}".encode(), values)
            said = cursor.fetchone()
        return said is not None and _by_index(said[0][0]["Plan"])


def _by_index(plan: dict[str, Any]) -> bool:
    """Whether every relation of a plan is entered by a condition of an index."""
    kind = plan["Node Type"]
    if kind == "Foreign Scan" or kind.endswith("Seq Scan") or kind == "Sample Scan":
        return False
    if kind in ("Index Scan", "Index Only Scan", "Bitmap Index Scan") and "Index Cond" not in plan:
        return False
    return all(_by_index(one) for one in plan.get("Plans", ()))
