"""HTTP to another node, and to the information systems of this node's own members."""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from lingnan.kernel.exchange.messages import asgi, signing
from lingnan.kernel.exchange.messages.calls import Answer, Call
from lingnan.kernel.exchange.messages.channels import Callers
from lingnan.kernel.exchange.messages.directory import Peer
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.standards import xroad
from lingnan.standards.http_signatures import Message

CONNECT, WHOLE = 5.0, 60.0
"""Seconds to reach a host, and for a request with its answer."""
CONNECTIONS = 64
"""Most connections to one host."""
_ADDED = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Channel:
    """Whom a connection has to reach: a certificate that names this node, under its root."""

    context: ssl.SSLContext
    name: str


class Connections:
    """Kept connections of one event loop. `context` verifies hosts of departments' services."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0, limit_per_host=CONNECTIONS, ssl=context or True, ttl_dns_cache=60
            ),
            timeout=aiohttp.ClientTimeout(total=WHOLE, connect=CONNECT),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=_ADDED,
        )

    async def close(self) -> None:
        await self._session.close()

    async def fetch(
        self, method: str, url: str, fields: Mapping[str, str], body: bytes,
        channel: Channel | None = None,
    ) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
        """Status, fields by lower-case name, body. Redirects are not followed (PR-REST §4.4).

        Raises Refused, NetworkError where nobody answers, MessageTooLarge.
        """
        host = urlsplit(url).netloc
        try:
            async with self._session.request(
                method, URL(url, encoded=True), data=body or None, headers=fields,
                allow_redirects=False,
                ssl=channel.context if channel else True,
                server_hostname=channel.name if channel else None,
            ) as answer:  # fmt: skip
                said = await _whole(answer)
                return answer.status, asgi.joined(answer.headers.items()), said
        except (TimeoutError, aiohttp.ClientError, OSError) as problem:
            told = str(problem) or type(problem).__name__
            raise Refused("NetworkError", f"{host}: {told}", 503) from problem


class NodeWire:
    """As `consuming.Wire`, over mutual TLS: to the node itself, or to the next on the way there."""

    def __init__(
        self, connections: Connections, callers: Callers, here: str, hop: Callable[[Peer], Peer]
    ) -> None:
        self._connections, self._callers = connections, callers
        self._here, self._hop = here, hop

    async def send(self, peer: Peer, request: Message, body: bytes) -> tuple[Message, bytes]:
        step = self._hop(peer)
        try:
            channel = Channel(self._callers.of(step), step.code)
        except ssl.SSLError as problem:
            raise Refused("NetworkError", f"{step.server}: {problem}", 503) from problem
        url = f"{step.url}{request.path}" + (f"?{request.query}" if request.query else "")
        status, fields, said = await self._connections.fetch(
            request.method, url, request.fields, body, channel
        )
        return Message(fields, status=status, request=request), said


class Forwarded:
    """A service at an address of a department's own, as `calls.Served`.

    What it answers goes back as it is, an error too; what this node adds is that it was asked by
    whom the fields say (`X-Road-Client`, `-Id`, `-UserId`, `-Issue`).
    """

    def __init__(self, connections: Connections, url: str) -> None:
        self._connections, self._url = connections, url.rstrip("/")

    def reads(self, method: str) -> bool:
        return method in _READS

    async def answer(self, call: Call) -> Answer:
        called = call.called
        url = f"{self._url}{called.path}" + (f"?{called.query}" if called.query else "")
        fields = dict(call.fields) | {xroad.SERVICE: str(called.service)}
        fields.pop(xroad.REQUEST_ID, None)
        try:
            status, said, body = await self._connections.fetch(call.method, url, fields, call.body)
        except Refused as refused:
            # Not the address: who asks is not told what a department's network looks like.
            raise Refused(refused.kind, "the service did not answer", refused.status) from refused
        kept = [(k, v) for k, v in said.items() if k not in signing.UNSIGNED]
        return Answer(status, kept, body)


async def _whole(answer: aiohttp.ClientResponse) -> bytes:
    pieces, size = [], 0
    async for piece in answer.content.iter_any():
        size += len(piece)
        if size > asgi.LARGEST:
            raise Refused("MessageTooLarge", f"an answer has at most {asgi.LARGEST} bytes")
        pieces.append(piece)
    return b"".join(pieces)
