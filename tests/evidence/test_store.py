"""What a store promises: sequence, reading, erasing, and finding every changed byte."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingnan.kernel.trust.evidence.api import (
    Entry,
    EvidenceLocked,
    EvidenceUnavailable,
    Head,
    InvalidEntry,
    Subject,
    open_reader,
    open_writer,
    verify_consistency,
    verify_inclusion,
)
from lingnan.kernel.trust.evidence.store import Group, SqliteStore, SqlStore, prepare
from tests.examples import examples

NIGHT = "2026-11-20T02:00:00+00:00"
ZHANG, LI = Subject("population", 7), Subject("population", 2**63 - 1)


def entry(number: int, *subjects: Subject, kind: str = "exchange.read") -> Entry:
    return Entry(kind, {"n": number, "目的": "核对"}, subjects, NIGHT, f"CASE-{number % 3}")


def filled(store: SqlStore, count: int = 600) -> None:
    store.append([entry(number, ZHANG) for number in range(count)])
    store.append([entry(count, ZHANG, LI, kind="record.opened")])


def test_appends_and_reads(store: SqlStore) -> None:
    receipts = store.append([entry(number, ZHANG) for number in range(5)])
    assert [receipt.seq for receipt in receipts] == [1, 2, 3, 4, 5]
    store.append([Entry("signin", {}, (LI, ZHANG, LI))])
    assert [stored.seq for stored in store.by_subject("population", 7, limit=2)] == [6, 5]
    assert [stored.seq for stored in store.by_subject("population", 7, before_seq=3)] == [2, 1]
    assert [stored.seq for stored in store.by_subject("population", 7, kinds=["signin"])] == [6]
    assert [stored.seq for stored in store.by_reference("CASE-0")] == [4, 1]
    assert [stored.seq for stored in store.entries("exchange.read", limit=1)] == [5]
    assert store.subjects(6) == [ZHANG, LI]
    found = store.by_seq(3)
    assert found and found.payload == {"n": 2, "目的": "核对"} and found.reference == "CASE-2"
    assert store.by_seq(99) is None
    assert store.append([]) == [] and store.size() == 6
    assert store.verify() == []


def test_thousands_of_subjects(store: SqlStore) -> None:
    subjects = tuple(Subject("population", key) for key in range(5_000))
    store.append([Entry("exchange.read", {"set": True}, subjects, NIGHT)])
    assert store.by_subject("population", 4_999)[0].seq == 1
    assert len(store.subjects(1)) == 5_000 and store.verify() == []


@pytest.mark.parametrize(
    "wrong",
    [
        Entry("", {}),
        Entry("evidence.erased", {"entries": [1]}),
        Entry("a", {"x": float("nan")}),
        Entry("a", {"x": object()}),
        Entry("a", {"x": "\ud800"}),
        Entry("a", {"x": ["\ud800"]}),
        Entry("a", {"x": {2: 1, 10: 1}}),
        Entry("a", {"x": [{"1": 1, 1: 2}]}),
        Entry("a", {1: "x"}),  # type: ignore[dict-item]
        Entry("a", ["not an object"]),  # type: ignore[arg-type]
        Entry("a", {}, (Subject("population", -1),)),
        Entry("a", {}, (Subject("population", 2**63),)),
        Entry("a", {}, (Subject("population\0", 1),)),
        Entry("a", {}, at="2026-11-20T02:00:00"),
        Entry("a", {}, at="2026-11-20\x0002:00:00+00:00"),
        Entry("a", {}, at="yesterday"),
        Entry("a", {}, reference="x" * 201),
    ],
)
def test_refuses_what_cannot_be_written(tmp_path: Path, wrong: Entry) -> None:
    with SqliteStore(tmp_path / "evidence") as store:
        with pytest.raises(InvalidEntry):
            store.append([entry(1), wrong])
        assert store.size() == 0


def test_proofs(store: SqlStore) -> None:
    receipts = store.append([entry(number) for number in range(300)])
    old = store.head()
    store.append([entry(300)])
    new = store.head()
    proof = store.inclusion(123)
    assert verify_inclusion(receipts[122].leaf_hash, 122, new.size, proof, new.root)
    steps = store.consistency(old.size)
    assert verify_consistency(old.size, new.size, old.root, new.root, steps)
    assert store.root(300) == old.root and store.verify([old, new]) == []
    with pytest.raises(ValueError):
        store.inclusion(1, 999)


def test_continues_after_reopening(location: str) -> None:
    for turn in range(4):
        with open_writer(location) as writer:
            receipts = writer.append([entry(number) for number in range(257)])
            assert receipts[0].seq == turn * 257 + 1
    with open_reader(location) as reader:
        assert reader.size() == 4 * 257 and reader.verify() == []


def test_a_second_writer_is_refused(store: SqlStore, location: str) -> None:
    with pytest.raises(EvidenceLocked):
        open_writer(location)
    store.close()
    open_writer(location).close()


def test_reader_before_and_beside_the_writer(location: str) -> None:
    with open_reader(location) as reader:
        with pytest.raises(EvidenceUnavailable):
            reader.size()
        with open_writer(location) as writer:
            writer.append([entry(1, ZHANG)])
            assert [stored.seq for stored in reader.by_subject("population", 7)] == [1]
            with pytest.raises(EvidenceUnavailable):
                reader._database.rows("DELETE FROM entries")
        assert reader.size() == 1 and reader.verify() == []


def test_erasing(store: SqlStore, location: str) -> None:
    filled(store, 3)
    before = store.root()
    receipt = store.erase([2, 4], "根据本人请求")
    assert receipt.seq == 5 and store.root(4) == before
    erased = store.by_seq(2)
    assert erased and erased.payload is None and erased.reference is None
    assert store.subjects(4) == [] and store.by_subject("population", 2**63 - 1) == []
    assert [stored.seq for stored in store.by_reference("CASE-1")] == []
    recorded = store.by_seq(5)
    assert recorded and recorded.payload == {"entries": [2, 4], "reason": "根据本人请求"}
    assert store.verify() == []
    for impossible in ([], [99], [5]):
        with pytest.raises(InvalidEntry):
            store.erase(impossible, "x")


def test_erased_bytes_leave_the_file(tmp_path: Path) -> None:
    path = tmp_path / "evidence"
    with SqliteStore(path) as store:
        store.append([Entry("record.opened", {"name": "王小明王小明"}, (ZHANG,))])
        store.erase([1], "expired")
        kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert "王小明".encode() not in kept


def test_a_repeated_request_is_written_once(store: SqlStore) -> None:
    group = Group((prepare(entry(1)), prepare(entry(2))), "a" * 32)
    first, again = store.commit([group, group])
    assert first == again == store.commit([group])[0] and store.size() == 2
    assert store.verify() == []


def test_a_failed_commit_leaves_nothing(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(store, 2)
    head, many = store.head(), store._database.many

    def fails(sql: str, rows: list[tuple[object, ...]]) -> None:
        many(sql, rows)
        if "heads" in sql:
            raise EvidenceUnavailable("the disk is full")

    monkeypatch.setattr(store._database, "many", fails)
    with pytest.raises(EvidenceUnavailable):
        store.append([entry(9)])
    monkeypatch.undo()
    assert store.head() == head
    assert store.append([entry(9)])[0].seq == 4 and store.verify() == []


CHANGES = [
    ("entries", "seq", "seq + 100000", "seq = 5"),
    ("entries", "at", "'2020-01-01T00:00:00+00:00'", "seq = 5"),
    ("entries", "kind", "'record.closed'", "seq = 5"),
    ("entries", "commitment", "(SELECT root FROM heads LIMIT 1)", "seq = 5"),
    ("entries", "leaf_hash", "(SELECT root FROM heads LIMIT 1)", "seq = 5"),
    ("payloads", "seq", "seq + 100000", "seq = 5"),
    ("payloads", "salt", "(SELECT root FROM heads LIMIT 1)", "seq = 5"),
    ("payloads", "payload", "'{}'", "seq = 5"),
    ("payloads", "reference", "NULL", "seq = 5"),
    ("payloads", "reference", "'CASE-9'", "seq = 5"),
    ("subjects", "holder", "'firms'", "seq = 5"),
    ("subjects", "key", "key + 1", "seq = 5"),
    ("subjects", "seq", "seq + 100000", "seq = 5"),
    ("heads", "size", "size - 1", "size = 600"),
    ("heads", "size", "size + 1", "size = 602"),
    ("heads", "root", "(SELECT leaf_hash FROM entries LIMIT 1)", "size = 600"),
    ("heads", "at", "'2020-01-01T00:00:00+00:00'", "size = 600"),
    ("nodes", "level", "level + 8", "position = 1"),
    ("nodes", "position", "position + 10", "position = 1"),
    ("nodes", "hash", "(SELECT root FROM heads LIMIT 1)", "position = 1"),
    ("requests", "first", "first + 1", "1 = 1"),
    ("requests", "request", "'bbbb'", "1 = 1"),
    ("requests", "count", "count + 1", "1 = 1"),
    ("requests", "digest", "(SELECT root FROM heads LIMIT 1)", "1 = 1"),
]


@pytest.mark.parametrize(("table", "column", "value", "where"), CHANGES)
def test_finds_a_changed_value(
    store: SqlStore, table: str, column: str, value: str, where: str
) -> None:
    filled(store)
    store.commit([Group((prepare(entry(1, LI)),), "c" * 32)])
    assert store.verify() == []
    store._database.rows(f"UPDATE {table} SET {column} = {value} WHERE {where}")
    committed = {"payloads", "subjects"}  # one commitment binds both
    found = {fault.table for fault in store.verify()}
    assert found & (committed if table in committed else {table})


@pytest.mark.parametrize("table", ["entries", "payloads", "subjects"])
def test_finds_a_removed_row(store: SqlStore, table: str) -> None:
    filled(store)
    store._database.rows(f"DELETE FROM {table} WHERE seq = 601")
    assert store.verify()


def test_finds_a_log_rewritten_from_a_known_head(store: SqlStore) -> None:
    filled(store)
    known = Head(600, store.root(600), NIGHT)
    assert store.verify([known]) == []
    other = Head(600, b"\1" * 32, NIGHT)
    longer = Head(602, b"\1" * 32, NIGHT)
    assert {fault.seq for fault in store.verify([other, longer])} == {600, 602}


@pytest.fixture(scope="module")
def sealed_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("bytes") / "evidence"
    with SqliteStore(path) as store:
        store.append([entry(number, ZHANG, LI) for number in range(40)])
        store.erase([7], "x")
    yield path


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_changed_byte_of_the_file_never_passes_as_other_content(
    sealed_file: Path, tmp_path: Path, share: float, flip: int
) -> None:
    """Either the change is found, or everything still reads exactly as it was written."""
    data = bytearray(sealed_file.read_bytes())
    data[int(share * len(data))] ^= flip
    damaged = tmp_path / "damaged"
    damaged.write_bytes(data)
    for suffix in ("-wal", "-shm"):
        damaged.with_name(damaged.name + suffix).unlink(missing_ok=True)
    with open_reader(damaged) as reader, open_reader(sealed_file) as original:
        if reader.verify() == []:
            assert reader.entries(limit=100) == original.entries(limit=100)
            assert reader.subjects(5) == original.subjects(5)
