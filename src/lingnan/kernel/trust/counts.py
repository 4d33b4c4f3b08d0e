"""Counts that all processes of a node share: how often something was done in a window of time.

They stand in a small SQLite file of the data folder. They slow people down and prove nothing, so
a power cut may lose them; what is counted is kept as a keyed hash, not as a name or an address.
"""

import contextlib
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils.crypto import salted_hmac

logger = logging.getLogger(__name__)
REMEMBERED = 50_000
SWEEP = 500
SCHEMA = """
CREATE TABLE IF NOT EXISTS counted (
    key TEXT PRIMARY KEY, count INTEGER NOT NULL, until REAL NOT NULL
) WITHOUT ROWID
"""


class Counts:
    """Counts by name and key in windows, in one file. Threads and processes may share it."""

    def __init__(self, path: Callable[[], Path], clock: Callable[[], float] = time.time) -> None:
        self._path, self._clock = path, clock
        self._local = threading.local()
        self._taken = 0

    def take(self, name: str, key: str, allowed: int, window: float) -> int:
        """Count once: 0, or the seconds to wait (then it was not counted).

        Without its file nothing is counted and nobody waits: a full disk shuts nobody out.
        """
        try:
            with self._writing() as file:
                return self._take(file, _hidden(name, key), allowed, window)
        except (sqlite3.Error, OSError) as fault:
            logger.error("counts cannot be kept: %s", fault)
            return 0

    def _take(self, file: sqlite3.Connection, key: str, allowed: int, window: float) -> int:
        now = self._clock()
        self._taken += 1
        if self._taken % SWEEP == 1:
            self._sweep(file, now)
        row = file.execute("SELECT count, until FROM counted WHERE key = ?", (key,)).fetchone()
        # A clock that was set back must not keep anybody out for longer than the window.
        count, until = row if row and now < row[1] <= now + window else (0, now + window)
        if count >= allowed:
            return max(1, int(until - now + 0.999))
        file.execute("INSERT OR REPLACE INTO counted VALUES (?, ?, ?)", (key, count + 1, until))
        return 0

    def _sweep(self, file: sqlite3.Connection, now: float) -> None:
        file.execute("DELETE FROM counted WHERE until <= ?", (now,))
        surplus = file.execute("SELECT count(*) FROM counted").fetchone()[0] - REMEMBERED
        if surplus > 0:
            oldest = "SELECT key FROM counted ORDER BY until LIMIT ?"
            file.execute(f"DELETE FROM counted WHERE key IN ({oldest})", (surplus,))

    def give_back(self, name: str, key: str) -> None:
        """What succeeded does not count."""
        with contextlib.suppress(sqlite3.Error, OSError), self._writing() as file:
            hidden = _hidden(name, key)
            file.execute("UPDATE counted SET count = count - 1 WHERE key = ?", (hidden,))
            file.execute("DELETE FROM counted WHERE key = ? AND count <= 0", (hidden,))

    def forget(self) -> None:
        """Begin anew."""
        with self._writing() as file:
            file.execute("DELETE FROM counted")

    def __len__(self) -> int:
        with self._writing() as file:
            return int(file.execute("SELECT count(*) FROM counted").fetchone()[0])

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One short transaction that no other process can come between."""
        file = self._connection()
        file.execute("BEGIN IMMEDIATE")
        try:
            yield file
        except BaseException:
            file.execute("ROLLBACK")
            raise
        file.execute("COMMIT")

    def _connection(self) -> sqlite3.Connection:
        path = self._path()
        mine = (os.getpid(), path)
        if getattr(self._local, "mine", None) != mine:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = sqlite3.connect(path, timeout=2, isolation_level=None)
            file.execute("PRAGMA journal_mode=WAL")
            file.execute("PRAGMA synchronous=OFF")
            file.execute(SCHEMA)
            path.chmod(0o600)
            self._local.file, self._local.mine = file, mine
        connection: sqlite3.Connection = self._local.file
        return connection


def _hidden(name: str, key: str) -> str:
    digest: str = salted_hmac(f"trust.counts.{name}", key, algorithm="sha256").hexdigest()
    return f"{name}:{digest[:32]}"


def _path() -> Path:
    return Path(settings.DATA) / "run" / "counts.sqlite3"


counts = Counts(_path)
