"""A call to a service and its answer, whoever carries them, and what a node offers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from lingnan.kernel.exchange.messages.directory import Directory, Peer
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.standards.http_signatures import Message
from lingnan.standards.xroad import Called, Identifier, Service

_T = TypeVar("_T")
Fields = Sequence[tuple[str, str]]
"""Names in lower case, in the order in which they came."""


@dataclass(frozen=True)
class Call:
    """What one member asks of another. `identity`: X-Road-Id."""

    client: Identifier
    called: Called
    method: str
    fields: Fields
    body: bytes
    identity: str

    def field(self, name: str) -> str:
        """Empty where there is none."""
        return next((value for key, value in self.fields if key == name), "")


@dataclass(frozen=True)
class Answer:
    """What a service said. `told`: what the evidence keeps of it besides."""

    status: int
    fields: Fields
    body: bytes
    told: Mapping[str, Any] = field(default_factory=dict)


class Served(Protocol):
    """A service that a client may call now."""

    def reads(self, method: str) -> bool:
        """Whether a call changes nothing: then it is written down once, with its answer."""
        ...

    async def answer(self, call: Call) -> Answer:
        """Raises Refused where the service does not answer."""
        ...


class Offering(Protocol):
    """What the subsystems of a node offer, and to whom."""

    async def served(self, call: Call) -> Served:
        """Raises Refused: UnknownService, AccessDenied."""
        ...

    async def methods(
        self, provider: Identifier, client: Identifier | None
    ) -> Mapping[str, Sequence[tuple[str, str]]]:
        """By service code its (method, path) endpoints; with a client those open to it."""
        ...

    async def description(self, service: Service) -> str:
        """Its OpenAPI document. Raises Refused."""
        ...


class Wire(Protocol):
    """The way to another node: mutual TLS, one request, one answer."""

    async def send(self, peer: Peer, request: Message, body: bytes) -> tuple[Message, bytes]:
        """Raises Refused where no answer comes."""
        ...


class Abroad(Protocol):
    """Other instances: by whose directory their members are judged, what they may ask, and the way
    to their nodes (`wire`; None: as to every node)."""

    @property
    def offering(self) -> Offering: ...

    @property
    def wire(self) -> Wire | None: ...

    async def directory(self, instance: str) -> Directory:
        """The directory of an instance with which there is exchange now. Raises Refused."""
        ...

    async def demand(self, instance: str) -> None:
        """That there still is. Raises Refused."""
        ...


class Run(Protocol):
    """Runs what waits for the database where it may wait."""

    def __call__(self, call: Callable[[], _T]) -> Awaitable[_T]: ...


class Witness(Protocol):
    """Where it is written down that a message was sent, received, answered."""

    async def write(self, kind: str, payload: Mapping[str, Any], reference: str) -> None:
        """Durable when it returns. Raises Refused."""
        ...


def unavailable(what: str) -> Refused:
    """Nothing is answered that cannot be written down, or that nobody is there to answer."""
    return Refused("ServiceFailed", what, 503)
