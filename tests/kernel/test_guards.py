"""The database itself refuses a write that goes around the kernel's action."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from lingnan.kernel.exchange.models import Agreement, Pseudonym
from lingnan.kernel.matters.models import CaseEvent
from lingnan.kernel.runtime.api import AppendOnly, OutsideAction, action
from lingnan.kernel.runtime.append_only import WrittenOnce
from lingnan.kernel.runtime.temporal import guards
from lingnan.kernel.runtime.temporal.marker import marked
from lingnan.kernel.runtime.temporal.models import Temporal
from lingnan.kernel.trust.api import Body

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
CODE = "gd-440103-market"


def marker_is_on() -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT lingnan_action()")
            return bool(cursor.fetchone()[0])
        cursor.execute("SELECT current_setting('lingnan.action', true)")
        return bool(cursor.fetchone()[0] == "on")


def refused(statement: str) -> bool:
    """Whether the database refuses a statement for the guard's reason."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        assert guards.REFUSED in str(error), error
        return True
    return False


COPY_OF_BODY = (
    "INSERT INTO trust_body (key, version, valid_from, recorded_at, ended, code, name_zh, "
    "name_en, tier, division, function, parent, undivided) SELECT 1, version, "
    "valid_from, recorded_at, "
    f"ended, 'x', name_zh, name_en, tier, division, function, parent, undivided FROM trust_body "
    f"WHERE code = '{CODE}'"
)
COPY_OF_VERSION = (
    "INSERT INTO trust_body_version (key, version, valid_from, recorded_at, ended, changed_by, "
    "reason, code, name_zh, name_en, tier, division, function, parent, undivided) SELECT key, 99, "
    "valid_from, recorded_at, ended, 'x', 'x', code, name_zh, name_en, tier, division, function, "
    f"parent, undivided FROM trust_body WHERE code = '{CODE}'"
)
CURRENT = {
    "insert": COPY_OF_BODY,
    "update": "UPDATE trust_body SET name_zh = 'x'",
    "delete": "DELETE FROM trust_body WHERE key > 0",
}


@pytest.mark.parametrize("name", CURRENT)
def test_a_current_table_is_written_inside_an_action_only(name: str) -> None:
    assert refused(CURRENT[name])
    with marked():
        assert not refused(CURRENT[name])


def test_a_version_is_added_inside_an_action_only() -> None:
    assert refused(COPY_OF_VERSION)
    with marked():
        assert not refused(COPY_OF_VERSION)


@pytest.mark.parametrize("statement", [
    "UPDATE exchange_agreement_version SET basis = 'x'",
    "DELETE FROM exchange_agreement_version",
    "UPDATE exchange_pseudonym SET key = 1",
    "DELETE FROM exchange_pseudonym",
    "UPDATE runtime_definition SET digest = 'x'",
])  # fmt: skip
def test_what_is_written_once_is_never_changed_even_inside_an_action(statement: str) -> None:
    assert refused(statement)
    with marked():
        assert refused(statement)


@pytest.mark.parametrize("table", ["trust_body", "trust_body_version", "exchange_pseudonym"])
def test_a_guarded_table_is_not_truncated(table: str) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    with marked():
        assert refused(f"TRUNCATE {table} CASCADE")


def test_replacing_a_row_does_not_erase_it() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has INSERT OR REPLACE")
    assert refused("INSERT OR REPLACE INTO runtime_definition SELECT * FROM runtime_definition")


def test_an_upsert_does_not_change_a_row() -> None:
    assert refused(
        "INSERT INTO runtime_definition SELECT * FROM runtime_definition WHERE true "
        "ON CONFLICT (id) DO UPDATE SET digest = 'x'"
    )


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Some other program's connection to a copy of the database's file."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite is a file")
    stranger = sqlite3.connect(tmp_path / "copy.sqlite3")
    with contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"])) as file:
        file.backup(stranger)
    yield stranger
    stranger.close()


@pytest.mark.parametrize("statement", [
    *CURRENT.values(), COPY_OF_VERSION,
    "DELETE FROM exchange_agreement_version", "DELETE FROM exchange_pseudonym",
    "INSERT OR REPLACE INTO exchange_pseudonym SELECT * FROM exchange_pseudonym",
])  # fmt: skip
def test_a_foreign_program_cannot_write(foreign: sqlite3.Connection, statement: str) -> None:
    rows = foreign.execute("SELECT * FROM trust_body").fetchall()
    with pytest.raises(sqlite3.Error, match="lingnan"):
        foreign.execute(statement)
    assert foreign.execute("SELECT * FROM trust_body").fetchall() == rows != []


