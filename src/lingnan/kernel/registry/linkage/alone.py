"""A search for duplicates is one worker's at a time; the lock ends with whoever holds it."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection


@contextmanager
def alone(record_type: str) -> Iterator[bool]:
    """Whether nobody else works at a register's linkage, on this machine or on this database.

    A file's lock ends with its process, PostgreSQL's with its session: a killed worker's stays
    in neither.
    """
    folder = Path(settings.DATA) / "linkage"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / f"{record_type}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        with _of_database(record_type) as free:
            yield free


@contextmanager
def _of_database(record_type: str) -> Iterator[bool]:
    """Workers on several machines share no file, but a PostgreSQL server."""
    if connection.vendor != "postgresql":
        yield True
        return
    number = claim(record_type)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        (free,) = cursor.fetchone()
    try:
        yield bool(free)
    finally:
        # A session that broke off has no lock left to give back.
        with suppress(DatabaseError):
            if free:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def claim(record_type: str) -> int:
    """The number of a register's lock; such locks are one space for the whole database."""
    digest = hashlib.sha256(f"linkage|{record_type}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
