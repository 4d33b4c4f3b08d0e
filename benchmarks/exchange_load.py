"""Asking a gateway as information systems do: kept TLS connections, one request at a time each."""

import asyncio
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

PATIENCE = 60.0


class Refused(Exception):
    """An answer other than 200: the run measures nothing."""


@dataclass
class Run:
    """Seconds of each exchange, and how long all took."""

    took: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.took) / self.seconds


class _Connection(asyncio.Protocol):
    """One that asks, and hears the whole answer."""

    def __init__(self) -> None:
        self._need, self._got = -1, 0
        self._head = bytearray()
        self.done: asyncio.Future[None] | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport: asyncio.Transport = transport

    def ask(self, request: bytes) -> "asyncio.Future[None]":
        self.done = asyncio.get_running_loop().create_future()
        self._need, self._got, self._head = -1, 0, bytearray()
        self.transport.write(request)
        return self.done

    def data_received(self, data: bytes) -> None:
        if self._need < 0:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self._head.startswith(b"HTTP/1.1 200"):
                self._end(Refused(bytes(self._head[:400])))
                return
            lower = bytes(self._head[:end]).lower()
            at = lower.index(b"content-length:") + 15
            self._need = int(lower[at : lower.find(b"\r\n", at) if b"\r\n" in lower[at:] else None])
            self._got = len(self._head) - end - 4
        else:
            self._got += len(data)
        if self._got >= self._need:
            self._end(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(exc or ConnectionError("closed"))

    def _end(self, problem: Exception | None) -> None:
        if self.done is not None and not self.done.done():
            if problem is None:
                self.done.set_result(None)
            else:
                self.done.set_exception(problem)


async def load(
    port: int, context: ssl.SSLContext, name: str, request: bytes, *, connections: int,
    count: int, rate: float = 0.0,
) -> Run:  # fmt: skip
    """`count` exchanges over so many connections; with a rate each begins at its own moment, and
    time waited for a free connection counts."""
    loop = asyncio.get_running_loop()
    made: Sequence[_Connection] = [
        (await loop.create_connection(
            _Connection, "127.0.0.1", port, ssl=context, server_hostname=name))[1]
        for _ in range(connections)
    ]  # fmt: skip
    run, numbers = Run(), iter(range(count))
    started = time.perf_counter()

    async def work(one: _Connection) -> None:
        for number in numbers:
            begun = time.perf_counter()
            if rate:
                due = started + number / rate
                if due > begun:
                    await asyncio.sleep(due - begun)
                begun = due
            await asyncio.wait_for(one.ask(request), PATIENCE)
            run.took.append(time.perf_counter() - begun)

    await asyncio.gather(*map(work, made))
    run.seconds = time.perf_counter() - started
    for one in made:
        one.transport.close()
    return run
