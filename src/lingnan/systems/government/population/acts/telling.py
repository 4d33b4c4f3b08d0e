"""What follows from a correction beyond the record: doubts answered, residents told."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from lingnan.kernel.duty.api import messages
from lingnan.kernel.exchange.api import give
from lingnan.kernel.registry.api import answering, raising
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Account, Actor
from lingnan.systems.government.population.acts import addresses
from lingnan.systems.government.population.models import Correction, Household, Resident

ADDRESS = Title("您登记的地址已更正", "The address that is on record of you was corrected")


def open_doubts(now: Correction, fields: Collection[str]) -> list[Any]:
    """The doubts about what a proposal would put right, in these fields, oldest first."""
    return [
        doubt
        for one in _doubted(now)
        for doubt in raising.about(type(one), [one.key])
        if one.record.elements[doubt.element] in fields
    ]


def _doubted(now: Correction) -> list[Any]:
    """The records that would say it; of days gone by alone none is doubted."""
    if now.kind != "address":
        return list(Resident.objects.filter(key=now.subject))
    if now.until is not None:
        return []
    homes = Household.objects.filter(number=now.household, ended=False) if now.household else ()
    return [one for one in [*addresses.concerned(now), *homes] if one.address == now.before]


def answer_doubts(
    doubts: Iterable[Any], rows: Collection[Any], fields: Collection[str], words: str, by: Actor
) -> None:
    """Doubts that a decision answers end with it, where it corrected their records.

    Their raisers are told. All others stay open.
    """
    corrected = {one.key for one in rows}
    for doubt in doubts:
        if doubt.record in corrected:
            answering.corrected(doubt, fields, by.account, by.signature, words)


def tell_of_address(who: Sequence[Resident], now: Correction) -> int:
    """Everybody whose address was corrected, and who has an account; returns how many."""
    living = [one for one in who if not one.ended]
    known = give("person", "trust", [one.key for one in living])
    accounts = dict(
        Account.objects.filter(subject__in=known.values()).values_list("subject", "key")
    )
    text = Title(
        f"由“{now.before}”更正为“{now.after}”，申请编号 {now.number}。"
        "更正不是迁移，原登记内容仍可查。有异议的，可以在“我的户口”提出疑义。",
        f"From “{now.before}” to “{now.after}”, proposal {now.number}. You were not moved, and "
        "what stood before stays readable. If it is not right, doubt it on your own page.",
    )
    return messages.send_all(
        (accounts[known[one.key]], ADDRESS, text, "/population/mine/")
        for one in living
        if known[one.key] in accounts
    )
