"""The consumer's side: what an information system of one of our members asks, sent and checked.

To the information system it is an X-Road security server: the same addresses, fields and errors.
"""

import base64
import contextlib
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import parse_qs
from xml.etree import ElementTree

from lingnan.kernel.exchange.messages import asgi, providing, signing, witnessing
from lingnan.kernel.exchange.messages.calls import Abroad, Answer, Fields, Wire, Witness
from lingnan.kernel.exchange.messages.directory import Directory, Peer
from lingnan.kernel.exchange.messages.refusals import Refused, bad_request
from lingnan.kernel.exchange.messages.signing import Speaker, Spoken
from lingnan.standards import xroad
from lingnan.standards.http_signatures import Message
from lingnan.standards.xroad import Identifier

SIDE = "ClientProxy"
TRIES = 2
_XROAD, _IDENTIFIERS = "http://x-road.eu/xsd/xroad.xsd", "http://x-road.eu/xsd/identifiers"


class Clients(Protocol):
    """Which information systems of this node may speak for which member."""

    def demand(self, scope: asgi.Scope, client: Identifier) -> None:
        """Raises Refused."""
        ...


class Consumer:
    """The ASGI application that information systems call."""

    def __init__(
        self,
        speaker: Speaker,
        directory: Callable[[], Directory],
        wire: Wire,
        clients: Clients,
        witness: Witness,
        abroad: Abroad | None = None,
    ) -> None:
        self._speaker, self._directory, self._wire = speaker, directory, wire
        self._clients, self._witness, self._abroad = clients, witness, abroad

    async def __call__(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        if scope["type"] != "http":
            return
        with contextlib.suppress(asgi.Gone):
            try:
                answer = await self._answered(scope, receive)
            except Refused as refused:
                answer = asgi.refusal(refused, SIDE)
            await asgi.reply(send, answer)

    async def _answered(self, scope: asgi.Scope, receive: asgi.Receive) -> Answer:
        directory = self._directory()
        path, query = asgi.target_of(scope)
        fields = asgi.fields_of(scope)
        if path == "/listClients":
            return _listed(directory, query, dict(fields).get("accept", ""))
        request, provider = self._asked(scope, path, query, fields)
        self._clients.demand(scope, xroad.identifier(request.fields[xroad.CLIENT]))
        directory.in_force(datetime.now(UTC))
        body = await asgi.body_of(scope, receive)
        if provider.instance == directory.instance or self._abroad is None:
            peer = directory.home_of(provider)
            return await self.exchanged(peer, _sent_to(request, peer), body, directory)
        return await self._beyond(self._abroad, provider, request, body)

    async def _beyond(
        self, abroad: Abroad, provider: Identifier, request: Message, body: bytes
    ) -> Answer:
        """Of another instance: judged by its directory; an answer that comes after the exchange
        with it has ended is handed to nobody."""
        theirs = await abroad.directory(provider.instance)
        peer = theirs.home_of(provider)
        answer = await self.exchanged(peer, _sent_to(request, peer), body, theirs, abroad.wire)
        await abroad.demand(provider.instance)
        return answer

    def _asked(
        self, scope: asgi.Scope, path: str, query: str, fields: Fields
    ) -> tuple[Message, Identifier]:
        try:
            called = xroad.called(path, query)
            told = dict(xroad.carried(fields))
            told[xroad.CLIENT] = str(xroad.identifier(told.get(xroad.CLIENT, "")))
        except xroad.BadRequest as problem:
            raise bad_request(str(problem)) from problem
        told.setdefault(xroad.ID, str(uuid.uuid4()))
        told.setdefault("accept", "application/json")
        told[xroad.REQUEST_ID] = str(uuid.uuid4())
        return Message(told, scope["method"], "", path, query), called.service.provider

    async def exchanged(
        self, peer: Peer, request: Message, body: bytes, directory: Directory,
        wire: Wire | None = None,
    ) -> Answer:  # fmt: skip
        """What the provider answered, verified and written down. Signed anew where the provider
        came up anew in between: it has then not looked at the message."""
        way = wire or self._wire
        for attempt in range(TRIES):
            signed = signing.signed_request(request, body, self._speaker)
            answer, said = await way.send(peer, signed, body)
            kind = answer.fields.get(xroad.ERROR, "")
            if kind.endswith(".Restarted") and attempt + 1 < TRIES:
                continue
            break
        if answer.request is not signed:
            answer = replace(answer, request=signed)
        if "signature" not in answer.fields and kind:
            # Refused before the provider knew whom it would answer.
            return Answer(answer.status, _shown(answer), said)
        spoken = signing.read_answer(answer, said, directory, peer)
        if answer.fields.get(xroad.HASH) != providing.request_hash(signed, body):
            raise Refused("InconsistentResponse", "the answer is of another request")
        told = _told(signed, body, spoken, answer, said) | witnessing.both(signed, answer)
        await self._witness.write("message.sent", told, signed.fields[xroad.ID])
        return Answer(answer.status, _shown(answer), said)


def _sent_to(request: Message, peer: Peer) -> Message:
    """The request, which names the node it is for. Raises Refused where it named another."""
    if request.fields.get(xroad.SERVER, peer.server) != peer.server:
        raise Refused("InvalidSecurityServer", f"what is asked for is at {peer.server}")
    return request.saying({**request.fields, xroad.SERVER: peer.server})


def digest_of(certificate: bytes) -> str:
    """By what an information system is known: SHA-256 of its certificate in DER."""
    return hashlib.sha256(certificate).hexdigest()


def _shown(answer: Message) -> Fields:
    """What the information system is told: everything but the envelope."""
    hidden = signing.UNSIGNED | {"content-digest"}
    return [(name, value) for name, value in answer.fields.items() if name not in hidden]


def _told(
    request: Message, body: bytes, spoken: Spoken, answer: Message, said: bytes
) -> dict[str, Any]:
    """What is kept: both signatures with what they cover, no content."""
    return {
        "client": request.fields[xroad.CLIENT],
        "service": answer.fields.get(xroad.SERVICE, ""),
        "method": request.method,
        "node": spoken.peer.server,
        "user": request.fields.get(xroad.USER, ""),
        "issue": request.fields.get(xroad.ISSUE, ""),
        "digest": hashlib.sha256(body).hexdigest(),
        "input": request.fields["signature-input"],
        "status": answer.status,
        "answer": hashlib.sha256(said).hexdigest(),
        "answer_input": answer.fields["signature-input"],
        "answer_signature": base64.b64encode(spoken.signature).decode(),
    }


def _listed(directory: Directory, query: str, accept: str) -> Answer:
    """listClients (PR-META §2): of this instance; XML unless JSON is asked for."""
    wanted = parse_qs(query).get("xRoadInstance", [directory.instance])[0]
    if wanted != directory.instance:
        raise bad_request(f"no such instance here: {wanted[:40]}")
    if "application/json" in accept:
        return asgi.as_json(xroad.clients(directory.names))
    root = ElementTree.Element(f"{{{_XROAD}}}clientList")
    for one in sorted(directory.names):
        member = ElementTree.SubElement(root, f"{{{_XROAD}}}member")
        told = one.plain
        kind = {f"{{{_IDENTIFIERS}}}objectType": told.pop("object_type")}
        identity = ElementTree.SubElement(member, f"{{{_XROAD}}}id", kind)
        for name, value in told.items():
            ElementTree.SubElement(identity, f"{{{_IDENTIFIERS}}}{_camel(name)}").text = value
        ElementTree.SubElement(member, f"{{{_XROAD}}}name").text = directory.names[one]
    body = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return Answer(200, [("content-type", "text/xml;charset=utf-8")], body)


def _camel(name: str) -> str:
    """`xroad_instance` as PR-META's schema has it: xRoadInstance."""
    first, *others = name.replace("xroad", "x_road").split("_")
    return first + "".join(one.capitalize() for one in others)
