"""HTTP to another node, and to the information systems of this node's own members."""

import ssl
from collections.abc import Callable

from lingnan.kernel.exchange.messages import signing
from lingnan.kernel.exchange.messages.calls import Answer, Call
from lingnan.kernel.exchange.messages.channels import Callers
from lingnan.kernel.exchange.messages.connections import Channel, Connections
from lingnan.kernel.exchange.messages.directory import Peer
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.standards import xroad
from lingnan.standards.http_signatures import Message

_READS = frozenset({"GET", "HEAD", "OPTIONS"})


class NodeWire:
    """As `calls.Wire`, over mutual TLS: to the node itself, or to the next on the way there."""

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
