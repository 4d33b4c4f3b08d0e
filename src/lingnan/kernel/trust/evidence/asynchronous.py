"""Writing evidence from an event loop: who asks while others wait is written with them."""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .entry import Entry, EvidenceUnavailable, InvalidEntry, Receipt
from .wire import HEADER, entries_out, frame, receipts_in

TOGETHER = 500
"""Most entries of one writing."""
PATIENCE = 1.0
"""How long, in seconds, a writing waits for a writer that is being restarted."""
LIMIT = 15.0
"""Seconds after which a writer that does not answer is given up, with its connection."""


class _Asked:
    """One caller: what it wants written, and its answer."""

    __slots__ = ("answer", "entries")

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self.answer: asyncio.Future[list[Receipt]] = asyncio.get_running_loop().create_future()


class AsyncClient:
    """Appends through the writer's socket, for one event loop.

    As `Client`, a writing interrupted by a restart of the writer is sent once more under the same
    name and so written exactly once. After `EvidenceUnavailable` the entries may or may not have
    become durable.
    """

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        self._path, self._patience = path, patience
        self._waiting: deque[_Asked] = deque()
        self._lane = _Lane(self)
        self._writing: asyncio.Task[None] | None = None

    async def append(self, entries: Sequence[Entry], timeout: float = 10.0) -> list[Receipt]:
        """As `Evidence.append`."""
        if not entries:
            return []
        asked = _Asked(entries)
        self._waiting.append(asked)
        if self._writing is None:
            self._writing = asyncio.ensure_future(self._write())
        late = EvidenceUnavailable("The evidence was not durable in time.")
        limit = asyncio.get_running_loop().call_later(timeout, _fail, [asked], late)
        try:
            return await asked.answer
        finally:
            limit.cancel()

    async def close(self) -> None:
        """Let what is being written end, then let go of the connection."""
        if self._writing is not None:
            await self._writing
        self._lane.drop()

    async def _write(self) -> None:
        try:
            while self._waiting:
                await self._together(self._next())
        finally:
            self._writing = None

    def _next(self) -> list[_Asked]:
        found = [self._waiting.popleft()]
        count = len(found[0].entries)
        while self._waiting and count + len(self._waiting[0].entries) <= TOGETHER:
            found.append(self._waiting.popleft())
            count += len(found[-1].entries)
        return found

    async def _together(self, batch: list[_Asked]) -> None:
        try:
            receipts = await self._lane.append(
                [entry for asked in batch for entry in asked.entries]
            )
        except InvalidEntry as problem:
            if len(batch) == 1:
                _fail(batch, problem)
                return
            # One caller's bad entry is not another's failure.
            for asked in batch:
                await self._together([asked])
        except Exception as problem:  # every caller must hear of it, whatever it is
            _fail(batch, EvidenceUnavailable(str(problem)))
        else:
            at = 0
            for asked in batch:
                if not asked.answer.done():
                    asked.answer.set_result(receipts[at : at + len(asked.entries)])
                at += len(asked.entries)


class _Lane:
    """The connection, with one writing under way at most."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def append(self, entries: Sequence[Entry]) -> list[Receipt]:
        request = secrets.token_hex(16)
        data = frame({"op": "append", "request": request, "entries": entries_out(entries)})
        try:
            answer = await self._ask(data)
        except (ConnectionError, asyncio.IncompleteReadError):
            answer = await self._again(data)
        if answer.get("ok"):
            return receipts_in(answer)
        if answer.get("error") == "invalid":
            raise InvalidEntry(answer.get("message"))
        raise EvidenceUnavailable(answer.get("message"))

    async def _again(self, data: bytes) -> dict[str, Any]:
        try:
            return await self._ask(data)
        except (ConnectionError, asyncio.IncompleteReadError) as problem:
            raise EvidenceUnavailable("The evidence writer went away.") from problem

    async def _ask(self, data: bytes) -> dict[str, Any]:
        try:
            reader, writer = await self._connected()
            async with asyncio.timeout(LIMIT):
                writer.write(data)
                await writer.drain()
                (length,) = HEADER.unpack(await reader.readexactly(HEADER.size))
                answer = json.loads(await reader.readexactly(length))
        except TimeoutError as problem:
            self.drop()
            raise EvidenceUnavailable("The evidence was not durable in time.") from problem
        except BaseException:
            self.drop()
            raise
        return answer if isinstance(answer, dict) else {}

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._client._patience
        while self._streams is None:
            try:
                self._streams = await asyncio.open_unix_connection(str(self._client._path))
            except OSError as problem:
                if loop.time() >= until:
                    raise EvidenceUnavailable("No evidence writer answers.") from problem
                await asyncio.sleep(0.02)
        return self._streams

    def drop(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def _fail(batch: Sequence[_Asked], problem: Exception) -> None:
    for asked in batch:
        if not asked.answer.done():
            asked.answer.set_exception(problem)
