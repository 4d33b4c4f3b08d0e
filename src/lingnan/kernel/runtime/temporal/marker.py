"""The marker that tells the database's guards that a kernel action is under way."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def marked() -> Iterator[None]:
    """One transaction (or savepoint) in which guarded tables may be written."""
    if connection.vendor == "sqlite":
        own: Any = connection  # the backend of runtime.sqlite, which keeps the depth
        with transaction.atomic():
            own.action_depth += 1
            try:
                yield
            finally:
                own.action_depth -= 1
        return
    with transaction.atomic():
        outer = _set("on")
        yield
        # After an exception the savepoint's rollback takes the setting back itself.
        _set(outer)


def _set(value: str) -> str:
    """Set the transaction-local marker and return what stood before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lingnan.action', true)")
        before = cursor.fetchone()[0] or "off"
        cursor.execute("SELECT set_config('lingnan.action', %s, true)", [value])
    return str(before)
