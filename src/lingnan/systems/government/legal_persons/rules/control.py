"""Who owns a company in the end, and who controls it.

What reaches an end holder is solved, not walked: with C the shares of companies in companies,
the ends receive by (I - C)^-1, so that circular holdings count to their last fraction. It is
solved exactly (fractions), and only inside a ring; all else is one pass from the company up.

公司法 (2023-12-29) Art. 265 (2) and (3): who holds more than half, directly or through others; and
who weighs on resolutions with less. Agreements and other arrangements are in no register.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path

from lingnan.systems.government.legal_persons.rules.holdings import Graph, components

PARAMETERS = Path(__file__).parent / "parameters" / "control.toml"
HALF = Fraction(1, 2)


class Ground(StrEnum):
    """Why somebody counts as the controller."""

    MAJORITY = "majority"  # more than half, all ways together
    CHAIN = "chain"  # more than half of each company on the way
    LARGEST = "largest"  # nobody has more, and nobody unknown can have


@dataclass(frozen=True, slots=True)
class Effective:
    """What each end holder owns of a company, all ways together (0 to 1).

    `unknown` is what belongs to holders that no record names; with it the shares make 1.
    """

    shares: Mapping[str, Fraction]
    unknown: Fraction

    def ranked(self) -> list[tuple[str, Fraction]]:
        """The ends, the largest first."""
        return sorted(self.shares.items(), key=lambda item: (-item[1], item[0]))


@dataclass(frozen=True, slots=True)
class Controller:
    """An end holder with its effective share, and why it controls."""

    holder: str
    ground: Ground
    share: Fraction


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who controls a company by its holdings; nobody where `controllers` is empty.

    `open`: what is unknown could make it somebody else. Two controllers mean that one has the
    majority of what the company earns and another the majority of votes at each step.
    """

    controllers: tuple[Controller, ...]
    open: bool


def effective(graph: Graph, company: str) -> Effective:
    """The effective shares of a company's end holders; all unknown where nobody is on record."""
    passed: dict[str, Fraction] = defaultdict(Fraction)
    passed[company] = Fraction(1)
    shares: dict[str, Fraction] = {}
    unknown = Fraction(0)
    for ring in reversed(components(graph.owners, [company])):
        if ring[0] not in graph.owners and ring[0] != company:
            shares[ring[0]] = passed[ring[0]]
            continue
        for member, flow in _through(graph, ring, passed).items():
            unknown += flow * (1 - graph.known(member))
            for stake in graph.owners.get(member, ()):
                if stake.holder not in ring:
                    passed[stake.holder] += flow * stake.share
    return Effective(shares, unknown)


def _through(
    graph: Graph, ring: Sequence[str], passed: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """What flows through each company of a ring, once and again: x = b + C x, solved for x."""
    if len(ring) == 1:
        return {ring[0]: passed[ring[0]]}
    at = {member: place for place, member in enumerate(ring)}
    rows = [[Fraction(int(r == c)) for c in range(len(ring))] + [passed[m]] for m, r in at.items()]
    for member, place in at.items():
        for stake in graph.owners[member]:
            if stake.holder in at:
                rows[at[stake.holder]][place] -= stake.share
    return dict(zip(ring, _solved(rows), strict=True))


def _solved(rows: list[list[Fraction]]) -> list[Fraction]:
    """Gauss and Jordan. A ring that loses something somewhere always has a pivot."""
    for column in range(len(rows)):
        pivot = next(row for row in range(column, len(rows)) if rows[row][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        first = rows[column][column]
        rows[column] = [value / first for value in rows[column]]
        for row, values in enumerate(rows):
            factor = values[column]
            if row != column and factor:
                rows[row] = [
                    v - factor * p if p else v for v, p in zip(values, rows[column], strict=True)
                ]
    return [row[-1] for row in rows]


@cache
def least_of_largest() -> Fraction:
    """From which share on the largest holder counts as controller (parameters/control.toml)."""
    told = tomllib.loads(PARAMETERS.read_text(encoding="utf-8"))
    return Fraction(told["largest"]["at_least"], 10_000)


def verdict(graph: Graph, company: str, found: Effective) -> Verdict:
    """Who controls, by the shares that `effective` found."""
    ranked = found.ranked()
    votes, votes_open = _by_chain(graph, company)
    if ranked and ranked[0][1] > HALF:
        first = Controller(ranked[0][0], Ground.MAJORITY, ranked[0][1])
        if votes is None or votes == first.holder:
            return Verdict((first,), votes_open)
        return Verdict((first, Controller(votes, Ground.CHAIN, found.shares[votes])), False)
    if votes is not None:
        return Verdict((Controller(votes, Ground.CHAIN, found.shares[votes]),), False)
    return _by_size(ranked, found.unknown, votes_open)


def _by_size(ranked: list[tuple[str, Fraction]], unknown: Fraction, votes_open: bool) -> Verdict:
    if not ranked:
        return Verdict((), unknown > 0)
    holder, share = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else Fraction(0)
    least = least_of_largest()
    # Whoever is unknown may be one holder, and may be the second one.
    overtaken = unknown > 0 and share <= second + unknown
    if overtaken:
        return Verdict((), max(share, second, Fraction(0)) + unknown >= least)
    if share == second or share < least:
        return Verdict((), unknown > 0 and share + unknown >= least)
    return Verdict((Controller(holder, Ground.LARGEST, share),), votes_open)


def _by_chain(graph: Graph, company: str) -> tuple[str | None, bool]:
    """The end of a way on which each step holds more than half; whether an unknown may be it."""
    at, passed = company, {company}
    while at in graph.owners:
        largest = graph.owners[at][0]
        if largest.share <= HALF:
            return None, 1 - graph.known(at) + largest.share > HALF and graph.known(at) < 1
        at = largest.holder
        if at in passed:
            return None, False
        passed.add(at)
    return (at, False) if at != company else (None, True)
