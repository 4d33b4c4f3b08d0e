"""Serving an ASGI application over mutual TLS: uvicorn, told whose certificate the channel has.

A peer has ten seconds for the head of a request (a slow one holds nothing), and 64 KiB.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from lingnan.kernel.exchange.messages import asgi

HEAD_SECONDS, HEAD_BYTES = 10.0, 64 * 1024
KEPT_SECONDS = 75
BACKLOG, AT_ONCE = 512, 4096
TLS = "tls"
"""Extension of a scope: `{"certificate": DER of the caller's, or None, "local": bool}`."""


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
