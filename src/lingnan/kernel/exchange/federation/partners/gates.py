"""The gate: the founder's node passes on what bodies at other nodes of its instance ask abroad, and
what is asked of them, and nothing that the arrangement does not cover.

A message stays as its node signed it, so that the other instance verifies who asked by the one
directory that it knows. Within the instance it travels in an envelope, a message of its own
between the gate and the node: so a node takes nothing from abroad but what the gate has judged.
"""

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lingnan.kernel.exchange.federation import own
from lingnan.kernel.exchange.federation.partners import passing
from lingnan.kernel.exchange.federation.partners.passing import Passed
from lingnan.kernel.exchange.federation.partners.present import Partners
from lingnan.kernel.exchange.messages import asgi, enveloping, relaying, signing
from lingnan.kernel.exchange.messages.calls import Answer, Call, Run, Wire, Witness
from lingnan.kernel.exchange.messages.directory import Directory, Peer
from lingnan.kernel.exchange.messages.refusals import Refused, bad_request
from lingnan.kernel.exchange.messages.relaying import Passing
from lingnan.kernel.exchange.messages.seen import Seen
from lingnan.standards import xroad
from lingnan.standards.http_signatures import Message
from lingnan.standards.xroad import Identifier, Service

LEAVING, ARRIVING = "abroad", "from_abroad"
"""The services of envelopes: the gate's, for what its nodes ask; each other node's, for what is
asked of it."""
Exchanged = Callable[[Peer, Message, bytes, Directory], Awaitable[Answer]]
"""As `consuming.Consumer.exchanged`: a message of this instance, signed, verified, evidenced."""
Judging = Callable[[Message, bytes], Awaitable[Answer]]
"""As `providing.Provider.answered`."""


@dataclass(frozen=True)
class Envelopes:
    """Messages in envelopes between this node (`here`) and another of its instance."""

    here: str
    exchanged: Exchanged

    async def send(
        self, peer: Peer, code: str, request: Message, body: bytes, directory: Directory
    ) -> tuple[Message, bytes]:
        """The answer that came back in an envelope. Raises Refused, which names the hop."""
        service = Service(own.services_of(peer.server), code)
        fields = {
            xroad.CLIENT: str(own.services_of(self.here)),
            xroad.ID: str(uuid.uuid4()),
            xroad.ISSUE: request.fields.get(xroad.ID, ""),
            xroad.SERVER: peer.server,
            "content-type": asgi.JSON,
        }
        outer = Message(fields, "POST", "", f"/{xroad.VERSION}/{service}", "")
        try:
            text = enveloping.request_text(request, body)
            answer = await self.exchanged(peer, outer, text, directory)
        except Refused as refused:
            raise enveloping.said_by(f"{self.here} on the way to {peer.server}", refused) from None
        refused_there = enveloping.why(answer)
        if refused_there is not None:
            raise enveloping.said_by(peer.server, refused_there)
        return enveloping.read_answer(answer.body, request)


@dataclass(frozen=True)
class ByGate:
    """As `calls.Wire`, at a node that is not the gate: to other instances through it."""

    envelopes: Envelopes
    directory: Callable[[], Directory]

    async def send(self, peer: Peer, request: Message, body: bytes) -> tuple[Message, bytes]:
        known = self.directory()
        if not known.gate:
            raise Refused("UnknownServer", f"{known.instance} names no gate to other instances")
        gate = known.peer(known.gate)
        return await self.envelopes.send(gate, LEAVING, request, body, known)


@dataclass(frozen=True)
class Straight:
    """As `calls.Wire`, at the gate: what its own bodies' information systems ask abroad leaves only
    where an arrangement covers it; which services there are they may ask. The gate itself (`own`)
    speaks with other gates."""

    here: str
    own: Identifier
    wire: Wire
    run: Run

    async def send(self, peer: Peer, request: Message, body: bytes) -> tuple[Message, bytes]:
        client = xroad.identifier(request.fields[xroad.CLIENT])
        described = xroad.called(request.path).service.code in xroad.METADATA and not body
        if client != self.own and not described:
            service = _demand_posted(request).service
            await self.run(lambda: passing.demand(client, service, body, self.here))
        return await self.wire.send(peer, request, body)


