"""The gate of this instance in one process: between a second node of it and another instance."""

import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from cryptography.hazmat.primitives.asymmetric import ec

from lingnan.kernel.exchange.federation import directories, own
from lingnan.kernel.exchange.federation.partners import crossing
from lingnan.kernel.exchange.federation.partners.gates import ARRIVING, Envelopes, Gate
from lingnan.kernel.exchange.federation.partners.present import load
from lingnan.kernel.exchange.messages import enveloping, signing, voices
from lingnan.kernel.exchange.messages.calls import Answer, Call
from lingnan.kernel.exchange.messages.directory import Directory, Peer
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.kernel.exchange.messages.relaying import Relay
from lingnan.kernel.exchange.messages.seen import Seen
from lingnan.standards import xroad
from lingnan.standards.http_signatures import Message
from lingnan.standards.xroad import Identifier
from tests.kernel import abroad
from tests.kernel.abroad import Harbour
from tests.messages.nodes import Keeper
from tests.messages.passing import Log, Systems

MARKET = Identifier("CN-GD", "GOV", "gd-440300-market")
HOME = replace(MARKET, subsystem="legal_persons")
ASKS = replace(MARKET, subsystem="lingnan")
THERE = Identifier("HK", "GOV", "hk-registry", "legal_persons")
ANSWER = {"rows": [{"enterprise.state": "1"}], "evidence": 7, "as_of": "2026-03-02"}
Said = tuple[int, dict[str, Any], str]


def city() -> Keeper:
    return Keeper("CN-GD/GOV/gd-440300-data/shenzhen", ec.generate_private_key(ec.SECP256R1()))


