"""Serving an ASGI application over mutual TLS: uvicorn, told whose certificate the channel has.

A peer has ten seconds for the head of a request (a slow one holds nothing), and 64 KiB.
"""

import asyncio
import gc
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from lingnan.kernel.exchange.messages import asgi

HEAD_SECONDS, HEAD_BYTES = 10.0, 64 * 1024
KEPT_SECONDS = 75
BACKLOG, AT_ONCE = 512, 4096
TLS = "tls"
"""Extension of a scope: `{"certificate": DER of the caller's, or None, "local": bool}`."""


_NOT_WHOLE = frozenset({b"connection", b"transfer-encoding"})


class Whole:
    """Sends head and body of an answer in one piece, where the application says them whole: one
    record of TLS instead of two. All else is uvicorn's own sending."""

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle
        self._start: Any = None
        self._plain = cycle.scope["method"] == "HEAD"

    async def __call__(self, message: Any) -> None:
        if self._plain or not self._whole(message):
            await self._in_turn(message)
        elif message["type"] == "http.response.start":
            self._start = message
        else:
            await self._at_once(message.get("body", b""))

    def _whole(self, message: Any) -> bool:
        if message["type"] == "http.response.start":
            return _NOT_WHOLE.isdisjoint([name for name, _value in message["headers"]])
        return self._start is not None and not message.get("more_body", False)

    async def _in_turn(self, message: Any) -> None:
        self._plain = True
        if self._start is not None:
            start, self._start = self._start, None
            await RequestResponseCycle.send(self._cycle, start)
        await RequestResponseCycle.send(self._cycle, message)

    async def _at_once(self, body: bytes) -> None:
        cycle = self._cycle
        if cycle.flow.write_paused and not cycle.disconnected:
            await cycle.flow.drain()
        if cycle.disconnected:
            return
        head = self._head()
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        cycle.transport.write(head + body)
        cycle.message_event.set()
        if not cycle.keep_alive:
            cycle.transport.close()
        # It and the cycle hold each other: let go, or each answer waits for the collector.
        vars(cycle).pop("send", None)
        cycle.on_response()

    def _head(self) -> bytes:
        lines = [b"%s: %s\r\n" % pair for pair in self._start["headers"]]
        if not self._cycle.keep_alive:
            lines.append(b"connection: close\r\n")
        head = STATUS_LINE[self._start["status"]] + b"".join(lines)
        if head.count(b"\n") != len(lines) + 1 or head.count(b"\r") != len(lines) + 1:
            raise RuntimeError("a field of an answer has more than its line")
        return head + b"\r\n"


class Told(HttpToolsProtocol):
    """As uvicorn's own, with the caller's certificate in the scope and a limit on heads."""

    _certificate: bytes | None = None
    _heading: asyncio.TimerHandle | None = None
    _head = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        self._certificate = tls.getpeercert(binary_form=True) if tls is not None else None
        self._local = tls is None
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._heading is not None:
            self._head += len(data)
            if self._head > HEAD_BYTES and b"\r\n\r\n" not in data:
                self.transport.close()
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._heading is None:
            self._expect_head()
        self.scope["extensions"] = {TLS: {"certificate": self._certificate, "local": self._local}}

    def on_headers_complete(self) -> None:
        self._head_came()
        super().on_headers_complete()
        # Before its task begins: by this the application will answer.
        vars(self.cycle)["send"] = Whole(self.cycle)

    def _expect_head(self) -> None:
        self._head = 0
        self._heading = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _head_came(self) -> None:
        if self._heading is not None:
            self._heading.cancel()
            self._heading = None

    def _too_slow(self) -> None:
        self._heading = None
        if not self.transport.is_closing():
            self.transport.close()


class Server(uvicorn.Server):
    """One of several in a process that looks after signals itself."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def drop(self) -> None:
        """End every channel that is open: after its answer where one is being given."""
        for one in list(self.server_state.connections):
            one.shutdown()


def settle() -> None:
    """All that is loaded stays: nobody waits for an answer while the collector looks at it again,
    and it looks seldom at what comes and goes with each message."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def server(application: Callable[..., Any], context: ssl.SSLContext | None) -> Server:
    """One that answers by an application; over TLS where there is a context."""
    config = uvicorn.Config(
        application,
        http=Told,
        ws="none",
        lifespan="off",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        limit_concurrency=AT_ONCE,
        timeout_keep_alive=KEPT_SECONDS,
        timeout_graceful_shutdown=5,
        log_config=None,
        log_level="warning",
    )
    config.load()
    config.ssl = context
    return Server(config)


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def listening_at(path: Path) -> socket.socket:
    """A socket file that this node's own processes alone may use."""
    path.unlink(missing_ok=True)
    made = socket.socket(socket.AF_UNIX)
    made.bind(str(path))
    path.chmod(0o600)
    made.listen(BACKLOG)
    return made


async def serve(servers: Sequence[tuple[Server, socket.socket]], stopping: asyncio.Event) -> None:
    """Until told to stop, or one of them ends."""
    tasks = [asyncio.create_task(one.serve([listener])) for one, listener in servers]
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait([*tasks, waiting], return_when=asyncio.FIRST_COMPLETED)
    for one, _listener in servers:
        one.should_exit = True
    waiting.cancel()
    await asyncio.gather(*tasks)


def caller(scope: asgi.Scope) -> bytes | None:
    """The certificate of the channel in DER; None where there is none."""
    found: bytes | None = scope.get("extensions", {}).get(TLS, {}).get("certificate")
    return found


def local(scope: asgi.Scope) -> bool:
    """Whether it came by the node's own socket file, which its own processes alone may use."""
    return bool(scope.get("extensions", {}).get(TLS, {}).get("local"))
