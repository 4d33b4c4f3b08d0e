"""A consumer's and a provider's gateway, tied together without a network."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lingnan.kernel.exchange.messages.calls import Answer, Call, unavailable
from lingnan.kernel.exchange.messages.consuming import Consumer
from lingnan.kernel.exchange.messages.directory import Directory, Peer
from lingnan.kernel.exchange.messages.providing import Provider
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.kernel.exchange.messages.seen import Seen
from lingnan.standards import xroad
from lingnan.standards.http_signatures import Message
from lingnan.standards.xroad import Identifier, Service
from tests.messages.nodes import MARKET, POLICE, POPULATION, directory, keeper

CITY, PROVINCE = keeper("440100"), keeper("440000")


@dataclass
class Log:
    """Evidence in memory; `down` refuses as a store that cannot be written."""

    entries: list[tuple[str, Mapping[str, Any], str]] = field(default_factory=list)
    down: bool = False

    async def write(self, kind: str, payload: Mapping[str, Any], reference: str) -> None:
        if self.down:
            raise unavailable("the exchange cannot be written down")
        self.entries.append((kind, dict(payload), reference))

    @property
    def kinds(self) -> list[str]:
        return [kind for kind, _payload, _reference in self.entries]


@dataclass
class Identity:
    """A service that echoes."""

    calls: list[Call] = field(default_factory=list)

    def reads(self, method: str) -> bool:
        return method == "GET"

    async def answer(self, call: Call) -> Answer:
        self.calls.append(call)
        if call.called.path == "/broken":
            raise Refused("NetworkError", "the service did not answer", 503)
        status = 404 if call.called.path == "/nobody" else 200
        return Answer(
            status, [("content-type", "text/plain"), ("x-own", "1")], b"echo:" + call.body
        )


@dataclass
class Offer:
    """One service, open to the market regulator alone."""

    identity: Identity = field(default_factory=Identity)

    async def served(self, call: Call) -> Identity:
        if call.called.service != Service(POPULATION, "identity"):
            raise Refused("UnknownService", f"no service {call.called.service}")
        if Identifier(*call.client.parts[:3]) != MARKET:
            raise Refused("AccessDenied", f"{call.client} has no agreement")
        return self.identity

    async def methods(
        self, provider: Identifier, client: Identifier | None
    ) -> Mapping[str, Sequence[tuple[str, str]]]:
        open_to = client is None or Identifier(*client.parts[:3]) == MARKET
        return {"identity": [("POST", "/")]} if open_to and provider == POPULATION else {}

    async def description(self, service: Service) -> str:
        if service.code != "identity":
            raise Refused("UnknownService", f"no service {service}")
        return '{"openapi":"3.0.0"}'


@dataclass
class Loop:
    """A wire that is a call. `spoil` changes what is sent; `last` is what was."""

    provider: Provider | None = None
    spoil: Any = None
    last: tuple[Message, bytes] | None = None

    async def send(self, peer: Peer, request: Message, body: bytes) -> tuple[Message, bytes]:
        assert self.provider
        if self.spoil:
            request, body = self.spoil(request, body)
        self.last = request, body
        status, fields, said = await asked(
            self.provider, request.method, request.path, request.fields, body, request.query
        )
        return Message(fields, status=status, request=request), said


@dataclass
class Systems:
    """Information systems that may speak for these members."""

    members: frozenset[Identifier]

    def demand(self, scope: MutableMapping[str, Any], client: Identifier) -> None:
        if Identifier(*client.parts[:3]) not in self.members:
            raise Refused("AccessDenied", f"you do not speak for {client}", 403)


@dataclass
class Pair:
    """Both gateways with all that they lean on."""

    consumer: Consumer
    provider: Provider
    wire: Loop
    offer: Offer
    sent: Log
    received: Log

    async def ask(
        self, path: str = f"/r1/{POPULATION}/identity", method: str = "POST", body: bytes = b"{}",
        query: str = "", **fields: str,
    ) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
        told = {xroad.CLIENT: f"{MARKET}/online_services"} | {
            name.replace("_", "-"): value for name, value in fields.items()
        }
        return await asked(self.consumer, method, path, told, body, query)


def pair(known: Directory | None = None, since: float = 0) -> Pair:
    found = known or directory(
        CITY.peer(MARKET, POLICE),
        PROVINCE.peer(POLICE),
        homes={POPULATION: PROVINCE.server},
        names={MARKET: "越秀区市场监督管理局", POPULATION: "广东省公安厅"},
    )
    wire, offer, sent, received = Loop(), Offer(), Log(), Log()
    provider = Provider(PROVINCE.speaker, lambda: found, offer, received, Seen(since))
    wire.provider = provider
    members = next(iter(found.peers)).members
    consumer = Consumer(CITY.speaker, lambda: found, wire, Systems(members), sent)
    return Pair(consumer, provider, wire, offer, sent, received)


async def asked(
    application: Any,
    method: str,
    path: str,
    fields: Mapping[str, str],
    body: bytes,
    query: str = "",
) -> tuple[int, dict[str, str], bytes]:
    """One request to an ASGI application: status, fields, body."""
    length = [(b"content-length", b"%d" % len(body))] if body else []
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": length + [(name.encode(), value.encode()) for name, value in fields.items()],
    }
    events = [{"type": "http.request", "body": body, "more_body": False}]
    said: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return events.pop(0)

    async def send(event: MutableMapping[str, Any]) -> None:
        said.append(event)

    await application(scope, receive, send)
    start, whole = said
    return (
        start["status"],
        {name.decode(): value.decode() for name, value in start["headers"]},
        whole["body"],
    )
