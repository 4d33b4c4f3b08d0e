"""Cancelling the registration of an enterprise, with what follows for holdings and branches."""

from datetime import date

from django.db import transaction

from lingnan.kernel.duty.api import Clock, clocks
from lingnan.kernel.exchange.api import introduce
from lingnan.kernel.runtime.api import Title, action, legal_time
from lingnan.kernel.trust.api import SYSTEM, Actor, Body
from lingnan.systems.government.legal_persons import telling
from lingnan.systems.government.legal_persons.firms import branches_of, closing_of, on_lists
from lingnan.systems.government.legal_persons.models import (
    Branch,
    Closing,
    ClosingObjection,
    Enterprise,
    Holding,
)
from lingnan.systems.government.legal_persons.rules import registration
from lingnan.systems.government.legal_persons.rules.registration import Firm, Hindrance
from lingnan.systems.government.legal_persons.setting_up import CLOCK_BASIS, Refused

CLOCK = clocks.named("enterprise_cancellation", "企业注销登记", "Cancelling an enterprise")


def facts(company: Enterprise) -> Firm:
    code = company.credit_code
    return Firm(
        holds_others=Holding.objects.filter(holder_code=code, ended=False).exists(),
        branches=Branch.objects.filter(company=code, ended=False).exists(),
        dispute=bool(company.hindrance),
        listed=bool(on_lists(code)),
        revoked_on=company.revoked_on if company.state == "revoked" else None,
    )


def begin(
    company: Enterprise, who: Actor, way: str, cause: str, leader: str = "", team: str = ""
) -> Closing:
    """Publish that a firm is to be cancelled. Raises Refused with all that stands against it.

    条例 Art. 32, 33; 公司法 Art. 235, 240, 241.
    """
    today = legal_time.today()
    wrong = registration.against(way, facts(company), today)
    if closing_of(company.credit_code) is not None:
        wrong.append(Hindrance.UNDER_WAY)
    if wrong:
        raise Refused(*map(str, wrong))
    before = Closing.objects.filter(company=company.credit_code).count()
    with action(by=who.signature, reason=f"注销公告 {cause}"[:400]) as act:
        return act.create(
            Closing,
            number=f"ZX-{company.credit_code}-{before + 1:02d}",
            company=company.credit_code,
            name=company.name,
            way=way,
            cause=cause,
            leader=leader,
            team=team,
            published_on=today,
            open_until=registration.open_until(way, today),
            division=company.division,
        )


def object_to(closing: Closing, who: Actor, grounds: str) -> ClosingObjection:
    """Somebody objects or claims while it is open. A simple or forced one stops (条例 Art. 33).

    Raises Refused.
    """
    today = legal_time.today()
    if closing.state != "public" or closing.open_until < today:
        raise Refused("not_open")
    count = ClosingObjection.objects.filter(closing=closing.number).count()
    with action(by=who.signature, reason="注销异议") as act:
        made = act.create(
            ClosingObjection,
            number=f"{closing.number}-{count + 1:02d}",
            closing=closing.number,
            person=introduce(who.subject, to="legal_persons"),
            name=who.name,
            grounds=grounds,
            raised_on=today,
            division=closing.division,
        )
        if closing.way != "ordinary":
            words = "公告期内有异议，终止简易程序或者依职权注销"
            act.change(closing, state="stopped", decided_on=today, words=words)
    company = Enterprise.objects.get(credit_code=closing.company)
    text = Title(
        "注销公告收到异议或者债权申报", "Somebody objects to or claims in the cancellation"
    )
    telling.tell_firm(company, text, Title(grounds, grounds))
    return made


def objected(closing: Closing) -> bool:
    return ClosingObjection.objects.filter(closing=closing.number, ended=False).exists()


def apply(closing: Closing, who: Actor, ended_on: date | None = None) -> None:
    """Ask the registrar to cancel; the registrar has three working days. Raises Refused.

    `ended_on` is the day on which the liquidation ended.
    """
    today = legal_time.today()
    if closing.state != "public":
        raise Refused("not_open")
    wrong = [*registration.timely(closing.way, closing.open_until, today, objected(closing))]
    if ended_on is not None and not closing.published_on <= ended_on <= today:
        raise Refused("bad_day")
    if wrong:
        raise Refused(*map(str, wrong))
    body = Body.objects.get(function="market", division=closing.division, ended=False)
    days = registration.parameters()["decision_working_days"]
    limit = {"unit": "working_day", "statutory": days, "promised": days}
    with transaction.atomic():
        with action(by=who.signature, reason="申请注销登记") as act:
            act.change(closing, state="applied", ended_on=ended_on)
        clocks.start(closing.number, CLOCK, limit, CLOCK_BASIS, body=body.code, about=CLOCK)


def decide(closing: Closing, who: Actor, reference: str) -> int:
    """Cancel what was applied for (or published by force). Raises Refused, Conflict."""
    company = Enterprise.objects.filter(credit_code=closing.company, ended=False).first()
    ready = "public" if closing.way == "forced" else "applied"
    if company is None or closing.state != ready:
        raise Refused("not_open")
    today = legal_time.today()
    wrong = registration.against(closing.way, facts(company), today)
    if closing.way == "forced":
        wrong += registration.timely(closing.way, closing.open_until, today, objected(closing))
    if wrong:
        raise Refused(*map(str, wrong))
    with transaction.atomic():
        count = cancel(company, who, reference)
        with action(by=who.signature, reason=f"注销登记 {reference}") as act:
            act.change(closing, state="done", decided_on=today, words=reference)
        _stop(closing, who)
    telling.tell_firm(company, Title("已注销登记", "Cancelled"), Title(company.name, company.name))
    return count


def stop(closing: Closing, who: Actor, words: str) -> None:
    """Not cancelled, or given up; the firm goes on. Raises Refused, Conflict."""
    if closing.state not in ("public", "applied"):
        raise Refused("not_open")
    with transaction.atomic():
        with action(by=who.signature, reason=words) as act:
            act.change(closing, state="stopped", decided_on=legal_time.today(), words=words)
        _stop(closing, who)


def _stop(closing: Closing, who: Actor) -> None:
    for clock in Clock.objects.filter(reference=closing.number, code=CLOCK):
        clocks.stop(clock, who.signature or SYSTEM.signature)


def cancel(company: Enterprise, who: Actor, reference: str) -> int:
    """From today the enterprise is no more (市场主体登记管理条例 (2021-07-27) Art. 31).

    What was held of it ends with it, and its branches; returns how many holdings. What it holds
    of others stands until it is transferred, and shows that the holder is gone: no rule was found
    by which it would pass to somebody by itself. All or nothing; raises Conflict.
    """
    rows = list(Holding.objects.filter(company=company.credit_code, ended=False))
    with action(by=who.signature, reason=f"注销登记 {reference}") as act:
        for row in [*rows, *branches_of(company.credit_code)]:
            act.end(row)
        act.change(company, ended=True, name_key=None)
    return len(rows)
