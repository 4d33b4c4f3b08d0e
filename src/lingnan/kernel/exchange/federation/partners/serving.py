"""What this node offers other instances: answers under arrangements, and talk about those."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lingnan.kernel.exchange import catalogue, use_text
from lingnan.kernel.exchange.catalogue import Resource
from lingnan.kernel.exchange.federation.partners import answering, telling
from lingnan.kernel.exchange.federation.partners.questions import Question
from lingnan.kernel.exchange.messages import asgi
from lingnan.kernel.exchange.messages.calls import Answer, Call, Run, Served
from lingnan.kernel.exchange.messages.own_services import OwnServices
from lingnan.kernel.exchange.messages.refusals import Refused, bad_request
from lingnan.kernel.exchange.use import ExchangeFailure
from lingnan.kernel.runtime.api import read_json
from lingnan.standards.xroad import Identifier, Service


class ForPartners:
    """As `calls.Offering`, for members of other instances alone. `holders`: which body of this node
    answers for which system; `services`: under what the node answers for itself; `talks`: that it
    is the gate, which is told of arrangements."""

    def __init__(
        self, services: Identifier, holders: Mapping[str, str], run: Run, talks: bool = True
    ) -> None:
        self._services, self._holders, self._run = services, holders, run
        offered = {telling.SERVICE: telling.take} if talks else {}
        self._talk = OwnServices(services, offered, {telling.SERVICE}, run, abroad=True)

    async def served(self, call: Call) -> Served:
        service = call.called.service
        if service.provider == self._services:
            return await self._talk.served(call)
        system = service.provider.subsystem
        resource = catalogue.resources().get(f"{system}.{service.code}")
        if resource is None or self._holders.get(system) != service.provider.member:
            raise Refused("UnknownService", f"no service {service}")
        return _AskedService(resource, self._run)

    async def methods(
        self, provider: Identifier, client: Identifier | None
    ) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Arrangements say what may be asked; the catalogue is not shown."""
        return {}

    async def description(self, service: Service) -> str:
        raise Refused("UnknownService", f"{service} is not described to other instances", 404)


@dataclass(frozen=True)
class _AskedService:
    resource: Resource
    run: Run

    def reads(self, method: str) -> bool:
        return True

    async def answer(self, call: Call) -> Answer:
        if call.method != "POST" or call.called.path not in ("", "/"):
            raise Refused("UnknownService", f"{call.called.service} answers POST only")
        try:
            body = read_json(call.body)
            question = Question.read(call.client, call.called.service, body)
        except (ValueError, KeyError, TypeError) as problem:
            raise bad_request(f"not a question: {problem}") from problem
        try:
            told = await self.run(lambda: answering.answered(question, self.resource))
        except ExchangeFailure as failure:
            said = {"failure": failure.code, "detail": failure.detail}
            return _json(use_text.STATUS[failure.code], said, {"failure": failure.code})
        except ValueError as problem:
            raise bad_request(f"not a question: {problem}") from problem
        if not await self.run(lambda: answering.open_now(question.arrangement)):
            raise Refused("AccessDenied", f"{question.arrangement} ended meanwhile", 403)
        return _json(200, told, {"uses": [told["evidence"]]})


def _json(status: int, said: Mapping[str, object], told: Mapping[str, object]) -> Answer:
    body = json.dumps(said, ensure_ascii=False).encode()
    return Answer(status, [("content-type", asgi.JSON)], body, told)
