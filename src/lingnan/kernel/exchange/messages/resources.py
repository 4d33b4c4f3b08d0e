"""The resources of this node's systems as services: a use, asked by a message.

The service `{subsystem}/{name}` is the resource `{subsystem}.{name}`. A call POSTs a use as JSON,
`{"use": {…}, "known_as": {…}, "consents": {…}, "aim": {…}}`; who asks is the member that the
message names, whatever the use says. Agreements, consents and evidence of the use are the
in-process gateway's.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lingnan.kernel.exchange import agreements, catalogue, gateway, use_text
from lingnan.kernel.exchange.catalogue import Resource
from lingnan.kernel.exchange.messages import asgi
from lingnan.kernel.exchange.messages.calls import Answer, Call, Run, Served
from lingnan.kernel.exchange.messages.refusals import Refused, bad_request
from lingnan.kernel.exchange.use import ExchangeFailure, Use
from lingnan.kernel.runtime.api import read_json
from lingnan.standards.xroad import Identifier, Service

MEMBER_CLASS = "GOV"
ENDPOINT = ("POST", "/")


class Resources:
    """As `calls.Offering`: what the installed systems share, on behalf of `holders` (which body
    answers for which subsystem)."""

    def __init__(self, instance: str, holders: Mapping[str, str], run: Run) -> None:
        self._instance, self._holders, self._run = instance, holders, run

    async def served(self, call: Call) -> Served:
        resource = self._resource(call.called.service)
        if call.client.instance != self._instance:
            raise Refused("AccessDenied", f"{call.client} is of another instance")
        return _ResourceService(resource, self._run)

    async def methods(
        self, provider: Identifier, client: Identifier | None
    ) -> Mapping[str, Sequence[tuple[str, str]]]:
        own = [one for one in catalogue.resources().values() if self._provider(one) == provider]
        if client is not None:
            named = client.member
            covered = await self._run(lambda: agreements.resources_open_to(named))
            own = [one for one in own if one.code in covered and one.sharing != "refused"]
        return {one.code.split(".", 1)[1]: [ENDPOINT] for one in own}

    async def description(self, service: Service) -> str:
        return json.dumps(described(self._resource(service)), ensure_ascii=False)

    def _provider(self, resource: Resource) -> Identifier | None:
        holder = self._holders.get(resource.system)
        if holder is None:
            return None
        return Identifier(self._instance, MEMBER_CLASS, holder, resource.system)

    def _resource(self, service: Service) -> Resource:
        found = catalogue.resources().get(f"{service.provider.subsystem}.{service.code}")
        if found is None or self._provider(found) != service.provider:
            raise Refused("UnknownService", f"no service {service}")
        return found


@dataclass(frozen=True)
class _ResourceService:
    resource: Resource
    run: Run

    def reads(self, method: str) -> bool:
        return True

    async def answer(self, call: Call) -> Answer:
        if call.method != "POST" or call.called.path not in ("", "/"):
            raise Refused("UnknownService", f"{call.called.service} answers POST only")
        try:
            body = read_json(call.body)
            use, known_as = use_text.read_use(body)
            shown = dict(body.get("consents") or {})
        except (ValueError, KeyError, TypeError) as problem:
            raise bad_request(f"not a use: {problem}") from problem
        self._demand_same(use, call)
        try:
            answers, consents = await self.run(lambda: gateway.answer_shown(use, known_as, shown))
        except ExchangeFailure as failure:
            return _failed(failure)
        return _answered(answers, consents)

    def _demand_same(self, use: Use, call: Call) -> None:
        """The message is signed for its client and service; the use cannot be another's."""
        if use.resource != self.resource.code or use.consumer != call.client.member:
            raise Refused("AccessDenied", "the use is not of the member and service of the message")


def _answered(answers: Sequence[Any], consents: Sequence[str]) -> Answer:
    rows = [
        {"subject": a.subject, "rows": list(a.rows), "evidence": a.evidence, "as_of": a.as_of}
        for a in answers
    ]
    said = {"answers": rows} | ({"consents": list(consents)} if consents else {})
    told = {"uses": sorted({a.evidence for a in answers})}
    body = json.dumps(said, ensure_ascii=False).encode()
    return Answer(200, [("content-type", asgi.JSON)], body, told)


def _failed(failure: ExchangeFailure) -> Answer:
    """A failure of the use is the service's own answer: the message itself went through."""
    said = {"failure": failure.code, "detail": failure.detail}
    body = json.dumps(said, ensure_ascii=False).encode()
    status = use_text.STATUS[failure.code]
    return Answer(status, [("content-type", asgi.JSON)], body, {"failure": failure.code})


def described(resource: Resource) -> dict[str, Any]:
    """The OpenAPI document of a resource: the use, and what is said of each subject."""
    values = {
        code: {"title": str(title), "description": code}
        for code, title in resource.elements.items()
    }
    use = {
        "type": "object",
        "required": ["resource", "consumer", "purpose", "basis", "case", "actor", "subjects",
                     "elements"],
        "properties": {
            **{name: {"type": "string", "maxLength": 200}
               for name in ("consumer", "purpose", "basis", "case", "actor")},
            "resource": {"type": "string", "enum": [resource.code]},
            "subjects": {"type": "array", "items": {"type": "string"}},
            "elements": {"type": "array", "items": {"enum": sorted(resource.elements)}},
            "deadline": {"type": "number", "default": 5, "maximum": 30},
        },
    }  # fmt: skip
    answer = {
        "type": "object",
        "properties": {
            "subject": {"type": "string"},
            "rows": {"type": "array", "items": {"type": "object", "properties": {
                "values": {"type": "object", "properties": values}}}},
            "evidence": {"type": "integer"},
            "as_of": {"type": "string", "format": "date-time"},
        },
    }  # fmt: skip
    return _document(resource, use, answer)


def _document(
    resource: Resource, use: Mapping[str, Any], answer: Mapping[str, Any]
) -> dict[str, Any]:
    words = {"type": "string", "maxLength": use_text.LONGEST}
    aim = {
        "type": "object",
        "description": "what the purpose is called, for those who are asked about",
        "properties": {"zh": words, "en": words},
    }
    asked = {"type": "object", "required": ["use"], "properties": {"use": use, "aim": aim}}
    said = {
        "type": "object",
        "properties": {"answers": {"type": "array", "items": answer}},
    }
    statuses = sorted(use_text.STATUS.items())
    failures = {str(status): {"description": code} for code, status in statuses}
    return {
        "openapi": "3.0.3",
        "info": {"title": str(resource.title), "version": "1", "description": resource.basis},
        "paths": {
            "/": {
                "post": {
                    "operationId": resource.code.split(".", 1)[1],
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": asked}},
                    },
                    "responses": {
                        "200": {
                            "description": "one answer for each subject, in the order asked",
                            "content": {"application/json": {"schema": said}},
                        },
                        **failures,
                    },
                }
            }
        },
    }
