"""Objection: marked at once, asked of the source, answered within the clock."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from lingnan.kernel.duty.api import Clock, Task, clocks, tasks
from lingnan.kernel.runtime.api import Title, action, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.credit import collecting
from lingnan.systems.government.credit.models import CreditEvent, Objection
from lingnan.systems.government.credit.rules.terms import parameters
from lingnan.systems.government.credit.standing import Own, own_event, tell

TASK, ROLE = "credit_objection", "data_officer"
CLOCK = clocks.named(TASK, "信用信息异议", "Objection to credit information")


class NotOpen(Exception):
    """The event is not the objector's, or is objected to already; or it was answered before."""


def rule() -> dict[str, Any]:
    return dict(parameters()["objection"])


def object_to(own: Own, who: Actor, number: str, grounds: str, statement: str) -> Objection:
    """Raise an objection against an own event. Raises NotOpen."""
    event = own_event(own, number)
    if event is None or event.disputed:
        raise NotOpen
    today, days = legal_time.today(), int(rule()["days"])
    place = Objection.objects.filter(event=number).count() + 1
    with transaction.atomic(), action(by=who.signature, reason="objection") as act:
        act.change(event, disputed=True)
        made = act.create(
            Objection,
            number=f"Y{place}-{number}"[:40],
            event=number,
            person=own.person,
            name=event.name,
            grounds=grounds,
            statement=statement,
            raised_on=today,
            due_on=today + timedelta(days=days),
            source=event.source,
            division=event.division,
        )
        limit = {"unit": rule()["unit"], "statutory": days, "promised": days}
        clocks.start(made.number, CLOCK, limit, rule()["basis"], body=event.source, about=CLOCK)
        title = Title("核查信用异议", "Examine an objection to a credit event")
        tasks.open_task(
            made.number, TASK, title, event.name, event.source, ROLE, address(made.number)
        )
    return made


def address(number: str) -> str:
    """Where the source answers it."""
    return f"/desk/credit/objections/{number}/"


def answer(
    made: Objection, who: Actor, outcome: str, words: str, what: str, ended_on: date | None
) -> None:
    """The source answers once. Raises NotOpen, duty's NotYours and TaskGone."""
    task = Task.objects.filter(reference=made.number, code=TASK).first()
    event = CreditEvent.objects.filter(number=made.event).first()
    if task is None or event is None or made.answered_on is not None:
        raise NotOpen
    with transaction.atomic():
        tasks.finish(task, who, outcome)
        if outcome == "corrected" and not event.ended:
            event = collecting.correct(event, who, what or event.what, ended_on, words)
        with action(by=who.signature, reason=words[:400]) as act:
            if not event.ended:
                event = act.change(event, disputed=False)
            if outcome == "deleted" and not event.ended:
                act.end(event)
            act.change(made, answered_on=legal_time.today(), outcome=outcome, answer=words)
        clocks.stop(Clock.objects.get(reference=made.number, code=CLOCK), who.signature)
        _tell(made, words)


def _tell(made: Objection, words: str) -> None:
    tell(
        made.person,
        Title("信用异议已答复", "Your objection has been answered"),
        Title(f"异议 {made.number}：{words}", f"Objection {made.number}: {words}"),
    )


def is_late(made: Objection) -> bool:
    """Whether it was, or is by now, answered later than its clock lets."""
    return (made.answered_on or legal_time.today()) > made.due_on
