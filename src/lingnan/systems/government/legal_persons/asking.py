"""Reports that something published is false, and questions about it: taken, traced, answered.

企业信息公示暂行条例 (2014-08-07) Art. 13: both within 20 working days, in writing.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from lingnan.kernel.duty.api import Clock, Task, clocks, tasks
from lingnan.kernel.exchange.api import introduce
from lingnan.kernel.runtime.api import Title, action, legal_time
from lingnan.kernel.trust.api import Actor, Body
from lingnan.systems.government.legal_persons import listing, telling
from lingnan.systems.government.legal_persons.deadlines import working_days_after
from lingnan.systems.government.legal_persons.models import Enquiry, Enterprise, ListEntry
from lingnan.systems.government.legal_persons.rules import publicity
from lingnan.systems.government.legal_persons.setting_up import Refused

TASK = "enterprise_enquiry"
CLOCK = clocks.named(TASK, "公示信息举报和查询", "Reports and questions about what is published")
ROLE, GUEST = "reviewer", "guest"
BASIS = "《企业信息公示暂行条例》（2014-08-07）第十三条"
TITLES = {
    "false": Title("核查公示信息虚假举报", "Check a report of false information"),
    "question": Title("答复公示信息查询", "Answer a question about information"),
}


def ask(company: Enterprise, who: Actor | None, kind: str, values: Mapping[str, Any]) -> Enquiry:
    """Take a report or a question by anybody; the registrar of the firm's county has to answer.

    `values` are about, statement, contact_name and contact.
    """
    today, days = legal_time.today(), publicity.answer_days()
    body = Body.objects.get(function="market", division=company.division, ended=False)
    resident = who if who is not None and who.kind == "resident" else None
    by = resident.signature if resident else GUEST
    with transaction.atomic():
        with action(by=by, reason="公示信息举报或者查询") as act:
            made = act.create(
                Enquiry,
                number=f"{'JB' if kind == 'false' else 'CX'}-{secrets.token_hex(8).upper()}",
                kind=kind,
                company=company.credit_code,
                name=company.name,
                person=introduce(resident.subject, to="legal_persons") if resident else "",
                received_on=today,
                due_on=working_days_after(today, days),
                division=company.division,
                **values,
            )
        limit = {"unit": "working_day", "statutory": days, "promised": days}
        clocks.start(made.number, CLOCK, limit, BASIS, body=body.code, about=CLOCK)
        link = address(made.number)
        tasks.open_task(made.number, TASK, TITLES[kind], company.name, body.code, ROLE, link)
    return made


def address(number: str) -> str:
    """Where the registrar answers it."""
    return f"/desk/registration/enquiries/{number}/"


def answer(made: Enquiry, who: Actor, outcome: str, words: str) -> None:
    """Answer once, with what follows from it for the firm.

    Raises Refused, Conflict, duty's NotYours and TaskGone; then nothing of it has happened.
    """
    task = Task.objects.filter(reference=made.number, code=TASK).first()
    if task is None or made.answered_on is not None:
        raise Refused("answered_already")
    if outcome not in publicity.outcomes(made.kind):
        raise Refused("not_open")
    with transaction.atomic():
        tasks.finish(task, who, outcome)
        entry = _follow(made, who, outcome)
        with action(by=who.signature, reason=words[:400]) as act:
            act.change(
                made,
                outcome=outcome,
                answer=words,
                answered_on=legal_time.today(),
                entry=entry.number if entry else "",
            )
        clocks.stop(Clock.objects.get(reference=made.number, code=CLOCK), who.signature)
        _tell(made)


def _follow(made: Enquiry, who: Actor, outcome: str) -> ListEntry | None:
    """The notice of an entry, or the one that the firm has had for the same already."""
    ground = publicity.ground(outcome)
    company = Enterprise.objects.filter(credit_code=made.company, ended=False).first()
    if not ground or company is None:
        return None
    held = ListEntry.objects.filter(company=made.company, ground=ground, ended=False)
    before = held.filter(state__in=listing.HELD).first()
    found = f"经核查，公示信息隐瞒真实情况、弄虚作假：{made.about}"
    return before or listing.notice(company, who, ground, found)


def _tell(made: Enquiry) -> None:
    telling.tell(
        made.person,
        Title("举报或者查询已答复", "Your report or question is answered"),
        Title(f"{made.name}：{made.number}", f"{made.name}: {made.number}"),
        f"/enterprises/enquiries/{made.number}/",
    )
