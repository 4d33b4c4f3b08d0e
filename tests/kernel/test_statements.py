"""Statements asked at every use: never an answer that was overtaken, whoever wrote meanwhile."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.utils import ConnectionHandler
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.runtime import statements

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
COUNT = "SELECT count(*), coalesce(max(id), 0) FROM told WHERE id > %s"


def opened(path: Path) -> Any:
    """The default database of a process, on a file of its own."""
    usual = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}
    return ConnectionHandler({"default": usual})


def ask(handler: Any) -> list[Any]:
    """Twice in one moment, as a use does, and once by itself: all the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statements, "connections", handler)
        with statements.at_once():
            found = [statements.unchanged(COUNT, (0,)) for _turn in range(2)]
        found.append(statements.unchanged(COUNT, (0,)))
    assert found[0] == found[1] == found[2]
    return [tuple(row) for row in found[0]]


def write(handler: Any) -> None:
    with handler["default"].cursor() as cursor:
        cursor.execute("INSERT INTO told DEFAULT VALUES")


def undone(handler: Any) -> None:
    """Written, read while it stands, and taken back."""
    database = handler["default"]
    database.set_autocommit(False)
    write(handler)
    ask(handler)
    database.rollback()
    database.set_autocommit(True)


@given(st.lists(st.tuples(st.sampled_from(["write", "undone", "ask"]), st.booleans())))
def test_what_it_says_is_what_stands_whoever_wrote(steps: list[tuple[str, bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        mine, theirs = (opened(Path(folder) / "told.sqlite3") for _process in range(2))
        with mine["default"].cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("CREATE TABLE told (id INTEGER PRIMARY KEY)")
        count = 0
        for what, other in steps:
            handler = theirs if other else mine
            if what == "write":
                write(handler)
                count += 1
            elif what == "undone":
                undone(handler)
            assert ask(mine) == ask(theirs) == [(count, count)]
        for handler in (mine, theirs):
            handler["default"].close()


def test_values_and_faults_are_as_djangos() -> None:
    quoted = connection.ops.quote_name("django_migrations")
    sql = f"SELECT app, name FROM {quoted} WHERE app = %s AND name LIKE 'x%%' = %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, ["exchange", False])
        assert [
            tuple(row) for row in statements.rows(sql, ["exchange", False])
        ] == cursor.fetchall()
    assert statements.unchanged(sql, ("exchange", False)), "in a transaction too"
    with pytest.raises(Exception) as fault, transaction.atomic():
        statements.rows("SELECT nothing FROM nowhere")
    assert isinstance(fault.value, OperationalError) or connection.vendor != "sqlite"
