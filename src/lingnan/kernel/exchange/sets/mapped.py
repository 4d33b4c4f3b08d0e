"""Reading very many rows here and there: on SQLite the file is mapped into memory meanwhile, so
that a page beyond the cache costs no call of the system. Writing is as always."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

MOST = 2**31 - 2**16


@contextmanager
def mapped() -> Iterator[None]:
    """For what is done inside; nothing on another database."""
    if connection.vendor != "sqlite":
        yield
        return
    _map(MOST)
    try:
        yield
    finally:
        _map(0)


def _map(size: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA mmap_size={size}")
        cursor.fetchall()
