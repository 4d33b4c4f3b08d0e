"""Group commit, the writer process and its clients: nothing acknowledged is lost or doubled."""

import json
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lingnan.kernel.trust.evidence.api import (
    Client,
    Entry,
    EvidenceLocked,
    EvidenceUnavailable,
    InvalidEntry,
    Receipt,
    Writer,
    open_reader,
    open_writer,
)
from lingnan.kernel.trust.evidence.serve import Server, _Peer, main
from lingnan.kernel.trust.evidence.store import Group, SqliteStore, SqlStore
from lingnan.kernel.trust.evidence.wire import HEADER
from tests.evidence.stored import Start, entry, numbers


def many_threads(append: Callable[[list[Entry]], list[Receipt]]) -> list[int]:
    def work(thread: int) -> list[int]:
        return [append([entry(f"{thread}-{n}")])[0].seq for n in range(200)]

    with ThreadPoolExecutor(8) as pool:
        return [seq for seqs in pool.map(work, range(8)) for seq in seqs]


def test_threads_share_a_writer(location: str) -> None:
    with open_writer(location) as writer:
        assert isinstance(writer, Writer)
        assert sorted(many_threads(writer.append)) == list(range(1, 1601))
    with open_reader(location) as reader:
        assert reader.verify() == [] and reader.size() == 1600


def test_threads_share_a_process(start: Start, path: Path, door: Path) -> None:
    start()
    with Client(door) as client:
        assert sorted(many_threads(client.append)) == list(range(1, 1601))
    assert len(set(numbers(path))) == 1600


def test_a_failure_reaches_every_caller(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SqliteStore(path)

    def fails(groups: object) -> list[list[Receipt]]:
        raise EvidenceUnavailable("the disk is full")

    with Writer(store) as writer:
        monkeypatch.setattr(store, "commit", fails)
        with ThreadPoolExecutor(4) as pool:
            futures = [pool.submit(writer.append, [entry(n)]) for n in range(8)]
            for future in futures:
                with pytest.raises(EvidenceUnavailable, match="disk is full"):
                    future.result()
        monkeypatch.undo()
        assert writer.append([entry("after")])[0].seq == 1
    with pytest.raises(EvidenceUnavailable):
        writer.append([entry("closed")])


def test_a_slow_disk_is_a_timeout(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SqliteStore(path)
    commit = store.commit

    def slowly(groups: Sequence[Group]) -> list[list[Receipt]]:
        time.sleep(0.3)
        return commit(groups)

    monkeypatch.setattr(store, "commit", slowly)
    with Writer(store) as writer, pytest.raises(EvidenceUnavailable, match="in time"):
        writer.append([entry(1)], timeout=0.05)
    assert numbers(path) == [1]  # it may become durable all the same


def test_the_door_prefers_the_process(start: Start, path: Path, door: Path) -> None:
    process = start()
    assert door.stat().st_mode & 0o777 == 0o600 and path.stat().st_mode & 0o777 == 0o600
    with open_writer(path, door) as writer:
        assert isinstance(writer, Client)
        first = writer.append([entry(1), entry(2)])
        assert [receipt.seq for receipt in first] == [1, 2]
        with pytest.raises(InvalidEntry):
            writer.append([Entry("", {})])
        with pytest.raises(InvalidEntry):
            writer.append([Entry("a", {"x": object()})])
        with pytest.raises(InvalidEntry):
            writer.erase([77], "x")
        assert writer.erase([1], "本人请求").seq == 3
    with pytest.raises(EvidenceLocked):
        open_writer(path)
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0 and not door.exists()
    with open_writer(path, door) as alone:
        assert isinstance(alone, Writer)
        assert alone.append([entry(4)])[0].seq == 4


def test_a_second_process_is_refused(start: Start, path: Path, door: Path) -> None:
    start()
    assert main(["--store", str(path), "--socket", str(door) + "2"]) == 1
    assert main(["--store", str(path) + "2", "--socket", str(door)]) == 1
    assert main(["--store", str(path) + "3", "--socket", str(door) + "x" * 120]) == 1
    with Client(door) as client:
        assert client.append([entry(1)])[0].seq == 1


def test_a_restart_is_not_noticed(start: Start, path: Path, door: Path) -> None:
    process = start()
    with Client(door) as client:
        client.append([entry(1)])
        process.kill()
        process.wait()
        start()
        assert client.append([entry(2)])[0].seq == 2
    assert numbers(path) == [2, 1]


def test_no_writer_no_answer(door: Path) -> None:
    with Client(door, patience=0.1) as client, pytest.raises(EvidenceUnavailable):
        client.append([entry(1)])


class DroppedAnswer(Server):
    """A writer whose first answer is lost after the disk has the entry."""

    lost = False

    def _answer(self, peer: _Peer, message: dict[str, Any]) -> None:
        if "receipts" in message and not self.lost:
            self.lost = True
            self._drop(peer)
            return
        super()._answer(peer, message)


def test_a_lost_answer_is_not_written_twice(path: Path, door: Path) -> None:
    server = DroppedAnswer(SqliteStore(path), door)
    thread = threading.Thread(target=server.run)
    thread.start()
    with Client(door) as client:
        assert client.append([entry("once")])[0].seq == 1
        assert client.append([entry("next")])[0].seq == 2
    server.end()
    thread.join()
    assert server.lost and numbers(path) == ["next", "once"]


@pytest.mark.parametrize(
    "sent",
    [
        b"\xff\xff\xff\xff",
        HEADER.pack(3) + b"[]x",
        HEADER.pack(2) + b"[]",
        HEADER.pack(13) + b'{"op":"away"}',
        HEADER.pack(15) + b'{"op":"append"}',
        HEADER.pack(14) + b'{"op":"erase"}',
        HEADER.pack(100) + b"half",
    ],
)
def test_a_broken_request_hurts_nobody_else(start: Start, door: Path, sent: bytes) -> None:
    start()
    with socket.socket(socket.AF_UNIX) as rude:
        rude.connect(str(door))
        rude.sendall(sent)
        rude.shutdown(socket.SHUT_WR)
        rude.settimeout(5)
        answer = rude.recv(65536)
        assert not answer or json.loads(answer[4:])["ok"] is False
    with Client(door) as client:
        assert client.append([entry(1)])[0].seq == 1


def test_postgres_writer_recovers_from_a_lost_connection(store: SqlStore, location: str) -> None:
    if not location.startswith("postgres"):
        pytest.skip("only a server can lose its connection")
    import psycopg

    store.append([entry(1)])
    with psycopg.connect(location, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'lingnan evidence' AND datname = current_database()"
        )
    with pytest.raises(EvidenceUnavailable):
        store.append([entry(2)])
    assert store.append([entry(3)])[0].seq == 2 and store.verify() == []
