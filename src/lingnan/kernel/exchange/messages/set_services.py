"""Sets and aggregates as services of a subsystem, beside its resources.

    set_open       a manifest → which parts' subjects are to be sent
    set_subjects   the subjects of a part → what has not come yet; after the last, the entry
    set_answers    a part by its number → its answers
    aggregate      a question → its table, after disclosure control here

Who asks is the member that the message names; agreements, limits and evidence are the kernel's.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lingnan.kernel.exchange import agreements, catalogue, use_text
from lingnan.kernel.exchange.aggregates import across as figures
from lingnan.kernel.exchange.aggregates import asking
from lingnan.kernel.exchange.covering import AGGREGATE, SET
from lingnan.kernel.exchange.messages import asgi
from lingnan.kernel.exchange.messages.calls import Answer, Call, Run, Served
from lingnan.kernel.exchange.messages.refusals import Refused, bad_request
from lingnan.kernel.exchange.sets import across, received
from lingnan.kernel.exchange.use import ExchangeFailure
from lingnan.kernel.runtime.api import read_json
from lingnan.standards.xroad import Identifier, Service

MEMBER_CLASS, ENDPOINT = "GOV", ("POST", "/")
Handler = Callable[[dict[str, Any], str, str], dict[str, Any]]
"""From a question, the member that asks and the system that is asked to an answer. Raises
ExchangeFailure; ValueError, KeyError or TypeError on what is no question; PermissionError."""


@dataclass(frozen=True)
class _Kind:
    """One of the services: for which kind of use, by what, and what is told of it."""

    way: str
    answer: Handler
    title: str
    asked: Mapping[str, Any]
    changes: bool = False


_TEXT, _WHOLE = {"type": "string"}, {"type": "integer", "minimum": 0}
_USE = {"type": "object", "description": "resource, consumer, purpose, basis, case, actor,"
        " elements, request"}  # fmt: skip
_PART = {"request": _TEXT, "part": _WHOLE}
SERVICES: Mapping[str, _Kind] = {
    across.OPEN: _Kind(SET, received.begun, "Open a set by its manifest", {
        "use": _USE, "count": _WHOLE, "root": _TEXT, "size": _WHOLE,
        "parts": {"type": "array", "items": _TEXT}, "known": {"type": "boolean"},
    }, changes=True),
    across.SUBJECTS: _Kind(SET, received.taken, "The subjects of a part", {
        **_PART, "subjects": _TEXT, "known": _TEXT,
    }, changes=True),
    across.ANSWERS: _Kind(SET, received.answered, "The answers of a part", _PART),
    figures.SERVICE: _Kind(AGGREGATE, asking.answered, "Figures about many", {
        "question": {"type": "object", "description": "resource, consumer, purpose, basis, case,"
                     " actor, by, where, total, rounded"},
    }),
}  # fmt: skip


class SetServices:
    """As `calls.Offering`, for the subsystems of this node; `holders`: which body answers."""

    def __init__(self, instance: str, holders: Mapping[str, str], run: Run) -> None:
        self._instance, self._holders, self._run = instance, holders, run

    async def served(self, call: Call) -> Served:
        kind = self._kind(call.called.service)
        if call.client.instance != self._instance:
            raise Refused("AccessDenied", f"{call.client} is of another instance")
        return _SetService(kind, call.called.service.provider.subsystem, self._run)

    async def methods(
        self, provider: Identifier, client: Identifier | None
    ) -> Mapping[str, Sequence[tuple[str, str]]]:
        if not self._answers(provider):
            return {}
        ways = {SET, AGGREGATE}
        if client is not None:
            named, system = client.member, provider.subsystem
            ways = await self._run(lambda: agreements.ways_open_to(named, system))
        return {code: [ENDPOINT] for code, kind in SERVICES.items() if kind.way in ways}

    async def description(self, service: Service) -> str:
        kind = self._kind(service)
        return json.dumps(_described(service.code, kind), ensure_ascii=False)

    def _kind(self, service: Service) -> _Kind:
        kind = SERVICES.get(service.code)
        if kind is None or not self._answers(service.provider):
            raise Refused("UnknownService", f"no service {service}")
        return kind

    def _answers(self, provider: Identifier) -> bool:
        system = provider.subsystem
        shares = any(one.system == system for one in catalogue.resources().values())
        own = Identifier(self._instance, MEMBER_CLASS, self._holders.get(system, ""), system)
        return shares and system in self._holders and own == provider


@dataclass(frozen=True)
class _SetService:
    kind: _Kind
    system: str
    run: Run

    def reads(self, method: str) -> bool:
        return not self.kind.changes

    async def answer(self, call: Call) -> Answer:
        if call.method != "POST" or call.called.path not in ("", "/"):
            raise Refused("UnknownService", f"{call.called.service} answers POST only")
        try:
            question = read_json(call.body)
            if not isinstance(question, dict):
                raise ValueError("a question is an object")
        except ValueError as problem:
            raise bad_request(f"not a question: {problem}") from problem
        try:
            return await self.run(lambda: self._said(question, call.client.member))
        except ExchangeFailure as failure:
            return _failed(failure)
        except PermissionError as refused:
            raise Refused("AccessDenied", str(refused)) from refused
        except (KeyError, TypeError, ValueError, OverflowError) as problem:
            raise bad_request(f"not a question: {problem}") from problem

    def _said(self, question: dict[str, Any], who: str) -> Answer:
        """In a thread: a part of some thousands takes a while to be written as JSON."""
        said = self.kind.answer(question, who, self.system)
        told = {"entry": said["evidence"]} if "evidence" in said else {}
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        return Answer(200, [("content-type", asgi.JSON)], body, told)


def _failed(failure: ExchangeFailure) -> Answer:
    said = {"failure": failure.code, "detail": failure.detail, "term": failure.term}
    body = json.dumps(said, ensure_ascii=False).encode()
    status = use_text.STATUS[failure.code]
    return Answer(status, [("content-type", asgi.JSON)], body, {"failure": failure.code})


def _described(code: str, kind: _Kind) -> dict[str, Any]:
    schema = {"type": "object", "properties": dict(kind.asked)}
    answers = {str(status): {"description": name} for name, status in use_text.STATUS.items()}
    post = {
        "operationId": code,
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"200": {"description": kind.title}} | answers,
    }
    return {"openapi": "3.0.3", "info": {"title": kind.title, "version": "1"},
            "paths": {"/": {"post": post}}}  # fmt: skip
