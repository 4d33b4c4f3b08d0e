"""Reading a request and writing an answer, as ASGI 3 has it; no framework on the hot path."""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from lingnan.kernel.exchange.messages.calls import Answer, Fields
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.standards import xroad

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LARGEST = 32 * 1024 * 1024
"""Bytes of one message; what is larger is handed over in parts."""
PATIENCE = 30.0
"""Seconds between two pieces of a body."""
JSON = "application/json;charset=utf-8"


_WITH_BODY = frozenset({b"content-length", b"transfer-encoding"})
"""Without these a request has no body (RFC 9112 §6.3)."""


class Gone(Exception):
    """The caller hung up: there is nobody to answer."""


async def body_of(scope: Scope, receive: Receive, largest: int = LARGEST) -> bytes:
    """Raises Refused on one that is too large or comes too slowly; Gone."""
    if not any(name in _WITH_BODY for name, _value in scope["headers"]):
        return b""
    pieces: list[bytes] = []
    size, more = 0, True
    while more:
        try:
            async with asyncio.timeout(PATIENCE):
                event = await receive()
        except TimeoutError:
            raise Refused("TimedOut", "the body did not come in time", 408) from None
        if event["type"] == "http.disconnect":
            raise Gone
        piece = event.get("body", b"")
        size += len(piece)
        if size > largest:
            raise Refused("MessageTooLarge", f"a message has at most {largest} bytes", 413)
        pieces.append(piece)
        more = event.get("more_body", False)
    return b"".join(pieces)


def fields_of(scope: Scope) -> Fields:
    """Header fields, those of one name joined. Raises Refused."""
    try:
        pairs = [(name.decode("ascii"), value.decode("ascii")) for name, value in scope["headers"]]
    except UnicodeDecodeError:
        raise Refused("BadRequest", "header fields are ASCII", 400) from None
    return list(joined(pairs).items())


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Fields by lower-case name, those of one name as one (RFC 9110 §5.3)."""
    found: dict[str, str] = {}
    for name, value in pairs:
        key, text = name.lower(), value.strip()
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def target_of(scope: Scope) -> tuple[str, str]:
    """Path and query as they were sent, encoded."""
    raw = scope.get("raw_path") or scope["path"].encode()
    return raw.split(b"?", 1)[0].decode("ascii", "replace"), scope["query_string"].decode(
        "ascii", "replace"
    )


async def reply(send: Send, answer: Answer) -> None:
    """One answer, whole."""
    fields = [(name.encode(), value.encode()) for name, value in answer.fields]
    fields.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": fields})
    await send({"type": "http.response.body", "body": answer.body})


def refusal(refused: Refused, side: str) -> Answer:
    """X-Road's error (PR-REST §4.6). `side` is ClientProxy or ServerProxy; what is the caller's
    own fault is Client's."""
    own = refused.status == 400
    kind = f"Client.{refused.kind}" if own else f"Server.{side}.{refused.kind}"
    body = json.dumps(
        xroad.failure(kind, refused.message, str(uuid.uuid4())), ensure_ascii=False
    ).encode()
    fields = [("content-type", JSON), (xroad.ERROR, kind)]
    if refused.status in (429, 503):
        fields.append(("retry-after", "5"))
    return Answer(refused.status, fields, body)


def as_json(said: Any) -> Answer:
    """A document of the gateway itself."""
    return Answer(200, [("content-type", JSON)], json.dumps(said, ensure_ascii=False).encode())
