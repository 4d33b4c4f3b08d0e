"""Who exchanges with whom: the members and nodes that asked, those that answered, how often."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from lingnan.kernel.exchange.traffic import counting, reading
from lingnan.kernel.exchange.traffic.counting import Line
from lingnan.kernel.exchange.traffic.reading import Wanted

REST = "*"
"""All the others together."""


@dataclass(frozen=True, order=True)
class End:
    """A side of an exchange: `node` (server; empty: this one) and what of it, by its code (of a
    provider the system; empty: the node as a whole)."""

    node: str
    code: str = ""


@dataclass
class Flow:
    """What went from one side to the other; `number` messages, `faults` of them errors."""

    asks: End
    answers: End
    number: int = 0
    faults: int = 0

    @property
    def share(self) -> float:
        return self.faults / self.number if self.number else 0.0


@dataclass
class Exchanges:
    """The flows, most first, and how many sides are hidden behind REST."""

    flows: list[Flow] = field(default_factory=list)
    asking: int = 0
    answering: int = 0


def exchanges(wanted: Wanted, here: str, by_node: bool = False) -> Exchanges:
    """Between members and systems, or between nodes. `here`: this node's server."""
    flows: dict[tuple[End, End], Flow] = {}
    for line, number in reading.sums(wanted):
        if not line.client:
            continue
        pair = _ends(line, here, by_node)
        flow = flows.setdefault(pair, Flow(*pair))
        flow.number += number
        flow.faults += number if line.outcome in counting.FAULTS else 0
    ordered = sorted(flows.values(), key=lambda one: (-one.number, one.asks, one.answers))
    return Exchanges(ordered, len({f.asks for f in ordered}), len({f.answers for f in ordered}))


def _ends(line: Line, here: str, by_node: bool) -> tuple[End, End]:
    one, other = line.consumer_node or here, line.provider_node or here
    if by_node:
        return End(one), End(other)
    system = reading.service_of(line.service).partition(".")[0]
    return End(one, reading.member_of(line.client)), End(other, system)


def drawn(flows: Iterable[Flow], most: int) -> list[Flow]:
    """The flows between the `most` busiest on each side; the others joined as REST."""
    flows = list(flows)
    left = _busiest(flows, lambda one: one.asks, most)
    right = _busiest(flows, lambda one: one.answers, most)
    found: dict[tuple[End, End], Flow] = {}
    for one in flows:
        pair = left.get(one.asks, End(REST)), right.get(one.answers, End(REST))
        flow = found.setdefault(pair, Flow(*pair))
        flow.number += one.number
        flow.faults += one.faults
    return sorted(found.values(), key=lambda one: (-one.number, one.asks, one.answers))


def _busiest(flows: Iterable[Flow], side: Callable[[Flow], End], most: int) -> Mapping[End, End]:
    total: dict[End, int] = {}
    for one in flows:
        total[side(one)] = total.get(side(one), 0) + one.number
    best = sorted(total, key=lambda end: (-total[end], end))[:most]
    return {end: end for end in best}
