"""A holder owes an answer: its clock, its task, and word to who has to give it."""

from collections.abc import Collection, Mapping
from typing import Any

from lingnan.kernel.duty.api import Clock, Reading, Task, clocks, messages, tasks
from lingnan.kernel.duty.readings import read
from lingnan.kernel.exchange.models import AgreementWish
from lingnan.kernel.runtime.api import Title, definitions, legal_time
from lingnan.kernel.trust.api import Body, Holding

CODE = clocks.named("agreement", "数据共享申请答复", "Answer on shared data")
CONTESTED = clocks.named("agreement_contested", "数据共享争议裁定", "Ruling on shared data")
ANSWER = Title("答复数据共享申请", "Answer a request for shared data")
RULE = Title("裁定数据共享争议", "Rule on a contested refusal")
OFFICER, AUTHORITY = "data_officer", "data"


def limit() -> Mapping[str, Any]:
    """The limit in force today. Raises LookupError."""
    found = definitions.published("supervision", "agreements")
    if found is None:
        raise LookupError("no rule says how long a holder has to answer")
    return dict(found.content)


def link(wish: AgreementWish) -> str:
    return f"/desk/consents/wishes/{wish.number}/"


def begin(wish: AgreementWish, functions: Collection[str], holder: str = "") -> None:
    """The clock and the task of the body that answers, `holder` where only one can; call it in
    the act's transaction."""
    _owed(wish, holder or answering(wish, functions), CODE, ANSWER, "statutory")


def contest(wish: AgreementWish) -> None:
    """The same for the data authority, which rules on a refusal."""
    _owed(wish, answering(wish, (AUTHORITY,)), CONTESTED, RULE, "contested")


def end(wish: AgreementWish, by: str, outcome: str) -> None:
    """Stop what runs for it and close its tasks; call it in the act's transaction."""
    for clock in Clock.objects.filter(reference=wish.number):
        if read(clock).state != "stopped":
            clocks.stop(clock, by[:200])
    Task.objects.filter(reference=wish.number, done_at=None).update(
        done_at=legal_time.now(), done_by=by[:200], outcome=outcome
    )


def readings(wishes: Collection[AgreementWish]) -> dict[str, Reading]:
    """By number, how the clock stands that runs for a wish; none where none runs."""
    found = clocks.of_references({wish.number for wish in wishes})
    running = {
        number: [one for one in by_code.values() if one.state == "running"]
        for number, by_code in found.items()
    }
    return {number: those[0] for number, those in running.items() if those}


def answering(wish: AgreementWish, functions: Collection[str]) -> str:
    """The body whose data officer answers: of the consumer's county, else its city, else the
    province; "" where none of them has one."""
    consumer = Body.objects.filter(code=wish.consumer).first()
    division = str(consumer.division) if consumer is not None else ""
    bodies = Body.objects.filter(function__in=functions, ended=False)
    for place in dict.fromkeys((division, f"{division[:4]}00", f"{division[:2]}0000")):
        for code in bodies.filter(division=place).order_by("code").values_list("code", flat=True):
            if Holding.objects.filter(body=code, role=OFFICER, ended=False).exists():
                return str(code)
    return ""


def _owed(wish: AgreementWish, body: str, code: str, title: Title, days: str) -> None:
    rule = limit()
    counted = {"unit": rule["unit"], "statutory": rule[days], "promised": rule[days]}
    clocks.start(wish.number, code, counted, str(rule["basis"]), body=body, about=code)
    if body:
        tasks.open_task(wish.number, code, title, wish.number, body, OFFICER, link(wish))
        held = Holding.objects.filter(body=body, role=OFFICER, ended=False)
        whom = held.exclude(account=wish.account).values_list("account", flat=True)
        text = Title(f"{wish.number}：请在期限内答复。", f"{wish.number}: please answer in time.")
        messages.send_all((account, title, text, link(wish)) for account in sorted(set(whom)))
