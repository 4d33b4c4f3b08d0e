"""Evidence written from an event loop: together, once, and each caller with its own answer."""

import asyncio
from pathlib import Path

import pytest

from lingnan.kernel.trust.evidence import asynchronous
from lingnan.kernel.trust.evidence.api import (
    Entry,
    EvidenceUnavailable,
    InvalidEntry,
    Receipt,
    open_reader,
)
from lingnan.kernel.trust.evidence.asynchronous import AsyncClient
from tests.evidence.conftest import Start


def entry(number: int) -> Entry:
    return Entry("message.received", {"number": number}, reference=f"n-{number}")


async def appended(door: Path, numbers: range) -> list[list[Receipt]]:
    client = AsyncClient(door, patience=10)
    try:
        return await asyncio.gather(*[client.append([entry(n), entry(-n)]) for n in numbers])
    finally:
        await client.close()


def test_many_at_once_each_has_its_own_receipts(start: Start, path: Path, door: Path) -> None:
    start()
    found = asyncio.run(appended(door, range(1, 700)))
    reader = open_reader(path)
    for number, (first, second) in enumerate(found, 1):
        stored = {one.seq: one.reference for one in reader.by_reference(f"n-{number}")}
        assert stored == {first.seq: f"n-{number}"}
        assert second.seq == first.seq + 1
    assert reader.head().size == 2 * 699
    assert reader.verify() == []


def test_a_bad_entry_is_its_callers_alone(start: Start, path: Path, door: Path) -> None:
    start()

    async def mixed() -> list[list[Receipt] | BaseException]:
        client = AsyncClient(door, patience=10)
        bad = Entry("message.received", {"number": 0}, reference="\n")
        asked = [client.append([entry(1)]), client.append([bad]), client.append([entry(2)])]
        found = await asyncio.gather(*asked, return_exceptions=True)
        await client.close()
        return found

    first, refused, second = asyncio.run(mixed())
    assert isinstance(refused, InvalidEntry)
    assert isinstance(first, list) and isinstance(second, list)
    assert open_reader(path).head().size == 2


def test_a_restart_of_the_writer_is_not_noticed(start: Start, path: Path, door: Path) -> None:
    process = start()

    async def across() -> None:
        client = AsyncClient(door, patience=10)
        await client.append([entry(1)])
        process.kill()
        process.wait()
        begun = asyncio.get_running_loop().run_in_executor(None, start)
        found = await asyncio.gather(*[client.append([entry(n)]) for n in range(2, 20)])
        await begun
        await client.close()
        assert all(found)

    asyncio.run(across())
    assert open_reader(path).head().size == 19


def test_without_a_writer_nothing_is_acknowledged(door: Path) -> None:
    async def alone() -> None:
        client = AsyncClient(door, patience=0.1)
        with pytest.raises(EvidenceUnavailable):
            await client.append([entry(1)])
        await client.close()

    asyncio.run(alone())


def test_a_writer_that_never_answers_is_given_up(
    door: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asynchronous, "LIMIT", 0.2)

    async def silent() -> None:
        server = await asyncio.start_unix_server(lambda _reader, _writer: None, str(door))
        client = AsyncClient(door)
        with pytest.raises(EvidenceUnavailable):
            await client.append([entry(1)])
        await client.close()
        server.close()

    asyncio.run(silent())
