"""What nodes ask each other for themselves: services of the subsystem `exchange` of each.

agreements  what this node's agreements about a system ask of people
consents    whether a consent that was given here holds, asked by a holder at each use
follow, unfollow, replay, events    being told (`following`)
trace       what was written down of a message, for the nodes that were its hops (`tracing`)
handed, manifest, part, whole, withdraw    handing over (`handing`)
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lingnan.kernel.exchange.handing.store import NoRoom
from lingnan.kernel.exchange.messages import asgi
from lingnan.kernel.exchange.messages.calls import Answer, Call, Run, Served, unavailable
from lingnan.kernel.exchange.messages.refusals import Refused, bad_request
from lingnan.kernel.runtime.api import read_json
from lingnan.kernel.trust.api import EvidenceUnavailable, KeyStoreUnavailable
from lingnan.standards.xroad import Identifier, Service

logger = logging.getLogger(__name__)
Handler = Callable[[dict[str, Any], Identifier], dict[str, Any]]
"""From a question and who asks to an answer. Raises PermissionError for one who may not."""
Direct = Callable[[Call], Answer | dict[str, Any]]
"""The same from a call as it came: a body that is no question, or another method."""
ASKED = (("POST", "/"),)
Endpoints = Sequence[tuple[str, str]]


class OwnServices:
    """As `calls.Offering`, open to every node of the instance, or with `abroad` to other instances,
    of which the handler judges who asks; `changing`: those that change something."""

    def __init__(
        self,
        own: Identifier,
        handlers: Mapping[str, Handler],
        changing: Collection[str],
        run: Run,
        direct: Mapping[str, tuple[Direct, Endpoints]] | None = None,
        abroad: bool = False,
    ) -> None:
        self._own, self._run, self._changing = own, run, changing
        self._abroad = abroad
        offered = {code: (_asked(handler), ASKED) for code, handler in handlers.items()}
        self._offered: Mapping[str, tuple[Direct, Endpoints]] = {**offered, **(direct or {})}

    async def served(self, call: Call) -> Served:
        service = call.called.service
        offered = self._offered.get(service.code)
        if service.provider != self._own or offered is None:
            raise Refused("UnknownService", f"no service {service}")
        if (call.client.instance != self._own.instance) != self._abroad:
            raise Refused("AccessDenied", f"{call.client} is of another instance")
        return _OwnService(offered[0], service.code not in self._changing, self._run)

    async def methods(
        self, provider: Identifier, client: Identifier | None
    ) -> Mapping[str, Sequence[tuple[str, str]]]:
        if provider != self._own:
            return {}
        return {code: endpoints for code, (_handler, endpoints) in self._offered.items()}

    async def description(self, service: Service) -> str:
        raise Refused("UnknownService", f"{service} has no description", 404)


@dataclass(frozen=True)
class _OwnService:
    handler: Direct
    only_reads: bool
    run: Run

    def reads(self, method: str) -> bool:
        return self.only_reads

    async def answer(self, call: Call) -> Answer:
        try:
            said = await self.run(lambda: self.handler(call))
            return said if isinstance(said, Answer) else asgi.as_json(said)
        except Refused:
            raise
        except PermissionError as refused:
            raise Refused("AccessDenied", str(refused)) from refused
        except (TypeError, ValueError) as problem:
            raise bad_request(f"not a question: {problem}") from problem
        except (EvidenceUnavailable, KeyStoreUnavailable) as down:
            raise unavailable(str(down)) from down
        except NoRoom as full:
            raise Refused("InsufficientStorage", str(full), 507) from full
        except Exception as fault:
            # Whoever asked may ask again; what is wrong here is for this node's operator.
            logger.exception("%s failed", call.called.service)
            raise unavailable("the service failed") from fault


def _asked(handler: Handler) -> Direct:
    """A handler of questions: objects, and posted."""

    def answered(call: Call) -> dict[str, Any]:
        try:
            question = read_json(call.body)
        except ValueError as problem:
            raise ValueError(f"no JSON: {problem}") from problem
        if call.method != "POST" or not isinstance(question, dict):
            raise ValueError("a question is an object, and posted")
        return handler(question, call.client)

    return answered
