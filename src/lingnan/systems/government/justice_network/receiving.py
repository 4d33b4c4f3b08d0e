"""Receiving a package: the list is ticked, the receipt signed, and the case goes on or not."""

from collections.abc import Sequence

from lingnan.kernel.duty.api import tasks
from lingnan.kernel.runtime.api import Title, keys
from lingnan.kernel.trust.api import Body
from lingnan.systems.government.justice_network import (
    clocking,
    filing,
    handing,
    ledger,
    packages,
    sights,
)
from lingnan.systems.government.justice_network.ledger import Hand, NotPossible
from lingnan.systems.government.justice_network.models import Evidence, Package, Receipt
from lingnan.systems.government.justice_network.rules import stages
from lingnan.systems.government.justice_network.rules.stages import Act
from lingnan.systems.government.justice_network.watching import OFFICERS

RECEIVE = "justice_receive"


def ask(package: Package, act: Act) -> None:
    """A task for the post that receives."""
    function = Body.objects.values_list("function", flat=True).get(code=package.receiver)
    title = Title(f"接收移送：{act.zh}", f"Receive a package: {act.en}")
    ref = keys.veil(package.key, RECEIVE)
    link = f"{ledger.link(package.case)}packages/{package.number}/"
    tasks.open_task(ref, RECEIVE, title, "", package.receiver, OFFICERS[function], link)


def may_receive(package: Package, hand: Hand) -> bool:
    who = hand.who
    right = who.body == package.receiver and who.role == OFFICERS.get(sights.function_of(who))
    return right and not Receipt.objects.filter(package=package).exists()


def receive(
    package: Package, hand: Hand, verdict: str, missing: Sequence[str], text: str
) -> Receipt:
    """Tick the list: received, received with a reservation, or refused. Raises NotPossible."""
    case = package.case
    with ledger.locked(case):
        _demand(package, hand, verdict, missing, text)
        told = {"package": package.number, "verdict": verdict, "missing": list(missing)}
        ledger.witness("received" if verdict != "refused" else "refused", case, hand, told)
        signed = packages.receipt(
            package.number, package.sha256, Body.objects.get(code=package.receiver), verdict,
            missing, text, hand.by, hand.at.isoformat(),
        )  # fmt: skip
        receipt = handing.return_receipt(signed)
        tasks.withdraw(keys.veil(package.key, RECEIVE), hand.by, (RECEIVE,))
        settle(package, hand, verdict, missing, text)
    return receipt


def settle(package: Package, hand: Hand, verdict: str, missing: Sequence[str], text: str) -> None:
    """What follows from a receipt, at the receiver's node and at the sender's: the case goes on, or
    is as if nothing had been sent."""
    case, act = package.case, stages.acts()[package.act]
    if verdict == "refused":
        _refused(package, act, hand, text)
    else:
        told = {"package": package.number, "verdict": verdict, "missing": list(missing)}
        ledger.enter(case, act.code, act.to, hand, text, told)
        _keep(package, hand, missing)
    ledger.renew_sight(case, hand.at)
    clocking.renew_all(case)


def undelivered(package: Package, hand: Hand, why: str) -> None:
    """It has not reached its receiver's node, and will not: as if it had not been sent. There is no
    receipt that somebody signed; the words say so."""
    text = f"移送包未能送达，案件退回：{why}"[:600]
    with ledger.locked(package.case):
        if Receipt.objects.filter(package=package).exists():
            return
        told = {"package": package.number, "verdict": "refused", "why": why}
        ledger.witness("undelivered", package.case, hand, told)
        Receipt.objects.create(
            package=package, verdict="refused", missing=[], text=text, signed="", account=0,
            by=hand.by, at=hand.at,
        )  # fmt: skip
        settle(package, hand, "refused", (), text)


def _demand(package: Package, hand: Hand, verdict: str, missing: Sequence[str], text: str) -> None:
    """Whether the list and the words go with the verdict. Raises NotPossible."""
    known = {*package.documents, *package.items}
    if not may_receive(package, hand) or verdict not in handing.VERDICTS:
        raise NotPossible("stage")
    if not set(missing) <= known or (verdict == "received" and missing):
        raise NotPossible("difference")
    if verdict == "reserved" and not missing:
        raise NotPossible("reservation")
    if verdict != "received" and not text:
        raise NotPossible("reasons")


def _keep(package: Package, hand: Hand, missing: Sequence[str]) -> None:
    for item in Evidence.objects.filter(number__in=package.items, travels=True):
        if item.number in missing:
            filing.keep(item, hand, "missing", text=package.number, body=package.sender)
        else:
            filing.keep(item, hand, "received", text=package.number, body=package.receiver)


def _refused(package: Package, act: Act, hand: Hand, text: str) -> None:
    """As if it had not been sent: the sender's clocks run again from where they began."""
    case = package.case
    ledger.enter(case, "refused_package", ledger.stage_of(case), hand, text,
                 {"package": package.number, "act": act.code})  # fmt: skip
    for term in clocking.running(case, act.starts):
        if term.started_at == package.arrived_at:
            clocking.add(term, "ended", hand, text=text[:600])
    clocking.reopen(case, package.number, hand)
    for item in Evidence.objects.filter(number__in=package.items, travels=True):
        filing.keep(item, hand, "received", text=package.number, body=package.sender)
