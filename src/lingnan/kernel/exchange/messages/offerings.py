"""What a node offers, put together: resources of systems, services at departments' addresses."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from lingnan.kernel.exchange.messages.calls import Call, Offering, Run, Served
from lingnan.kernel.exchange.messages.carrying import Forwarded
from lingnan.kernel.exchange.messages.connections import Connections
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.standards.xroad import Identifier, Service

FRESH = 1.0
"""Seconds for which it is known what a member may ask: so long an agreement outlives its end."""


class Together:
    """Several offerings as one: who knows a service answers for it."""

    def __init__(self, *parts: Offering) -> None:
        self._parts = parts

    async def served(self, call: Call) -> Served:
        unknown = Refused("UnknownService", f"no service {call.called.service}")
        for part in self._parts:
            try:
                return await part.served(call)
            except Refused as refused:
                if refused.kind != unknown.kind:
                    raise
                unknown = refused
        raise unknown

    async def methods(
        self, provider: Identifier, client: Identifier | None
    ) -> Mapping[str, Sequence[tuple[str, str]]]:
        found: dict[str, Sequence[tuple[str, str]]] = {}
        for part in self._parts:
            found |= await part.methods(provider, client)
        return found

    async def description(self, service: Service) -> str:
        for part in self._parts[:-1]:
            try:
                return await part.description(service)
            except Refused:
                continue
        return await self._parts[-1].description(service)


@dataclass(frozen=True)
class Address:
    """A service at an address of a department's own; `description` is its OpenAPI document."""

    url: str
    description: str = ""


class Addresses:
    """As `calls.Offering`: services that are passed on. `open_to` says which resources, as
    `{subsystem}.{service}`, a member may ask for; it waits for the database."""

    def __init__(
        self,
        known: Callable[[], Mapping[Service, Address]],
        connections: Connections,
        open_to: Callable[[str], Collection[str]],
        run: Run,
    ) -> None:
        self._known, self._connections = known, connections
        self._open_to, self._run = open_to, run
        self._told: dict[str, tuple[float, Collection[str]]] = {}

    async def served(self, call: Call) -> Served:
        address = self._address(call.called.service)
        if _named(call.called.service) not in await self._may(call.client.member):
            raise Refused("AccessDenied", f"{call.client} has no agreement")
        return Forwarded(self._connections, address.url)

    async def methods(
        self, provider: Identifier, client: Identifier | None
    ) -> Mapping[str, Sequence[tuple[str, str]]]:
        own = [one for one in self._known() if one.provider == provider]
        if client is not None:
            may = await self._may(client.member)
            own = [one for one in own if _named(one) in may]
        return {one.code: [("*", "/*")] for one in own}

    async def description(self, service: Service) -> str:
        found = self._address(service).description
        if not found:
            raise Refused("UnknownService", f"{service} has no description", 404)
        return found

    def _address(self, service: Service) -> Address:
        found = self._known().get(service)
        if found is None:
            raise Refused("UnknownService", f"no service {service}")
        return found

    async def _may(self, member: str) -> Collection[str]:
        kept = self._told.get(member)
        if kept is None or kept[0] < time.monotonic():
            found = await self._run(lambda: self._open_to(member))
            kept = (time.monotonic() + FRESH, found)
            self._told[member] = kept
        return kept[1]


def _named(service: Service) -> str:
    return f"{service.provider.subsystem}.{service.code}"
