"""The register's holdings as a graph, and what it knows of those who stand in it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from lingnan.systems.government.legal_persons.models import Enterprise, Holding
from lingnan.systems.government.legal_persons.rules.holdings import (
    Graph,
    HoldingsFault,
    InvalidHoldings,
    Stake,
)

# Beyond these the graph is not read on: what lies further up counts as an end. One ring of 60, each
# held by three others, is solved exactly in a second; of 100 it takes eight.
COMPANIES, LEVELS = 60, 40
YUAN = 10_000


@dataclass(frozen=True)
class Party:
    """Somebody in a graph. `kind` as in Holding; `code` where it is an enterprise."""

    mark: str
    name: str
    kind: str
    code: str = ""


@dataclass(frozen=True)
class Held:
    """Who stands above a company. `cut`: the register knows more than was read.

    `gone` are the credit codes of holders whose registration is cancelled.
    """

    company: Party
    graph: Graph
    parties: Mapping[str, Party]
    cut: bool
    gone: frozenset[str]


def mark_of(code: str) -> str:
    """By what an enterprise is known as a holder."""
    return _mark("enterprise", code)


def outsider(name: str, division: str) -> str:
    """By what an outside party is known: its name, as one county's register knows it."""
    return _mark("outside", f"{division}|{name}")


def _mark(kind: str, words: str) -> str:
    return hashlib.sha256(f"holder|{kind}|{words}".encode()).hexdigest()[:32]


def holdings_of(codes: Iterable[str]) -> list[Holding]:
    """What is held of these companies today, the largest first."""
    rows = Holding.objects.filter(company__in=list(codes), ended=False)
    return list(rows.order_by("company", "-subscribed", "number"))


def cancelled(codes: Iterable[str]) -> frozenset[str]:
    """Those of the enterprises whose registration is cancelled."""
    found = Enterprise.objects.filter(credit_code__in=[code for code in codes if code], ended=True)
    return frozenset(found.values_list("credit_code", flat=True))


def held(company: Enterprise) -> Held:
    """All that is known above a company. Raises InvalidHoldings where it cannot be true."""
    own = Party(mark_of(company.credit_code), company.name, "enterprise", company.credit_code)
    parties, rows = {own.mark: own}, dict[str, list[Holding]]()
    capital, waiting = {company.credit_code: company.capital * YUAN}, [company.credit_code]
    for _level in range(LEVELS):
        if not waiting or len(rows) + len(waiting) > COMPANIES:
            break
        above: dict[str, None] = {}
        rows |= {code: [] for code in waiting}
        for row in holdings_of(waiting):
            rows[row.company].append(row)
            party = Party(row.holder, row.holder_name, row.kind, row.holder_code)
            parties.setdefault(row.holder, party)
            if row.kind == "enterprise" and row.holder_code not in rows:
                above[row.holder_code] = None
        waiting = list(above)
        capital |= _capital(waiting)
    stakes = [stake for code, found in rows.items() for stake in _stakes(found, capital.get(code))]
    gone = cancelled(party.code for party in parties.values())
    return Held(own, Graph.of(stakes), parties, bool(waiting), gone)


def _capital(codes: list[str]) -> dict[str, int]:
    found = Enterprise.objects.filter(credit_code__in=codes)
    return {code: ten * YUAN for code, ten in found.values_list("credit_code", "capital")}


def _stakes(rows: list[Holding], capital: int | None) -> list[Stake]:
    """Shares of the registered capital; none of a company that the register does not have."""
    if capital is None:
        return []
    if not capital and rows:
        raise InvalidHoldings(HoldingsFault.NOT_A_SHARE, [rows[0].company])
    return [
        Stake(row.holder, mark_of(row.company), Fraction(row.subscribed, capital))
        for row in rows
        if row.subscribed
    ]
