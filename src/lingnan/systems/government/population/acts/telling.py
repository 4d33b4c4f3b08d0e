"""What follows from a correction beyond the record: doubts answered, residents told."""

from collections.abc import Collection, Sequence

from lingnan.kernel.duty.api import messages
from lingnan.kernel.exchange.api import give
from lingnan.kernel.registry.api import Record, answering, raising
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Account, Actor
from lingnan.systems.government.population.models import Correction, Resident

ADDRESS = Title("您登记的地址已更正", "The address that is on record of you was corrected")


def answer_doubts(rows: Sequence[Record], fields: Collection[str], words: str, by: Actor) -> None:
    """Open doubts about facts that a decision corrected end with it; their raisers are told."""
    for one in rows:
        for doubt in raising.about(type(one), [one.key]):
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