class Instance:
    """CN-GD with its gate (this process) and Shenzhen's node, HK with its gate."""

    def __init__(self, harbour: Harbour, node: Keeper) -> None:
        here = own.membership()
        known = directories.known(here.instance, here.anchor)
        assert known is not None
        self.here, self.harbour, self.node, self.log, self.city_log = (
            here, harbour, node, Log(), Log(),
        )  # fmt: skip
        self.known = with_city(known, node)
        self.before: Callable[[], None] = lambda: None
        self.tied: Keeper | None = None
        self.city_seen, self.sent = Seen(0), 0
        self.gate = self._gate()

    def _parts(
        self, here: own.Own, speaker: signing.Speaker, log: Log, seen: Seen
    ) -> crossing.Parts:
        holders = directories.holders(self.known.homes, here.server)
        relay = Relay(here.server, self, log)
        return crossing.Parts(
            here, speaker, lambda: self.known, load(), holders, self, relay, Systems(frozenset()),
            log, seen, lambda call: sync_to_async(call)(),
        )  # fmt: skip

    def _gate(self) -> Gate:
        speaker = voices.own(self.here.server)
        made = crossing.made(self._parts(self.here, speaker, self.log, Seen(0)))
        assert isinstance(made.relay, Gate)
        return replace(made.relay, envelopes=Envelopes(self.here.server, self._to_city))

    def city(self) -> crossing.Crossing:
        """What Shenzhen's gateway is made of."""
        here = replace(self.here, server=self.node.server, parent="http://127.0.0.1:1")
        return crossing.made(self._parts(here, self.node.speaker, self.city_log, self.city_seen))

    async def _to_city(
        self, peer: Peer, request: Message, body: bytes, directory: Directory
    ) -> Answer:
        called = xroad.called(request.path)
        client = xroad.identifier(request.fields[xroad.CLIENT])
        call = Call(client, called, "POST", list(request.fields.items()), body, "1")
        made = await sync_to_async(self.city)()
        served = await made.opening.served(call)
        answer = await served.answer(call)
        await sync_to_async(self.before)()
        return answer

    async def send(self, peer: Peer, request: Message, body: bytes) -> tuple[Message, bytes]:
        """As the wire to HK: what its gate says, by the key that `tied` names."""
        self.sent += 1
        content = json.dumps(ANSWER).encode()
        fields = {xroad.ID: request.fields[xroad.ID], "content-type": "application/json"}
        plain = Message(fields, status=200, request=request)
        keeper = self.tied or self.harbour.keeper
        await sync_to_async(self.before)()
        return signing.signed_answer(plain, content, keeper.speaker), content

    # --- what is asked

    def outward(self, body: Any, client: Identifier = ASKS, by: Keeper | None = None) -> Message:
        path = f"/r1/{THERE}/lists_of_organisation"
        return self._signed(body, client, by or self.node, self.harbour.keeper.server, path)

    def inward(
        self, body: Any, client: Identifier = abroad.REGISTRY, by: Keeper | None = None,
        code: str = "lists_of_organisation",
    ) -> Message:  # fmt: skip
        path = f"/r1/{HOME}/{code}"
        return self._signed(body, client, by or self.harbour.keeper, self.node.server, path)

    def _signed(
        self, body: Any, client: Identifier, by: Keeper, server: str, path: str
    ) -> Message:  # fmt: skip
        self.body = json.dumps(body).encode()
        fields = {xroad.CLIENT: str(client), xroad.ID: "case-1", xroad.SERVER: server}
        return signing.signed_request(Message(fields, "POST", "", path, ""), self.body, by.speaker)

    def left(self, request: Message) -> Said:
        """What Shenzhen's node is told of what it asked, verified as it does."""
        return self._said(self.gate.leave(request, self.body), request, True)

    def straight(self, request: Message) -> Said:
        """What an information system of the gate's own bodies is told."""
        speaker = voices.own(self.here.server)
        asks = crossing.made(self._parts(self.here, speaker, self.log, Seen(0))).asks
        peer = self.harbour.directory().peer(request.fields[xroad.SERVER])
        assert asks.wire is not None
        try:
            told, said = async_to_sync(asks.wire.send)(peer, request, self.body)
        except Refused as refused:
            return refused.status, {"message": refused.message}, refused.kind
        return told.status, json.loads(said), ""

    def came(self, request: Message) -> Said:
        """What HK is told of what it asked, verified as it does."""
        assert self.gate.passes(request, self.known)
        return self._said(self.gate.answered(request, self.body, self.known), request)

    def _said(
        self, coming: Coroutine[Any, Any, Answer], request: Message, out: bool = False
    ) -> Said:
        async def come() -> Answer:
            return await coming

        try:
            answer = async_to_sync(come)()
        except Refused as refused:
            return refused.status, {"message": refused.message}, refused.kind
        signers = self.harbour.directory() if out else self.known
        peer = signers.peer(request.fields[xroad.SERVER])
        told = Message(dict(answer.fields), status=answer.status, request=request)
        signing.read_answer(told, answer.body, signers, peer)
        return answer.status, json.loads(answer.body), ""


def with_city(known: Directory, node: Keeper) -> Directory:
    """The directory with Shenzhen's node in it, which speaks and answers for its regulator."""
    told = frozenset({MARKET, Identifier(*own.services_of(node.server).parts[:3])})
    peer = Peer(node.server, "https://127.0.0.1:1", {node.keyid: node.public}, told)
    homes = dict(known.homes) | {HOME: node.server, own.services_of(node.server): node.server}
    return replace(known, peers=(*known.peers, peer), homes=homes)


def envelope(instance: Instance, request: Message, client: Identifier) -> Said:
    """What Shenzhen's node says to an envelope of somebody's."""
    service = xroad.Service(own.services_of(instance.node.server), ARRIVING)
    body = enveloping.request_text(request, instance.body)
    call = Call(client, xroad.Called(service, "", ""), "POST", [], body, "1")
    opening = instance.city().opening

    async def opened() -> Answer:
        served = await opening.served(call)
        return await served.answer(call)

    try:
        answer = async_to_sync(opened)()
    except Refused as refused:
        return refused.status, {"message": refused.message}, refused.kind
    told, said = enveloping.read_answer(answer.body, request)
    return told.status, json.loads(said), told.fields.get(xroad.ERROR, "").rpartition(".")[2]
