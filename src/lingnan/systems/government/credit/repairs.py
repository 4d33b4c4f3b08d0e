"""Repair: conditions by rule, the view of the source, one officer proposes, another decides."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from lingnan.kernel.duty.api import Clock, Task, clocks, tasks
from lingnan.kernel.runtime.api import Title, action, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.credit.models import CreditEvent, Repair
from lingnan.systems.government.credit.rules import repair as rules
from lingnan.systems.government.credit.rules.terms import parameters
from lingnan.systems.government.credit.standing import Own, handler_of, own_event, tell

CLOCK = clocks.named("credit_repair", "信用修复", "Credit repair")
VIEW, PROPOSE, DECIDE = "credit_repair_view", "credit_repair_propose", "credit_repair_decide"
TITLES = {
    VIEW: Title("对信用修复提出意见", "Give a view on a credit repair"),
    PROPOSE: Title("审查信用修复申请", "Examine a credit repair"),
    DECIDE: Title("决定信用修复", "Decide a credit repair"),
}


class NotOpen(Exception):
    """Not this person's event, asked already, not that far yet, or decided."""


class Lacking(Exception):
    """A repair cannot be granted: conditions are not met, or the source does not agree."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = tuple(codes)


class SamePerson(Exception):
    """Who proposed does not decide."""


def address(number: str) -> str:
    return f"/desk/credit/repairs/{number}/"


def conditions(event: CreditEvent, fulfilled: bool, remedied: bool) -> tuple[rules.Condition, ...]:
    """The conditions of the law as they stand today."""
    rows = CreditEvent.objects.filter(ended=False).exclude(number=event.number)
    rows = (
        rows.filter(credit_code=event.credit_code)
        if event.credit_code
        else rows.filter(person=event.person)
    )
    others = [one.facts for one in rows]
    return rules.conditions(event.facts, others, fulfilled, remedied, legal_time.today())


def apply(own: Own, who: Actor, number: str, said: dict[str, Any]) -> Repair:
    """File an application; `said` has grounds, papers, fulfilled, remedied. Raises NotOpen."""
    event = own_event(own, number)
    before = Repair.objects.filter(event=number)
    if event is None or event.repaired_on or before.exclude(state="refused").exists():
        raise NotOpen
    handler, days = handler_of(event.division), int(parameters()["repair"]["working_days"])
    with transaction.atomic():
        with action(by=who.signature, reason="repair applied for") as act:
            made = act.create(
                Repair,
                number=f"R{before.count() + 1}-{number}"[:40],
                event=number,
                person=own.person,
                name=event.name,
                applied_on=legal_time.today(),
                state="filed",
                source=event.source,
                handler=handler,
                division=event.division,
                **said,
            )
        limit = {"unit": "working_day", "statutory": days, "promised": days}
        basis = str(parameters()["repair"]["basis"])
        clocks.start(made.number, CLOCK, limit, basis, body=handler, about=CLOCK)
        open_tasks(made)
    return made


def open_tasks(made: Repair) -> None:
    """The source gives its view, and an officer of the credit body examines."""
    _open(made, VIEW, made.source, "data_officer")
    _open(made, PROPOSE, made.handler, "records_officer")


def give_view(made: Repair, who: Actor, agrees: bool) -> None:
    """The source agrees or not. Raises NotOpen, duty's NotYours and TaskGone."""
    with transaction.atomic():
        tasks.finish(_task(made, VIEW), who, "agree" if agrees else "disagree")
        with action(by=who.signature, reason="view of the source") as act:
            act.change(made, source_view="agree" if agrees else "disagree")


def propose(made: Repair, who: Actor, grants: bool, words: str) -> None:
    """An officer proposes; to grant, all conditions are met. Raises Lacking and as above."""
    if grants:
        _allowed(made)
    with transaction.atomic():
        tasks.finish(_task(made, PROPOSE), who, "grant" if grants else "refuse")
        with action(by=who.signature, reason=words[:400]) as act:
            act.change(
                made, state="proposed", grants=grants, proposal=words, proposed_by=who.account
            )
        _open(made, DECIDE, made.handler, "data_officer")


def decide(made: Repair, who: Actor, grants: bool, words: str) -> None:
    """Another officer decides. Raises SamePerson, Lacking and as above."""
    if made.proposed_by == who.account:
        raise SamePerson
    if grants:
        _allowed(made)
    with transaction.atomic():
        tasks.finish(_task(made, DECIDE), who, "granted" if grants else "refused")
        today = legal_time.today()
        with action(by=who.signature, reason=words[:400]) as act:
            state = "granted" if grants else "refused"
            act.change(made, state=state, decided_on=today, decided_because=words)
            if grants:
                event = CreditEvent.objects.get(number=made.event, ended=False)
                act.change(event, repaired_on=today)
        tasks.withdraw(made.number, who.signature)
        clocks.stop(Clock.objects.get(reference=made.number, code=CLOCK), who.signature)
        _tell(made, grants, words)


def _allowed(made: Repair) -> None:
    event = CreditEvent.objects.filter(number=made.event, ended=False).first()
    if event is None:
        raise Lacking(["gone"])
    found = conditions(event, made.fulfilled, made.remedied)
    lacking = [one.code for one in found if not one.met]
    lacking += [] if made.source_view == "agree" else ["source"]
    if lacking:
        raise Lacking(lacking)


def _task(made: Repair, code: str) -> Task:
    found = Task.objects.filter(reference=made.number, code=code).first()
    if found is None:
        raise NotOpen
    return found


def _open(made: Repair, code: str, body: str, role: str) -> None:
    link = address(made.number)
    tasks.open_task(made.number, code, TITLES[code], made.name, body, role, link)


def _tell(made: Repair, grants: bool, words: str) -> None:
    title = Title("准予信用修复", "Your credit is repaired")
    if not grants:
        title = Title("不予信用修复", "Your credit repair was refused")
    text = Title(f"修复申请 {made.number}：{words}", f"Repair {made.number}: {words}")
    tell(made.person, title, text)
