"""One HTTP/1.1 connection to a host: a request at a time, its answer read whole.

The bytes are httptools' (llhttp) to parse; what is decided here is when an answer has ended, how
much of it is taken, and whether the connection can be asked again.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import httptools

from lingnan.kernel.exchange.messages import asgi
from lingnan.kernel.exchange.messages.refusals import Refused

HEAD_BYTES = 64 * 1024
"""Most bytes of an answer's head."""
PIECE = 256 * 1024
"""Bytes of a body that are written at once."""
_OWN = frozenset({"host", "content-length", "transfer-encoding", "connection", "expect"})
_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "DELETE"})
Said = tuple[int, dict[str, str], bytes]
"""Status, fields by lower-case name, body."""


class BadAnswer(ConnectionError):
    """What came is no answer of HTTP/1.1, or broke off."""


class Connection(asyncio.Protocol):
    """An open connection. `came`: whether anything of the present answer did; `reusable`: whether
    another request may follow once it has ended."""

    transport: asyncio.Transport
    _fields: dict[str, str]

    def __init__(self) -> None:
        self.came, self.reusable, self.asked = False, True, 0
        self._end = "the connection was closed"
        self._loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[Said] | None = None
        self._writable: asyncio.Future[None] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._begin(False)

    async def ask(self, head: bytes, body: bytes, headless: bool, seconds: float) -> Said:
        """Send a request and read its answer. `headless`: an answer to HEAD has no body.

        Raises BadAnswer, TimeoutError, Refused (MessageTooLarge); the connection is closed then.
        """
        if not self.reusable:
            raise BadAnswer(self._end)
        self._begin(headless)
        self.asked += 1
        answer = self._answer = self._loop.create_future()
        limit = self._loop.call_later(seconds, self._fail, TimeoutError("no answer in time"))
        try:
            if len(body) <= PIECE:
                self.transport.write(head + body)
            else:
                await self._write(head, body, answer)
            return await answer
        except BaseException:
            self.close()
            raise
        finally:
            limit.cancel()
            self._answer = None

    def close(self) -> None:
        self.reusable = False
        self.transport.abort()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.reusable = False
        if exc is not None:
            self._end = str(exc) or type(exc).__name__
        self.resume_writing()
        if self._to_the_end and exc is None:
            self._complete()
        else:
            self._fail(BadAnswer(self._end))

    def pause_writing(self) -> None:
        self._writable = self._loop.create_future()

    def resume_writing(self) -> None:
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)
        self._writable = None

    def data_received(self, data: bytes) -> None:
        if self._answer is None:
            # Nobody asked: whatever it is, no answer to the next request.
            self.close()
            return
        self.came = True
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as problem:
            self._fail(BadAnswer(f"not HTTP: {problem}"))
            return
        if not self._headed:
            self._length += len(data)
            if self._length > HEAD_BYTES:
                self._fail(Refused("MessageTooLarge", "the head of an answer is too long"))

    def on_message_begin(self) -> None:
        """Of an answer, or of one that announces it (1xx)."""
        if self._ended:
            # A second answer to one request: the next would be taken for another's.
            self.reusable = False
        self._fields = {}

    def on_header(self, name: bytes, value: bytes) -> None:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1").strip()
        kept = self._fields.get(key)
        self._fields[key] = text if kept is None else f"{kept}, {text}"

    def on_headers_complete(self) -> None:
        self._status = self._parser.get_status_code()
        if self._status < 200:
            return
        self._headed, self._length = True, 0
        self._keeps = self._parser.should_keep_alive()
        if self._headless:
            # The parser would wait for the body that the fields tell of.
            self._keeps = False
            self._complete()
        else:
            bodiless = self._status in (204, 304)
            told = "content-length" in self._fields or "transfer-encoding" in self._fields
            self._to_the_end = not told and not bodiless

    def on_body(self, body: bytes) -> None:
        self._length += len(body)
        if self._length > asgi.LARGEST:
            self._fail(Refused("MessageTooLarge", f"an answer has at most {asgi.LARGEST} bytes"))
        else:
            self._pieces.append(body)

    def on_message_complete(self) -> None:
        if self._headed:
            self._complete()

    def _begin(self, headless: bool) -> None:
        self.came, self._headless = False, headless
        self._headed = self._ended = self._to_the_end = self._keeps = False
        self._status, self._length = 0, 0
        self._fields = {}
        self._pieces: list[bytes] = []

    async def _write(self, head: bytes, body: bytes, answer: "asyncio.Future[Said]") -> None:
        self.transport.write(head)
        rest = memoryview(body)
        while rest and not answer.done():
            self.transport.write(rest[:PIECE])
            rest = rest[PIECE:]
            if self._writable is not None:
                await self._writable
        if rest:
            # Answered before all was said: what comes next here would be taken for the rest.
            self.reusable = False

    def _complete(self) -> None:
        self._ended, self._to_the_end = True, False
        if not self._keeps:
            self.reusable = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((self._status, self._fields, b"".join(self._pieces)))
            # Who has answered may read nothing more: nobody waits for it.
            self.resume_writing()

    def _fail(self, problem: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self.resume_writing()
            self._answer.set_exception(problem)


def head(method: str, target: str, host: str, fields: Mapping[str, str], length: int) -> bytes:
    """The head of a request. Raises ValueError on what would be read as more than was meant."""
    lines = [f"{method} {target} HTTP/1.1", f"host: {host}"]
    lines += [f"{name}: {value}" for name, value in fields.items() if name not in _OWN]
    if length or method not in _WITHOUT_BODY:
        lines.append(f"content-length: {length}")
    text = "\r\n".join(lines)
    breaks = len(lines) - 1
    if text.count("\n") != breaks or text.count("\r") != breaks or "\0" in text:
        raise ValueError("a field has a line of its own")
    if lines[0].count(" ") != 2 or " " in host:
        raise ValueError("an address has no spaces")
    return f"{text}\r\n\r\n".encode()
