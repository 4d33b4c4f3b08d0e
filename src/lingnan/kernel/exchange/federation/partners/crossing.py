"""What a gateway is made of for other instances: at the gate, and at other nodes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lingnan.kernel.exchange.federation import own
from lingnan.kernel.exchange.federation.own import Own
from lingnan.kernel.exchange.federation.partners.gates import (
    ARRIVING,
    LEAVING,
    Arrivals,
    ByGate,
    Envelopes,
    Gate,
    Opening,
    Straight,
)
from lingnan.kernel.exchange.federation.partners.present import Known, Partners
from lingnan.kernel.exchange.federation.partners.serving import ForPartners
from lingnan.kernel.exchange.messages.calls import Offering, Run, Wire, Witness
from lingnan.kernel.exchange.messages.consuming import Clients, Consumer
from lingnan.kernel.exchange.messages.directory import Directory
from lingnan.kernel.exchange.messages.offerings import Together
from lingnan.kernel.exchange.messages.providing import Provider
from lingnan.kernel.exchange.messages.relaying import Passing
from lingnan.kernel.exchange.messages.seen import Seen
from lingnan.kernel.exchange.messages.signing import Speaker
from lingnan.standards.xroad import Identifier, Service


@dataclass(frozen=True)
class Parts:
    """Of a gateway: who it is, what it goes by, and what it leans on."""

    here: Own
    speaker: Speaker
    directory: Callable[[], Directory]
    partners: Mapping[str, Known]
    holders: Mapping[str, str]
    wire: Wire
    relay: Passing
    clients: Clients
    witness: Witness
    seen: Seen
    run: Run


@dataclass(frozen=True)
class Crossing:
    """relay    what passes on messages for others
    answers  other instances, for what comes to this node itself; None where none may come
    asks     other instances, for what its own information systems ask
    opening  the service that takes envelopes
    """

    relay: Passing
    answers: Partners | None
    asks: Partners
    opening: Offering


def made(parts: Parts) -> Crossing:
    return _at_gate(parts) if parts.here.founded else _elsewhere(parts)


def _envelopes(parts: Parts) -> Envelopes:
    carrier = Consumer(
        parts.speaker, parts.directory, parts.wire, parts.clients, parts.witness
    )  # fmt: skip
    return Envelopes(parts.here.server, carrier.exchanged)


def _at_gate(parts: Parts) -> Crossing:
    services = own.services_of(parts.here.server)
    offered = ForPartners(services, parts.holders, parts.run)
    abroad = Partners(parts.partners, offered, parts.run)
    gate = Gate(
        parts.here.server, parts.directory, abroad, parts.relay, parts.wire, _envelopes(parts),
        parts.witness, parts.seen, parts.run,
    )  # fmt: skip

    def of_a_node(client: Identifier) -> bool:
        return client.subsystem == own.OWN_SYSTEM and client in parts.directory().homes

    straight = Straight(parts.here.server, services, parts.wire, parts.run)
    asks = Partners(parts.partners, offered, parts.run, straight)
    return Crossing(gate, abroad, asks, Opening(Service(services, LEAVING), of_a_node, gate.leave))


def _elsewhere(parts: Parts) -> Crossing:
    services = own.services_of(parts.here.server)
    offered = ForPartners(services, parts.holders, parts.run, talks=False)
    wire = ByGate(_envelopes(parts), parts.directory)
    abroad = Partners(parts.partners, offered, parts.run, wire)
    # Of the own instance nothing is offered here: such messages come by themselves.
    judge = Provider(
        parts.speaker, parts.directory, Together(), parts.witness, parts.seen, None, abroad
    )  # fmt: skip

    def of_the_gate(client: Identifier) -> bool:
        gate = parts.directory().gate
        return bool(gate) and client == own.services_of(gate)

    arrivals = Arrivals(parts.here.instance, judge.answered)
    opening = Opening(Service(services, ARRIVING), of_the_gate, arrivals.answered)
    return Crossing(parts.relay, None, abroad, opening)
