"""Synthetic cases of the demonstration, brought to where they stand by its invented officials.

Everything is done as an official does it, in the evidence and signed, but on days before the
province's first one. Only a demonstration does this, and once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from lingnan.kernel.exchange.api import elsewhere
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Account, Actor, actor_of
from lingnan.systems.government.justice_network import (
    clocking,
    filing,
    ledger,
    measures,
    proceeding,
    receiving,
)
from lingnan.systems.government.justice_network.ledger import Hand
from lingnan.systems.government.justice_network.models import Case, Suspect

COUNTY = "440103"
# Where a charge is named, for no text of the Criminal Law is at hand (its articles unverified).
FRAUD = ("诈骗罪", "罪名见《退耕还林条例》（2016-02-06）；刑法条文未经核实")
TRADE = ("非法经营罪", "罪名见《技术进出口管理条例》（2020-11-29）第四十四条；刑法条文未经核实")
# Numbers that GB/T 2260 never assigned to a place: nobody has one of them.
NUMBERS = ("999999198503020017", "999999199211120028", "999999197707070039")
ROLES = {
    "police": ("investigator", "head"),
    "procuratorate": ("prosecutor", "head"),
    "court": ("judge",),
    "justice": ("correction_officer",),
}


class Stage:
    """The officials of a county, and a clock of its own that is moved by hours."""

    def __init__(self, days_before: int) -> None:
        self.at = legal_time.now() - timedelta(days=days_before)
        self.people: dict[tuple[str, str], Actor] = {}
        for function, roles in ROLES.items():
            for role in roles:
                self.people[function, role] = _official(f"{COUNTY}-{function}-{role}")

    def hand(self, function: str, role: str, hours: int = 1) -> Hand:
        self.at += timedelta(hours=hours)
        return Hand(self.people[function, role], self.at)


def _official(login: str) -> Actor:
    """Raises LookupError where the demonstration has no such official."""
    account = Account.objects.filter(login=login, demonstration=True).first()
    found = actor_of(account) if account is not None else None
    if found is None:
        raise LookupError(login)
    return found


def play_once() -> int:
    """Four cases; none where there are some already, no such officials, or where another node
    speaks for one of their bodies: it plays them, and would know nothing of these."""
    if not legal_time.is_demonstration() or Case.objects.exists():
        return 0
    try:
        stage = Stage(0)
    except LookupError:
        return 0
    if any(elsewhere.node_of(one.body) for one in stage.people.values()):
        return 0
    _detained()
    _in_review()
    _on_trial()
    _to_be_received()
    return 4


def _begun(stage: Stage, name: str, number: str, charge: tuple[str, str]) -> tuple[Case, Suspect]:
    case = filing.open_case(
        stage.hand("police", "investigator"), charge[0], "合成案情，人物和事实均为虚构。",
        synthetic=True,
    )  # fmt: skip
    suspect = filing.add_suspect(
        case, stage.hand("police", "investigator"), name, number, charge[0], charge[1]
    )
    return case, suspect


def _taken(stage: Stage, suspect: Suspect, kind: str) -> None:
    hand = stage.hand("police", "investigator")
    measures.take(suspect, kind, hand, hand.at, "荔湾区看守所（合成）", "合成理由")
    _duties(stage, suspect.case, "police", "investigator")


def _duties(stage: Stage, case: Case, function: str, role: str) -> None:
    """What the law wants done within hours or days is done."""
    hand = stage.hand(function, role, 2)
    for term in clocking.running(case, measures.DUTIES):
        if term.body == hand.who.body:
            clocking.finish(term, hand, "已办（合成）")


def _filed(stage: Stage, case: Case, papers: Sequence[str], things: Sequence[str]) -> None:
    hand = stage.hand("police", "investigator")
    for title in papers:
        filing.add_document(case, hand, title, "file", f"{title}（合成）".encode())
    filing.add_document(case, hand, "侦查方案", "inner", "侦查方案（合成）".encode())
    for place, name in enumerate(things, 1):
        filing.add_evidence(
            case, hand, "thing" if place == 1 else "data", name, "合成证据", "1件",
            "荔湾分局涉案财物保管室（合成）", f"封2026{place:03}", hand.at,
        )  # fmt: skip


def _sent(stage: Stage, case: Case, act: str) -> None:
    """Prepared by the investigator, sent by the head, received by the prosecutor."""
    proceeding.begin(case, act, stage.hand("police", "investigator"), "见所附文书（合成）")
    proceeding.approve(case, stage.hand("police", "head"), True, "")
    package = ledger.in_transit(case)
    assert package is not None
    receiving.receive(package, stage.hand("procuratorate", "prosecutor"), "received", (), "")


def _arrested(stage: Stage, case: Case, suspect: Suspect) -> None:
    _sent(stage, case, "request_arrest")
    stage.at += timedelta(days=3)
    proceeding.begin(
        case, "approve_arrest", stage.hand("procuratorate", "head"), "批准逮捕（合成）"
    )
    package = ledger.in_transit(case)
    assert package is not None
    receiving.receive(package, stage.hand("police", "investigator"), "received", (), "")
    _taken(stage, suspect, "arrest")


def _detained() -> None:
    """Detained two days ago: arrest has to be asked for."""
    stage = Stage(2)
    case, suspect = _begun(stage, "合成甲", NUMBERS[0], FRAUD)
    _taken(stage, suspect, "detention")
    _filed(stage, case, ("受案登记表", "拘留证"), ("合成手机", "合成聊天记录"))


def _in_review() -> None:
    """Arrested and handed over; the review for prosecution ends in a week."""
    stage = Stage(60)
    case, suspect = _begun(stage, "合成乙", NUMBERS[1], TRADE)
    _taken(stage, suspect, "detention")
    _filed(stage, case, ("拘留证", "起诉意见书"), ("合成账册", "合成银行流水"))
    stage.at += timedelta(days=1)
    _arrested(stage, case, suspect)
    stage.at = legal_time.now() - timedelta(days=24)
    _sent(stage, case, "transfer")
    _duties(stage, case, "procuratorate", "prosecutor")


def _on_trial() -> None:
    """On bail, prosecuted and before the court."""
    stage = Stage(40)
    case, suspect = _begun(stage, "合成丙", NUMBERS[2], FRAUD)
    _taken(stage, suspect, "bail")
    _filed(stage, case, ("取保候审决定书", "起诉意见书"), ("合成合同",))
    _sent(stage, case, "transfer")
    _duties(stage, case, "procuratorate", "prosecutor")
    stage.at += timedelta(days=12)
    hand = stage.hand("procuratorate", "prosecutor")
    filing.add_document(case, hand, "起诉书", "file", "起诉书（合成）".encode())
    proceeding.begin(case, "prosecute", stage.hand("procuratorate", "prosecutor"), "")
    package = ledger.in_transit(case)
    assert package is not None
    receiving.receive(package, stage.hand("court", "judge"), "received", (), "")
    _duties(stage, case, "court", "judge")


def _to_be_received() -> None:
    """Arrest was asked for this morning, and the procuratorate has not ticked the list yet."""
    stage = Stage(3)
    case, suspect = _begun(stage, "自报丁某", "", TRADE)
    _taken(stage, suspect, "detention")
    _filed(stage, case, ("拘留证", "提请批准逮捕书"), ("合成车辆", "合成监控录像"))
    stage.at = _morning()
    proceeding.begin(
        case, "request_arrest", stage.hand("police", "investigator", 0), "符合逮捕条件（合成）"
    )
    proceeding.approve(case, stage.hand("police", "head", 0), True, "")


def _morning() -> datetime:
    return legal_time.now() - timedelta(minutes=30)
