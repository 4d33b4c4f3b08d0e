"""Connections to hosts, kept: so many to each, those that are idle asked first."""

import asyncio
import ssl
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from lingnan.kernel.exchange.messages import connecting
from lingnan.kernel.exchange.messages.connecting import BadAnswer, Connection, Said
from lingnan.kernel.exchange.messages.refusals import Refused

CONNECT, WHOLE = 5.0, 60.0
"""Seconds to reach a host, and for a request with its answer."""
MOST = 64
"""Connections to one host."""
IDLE = 15.0
"""Seconds after which one that was not asked is not asked again: the host may be closing it."""
_AGAIN = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
"""Methods that may be said twice (RFC 9110 §9.2.2)."""


@dataclass(frozen=True)
class Channel:
    """Whom a connection has to reach: a certificate that names this node, under its root."""

    context: ssl.SSLContext
    name: str


@dataclass
class _Host:
    """What is open to one host: idle connections with since when; who waits for one."""

    idle: list[tuple[float, Connection]] = field(default_factory=list)
    open: int = 0
    waiting: deque["asyncio.Future[None]"] = field(default_factory=deque)


@dataclass(frozen=True)
class _Address:
    host: str
    port: int
    secure: bool
    netloc: str


class Connections:
    """Kept connections of one event loop. `context` verifies hosts of departments' services."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._context = context
        self._hosts: dict[tuple[object, ...], _Host] = {}
        self._open: set[Connection] = set()

    async def close(self) -> None:
        for one in list(self._open):
            one.close()
        self._open.clear()
        self._hosts.clear()

    async def fetch(
        self, method: str, url: str, fields: Mapping[str, str], body: bytes,
        channel: Channel | None = None,
    ) -> Said:  # fmt: skip
        """Status, fields by lower-case name, body. Redirects are not followed (PR-REST §4.4),
        bodies stay as they are encoded.

        Raises Refused, NetworkError where nobody answers, MessageTooLarge.
        """
        at, target = _address(url)
        try:
            head = connecting.head(method, target, at.netloc, fields, len(body))
            host = self._host(at, channel)
            while True:
                one = await self._taken(host, at, channel)
                try:
                    return await one.ask(head, body, method == "HEAD", WHOLE)
                except BadAnswer:
                    # Closed by the host as it was asked; on a new one that is no reason.
                    if one.asked == 1 or one.came or method not in _AGAIN:
                        raise
                finally:
                    self._back(host, one)
        except (TimeoutError, OSError, ValueError) as problem:
            told = str(problem) or type(problem).__name__
            raise Refused("NetworkError", f"{at.netloc}: {told}", 503) from problem

    def _host(self, at: _Address, channel: Channel | None) -> _Host:
        key = (at.netloc, at.secure, channel and channel.context, channel and channel.name)
        found = self._hosts.get(key)
        if found is None:
            found = self._hosts[key] = _Host()
        return found

    async def _taken(self, host: _Host, at: _Address, channel: Channel | None) -> Connection:
        """An idle connection, or a new one; after others where there are many."""
        while True:
            until = time.monotonic() - IDLE
            while host.idle:
                since, one = host.idle.pop()
                if since >= until and one.reusable:
                    return one
                self._gone(host, one)
            if host.open < MOST:
                return await self._made(host, at, channel)
            await _turn(host)

    async def _made(self, host: _Host, at: _Address, channel: Channel | None) -> Connection:
        context = (channel.context if channel else self._verifying()) if at.secure else None
        name = channel.name if channel and context else None
        host.open += 1
        try:
            async with asyncio.timeout(CONNECT):
                _transport, one = await asyncio.get_running_loop().create_connection(
                    Connection, at.host, at.port, ssl=context, server_hostname=name
                )
        except BaseException:
            host.open -= 1
            _next(host)
            raise
        self._open.add(one)
        return one

    def _back(self, host: _Host, one: Connection) -> None:
        if one.reusable:
            host.idle.append((time.monotonic(), one))
        else:
            self._gone(host, one)
        _next(host)

    def _gone(self, host: _Host, one: Connection) -> None:
        host.open -= 1
        self._open.discard(one)
        one.close()

    def _verifying(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = ssl.create_default_context()
        return self._context


async def _turn(host: _Host) -> None:
    """Wait until another may be tried. Raises TimeoutError."""
    turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    host.waiting.append(turn)
    try:
        async with asyncio.timeout(CONNECT):
            await turn
    except BaseException:
        if turn.done() and not turn.cancelled():
            _next(host)
        raise


def _next(host: _Host) -> None:
    """Let the next try: a connection is idle, or another may be opened."""
    while host.waiting:
        turn = host.waiting.popleft()
        if not turn.done():
            turn.set_result(None)
            return


def _address(url: str) -> tuple[_Address, str]:
    """The host, and what is asked of it. Raises Refused on what is no address of a host."""
    scheme, _, rest = url.partition("://")
    netloc, _, path = rest.partition("/")
    return _origin(scheme, netloc), f"/{path}"


@lru_cache(maxsize=1024)
def _origin(scheme: str, netloc: str) -> _Address:
    try:
        told = urlsplit(f"//{netloc}")
        host, port = told.hostname, told.port
    except ValueError:
        host = port = None
    if not host or told.netloc != netloc or scheme not in ("http", "https"):
        raise Refused("NetworkError", "not an address of a host", 503)
    secure = scheme == "https"
    return _Address(host, port or (443 if secure else 80), secure, netloc.rpartition("@")[2])
