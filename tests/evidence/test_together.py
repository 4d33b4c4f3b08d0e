"""Many threads of one process write by few messages: each its own, none lost, none twice."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lingnan.kernel.trust.evidence.api import (
    Client,
    Entry,
    EvidenceUnavailable,
    InvalidEntry,
    Receipt,
    Together,
    open_writer,
)
from tests.evidence.stored import Start, entry, numbers


class Slow(Client):
    """A client whose messages wait for `go`, and are counted."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.go, self.begun = threading.Event(), threading.Semaphore(0)
        self.messages: list[int] = []
        self.fails = False

    def append(
        self, entries: Sequence[Entry], timeout: float = 10.0, request: str | None = None
    ) -> list[Receipt]:
        self.begun.release()
        self.go.wait(20)
        self.messages.append(len(entries))
        if self.fails:
            raise EvidenceUnavailable("the disk is full")
        if any(one.kind == "bad" for one in entries):
            raise InvalidEntry("bad")
        return [Receipt(int(one.payload["n"]), b"", one.at) for one in entries]


def numbered(n: int, kind: str = "exchange.read") -> Entry:
    return Entry(kind, {"n": n})


def gathered(client: Slow, entries: Sequence[Entry]) -> list[Any]:
    """What each of so many threads gets, the first two of whom were sent before the others."""
    together = Together(client)

    def ask(one: Entry) -> Any:
        try:
            return together.append([one])[0].seq
        except (EvidenceUnavailable, InvalidEntry) as problem:
            return type(problem)

    with ThreadPoolExecutor(len(entries)) as pool:
        first = [pool.submit(ask, one) for one in entries[:2]]
        for _lane in first:
            assert client.begun.acquire(timeout=10)
        rest = [pool.submit(ask, one) for one in entries[2:]]
        while len(together._waiting) < len(rest):
            threading.Event().wait(0.001)
        client.go.set()
        return [one.result() for one in (*first, *rest)]


def test_who_waits_is_sent_with_the_others_and_gets_its_own(tmp_path: Path) -> None:
    client = Slow(tmp_path / "door")
    assert gathered(client, [numbered(n) for n in range(12)]) == list(range(12))
    assert len(client.messages) <= 4 and sum(client.messages) == 12


def test_a_bad_entry_is_its_callers_alone(tmp_path: Path) -> None:
    entries = [numbered(n, "bad" if n == 5 else "exchange.read") for n in range(8)]
    found = gathered(Slow(tmp_path / "door"), entries)
    assert found == [InvalidEntry if n == 5 else n for n in range(8)]


def test_a_failure_reaches_everybody(tmp_path: Path) -> None:
    client = Slow(tmp_path / "door")
    client.fails = True
    assert gathered(client, [numbered(n) for n in range(6)]) == [EvidenceUnavailable] * 6


def under_way(client: Slow, together: Together, pool: ThreadPoolExecutor) -> list[Future[Any]]:
    """A message in each lane, so that who asks now waits."""
    sent = [pool.submit(together.append, [numbered(n)]) for n in range(2)]
    for _lane in sent:
        assert client.begun.acquire(timeout=10)
    return sent


def test_who_gives_up_holds_up_nobody(tmp_path: Path) -> None:
    client = Slow(tmp_path / "door")
    together = Together(client)
    with ThreadPoolExecutor(2) as pool:
        sent = under_way(client, together, pool)
        with pytest.raises(EvidenceUnavailable):
            together.append([numbered(9)], timeout=0.01)
        client.go.set()
        assert [one.result()[0].seq for one in sent] == [0, 1]
    assert together.append([numbered(3)])[0].seq == 3


def test_threads_share_a_process_by_it(start: Start, path: Path, door: Path) -> None:
    start()
    with Together(Client(door)) as together, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: together.append([entry(str(n))])[0].seq, range(400)))
        assert together.ping()
    assert sorted(found) == list(range(1, 401)) and len(set(numbers(path))) == 400


def test_a_request_is_written_once(location: str) -> None:
    named = "a" * 32
    with open_writer(location) as writer:
        first = writer.append([entry("once")], request=named)
        assert writer.append([entry("once")], request=named) == first
        assert writer.append([entry("other")])[0].seq == 2


class Stepped(Slow):
    """Each message waits for a `step` of its own."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.go.set()
        self.step = threading.Semaphore(0)

    def append(
        self, entries: Sequence[Entry], timeout: float = 10.0, request: str | None = None
    ) -> list[Receipt]:
        found = super().append(entries, timeout, request)
        assert self.step.acquire(timeout=20)
        return found


@pytest.mark.parametrize("left", [{1}, {0, 1, 2}, {1, 3, 5}, {3, 4, 5}, {0, 1, 2, 3, 4}])
def test_who_left_while_it_was_written_is_passed_over_when_the_others_wake(
    tmp_path: Path, left: set[int]
) -> None:
    """The first of six sends for all of them, and does not wait as they do."""
    client = Stepped(tmp_path / "door")
    together = Together(client)
    with ThreadPoolExecutor(9) as pool:
        sent = under_way(client, together, pool)
        sends = pool.submit(together.append, [numbered(10)])
        _until(lambda: len(together._waiting) == 1)
        rest = [
            pool.submit(together.append, [numbered(20 + n)], 1.5 if n in left else 20)
            for n in range(6)
        ]
        _until(lambda: len(together._waiting) == 7)
        client.step.release()
        assert client.begun.acquire(timeout=10)
        for n in left:
            with pytest.raises(EvidenceUnavailable):
                rest[n].result(20)
        client.step.release(2)
        assert [one.result(20)[0].seq for one in (*sent, sends)] == [0, 1, 10]
        assert [one.result(20)[0].seq for n, one in enumerate(rest) if n not in left] == [
            20 + n for n in range(6) if n not in left
        ]


def _until(seen: Callable[[], bool]) -> None:
    for _turn in range(10_000):
        if seen():
            return
        threading.Event().wait(0.001)
    raise AssertionError("it never came")
