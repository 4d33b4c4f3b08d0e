"""Messages in the evidence of this node, with what lets a signature be verified anew.

A signature covers more of a message than is kept: a path and a query may tell of somebody. So the
digest of its base is kept, over which the signature can be verified; and the fields that say
nothing of anybody, from which the base is made again where there was no more to it (`rebuilt`).
"""

import base64
import contextlib
import hashlib
import time
from collections.abc import Mapping
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from lingnan.kernel.exchange.messages import signing
from lingnan.kernel.exchange.messages.calls import unavailable
from lingnan.kernel.trust.evidence.api import Entry, EvidenceUnavailable, InvalidEntry
from lingnan.kernel.trust.evidence.asynchronous import AsyncClient
from lingnan.standards import http_signatures, xroad
from lingnan.standards.http_signatures import BadSignature, Component, Message

CAME: ContextVar[float] = ContextVar("came")
"""When the message came that is being answered (monotonic seconds)."""
_SAID = ("accept", "content-type", xroad.REQUEST_ID, xroad.SERVER, xroad.SERVICE, xroad.HASH)
"""Fields that tell of nobody; those of the protocol besides stand in the evidence already."""
_LONGEST = 200


class EvidenceWitness:
    """As `calls.Witness`: through the node's one writer. `took`: milliseconds since the message
    came, where that is known."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def write(self, kind: str, payload: Mapping[str, Any], reference: str) -> None:
        came = CAME.get(None)
        took = {} if came is None else {"took": round(1000 * (time.monotonic() - came))}
        try:
            await self._client.append([Entry(kind, {**payload, **took}, reference=reference)])
        except (EvidenceUnavailable, InvalidEntry) as problem:
            raise unavailable(f"the exchange cannot be written down: {problem}") from problem


def request(message: Message) -> dict[str, Any]:
    """Of a signed request."""
    digest, signature = _signed(message)
    return {"base": digest, "fields": _said(message), "signature": signature}


def passed(message: Message) -> dict[str, Any]:
    """Of a signed request that is only passed on, with what it is about."""
    with contextlib.suppress(xroad.BadRequest):
        told = {"service": str(xroad.called(message.path).service), "method": message.method}
        return request(message) | told
    return request(message)


def both(asked: Message, answer: Message) -> dict[str, Any]:
    """Of a signed request and the signed answer to it (which has it as its request)."""
    told = {"answer_base": _signed(answer)[0], "answer_fields": _said(answer)}
    return request(asked) | told


def _signed(message: Message) -> tuple[str, str]:
    """The digest of the signature's base, and the signature in base64. Raises BadSignature."""
    stated, signature = message.fields["signature-input"], message.fields["signature"]
    start, end = f"{signing.LABEL}=(", f"{signing.LABEL}=:"
    if stated.startswith(start) and stated.count("=(") == 1 and signature.count(":") == 2:
        # As our nodes write it, with this one signature: nothing has to be read anew.
        text = stated[len(start) - 1 :]
        covered, kept = _covered(text[1 : text.index(")")]), signature[len(end) : -1]
    else:
        told, raw = http_signatures.stated(message, signing.LABEL)
        text, covered, kept = told.text, told.covered, base64.b64encode(raw).decode()
    return hashlib.sha256(http_signatures.base(message, covered, text)).hexdigest(), kept


@lru_cache(maxsize=1024)
def _covered(inner: str) -> tuple[Component, ...]:
    """What stands in a list of components. Nodes cover the same again and again."""
    fields = {"signature-input": f"{signing.LABEL}=({inner})",
              "signature": f"{signing.LABEL}=:AA==:"}  # fmt: skip
    return http_signatures.stated(Message(fields), signing.LABEL)[0].covered


def _said(message: Message) -> dict[str, str]:
    found = {name: message.fields.get(name, "") for name in _SAID}
    return {name: text for name, text in found.items() if 0 < len(text) <= _LONGEST}


def rebuilt(told: Mapping[str, Any], reference: str, method: str = "POST") -> str:
    """The digest of a request's base, made again from what is kept of it; empty where that does not
    say enough."""
    fields = dict(told.get("fields") or {})
    fields |= {
        xroad.CLIENT: str(told.get("client", "")),
        xroad.ID: reference,
        "content-digest": _content(str(told.get("digest", ""))),
        "signature-input": str(told.get("input", "")),
        "signature": f"{signing.LABEL}=:{told.get('signature', '')}:",
    }
    for name, kept in ((xroad.USER, "user"), (xroad.ISSUE, "issue")):
        if told.get(kept):
            fields[name] = str(told[kept])
    path = f"/{xroad.VERSION}/{told.get('service', '')}"
    return _made(Message(fields, str(told.get("method", method)), "", path))


def rebuilt_answer(told: Mapping[str, Any], reference: str) -> str:
    """The same of the answer to it."""
    fields = dict(told.get("answer_fields") or {})
    fields |= {
        xroad.CLIENT: str(told.get("client", "")),
        xroad.ID: reference,
        "content-digest": _content(str(told.get("answer", ""))),
        "signature-input": str(told.get("answer_input", "")),
        "signature": f"{signing.LABEL}=:{told.get('answer_signature', '')}:",
    }
    asked = Message({"signature": f"{signing.LABEL}=:{told.get('signature', '')}:"})
    return _made(Message(fields, status=int(told.get("status") or 0), request=asked))


def _made(message: Message) -> str:
    try:
        return _signed(message)[0]
    except (BadSignature, ValueError):
        return ""


def _content(digest: str) -> str:
    try:
        return f"sha-256=:{base64.b64encode(bytes.fromhex(digest)).decode()}:"
    except ValueError:
        return ""
