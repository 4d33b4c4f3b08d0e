"""The gateway's applications, observed from outside: what came, what went, how long it took.

Who spoke is counted only where the application has found it to be so: what a stranger claims to be
is counted as nobody's.
"""

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lingnan.kernel.exchange.messages import asgi, witnessing
from lingnan.kernel.exchange.messages.directory import Directory
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.kernel.exchange.traffic import counting
from lingnan.kernel.exchange.traffic.counting import Counter, Line, counter
from lingnan.standards import xroad

logger = logging.getLogger(__name__)
_KEY = re.compile(rb';keyid="([0-9a-f]{64})"')
_STRANGER = frozenset({"AccessDenied", "BadRequest", "InvalidClientIdentifier"})


@dataclass
class _Seen:
    """Of one message: status and fields of its answer, bytes in both directions."""

    status: int = 0
    fields: dict[bytes, bytes] = field(default_factory=dict)
    size: int = 0

    @property
    def error(self) -> str:
        return self.fields.get(xroad.ERROR.encode(), b"").decode("ascii", "replace")


class Observed:
    """An ASGI application, counted. `here`: this node; `provides`: whether other nodes call it
    rather than information systems of its own."""

    def __init__(
        self, application: Callable[..., Any], here: str, directory: Callable[[], Directory],
        provides: bool, to: Counter = counter,
    ) -> None:  # fmt: skip
        self._application, self._here, self._directory = application, here, directory
        self._provides, self._counter = provides, to

    async def __call__(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        seen, began = _Seen(), time.monotonic()
        witnessing.CAME.set(began)

        async def sending(event: Any) -> None:
            if event["type"] == "http.response.start":
                seen.status, seen.fields = event["status"], dict(event["headers"])
            else:
                seen.size += len(event.get("body", b""))
            await send(event)

        try:
            await self._application(scope, receive, sending)
        except Exception:
            seen.status = seen.status or 500
            raise
        finally:
            self._count(scope, seen, time.monotonic() - began)

    def _count(self, scope: asgi.Scope, seen: _Seen, seconds: float) -> None:
        """Who hung up before there was an answer is not counted."""
        try:
            fields = dict(scope["headers"])
            line = self._line(scope, fields, seen) if seen.status else None
            if line is not None:
                length = fields.get(b"content-length", b"0")
                asked = int(length) if length.isdigit() and len(length) < 12 else 0
                self._counter.add(line, seconds, asked + seen.size)
        except Exception:
            # A message never fails for the sake of a figure.
            logger.exception("a message was not counted")

    def _line(self, scope: asgi.Scope, fields: dict[bytes, bytes], seen: _Seen) -> Line | None:
        outcome = counting.outcome(seen.status, seen.error)
        if self._provides:
            return self._provided(scope, fields, seen, outcome)
        path = asgi.target_of(scope)[0]
        if path == "/listClients":
            return None
        kind = seen.error.rpartition(".")[2]
        if kind in _STRANGER and ".ServerProxy." not in seen.error:
            return Line(counting.OUT, "", "", self._here, "", outcome)
        service = xroad.called(path).service
        return Line(
            counting.OUT, _client(fields), str(service), self._here, self._home(service), outcome
        )

    def _provided(
        self, scope: asgi.Scope, fields: dict[bytes, bytes], seen: _Seen, outcome: str
    ) -> Line:
        to = fields.get(xroad.SERVER.encode(), b"").decode("ascii", "replace")
        known = self._directory().servers
        passed = to != self._here and to in known
        way, provider = (counting.THROUGH, to) if passed else (counting.IN, self._here)
        if b"signature" not in seen.fields:
            return Line(way, "", "", "", provider, outcome)
        try:
            service = str(xroad.called(asgi.target_of(scope)[0]).service)
        except xroad.BadRequest:
            service = ""
        return Line(way, _client(fields), service, self._signer(fields), provider, outcome)

    def _signer(self, fields: dict[bytes, bytes]) -> str:
        """The node whose signature the application has verified."""
        found = _KEY.search(fields.get(b"signature-input", b""))
        try:
            return self._directory().signer(found[1].decode())[0].server if found else ""
        except Refused:
            return ""

    def _home(self, service: xroad.Service) -> str:
        try:
            return self._directory().home_of(service.provider).server
        except Refused:
            return ""


def _client(fields: dict[bytes, bytes]) -> str:
    text = fields.get(xroad.CLIENT.encode(), b"").decode("ascii", "replace")
    return str(xroad.identifier(text))
