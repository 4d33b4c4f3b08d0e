"""SQLite set for one long transaction of many rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# In memory, what savepoints keep is walked through at the end of each statement: a load of many
# rows would take the square of its time. Must stand before the transaction begins.
LOADING = ("PRAGMA temp_store=FILE", "PRAGMA cache_size=-128000")
SERVING = ("PRAGMA temp_store=MEMORY", "PRAGMA cache_size=-16000")


@contextmanager
def loading() -> Iterator[None]:
    """Call around, not inside, a transaction. Does nothing on PostgreSQL."""
    _say(LOADING)
    try:
        yield
    finally:
        _say(SERVING)


def _say(pragmas: tuple[str, ...]) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for pragma in pragmas:
                cursor.execute(pragma)
