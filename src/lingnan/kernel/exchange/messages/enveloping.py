"""A signed message carried whole within another one: method, address, fields and body as they were
signed, so that whoever opens it verifies the first signature still."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any

from lingnan.kernel.exchange.messages.calls import Answer
from lingnan.kernel.exchange.messages.refusals import Refused, bad_request
from lingnan.kernel.runtime.api import read_json
from lingnan.standards import xroad
from lingnan.standards.http_signatures import Message

_NAME = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]{1,100}")
_HOP = re.compile(r"([^\s/:]+(?:/[^\s/:]+){3}(?: on the way to \S+)?): ")
MOST_FIELDS, LONGEST_FIELD = 60, 8_000


def request_text(message: Message, body: bytes) -> bytes:
    """A request as it goes into an envelope."""
    told = {
        "method": message.method,
        "path": message.path,
        "query": message.query,
        "fields": _carried(message.fields),
        "body": base64.b64encode(body).decode(),
    }
    return json.dumps(told).encode()


def read_request(content: bytes) -> tuple[Message, bytes]:
    """Raises Refused: BadRequest."""
    told = _object(content)
    method, path, query = (str(told.get(name, "")) for name in ("method", "path", "query"))
    try:
        xroad.called(path, query)
    except xroad.BadRequest as problem:
        raise bad_request(f"in the envelope: {problem}") from problem
    return Message(_fields(told), method, "", path, query), _body(told)


def answer_text(answer: Answer) -> bytes:
    """An answer as it goes into an envelope."""
    told = {
        "status": answer.status,
        "fields": _carried(dict(answer.fields)),
        "body": base64.b64encode(answer.body).decode(),
    }
    return json.dumps(told).encode()


def read_answer(content: bytes, request: Message) -> tuple[Message, bytes]:
    """The answer to `request`. Raises Refused: BadRequest."""
    told = _object(content)
    status = told.get("status")
    if type(status) is not int or not 200 <= status < 600:
        raise bad_request("in the envelope: no status")
    return Message(_fields(told), status=status, request=request), _body(told)


def why(answer: Answer) -> Refused | None:
    """The refusal that an answer is; None for one that is none."""
    kind = dict(answer.fields).get(xroad.ERROR, "")
    if not kind:
        return None
    try:
        message = str(_object(answer.body).get("message", kind))
    except Refused:
        message = kind
    return Refused(kind.rpartition(".")[2], message[:400], answer.status)


def said_by(hop: str, refused: Refused) -> Refused:
    """The same refusal with the node that refused, unless it says so already."""
    if hop_of(refused.message):
        return refused
    return Refused(refused.kind, f"{hop}: {refused.message}", refused.status)


def hop_of(message: str) -> str:
    """The node that a refusal names; empty where it names none."""
    found = _HOP.match(message)
    return found[1] if found else ""


def _carried(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in fields.items() if name not in xroad.NOT_CARRIED}


def _object(content: bytes) -> dict[str, Any]:
    try:
        told = read_json(content)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise bad_request("no envelope")
    return told


def _fields(told: Mapping[str, Any]) -> dict[str, str]:
    fields = told.get("fields")
    if not isinstance(fields, dict) or len(fields) > MOST_FIELDS:
        raise bad_request("in the envelope: no fields, or too many")
    for name, text in fields.items():
        whole = isinstance(text, str) and len(text) <= LONGEST_FIELD and text.isascii()
        if not whole or not text.isprintable() or not _NAME.fullmatch(name):
            raise bad_request("in the envelope: a field is no line of ASCII")
    return dict(fields)


def _body(told: Mapping[str, Any]) -> bytes:
    try:
        return base64.b64decode(told.get("body", ""), validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise bad_request("in the envelope: the body is not base64") from None
