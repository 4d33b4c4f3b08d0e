"""What a transfer of shares leaves each holder with.

公司法 (2023-12-29) Art. 84 (shares may be transferred whole or in part), Art. 86 (the company
asks for the change of its registration), Art. 88 (the duty to pay goes with what is not paid up).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class TransferFault(StrEnum):
    """Why a transfer cannot be registered."""

    NOTHING = "nothing"
    TO_ITSELF = "to_itself"
    OWN_SHARES = "own_shares"
    NOT_A_HOLDER = "not_a_holder"
    TOO_MUCH = "too_much"
    TOO_MUCH_PAID = "too_much_paid"
    TOO_LITTLE_PAID = "too_little_paid"
    DISPUTED = "disputed"


class TransferRefused(ValueError):
    """`line` is the number of the transfer in the act, from 0."""

    def __init__(self, fault: TransferFault, line: int) -> None:
        super().__init__(f"{fault.value} in line {line}")
        self.fault, self.line = fault, line


@dataclass(frozen=True, slots=True)
class Capital:
    """Yuan subscribed, and how many of them are paid."""

    subscribed: int
    paid: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """`seller` gives `buyer` this much of the capital subscribed, with what is paid of it."""

    seller: str
    buyer: str
    capital: Capital


def after(
    company: str,
    held: Mapping[str, Capital],
    transfers: Sequence[Transfer],
    disputed: Collection[str] = (),
) -> dict[str, Capital]:
    """What all hold after the transfers, one after the other; 0 for who has nothing left.

    `company` is its own name as a holder; of the `disputed` nobody
    transfers anything while the dispute is open.

    Raises TransferRefused; then nothing is transferred.
    """
    if not transfers:
        raise TransferRefused(TransferFault.NOTHING, 0)
    left = dict(held)
    for line, one in enumerate(transfers):
        fault = _fault(company, left.get(one.seller), one)
        if one.seller in disputed:
            fault = TransferFault.DISPUTED
        if fault is not None:
            raise TransferRefused(fault, line)
        left[one.seller] = _plus(left[one.seller], one.capital, -1)
        left[one.buyer] = _plus(left.get(one.buyer, Capital(0, 0)), one.capital, 1)
    return left


def _fault(company: str, has: Capital | None, one: Transfer) -> TransferFault | None:
    gives = one.capital
    if gives.subscribed <= 0 or gives.paid < 0:
        return TransferFault.NOTHING
    if one.buyer == one.seller:
        return TransferFault.TO_ITSELF
    if one.buyer == company:
        return TransferFault.OWN_SHARES
    if has is None or has.subscribed == 0:
        return TransferFault.NOT_A_HOLDER
    if gives.subscribed > has.subscribed:
        return TransferFault.TOO_MUCH
    if gives.paid > min(gives.subscribed, has.paid):
        return TransferFault.TOO_MUCH_PAID
    # What stays may not be paid up beyond what is subscribed.
    if has.paid - gives.paid > has.subscribed - gives.subscribed:
        return TransferFault.TOO_LITTLE_PAID
    return None


def _plus(has: Capital, more: Capital, sign: int) -> Capital:
    return Capital(has.subscribed + sign * more.subscribed, has.paid + sign * more.paid)
