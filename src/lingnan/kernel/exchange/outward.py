"""A question to another node, by this node's own gateway: signed, evidenced, sent over TLS there.

What asks is one of this node's bodies; the gateway speaks for it. Where the gateway is not up, or
the other node does not answer, the question is unanswered and nothing else happens.
"""

import http.client
import json
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings

from lingnan.kernel.exchange.use import Unavailable
from lingnan.kernel.runtime.api import read_json
from lingnan.standards import xroad
from lingnan.standards.xroad import Identifier, Service

LONGEST = 32 * 1024 * 1024


@dataclass(frozen=True)
class Streamed:
    """A body of so many bytes that is read as it is sent, once."""

    size: int
    pieces: Iterable[bytes]


@dataclass(frozen=True)
class Question:
    """What `client` asks of a service, with what the message protocol says besides; `path`: below
    the service's own address."""

    client: Identifier
    service: Service
    body: Mapping[str, Any] | Streamed
    case: str = ""
    actor: str = ""
    kind: str = "application/json"
    method: str = "POST"
    path: str = ""

    @property
    def fields(self) -> dict[str, str]:
        told = {
            xroad.CLIENT: str(self.client),
            xroad.ISSUE: _ascii(self.case),
            xroad.USER: _ascii(self.actor),
            "content-type": self.kind,
        }
        return {name: text for name, text in told.items() if text}


@dataclass(frozen=True)
class Said:
    """What was answered; `body` is empty where it is no object. `refused`: by a gateway on the way,
    in the words of the message protocol."""

    status: int
    body: dict[str, Any]
    refused: str = ""


def ask(question: Question, deadline: float) -> Said:
    """Raises Unavailable: no gateway here, nobody answers there, or not in `deadline` seconds."""
    connection = _Local(settings.GATEWAY_SOCKET, deadline)
    path, said = f"/{xroad.VERSION}/{question.service}{question.path}", question.body
    body: bytes | Iterable[bytes]
    if isinstance(said, Streamed):
        body, size = said.pieces, said.size
    else:
        body = json.dumps(said).encode()
        size = len(body)
    fields = question.fields | {"content-length": str(size)}
    try:
        connection.request(question.method, path, body, fields)
        answer = connection.getresponse()
        content = answer.read(LONGEST + 1)
        refused = answer.headers.get(xroad.ERROR, "")
    except (OSError, http.client.HTTPException) as failure:
        raise Unavailable(f"{question.service}: {failure or type(failure).__name__}") from failure
    finally:
        connection.close()
    if len(content) > LONGEST:
        raise Unavailable(f"{question.service}: the answer is too long")
    return Said(answer.status, _object(content), refused)


def next_wait(attempts: int, longest: timedelta) -> timedelta:
    """How long a node that did not answer is left alone: doubled after each attempt."""
    return min(timedelta(seconds=5 * 2 ** min(attempts, 12)), longest)


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = read_json(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _ascii(text: str) -> str:
    """Header fields are ASCII: what is not is percent-encoded."""
    return quote(text, safe=" !#$&'()*+,/:;=?@[]-._~|")[:200]


class _Local(http.client.HTTPConnection):
    """HTTP to the gateway of this node, by the file that its own processes alone may open."""

    def __init__(self, path: Path, deadline: float) -> None:
        super().__init__("localhost", timeout=deadline)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))
