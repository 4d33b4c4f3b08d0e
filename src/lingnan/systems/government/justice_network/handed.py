"""What other nodes hand over: packages to bodies of this node, receipts for what these had sent.

What a package starts at its receiver starts here, and what a receipt ends at its sender: each node
keeps the file as its own bodies see it.
"""

from django.db import transaction

from lingnan.kernel.exchange.api import handing as between_nodes
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import SYSTEM
from lingnan.systems.government.justice_network import (
    handing,
    ledger,
    packages,
    proceeding,
    receiving,
)
from lingnan.systems.government.justice_network.ledger import Hand
from lingnan.systems.government.justice_network.models import Package
from lingnan.systems.government.justice_network.rules import stages

PACKAGE, RECEIPT = handing.PACKAGE, handing.RECEIPT
MOST = packages.LARGEST
"""Bytes that come as one piece: what one message does not carry comes in parts."""


def handed(kind: str, number: str, data: bytes, node: str) -> None:
    """Raises BadPackage (ValueError) on what is not as its sender signed it."""
    trusted, hand = between_nodes.roots(), Hand(SYSTEM, legal_time.now())
    if kind == PACKAGE:
        _package(number, data, trusted, hand, node)
    elif kind == RECEIPT:
        _receipt(data, trusted, hand, node)
    else:
        raise ValueError(f"no such thing is taken here: {kind[:20]}")


def not_handed(kind: str, number: str, why: str) -> None:
    """What this node gave has not arrived, and will not: the case comes back to who sent it. Of a
    receipt that did not arrive the operator knows; the receiver has the case."""
    package = Package.objects.filter(number=number).first()
    if kind == PACKAGE and package is not None:
        receiving.undelivered(package, Hand(SYSTEM, legal_time.now()), why)


def _package(number: str, data: bytes, trusted: set[str], hand: Hand, node: str) -> None:
    if Package.objects.filter(number=number).exists():
        return
    package = handing.take_in(data, trusted, hand.at)
    if package.number != number:
        raise handing.BadPackage("altered")
    case, act = package.case, stages.acts()[package.act]
    told = {"act": act.code, "basis": act.basis, "package": package.number, "to": package.receiver}
    ledger.witness("arrived", case, hand, told | {"from": package.sender, "node": node})
    with transaction.atomic():
        ledger.enter(
            case, f"sent_{act.code}", ledger.stage_of(case), hand, "", told | {"outcome": ""}
        )
        proceeding.begin_at_receiver(package, act, hand)


def _receipt(data: bytes, trusted: set[str], hand: Hand, node: str) -> None:
    receipt = handing.take_receipt(data, trusted)
    package = receipt.package
    told = {"package": package.number, "verdict": receipt.verdict, "node": node}
    ledger.witness("receipt_came", package.case, hand, told)
    with ledger.locked(package.case):
        receiving.settle(package, hand, receipt.verdict, receipt.missing, receipt.text)
