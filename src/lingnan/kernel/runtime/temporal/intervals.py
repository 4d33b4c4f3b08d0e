"""Triggers by which the database refuses two overlapping intervals of one thing.

A model that names a field in `no_overlap` keeps, for each value of it, intervals of whole days:
`valid_from` until `valid_to` (not included; open when null), with the primary key `key`. On
PostgreSQL two transactions at once are told apart by an advisory lock for the value, which lasts
until the end of the transaction; what is read after it sees what was committed before it.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection

OVERLAP = "lingnan: intervals overlap"
OPERATIONS = ("insert", "update")

POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION lingnan_no_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  value text;
  found boolean;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION '{OVERLAP}: write them in a transaction of the level READ COMMITTED';
  END IF;
  EXECUTE format('SELECT ($1).%I::text', TG_ARGV[0]) INTO value USING NEW;
  PERFORM pg_advisory_xact_lock(hashtext(TG_TABLE_NAME), hashtext(value));
  EXECUTE format(
    'SELECT EXISTS (SELECT 1 FROM %I WHERE %I::text = $1 AND key <> $2'
    ' AND (valid_to IS NULL OR valid_to > $3) AND ($4 IS NULL OR valid_from < $4))',
    TG_TABLE_NAME, TG_ARGV[0]
  ) INTO found USING value, NEW.key, NEW.valid_from, NEW.valid_to;
  IF found THEN
    RAISE EXCEPTION '{OVERLAP}';
  END IF;
  RETURN NEW;
END $$
"""


def tables() -> Iterator[tuple[str, str]]:
    """(table, column) of every installed model whose intervals never overlap."""
    for model in apps.get_models():
        name = getattr(model, "no_overlap", "")
        if name and model._meta.managed:
            field: Any = model._meta.get_field(name)
            yield model._meta.db_table, str(field.column)


def names(table: str) -> list[str]:
    return [f"no_overlap_{table}_{operation}" for operation in OPERATIONS]


def install(existing: set[str]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTION)
        for statement in statements(existing):
            cursor.execute(statement)


def statements(existing: set[str]) -> set[str]:
    """What makes the triggers of the tables that are there."""
    return {
        _statement(table, column, operation)
        for table, column in tables()
        if table in existing
        for operation in OPERATIONS
    }


def _statement(table: str, column: str, operation: str) -> str:
    name = f"no_overlap_{table}_{operation}"
    if connection.vendor == "postgresql":
        return (
            f'CREATE TRIGGER "{name}" BEFORE {operation.upper()} ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION lingnan_no_overlap('{column}')"
        )
    return (
        f'CREATE TRIGGER "{name}" BEFORE {operation.upper()} ON "{table}" '
        f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE "{column}" = NEW."{column}" '
        "AND key <> NEW.key AND (valid_to IS NULL OR valid_to > NEW.valid_from) "
        "AND (NEW.valid_to IS NULL OR valid_from < NEW.valid_to)) "
        f"BEGIN SELECT RAISE(ABORT, '{OVERLAP}'); END"
    )


def remove(existing: set[str]) -> None:
    with connection.cursor() as cursor:
        for table, _column in tables():
            if table in existing:
                on = "" if connection.vendor == "sqlite" else f' ON "{table}"'
                for name in names(table):
                    cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')
