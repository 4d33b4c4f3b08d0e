"""Transfers of shares: several holdings in one act, all or nothing."""

from collections.abc import Mapping, Sequence

from lingnan.kernel.runtime.api import Action, action
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.legal_persons.holdings import Party, held, mark_of
from lingnan.systems.government.legal_persons.models import Enterprise, Holding
from lingnan.systems.government.legal_persons.rules.transfer import Capital, Transfer, after


def register(
    company: Enterprise,
    transfers: Sequence[Transfer],
    buyers: Mapping[str, Party],
    who: Actor,
    reference: str,
) -> None:
    """Register transfers in force from today (公司法 (2023-12-29) Art. 34, 86).

    `buyers` names those who do not hold anything yet, by mark. Raises TransferRefused,
    InvalidHoldings (a ring that would belong to itself), Conflict, or IntegrityError where
    somebody else registers at the same time; then nothing of it has happened.
    """
    rows = {row.holder: row for row in Holding.objects.filter(company=company.credit_code)}
    before = {
        mark: Capital(row.subscribed, row.paid) for mark, row in rows.items() if not row.ended
    }
    disputed = {mark for mark, row in rows.items() if row.dispute}
    left = after(mark_of(company.credit_code), before, transfers, disputed)
    with action(by=who.signature, reason=f"股权变更登记 {reference}") as act:
        number = len(rows)
        for mark, capital in left.items():
            if capital == before.get(mark):
                continue
            if mark in rows:
                _change(act, rows[mark], capital)
            else:
                number += 1
                _create(act, company, buyers[mark], capital, number)
        held(company)


def _change(act: Action, row: Holding, capital: Capital) -> None:
    """Who has nothing left holds no more; who comes back goes on with the old number."""
    act.change(
        row,
        subscribed=capital.subscribed,
        paid=capital.paid,
        ended=capital.subscribed == 0,
    )


def _create(act: Action, company: Enterprise, buyer: Party, capital: Capital, number: int) -> None:
    if not capital.subscribed:
        return
    act.create(
        Holding,
        number=f"{company.credit_code}-{number:03d}",
        company=company.credit_code,
        holder=buyer.mark,
        kind=buyer.kind,
        holder_name=buyer.name,
        holder_code=buyer.code,
        subscribed=capital.subscribed,
        paid=capital.paid,
        division=company.division,
    )