@dataclass(frozen=True)
class Gate:
    """As `relaying.Passing`, at the founder's node. `relay` passes on what stays within the
    instance, `wire` reaches the other instances' gates."""

    here: str
    directory: Callable[[], Directory]
    abroad: Partners
    relay: Passing
    wire: Wire
    envelopes: Envelopes
    witness: Witness
    seen: Seen
    run: Run

    def passes(self, request: Message, directory: Directory) -> bool:
        """Whether it is for another node of the instance."""
        return self.relay.passes(request, directory)

    async def answered(self, request: Message, body: bytes, directory: Directory) -> Answer:
        """What is for a node of this instance; from abroad it is judged. Raises Refused."""
        instance = request.fields.get(xroad.CLIENT, "").partition("/")[0]
        if instance == directory.instance:
            return await self.relay.answered(request, body, directory)
        try:
            theirs = await self.abroad.directory(instance)
            target = directory.peer(request.fields[xroad.SERVER])
            passed = await self._judged(request, body, theirs, target, "in")
            answer, said = await self._asked(passed, target, request, body)
            return await self._let_go(passed, answer, said, directory, target)
        except Refused as refused:
            raise enveloping.said_by(self.here, refused) from None

    async def leave(self, request: Message, body: bytes) -> Answer:
        """What a node of this instance asks abroad: the answer as it was signed there. Raises
        Refused."""
        directory, server = self.directory(), request.fields.get(xroad.SERVER, "")
        try:
            theirs = await self.abroad.directory(server.partition("/")[0])
            target = theirs.peer(server)
            passed = await self._judged(request, body, directory, target, "out")
            answer, said = await self._asked(passed, target, request, body)
            return await self._let_go(passed, answer, said, theirs, target)
        except Refused as refused:
            raise enveloping.said_by(self.here, refused) from None

    async def _judged(
        self, request: Message, body: bytes, signers: Directory, target: Peer, way: str
    ) -> Passed:
        """Signed by a node of the asking side for this target, once; covered, counted, evidenced.
        Raises Refused."""
        spoken = signing.read_request(request, body, signers, target.server, self.seen)
        called = _demand_posted(request)
        client = xroad.identifier(request.fields[xroad.CLIENT])
        node = target.server if way == "in" else spoken.peer.server
        passed: Passed = await self.run(
            lambda: passing.judged(client, called.service, body, way, node)
        )
        told = relaying.told(request, body, spoken, target.server) | {
            "arrangement": passed.question.arrangement, "judged": passed.evidence,
        }  # fmt: skip
        await self.witness.write("message.relayed", told, request.fields[xroad.ID])
        return passed

    async def _asked(
        self, passed: Passed, target: Peer, request: Message, body: bytes
    ) -> tuple[Message, bytes]:
        """Raises Refused, after it is noted."""
        try:
            if passed.way == "in":
                known = self.directory()
                return await self.envelopes.send(target, ARRIVING, request, body, known)
            try:
                return await self.wire.send(target, request, body)
            except Refused as refused:
                hop = f"{self.here} on the way to {target.server}"
                raise enveloping.said_by(hop, refused) from None
        except Refused as refused:
            why = refused.message
            await self.run(lambda: passing.note(passed, "unavailable", why))
            raise

    async def _let_go(
        self, passed: Passed, answer: Message, said: bytes, signers: Directory, target: Peer
    ) -> Answer:
        """The answer, if it is the target's and the arrangement still holds. Raises Refused."""
        fields = [(k, v) for k, v in answer.fields.items() if k not in xroad.NOT_CARRIED]
        whole = Answer(answer.status, fields, said)
        refused = enveloping.why(whole)
        if "signature" not in answer.fields and refused is not None:
            why = refused.message
            await self.run(lambda: passing.note(passed, "unavailable", why))
            raise enveloping.said_by(target.server, refused)
        signing.read_answer(answer, said, signers, target)
        await self._demand_still(passed, answer)
        outcome = {200: "answered", 403: "denied"}.get(answer.status, "unavailable")
        await self.run(lambda: passing.note(passed, outcome, "" if refused is None else "there"))
        return whole

    async def _demand_still(self, passed: Passed, answer: Message) -> None:
        """Raises Refused, after it is written down that the answer was withheld."""
        try:
            await self.abroad.demand(passed.partner)
            if not await self.run(lambda: passing.open_now(passed)):
                ended = f"{passed.question.arrangement} ended meanwhile"
                raise Refused("AccessDenied", ended, 403)
        except Refused:
            asked = answer.request.fields if answer.request is not None else {}
            told = {
                "client": str(passed.question.client), "service": str(passed.question.service),
                "node": passed.node, "arrangement": passed.question.arrangement,
                "judged": passed.evidence, "status": answer.status,
            }  # fmt: skip
            await self.witness.write("message.withheld", told, asked.get(xroad.ID, ""))
            await self.run(lambda: passing.note(passed, "denied", "withheld"))
            raise


def _demand_posted(request: Message) -> xroad.Called:
    try:
        called = xroad.called(request.path, request.query)
    except xroad.BadRequest as problem:
        raise bad_request(str(problem)) from problem
    if request.method != "POST" or called.path not in ("", "/") or called.query:
        raise bad_request("what is asked between instances is posted to the service itself")
    return called


@dataclass(frozen=True)
class Arrivals:
    """What is said to a message from abroad that came in an envelope of the gate's. `judge`:
    `providing.Provider.answered` of one that knows other instances."""

    instance: str
    judge: Judging

    async def answered(self, request: Message, body: bytes) -> Answer:
        """Raises Refused for a message of the own instance: it comes by itself."""
        instance = request.fields.get(xroad.CLIENT, "").partition("/")[0]
        if instance == self.instance:
            raise Refused("AccessDenied", f"a message of {instance} comes in no envelope", 403)
        return await self.judge(request, body)


class Opening:
    """As `calls.Offering`: the one service by which a node takes envelopes. `takes` says of whom,
    `answer` what is said to the message within."""

    def __init__(
        self, service: Service, takes: Callable[[Identifier], bool], answer: Judging
    ) -> None:
        self._service, self._takes, self._answer = service, takes, answer

    async def served(self, call: Call) -> "_Opened":
        if call.called.service != self._service:
            raise Refused("UnknownService", f"no service {call.called.service}")
        if not self._takes(call.client):
            raise Refused("AccessDenied", f"{call.client} sends no envelopes here", 403)
        return _Opened(self._answer)

    async def methods(
        self, provider: Identifier, client: Identifier | None
    ) -> Mapping[str, Sequence[tuple[str, str]]]:
        return {}

    async def description(self, service: Service) -> str:
        raise Refused("UnknownService", f"no service {service}")


@dataclass(frozen=True)
class _Opened:
    answered: Judging

    def reads(self, method: str) -> bool:
        return True

    async def answer(self, call: Call) -> Answer:
        request, body = enveloping.read_request(call.body)
        within: dict[str, Any] = {"within": request.fields.get(xroad.ID, "")[:100]}
        answer = await self.answered(request, body)
        fields = [("content-type", asgi.JSON)]
        return Answer(200, fields, enveloping.answer_text(answer), within)
