"""The provider's side: a signed message of another node is judged, answered, and signed back."""

import asyncio
import base64
import contextlib
import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from lingnan.kernel.exchange.messages import asgi, signing, witnessing
from lingnan.kernel.exchange.messages.calls import (
    Abroad,
    Answer,
    Call,
    Fields,
    Offering,
    Witness,
)
from lingnan.kernel.exchange.messages.directory import Directory
from lingnan.kernel.exchange.messages.refusals import Refused, bad_request
from lingnan.kernel.exchange.messages.relaying import Passing
from lingnan.kernel.exchange.messages.seen import Seen
from lingnan.kernel.exchange.messages.serving import caller
from lingnan.kernel.exchange.messages.signing import Speaker, Spoken
from lingnan.standards import xroad
from lingnan.standards.http_signatures import Message

logger = logging.getLogger(__name__)
SIDE = "ServerProxy"
LARGE, TURNS = 1024 * 1024, 6
"""Bytes of a large body, and how many of them a caller may have here at once."""
_ENVELOPE = signing.UNSIGNED | {"content-digest", xroad.SERVER}


class Provider:
    """The ASGI application to which other nodes send. `directory` gives the present one; without
    `abroad` nobody of another instance is answered."""

    def __init__(
        self,
        speaker: Speaker,
        directory: Callable[[], Directory],
        offering: Offering,
        witness: Witness,
        seen: Seen,
        relay: Passing | None = None,
        abroad: Abroad | None = None,
    ) -> None:
        self._speaker, self._directory = speaker, directory
        self._offering, self._witness, self._seen = offering, witness, seen
        self._relay, self._abroad = relay, abroad
        self._turns: dict[bytes, asyncio.Semaphore] = {}

    async def __call__(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        if scope["type"] != "http":
            return
        with contextlib.suppress(asgi.Gone):
            async with self._turn(scope):
                answer = await self._answered(scope, receive)
            await asgi.reply(send, answer)

    def _turn(self, scope: asgi.Scope) -> contextlib.AbstractAsyncContextManager[Any]:
        """A large body is read when its caller has not too many of them in memory already."""
        fields = dict(scope["headers"])
        untold = b"transfer-encoding" in fields
        length = fields.get(b"content-length", b"" if untold else b"0")
        if length.isdigit() and len(length) < 12 and int(length) <= LARGE:
            return contextlib.nullcontext()
        whose = hashlib.sha256(caller(scope) or b"").digest()
        return self._turns.setdefault(whose, asyncio.Semaphore(TURNS))

    async def _answered(self, scope: asgi.Scope, receive: asgi.Receive) -> Answer:
        try:
            request, body = await _message(scope, receive)
        except Refused as refused:
            return asgi.refusal(refused, SIDE)
        return await self.answered(request, body)

    async def answered(self, request: Message, body: bytes) -> Answer:
        """What is said to a message, by whatever way it came."""
        try:
            directory = self._directory()
            directory.in_force(datetime.now(UTC))
            if self._relay is not None and self._relay.passes(request, directory):
                return await self._relay.answered(request, body, directory)
            theirs, abroad = await self._of_client(request, directory)
            spoken = signing.read_request(request, body, theirs, self._speaker.server, self._seen)
        except Refused as refused:
            # Who it was is not known, so there is nobody to sign for.
            return asgi.refusal(refused, SIDE)
        service = ""
        try:
            call = _call(request, body)
            service = str(call.called.service)
            answer = await self._served(call, spoken, request, abroad)
        except Refused as refused:
            answer = asgi.refusal(refused, SIDE)
        return self._signed(answer, _named(answer, request, body, service), request)

    async def _of_client(self, request: Message, own: Directory) -> tuple[Directory, Abroad | None]:
        """By which directory a message is judged: that of the instance which its client names."""
        instance = request.fields.get(xroad.CLIENT, "").partition("/")[0]
        if instance == own.instance or self._abroad is None:
            return own, None
        return await self._abroad.directory(instance), self._abroad

    async def _served(
        self, call: Call, spoken: Spoken, request: Message, abroad: Abroad | None
    ) -> Answer:
        """Written down before it is passed on where it may change something, and in any case
        before the answer leaves; to another instance only if there still is exchange with it."""
        code = call.called.service.code
        offering = self._offering if abroad is None else abroad.offering
        if code in xroad.METADATA:
            return await described(offering, call)
        served = await offering.served(call)
        told = _told(call, spoken, request) | witnessing.request(request)
        if not served.reads(call.method):
            await self._witness.write("message.received", told, call.identity)
        answer = await served.answer(call)
        told |= {"answer": _digest(answer.body), "status": answer.status, **answer.told}
        await self._witness.write("message.answered", told, call.identity)
        if abroad is not None:
            await self._demand_still(abroad, call, told)
        return answer

    async def _demand_still(self, abroad: Abroad, call: Call, told: Mapping[str, Any]) -> None:
        """Raises Refused, after it is written down that the answer was withheld."""
        try:
            await abroad.demand(call.client.instance)
        except Refused:
            await self._witness.write("message.withheld", told, call.identity)
            raise

    def _signed(self, answer: Answer, fields: dict[str, str], request: Message) -> Answer:
        plain = Message(fields, status=answer.status, request=request)
        signed = signing.signed_answer(plain, answer.body, self._speaker)
        return Answer(answer.status, list(signed.fields.items()), answer.body)


async def _message(scope: asgi.Scope, receive: asgi.Receive) -> tuple[Message, bytes]:
    path, query = asgi.target_of(scope)
    fields = asgi.fields_of(scope)
    body = await asgi.body_of(scope, receive)
    return Message(dict(fields), scope["method"], "", path, query), body


def _call(request: Message, body: bytes) -> Call:
    try:
        called = xroad.called(request.path, request.query)
        client = xroad.identifier(request.fields[xroad.CLIENT])
    except xroad.BadRequest as problem:
        raise bad_request(str(problem)) from problem
    fields = carried(request.fields)
    return Call(client, called, request.method, fields, body, request.fields[xroad.ID])


def carried(fields: Mapping[str, str]) -> Fields:
    """What is the client's own of a message between nodes."""
    return [(name, value) for name, value in fields.items() if name not in _ENVELOPE]


def _named(answer: Answer, request: Message, body: bytes, service: str) -> dict[str, str]:
    """Its fields with the protocol's own; what a service says in their place counts nothing."""
    own = {
        xroad.SERVICE: service,
        xroad.CLIENT: request.fields[xroad.CLIENT],
        xroad.ID: request.fields[xroad.ID],
        xroad.REQUEST_ID: request.fields.get(xroad.REQUEST_ID, ""),
        xroad.HASH: request_hash(request, body),
    }
    theirs = {name: value for name, value in answer.fields if name not in signing.UNSIGNED}
    return theirs | {name: value for name, value in own.items() if value}


def request_hash(request: Message, body: bytes) -> str:
    """X-Road-Request-Hash of a request as it was signed: its fields in the order of their names."""
    target = request.path + (f"?{request.query}" if request.query else "")
    fields = sorted((k, v) for k, v in request.fields.items() if k not in signing.UNSIGNED)
    return xroad.request_hash(request.method, target, fields, body)


async def described(offering: Offering, call: Call) -> Answer:
    """The metadata services of a subsystem (PR-MREST)."""
    service = call.called.service
    if service.code == "getOpenAPI":
        wanted = parse_qs(call.called.query).get("serviceCode", [""])[0]
        if not wanted:
            raise bad_request("serviceCode says of which service")
        text = await offering.description(xroad.Service(service.provider, wanted))
        return Answer(200, [("content-type", asgi.JSON)], text.encode())
    only = call.client if service.code == "allowedMethods" else None
    return asgi.as_json(
        xroad.methods(service.provider, await offering.methods(service.provider, only))
    )


def _told(call: Call, spoken: Spoken, request: Message) -> dict[str, Any]:
    """What is kept of a message, with what proves it: no content, and who asked for whom."""
    return {
        "client": str(call.client),
        "service": str(call.called.service),
        "method": call.method,
        "node": spoken.peer.server,
        "user": request.fields.get(xroad.USER, ""),
        "issue": request.fields.get(xroad.ISSUE, ""),
        "digest": _digest(call.body),
        "input": request.fields["signature-input"],
        "signature": base64.b64encode(spoken.signature).decode(),
    }


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
