"""What is done about a need: posted, joined, given to a holder, answered, taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from lingnan.kernel.duty.api import messages
from lingnan.kernel.exchange.api import resources
from lingnan.kernel.runtime.api import Title, action, keys, legal_time
from lingnan.kernel.trust.api import Actor, Body, Holding, node_evidence
from lingnan.systems.government.resource_exchange.demand import duty
from lingnan.systems.government.resource_exchange.demand.models import Need, NeedJoined

OFFICER, AUTHORITY, PROVINCE = "data_officer", "data", "440000"
LEAST = 2
LENGTHS = {"title": 100, "elements": 400, "purpose": 200, "basis": 200, "why": 200,
           "answer": 400, "refusal": 200}  # fmt: skip
OPEN = ("posted", "assigned", "promised")
FARTHEST = 366
"""Days within which what is promised has to be shared."""


class NotPossible(ValueError):
    """What cannot be done so; `field` says what is wrong, "state" that it is another's or over."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Answered:
    """A holder's answer. `kind`: shared (then `resource`), promised (then `day`), refused (then
    `basis`)."""

    kind: str
    words: str
    resource: str = ""
    day: date | None = None
    basis: str = ""


def post(who: Actor, said: Mapping[str, str], matter: str = "", origin: str = "") -> Need:
    """Say what the own body needs; evidence first. Raises NotPossible."""
    if who.role != OFFICER:
        raise NotPossible("state")
    for name in ("title", "elements", "purpose", "basis"):
        _text(name, said[name])
    if origin and Need.objects.filter(origin=origin, state__in=OPEN, ended=False).exists():
        raise NotPossible("origin")
    key = keys.new_key()
    number = f"XQ-D{keys.veil(key, 'exchange.need')[:10].upper()}"
    _witness("need.posted", number, who, {"origin": origin})
    told = {name: said[name] for name in ("title", "elements", "purpose", "basis")}
    values: dict[str, Any] = {"matter": matter, "origin": origin, **told}
    with action(by=who.signature, reason=f"need {number}") as act:
        return act.create(
            Need, key=key, number=number, body=who.body, account=who.account, **values
        )


def may_join(need: Need, who: Actor) -> bool:
    return (
        who.role == OFFICER
        and need.state in OPEN
        and who.body != need.body
        and not NeedJoined.objects.filter(need=need.number, body=who.body).exists()
    )


def join(need: Need, who: Actor, why: str) -> NeedJoined:
    """The own body needs it, too. Raises NotPossible."""
    if not may_join(need, who):
        raise NotPossible("state")
    _text("why", why)
    _witness("need.joined", need.number, who, {})
    try:
        with transaction.atomic():
            return NeedJoined.objects.create(
                need=need.number, body=who.body, why=why, account=who.account,
                by=who.signature[:200], at=legal_time.now(),
            )  # fmt: skip
    except IntegrityError:
        raise NotPossible("state") from None


def may_assign(need: Need, who: Actor) -> bool:
    """A data officer of the province's data authority names the holder, or another one."""
    able = who.role == OFFICER and who.function == AUTHORITY and who.division == PROVINCE
    return able and need.state in ("posted", "assigned")


def holders() -> dict[str, Body]:
    """Function → the province's body that can be named: one that has a data officer."""
    able = set(Holding.objects.filter(role=OFFICER, ended=False).values_list("body", flat=True))
    found = Body.objects.filter(tier="province", ended=False, code__in=able).order_by("-code")
    return {body.function: body for body in found}


def assign(need: Need, who: Actor, function: str) -> Need:
    """Name the holder; its task and its clock begin. Raises NotPossible, Conflict."""
    found = holders().get(function)
    if not may_assign(need, who):
        raise NotPossible("state")
    if found is None or found.code == need.holder:
        raise NotPossible("holder")
    _witness("need.assigned", need.number, who, {"holder": found.code})
    with transaction.atomic(), action(by=who.signature, reason=f"need {need.number}") as act:
        duty.end(need, who, "reassigned")
        now = act.change(need, state="assigned", holder=found.code)
        duty.begin(now)
        return now


def may_answer(need: Need, who: Actor) -> bool:
    """The named holder's data officer; of what was promised, that it is shared now."""
    return who.holds(OFFICER, need.holder) and need.state in ("assigned", "promised")


def answer(need: Need, who: Actor, said: Answered) -> Need:
    """Answer it; whoever needs it is told. Raises NotPossible, Conflict."""
    if not may_answer(need, who):
        raise NotPossible("state")
    values = _answer_of(need, said)
    _witness(f"need.{said.kind}", need.number, who, {"resource": said.resource})
    with transaction.atomic(), action(by=who.signature, reason=f"need {need.number}") as act:
        duty.end(need, who, said.kind)
        now = act.change(need, state=said.kind, answer=said.words, **values)
        _tell(now)
        return now


def _answer_of(need: Need, said: Answered) -> dict[str, Any]:
    _text("answer", said.words)
    if said.kind == "shared":
        if said.resource not in resources():
            raise NotPossible("resource")
        return {"resource": said.resource}
    if said.kind == "refused":
        _text("refusal", said.basis)
        return {"refusal": said.basis}
    today = legal_time.today()
    if said.kind != "promised" or need.state == "promised":
        raise NotPossible("kind")
    if said.day is None or not 0 < (said.day - today).days <= FARTHEST:
        raise NotPossible("day")
    return {"promised_on": said.day}


def may_withdraw(need: Need, who: Actor) -> bool:
    return who.holds(OFFICER, need.body) and need.state in OPEN


def withdraw(need: Need, who: Actor) -> Need:
    """The body that asked needs it no more. Raises NotPossible, Conflict."""
    if not may_withdraw(need, who):
        raise NotPossible("state")
    _witness("need.withdrawn", need.number, who, {})
    with transaction.atomic(), action(by=who.signature, reason=f"need {need.number}") as act:
        duty.end(need, who, "withdrawn")
        return act.change(need, state="withdrawn")


def _tell(need: Need) -> None:
    """Word to whoever posted it and to whoever joined."""
    joined = NeedJoined.objects.filter(need=need.number).values_list("account", flat=True)
    states = {"shared": "已共享", "promised": "将共享", "refused": "不予共享"}
    english = {"shared": "is shared", "promised": "will be shared", "refused": "is not shared"}
    title = Title(f"您需要的数据{states[need.state]}", f"What you need {english[need.state]}")
    text = Title(f"“{need.title}”：{need.answer}", f"“{need.title}”: “{need.answer}”")
    # An invented need of the demonstration is nobody's in person.
    whom = sorted({need.account, *joined} - {0})
    messages.send_all((account, title, text, duty.link(need)) for account in whom)


def _text(field: str, text: str) -> None:
    if not LEAST <= len(text) <= LENGTHS[field] or "\x00" in text:
        raise NotPossible(field)


def _witness(kind: str, number: str, who: Actor, more: dict[str, object]) -> None:
    payload = {"need": number, "actor": who.signature, "body": who.body, "role": who.role} | more
    payload["legal_time"] = legal_time.now().isoformat()
    node_evidence.write([node_evidence.entry(kind, payload, (), number)])
