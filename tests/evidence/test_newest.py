"""Checking the newest entries: as the whole check finds it, and no more work as the log grows."""

import pytest

from lingnan.kernel.trust.evidence.api import Entry, Subject
from lingnan.kernel.trust.evidence.store import SqlStore

ZHANG = Subject("population", 7)


def filled(store: SqlStore, count: int) -> None:
    """In groups of three, so that heads stand at some sizes only."""
    for first in range(0, count, 3):
        store.append([Entry("a.test", {"n": n}, (ZHANG,)) for n in range(first, first + 3)])


@pytest.mark.parametrize("newest", [1, 2, 100, 300, 10_000])
def test_an_untouched_log_is_whole(store: SqlStore, newest: int) -> None:
    assert store.verify_newest(newest) == []
    filled(store, 300)
    assert store.verify_newest(newest) == []
    store.erase([7, 299], "a test")
    assert store.verify_newest(newest) == []


CHANGES = {
    "payload": ("payloads", "UPDATE payloads SET payload = '{\"n\":0}' WHERE seq = 290"),
    "leaf": ("entries", "UPDATE entries SET kind = 'another' WHERE seq = 290"),
    "subject": ("payloads", "UPDATE subjects SET key = 8 WHERE seq = 290"),
    "erased": ("payloads", "DELETE FROM payloads WHERE seq = 290"),
    "removed": ("entries", "DELETE FROM entries WHERE seq = 290"),
    "head": ("heads", "DELETE FROM heads WHERE size = 300"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_in_the_newest_entries_is_found(store: SqlStore, change: str) -> None:
    filled(store, 300)
    table, sql = CHANGES[change]
    store._database.many(sql, [()])
    assert table in {fault.table for fault in store.verify_newest(20)}


def test_what_stands_before_them_is_taken_as_its_nodes_say(store: SqlStore) -> None:
    filled(store, 300)
    store._database.many("UPDATE payloads SET payload = '{}' WHERE seq = 5", [()])
    assert store.verify_newest(20) == []
    assert store.verify_newest(300) != []
    store._database.many(f"UPDATE nodes SET hash = {_blob(store)}", [()])
    assert "heads" in {fault.table for fault in store.verify_newest(20)}


def _blob(store: SqlStore) -> str:
    sqlite = type(store._database).__name__ == "SqliteDatabase"
    return f"x'{'00' * 32}'" if sqlite else f"'\\x{'00' * 32}'::bytea"
