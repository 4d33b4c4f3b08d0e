"""The ways on which a company is held, as people retrace them."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from lingnan.systems.government.legal_persons.rules.holdings import Graph

STEPS = 5_000


@dataclass(frozen=True, slots=True)
class Way:
    """From an end holder down to the company: `steps[i]` is the share in `nodes[i + 1]`.

    `share` is their product. No company comes twice: what goes round a ring is in no way.
    """

    nodes: tuple[str, ...]
    steps: tuple[Fraction, ...]
    share: Fraction

    @property
    def direct(self) -> bool:
        return len(self.steps) == 1


def ways(graph: Graph, company: str, limit: int = 30) -> list[Way]:
    """The widest ways first, at most `limit`; narrow ones of a very large graph are left out."""
    found: list[Way] = []
    heap: list[tuple[Fraction, tuple[str, ...], tuple[Fraction, ...]]] = [
        (Fraction(-1), (company,), ())
    ]
    for _step in range(STEPS):
        if not heap or len(found) == limit:
            break
        share, nodes, steps = heapq.heappop(heap)
        stakes = graph.owners.get(nodes[0], ())
        if not stakes and steps:
            found.append(Way(nodes, steps, -share))
        for stake in stakes:
            if stake.holder not in nodes:
                up = (stake.holder, *nodes), (stake.share, *steps)
                heapq.heappush(heap, (share * stake.share, *up))
    return found


def round_about(effective: Mapping[str, Fraction], found: list[Way]) -> dict[str, Fraction]:
    """What each end has beyond the ways found: through rings (or through ways left out)."""
    rest = dict(effective)
    for way in found:
        rest[way.nodes[0]] -= way.share
    return {holder: share for holder, share in rest.items() if share > 0}
