"""A graph of holdings: who holds which share of which company, and what no register may say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class HoldingsFault(StrEnum):
    """Why holdings cannot stand together."""

    NOT_A_SHARE = "not_a_share"
    OWN_SHARES = "own_shares"
    OVER_WHOLE = "over_whole"
    CLOSED_RING = "closed_ring"


class InvalidHoldings(ValueError):
    """Holdings that cannot be true together; `companies` are those that they are about."""

    def __init__(self, fault: HoldingsFault, companies: Sequence[str]) -> None:
        super().__init__(f"{fault.value}: {', '.join(companies)}")
        self.fault, self.companies = fault, tuple(companies)


@dataclass(frozen=True, slots=True)
class Stake:
    """`holder` holds `share` (more than 0, at most 1) of `company` directly."""

    holder: str
    company: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class Graph:
    """Direct holdings by company, the largest first; one stake for each holder.

    A holder that is no company here is an end: a person, an outside party, or a company whose
    own holders are not known.
    """

    owners: Mapping[str, tuple[Stake, ...]]

    @classmethod
    def of(cls, stakes: Iterable[Stake]) -> Graph:
        """Several stakes of one holder in one company count together.

        Raises InvalidHoldings: a share that is none; shares of a company in itself (公司法
        (2023-12-29) Art. 162 lets a company have them in named cases only, and they carry no
        vote); more than the whole; a ring of companies that belongs to nobody but itself.
        """
        together: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        for stake in stakes:
            _check(stake)
            together[stake.company][stake.holder] += stake.share
        owners = {company: _ranked(company, held) for company, held in together.items()}
        graph = cls(owners)
        for company in owners:
            if graph.known(company) > 1:
                raise InvalidHoldings(HoldingsFault.OVER_WHOLE, [company])
        for ring in components(owners, sorted(owners)):
            if graph.belongs_to_itself(ring):
                raise InvalidHoldings(HoldingsFault.CLOSED_RING, sorted(ring))
        return graph

    def known(self, company: str) -> Fraction:
        """The part of a company whose holders are known."""
        return sum((stake.share for stake in self.owners.get(company, ())), Fraction(0))

    def belongs_to_itself(self, ring: Sequence[str]) -> bool:
        """Whether nobody outside holds any of these companies, and nothing is unknown."""
        inside = set(ring)
        return all(
            member in self.owners
            and self.known(member) == 1
            and all(stake.holder in inside for stake in self.owners[member])
            for member in ring
        )


def _check(stake: Stake) -> None:
    if not 0 < stake.share <= 1:
        fault = HoldingsFault.OVER_WHOLE if stake.share > 1 else HoldingsFault.NOT_A_SHARE
        raise InvalidHoldings(fault, [stake.company])
    if stake.holder == stake.company:
        raise InvalidHoldings(HoldingsFault.OWN_SHARES, [stake.company])


def _ranked(company: str, held: Mapping[str, Fraction]) -> tuple[Stake, ...]:
    ranked = sorted(held.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Stake(holder, company, share) for holder, share in ranked)


def components(
    owners: Mapping[str, tuple[Stake, ...]], starts: Iterable[str]
) -> list[tuple[str, ...]]:
    """What can be reached by going up from `starts`, in strongly connected components.

    Holders come before what they hold. Tarjan's way, without recursion: chains may be long.
    """
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    waiting: set[str] = set()
    found: list[tuple[str, ...]] = []
    for start in starts:
        if start in number:
            continue
        work = [(start, iter(owners.get(start, ())))]
        number[start] = low[start] = len(number)
        stack.append(start)
        waiting.add(start)
        while work:
            node, stakes = work[-1]
            stake = next(stakes, None)
            if stake is not None:
                up = stake.holder
                if up not in number:
                    number[up] = low[up] = len(number)
                    stack.append(up)
                    waiting.add(up)
                    work.append((up, iter(owners.get(up, ()))))
                elif up in waiting:
                    low[node] = min(low[node], number[up])
                continue
            work.pop()
            if work:
                below = work[-1][0]
                low[below] = min(low[below], low[node])
            if low[node] == number[node]:
                at = stack.index(node)
                found.append(tuple(stack[at:]))
                waiting.difference_update(stack[at:])
                del stack[at:]
    return found
