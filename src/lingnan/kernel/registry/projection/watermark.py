"""Up to which id everything has been committed.

SQLite has one writer at a time, so that ids are committed in their order. PostgreSQL hands ids out
before it commits: there the mark is taken while nobody writes the table, for the moment that takes.
"""

from typing import Any

from django.db import OperationalError, connection, transaction

from lingnan.kernel.registry.projection.source import last_id
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime.models import BulkLoad

PATIENCE = "2s"


class Unsettled(Exception):
    """A long act is writing: the mark is to be taken later."""


def of_versions(model: type[Record]) -> int:
    """The id up to which all versions of a record type are committed. Raises Unsettled."""
    return _settled(model.Version)


def of_loads() -> int:
    """The id up to which all marks of bulk loads are committed. Raises Unsettled."""
    return _settled(BulkLoad)


def _settled(model: Any) -> int:
    if connection.vendor == "sqlite":
        return last_id(model.objects.all())
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
            found = last_id(model.objects.all())
            # A share lock held on by an outer transaction would hold up every writer.
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    except OperationalError as error:
        raise Unsettled(model._meta.label) from error
    return found