def every_guarded_model() -> list[type]:
    from django.apps import apps

    return [model for model in apps.get_models() if issubclass(model, Temporal | AppendOnly)]


def test_every_guarded_table_has_its_triggers() -> None:
    assert len(list(guards.guarded_tables())) > 15
    assert len(every_guarded_model()) > 10
    assert guards.missing() == []


def test_a_lost_trigger_is_noticed() -> None:
    on = "" if connection.vendor == "sqlite" else " ON trust_body"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER guard_trust_body_update{on}")
    assert guards.missing() == ["trust_body"]


def test_guards_come_back_after_migrate() -> None:
    guards.remove()
    assert guards.missing()
    call_command("migrate", verbosity=0, interactive=False)
    assert guards.missing() == []
    assert refused(CURRENT["update"])


@pytest.mark.sqlite_only("SQLite alone keeps a trigger's words; on PostgreSQL all are made anew")
def test_a_start_with_nothing_to_migrate_leaves_sound_guards_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    laid_aside: list[str] = []
    remove = guards.remove
    monkeypatch.setattr(guards, "remove", lambda: laid_aside.append("all") or remove())
    call_command("migrate", verbosity=0, interactive=False)
    assert guards.as_written() and laid_aside == []
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER guard_trust_body_update")
        cursor.execute(
            "CREATE TRIGGER guard_trust_body_update BEFORE UPDATE ON trust_body "
            "WHEN 0 BEGIN SELECT RAISE(ABORT, 'never'); END"
        )
    assert guards.missing() == [] and not guards.as_written()
    call_command("migrate", verbosity=0, interactive=False)
    assert guards.as_written() and "all" in laid_aside
    assert refused(CURRENT["update"])


def test_the_marker_is_off_again_after_an_action() -> None:
    with action(by="a test", reason="the marker"):
        assert marker_is_on()
    assert not marker_is_on()


def test_the_marker_is_off_again_after_an_exception_inside() -> None:
    with pytest.raises(RuntimeError), action(by="a test", reason="the marker"):
        raise RuntimeError
    assert not marker_is_on()
    assert refused(CURRENT["update"])


def test_an_inner_action_leaves_the_outer_one_its_marker() -> None:
    with action(by="a test", reason="outer"):
        with action(by="a test", reason="inner"):
            assert marker_is_on()
        assert marker_is_on()
        with pytest.raises(RuntimeError), action(by="a test", reason="inner"):
            raise RuntimeError
        assert marker_is_on()
    assert not marker_is_on()


def body() -> Body:
    return Body.objects.get(code=CODE)


WAYS = {
    "save": lambda: body().save(),
    "delete a record": lambda: body().delete(),
    "create": lambda: Body.objects.create(code="x"),
    "get_or_create": lambda: Body.objects.get_or_create(code="x"),
    "update_or_create": lambda: Body.objects.update_or_create(code="x"),
    "update": lambda: Body.objects.filter(code=CODE).update(name_zh="x"),
    "bulk_create": lambda: Body.objects.bulk_create([body()]),
    "bulk_update": lambda: Body.objects.bulk_update([body()], ["name_zh"]),
    "delete many": lambda: Body.objects.filter(code=CODE).delete(),
    "another system's record": lambda: Agreement.objects.all().delete(),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_record_is_written_by_no_other_way_than_an_action(way: str) -> None:
    before = body().name_zh
    with pytest.raises(OutsideAction):
        WAYS[way]()
    with marked(), pytest.raises(OutsideAction):
        WAYS[way]()
    assert body().name_zh == before


ONCE = {
    "save": lambda: Pseudonym.objects.first().save(),
    "delete": lambda: Pseudonym.objects.first().delete(),
    "update": lambda: Pseudonym.objects.update(key=1),
    "delete many": lambda: CaseEvent.objects.all().delete(),
    "bulk_update": lambda: Pseudonym.objects.bulk_update([Pseudonym.objects.first()], ["key"]),
    "a version's update": lambda: Body.Version.objects.update(name_zh="x"),
    "a version's delete": lambda: Body.Version.objects.all().delete(),
}


@pytest.mark.parametrize("way", ONCE)
def test_what_is_written_once_is_changed_in_no_way(way: str) -> None:
    with pytest.raises(WrittenOnce):
        ONCE[way]()
