"""Triggers by which the database itself refuses a write that goes around the kernel.

`current`: every write needs the action's marker. `versions`: INSERT needs it, UPDATE and
DELETE are refused always. `append_only`: UPDATE and DELETE are refused always. SQLite drops
triggers when it rebuilds a table, so `migrate` installs them anew each time. PostgreSQL asks once
for each statement, SQLite, which cannot, for each row.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection

from lingnan.kernel.runtime.temporal import intervals

REFUSED = "lingnan: write outside an action"
# What each kind refuses: always, and when the marker is absent.
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "current": ((), ("INSERT", "UPDATE", "DELETE")),
    "versions": (("UPDATE", "DELETE"), ("INSERT",)),
    "append_only": (("UPDATE", "DELETE"), ()),
}

POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION lingnan_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_ARGV[0] = 'marker' AND current_setting('lingnan.action', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '{REFUSED}';
END $$
"""


def guarded_tables() -> Iterator[tuple[str, str]]:
    """(table, kind) of every guarded model that is installed."""
    for model in apps.get_models(include_auto_created=True):
        kind = getattr(model, "guard", None)
        if kind and model._meta.managed:
            yield model._meta.db_table, kind


def install() -> None:
    """Put every guard in place; harmless when it is there already."""
    existing = set(connection.introspection.table_names())
    remove()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTION)
        for table, kind in guarded_tables():
            if table in existing:
                for statement in _statements(table, kind):
                    cursor.execute(statement)
    intervals.install(existing)


def as_written() -> bool:
    """Whether every guard stands word for word as it is written here, which SQLite alone tells."""
    if connection.vendor != "sqlite":
        return False
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
        present = {row[0] for row in cursor.fetchall()}
    guards = [pair for pair in guarded_tables() if pair[0] in existing]
    wanted = {statement for table, kind in guards for statement in _statements(table, kind)}
    return wanted | intervals.statements(existing) <= present


def remove() -> None:
    """Take every guard away: for schema work and for the test base class alone."""
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table, _ in guarded_tables():
            if table in existing:
                for name in _names(table):
                    on = "" if connection.vendor == "sqlite" else f' ON "{table}"'
                    cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')
    intervals.remove(existing)


def missing() -> list[str]:
    """Guarded tables that lack one of their triggers."""
    if connection.vendor == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    bare = [
        table
        for table, kind in guarded_tables()
        if not {f"guard_{table}_{op.lower()}" for op in _operations(kind)} <= present
    ]
    open_ = [t for t, _column in intervals.tables() if not set(intervals.names(t)) <= present]
    return list(dict.fromkeys(bare + open_))


def insert_guard(table: str) -> str:
    """The statement that makes SQLite's guard of a current table against INSERT."""
    return next(s for s in _statements(table, "current") if " BEFORE INSERT " in s)


def _operations(kind: str) -> tuple[str, ...]:
    always, unmarked = KINDS[kind]
    return always + unmarked


def _names(table: str) -> list[str]:
    return [f"guard_{table}_{op}" for op in ("insert", "update", "delete", "truncate")]


def _statements(table: str, kind: str) -> Iterator[str]:
    always, unmarked = KINDS[kind]
    for operation in always + unmarked:
        name = f"guard_{table}_{operation.lower()}"
        needs_marker = operation in unmarked
        if connection.vendor == "sqlite":
            when = "WHEN lingnan_action() IS NOT 1" if needs_marker else ""
            yield (
                f'CREATE TRIGGER "{name}" BEFORE {operation} ON "{table}" {when} '
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
        else:
            argument = "'marker'" if needs_marker else "'never'"
            yield (
                f'CREATE TRIGGER "{name}" BEFORE {operation} ON "{table}" '
                f"FOR EACH STATEMENT EXECUTE FUNCTION lingnan_guard({argument})"
            )
    if connection.vendor == "sqlite" and kind == "append_only":
        # Asking for the marker makes a program without it fail: it could else replace rows.
        yield (
            f'CREATE TRIGGER "guard_{table}_insert" BEFORE INSERT ON "{table}" '
            f"WHEN lingnan_action() IS NULL BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
    if connection.vendor == "postgresql":
        yield (
            f'CREATE TRIGGER "guard_{table}_truncate" BEFORE TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION lingnan_guard('never')"
        )
