"""The evidence store on a PostgreSQL server: own connection, own schema, one advisory lock."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from .database import TABLES, Row
from .entry import EvidenceLocked, EvidenceUnavailable

_CLAIM = 0x6C6E2E65766964  # one number for this purpose; advisory locks are per database


class PostgresDatabase:
    """Schema `evidence` of one database; `write` claims it until the connection ends.

    A lost connection is made anew at the next use, the claim with it. Raises `EvidenceLocked`
    when another writer has it, `EvidenceUnavailable` on any other failure.
    """

    def __init__(self, dsn: str, write: bool = False) -> None:
        self._dsn, self._write = dsn, write
        self._guard = threading.RLock()
        self._connection: psycopg.Connection[Row] | None = None
        self._process = os.getpid()
        if write:
            with self._guard, self._failures():
                self._create(self._open())

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        with self._guard, self._failures():
            cursor = self._open().execute(_statement(sql), values)
            return cursor.fetchall() if cursor.description else []

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        with self._guard, self._failures(), self._open().cursor() as cursor:
            cursor.executemany(_statement(sql), rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._guard, self._failures(), self._open().transaction():
            yield

    def tidy(self) -> None:
        """Erased rows stay in the server's files until its own vacuum and log rotation."""

    def faults(self) -> list[str]:
        return []

    def close(self) -> None:
        with self._guard:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
            self._connection = None

    def _open(self) -> psycopg.Connection[Row]:
        if self._process != os.getpid():
            self._connection, self._process = None, os.getpid()
        if self._connection is None or self._connection.closed:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> psycopg.Connection[Row]:
        connection = psycopg.connect(
            self._dsn, autocommit=True, connect_timeout=5, application_name="lingnan evidence",
            options="-c search_path=evidence -c synchronous_commit=on"
            f" -c default_transaction_read_only={'off' if self._write else 'on'}",
        )  # fmt: skip
        if not self._write:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            return connection
        claimed = connection.execute("SELECT pg_try_advisory_lock(%s)", (_CLAIM,)).fetchone()
        if not claimed or not claimed[0]:
            connection.close()
            raise EvidenceLocked("Another process writes this evidence store.")
        return connection

    def _create(self, connection: psycopg.Connection[Row]) -> None:
        with connection.transaction():
            connection.execute("CREATE SCHEMA IF NOT EXISTS evidence")
            for table in TABLES:
                connection.execute(_statement(table.format(blob="BYTEA", no_rowid="")))

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as problem:
            raise EvidenceUnavailable(f"The evidence store failed: {problem}") from problem


def _statement(sql: str) -> str:
    return sql.replace("?", "%s")
