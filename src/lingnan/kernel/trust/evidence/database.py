"""The store's own connections: one SQLite file, or the schema `evidence` of a PostgreSQL server.

Both speak the same small SQL with `?` for parameters. Every failure is `EvidenceUnavailable`.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from .entry import EvidenceLocked, EvidenceUnavailable

Row = tuple[Any, ...]

TABLES = (
    "CREATE TABLE IF NOT EXISTS entries (seq BIGINT PRIMARY KEY, at TEXT NOT NULL,"
    " kind TEXT NOT NULL, commitment {blob} NOT NULL, leaf_hash {blob} NOT NULL)",
    "CREATE INDEX IF NOT EXISTS entries_kind ON entries (kind, seq)",
    "CREATE TABLE IF NOT EXISTS payloads (seq BIGINT PRIMARY KEY, salt {blob} NOT NULL,"
    " payload TEXT NOT NULL, reference TEXT)",
    "CREATE INDEX IF NOT EXISTS payloads_reference ON payloads (reference, seq)"
    " WHERE reference IS NOT NULL",
    "CREATE TABLE IF NOT EXISTS subjects (holder TEXT NOT NULL, key BIGINT NOT NULL,"
    " seq BIGINT NOT NULL, PRIMARY KEY (holder, key, seq)){no_rowid}",
    "CREATE INDEX IF NOT EXISTS subjects_seq ON subjects (seq)",
    "CREATE TABLE IF NOT EXISTS heads (size BIGINT PRIMARY KEY, root {blob} NOT NULL,"
    " at TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS nodes (level INTEGER NOT NULL, position BIGINT NOT NULL,"
    " hash {blob} NOT NULL, PRIMARY KEY (level, position)){no_rowid}",
    "CREATE TABLE IF NOT EXISTS requests (first BIGINT PRIMARY KEY, request TEXT NOT NULL UNIQUE,"
    " count INTEGER NOT NULL, digest {blob} NOT NULL)",
)


class Database(Protocol):
    """One connection, safe to share between threads; made when first needed."""

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]: ...

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None: ...

    def transaction(self) -> AbstractContextManager[None]:
        """A transaction that sees one moment; for a writer, durable when it ends."""
        ...

    def tidy(self) -> None:
        """Overwrite what has been erased where the server lets us."""
        ...

    def faults(self) -> list[str]:
        """What the engine itself finds wrong with its files."""
        ...

    def close(self) -> None: ...


class SqliteDatabase:
    """The embedded store; `write` claims it for this process until `close`.

    Raises `EvidenceLocked` when another writer has it, `EvidenceUnavailable` on any other failure.
    """

    def __init__(self, path: Path, write: bool = False) -> None:
        self._path, self._write = path, write
        self._guard = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._process = os.getpid()
        self._claim: int | None = None
        if write:
            self._take_claim()
            try:
                self._create()
            except BaseException:
                self.close()
                raise

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        with self._guard, _sqlite_failures():
            return self._open().execute(sql, values).fetchall()

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        with self._guard, _sqlite_failures():
            self._open().executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._guard:
            with _sqlite_failures():
                self._open().execute("BEGIN IMMEDIATE" if self._write else "BEGIN")
            try:
                yield
                with _sqlite_failures():
                    self._open().execute("COMMIT")
            except BaseException:
                if self._open().in_transaction:
                    self._open().execute("ROLLBACK")
                raise

    def tidy(self) -> None:
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def faults(self) -> list[str]:
        return [text for (text,) in self.rows("PRAGMA integrity_check") if text != "ok"]

    def close(self) -> None:
        with self._guard:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            if self._claim is not None:
                os.close(self._claim)
                self._claim = None

    def _open(self) -> sqlite3.Connection:
        if self._process != os.getpid():
            if self._write:
                raise EvidenceUnavailable(
                    "The evidence store was opened before this process split."
                )
            self._connection, self._process = None, os.getpid()
        if self._connection is None:
            if self._write and self._claim is None:
                raise EvidenceUnavailable("The evidence store is closed.")
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        mode = "rw" if self._write else "ro"
        connection = sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode={mode}",
            uri=True, timeout=30, isolation_level=None, check_same_thread=False,
        )  # fmt: skip
        settings = ["busy_timeout=30000"]
        if self._write:
            settings += ["journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"]
        for setting in settings:
            connection.execute(f"PRAGMA {setting}")
        return connection

    def _take_claim(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            lock = self._path.with_name(f"{self._path.name}.lock")
            self._claim = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            self.close()
            raise EvidenceLocked("Another process writes this evidence store.") from problem
        except OSError as problem:
            self.close()
            raise EvidenceUnavailable(
                f"The evidence store cannot be opened: {problem}"
            ) from problem

    def _create(self) -> None:
        with _sqlite_failures():
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            for table in TABLES:
                table = table.replace("seq BIGINT PRIMARY", "seq INTEGER PRIMARY")
                connection.execute(table.format(blob="BLOB", no_rowid=" WITHOUT ROWID"))
            connection.execute("COMMIT")


@contextmanager
def _sqlite_failures() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError, UnicodeDecodeError) as problem:
        raise EvidenceUnavailable(f"The evidence store failed: {problem}") from problem


def connect(location: Path | str, write: bool = False) -> Database:
    """The database at a file path or a postgresql:// address. Raises as the classes say."""
    if str(location).startswith(("postgresql://", "postgres://")):
        from .postgres import PostgresDatabase

        return PostgresDatabase(str(location), write)
    return SqliteDatabase(Path(location), write)
