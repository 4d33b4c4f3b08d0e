"""The marker that tells the database's guards that a kernel action is under way."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def marked() -> Iterator[None]:
    """One transaction (or savepoint) in which guarded tables may be written."""
    if connection.vendor == "sqlite":
        with transaction.atomic():
            connection.action_depth += 1  # type: ignore[attr-defined]
            try:
                yield
            finally:
                connection.action_depth -= 1  # type: ignore[attr-defined]
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
