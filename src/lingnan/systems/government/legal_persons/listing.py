"""The lists of abnormal operations and serious breaches, from the notice to the removal.

企业信息公示暂行条例 (2014-08-07) Art. 17. This system is the one home of both lists.
"""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from lingnan.kernel.duty.api import Clock, clocks
from lingnan.kernel.runtime.api import Action, Title, action, legal_time
from lingnan.kernel.trust.api import SYSTEM, Actor, Body
from lingnan.systems.government.legal_persons import telling
from lingnan.systems.government.legal_persons.models import (
    Enterprise,
    ListEntry,
    PublicationOrder,
)
from lingnan.systems.government.legal_persons.rules.registration import parameters
from lingnan.systems.government.legal_persons.setting_up import Refused

CLOCK = clocks.named("enterprise_list_removal", "移出名录", "Removal from a list")
CLOCK_BASIS = "《企业信息公示暂行条例》（2014-08-07）第十七条第二款；期限未经核实"
HELD = ("noticed", "entered", "remedied")
ON_LIST = ("entered", "remedied")


def notice(company: Enterprise, who: Actor, reason: str, found: str, year: int = 0) -> ListEntry:
    """Tell a firm that it is to be entered. Raises Refused where it has been told already."""
    rows = ListEntry.objects.filter(company=company.credit_code, ground=reason, state__in=HELD)
    if rows.filter(about=year, ended=False).exists():
        raise Refused("listed_already")
    with action(by=who.signature, reason=found[:400]) as act:
        made = give_notice(act, company, "abnormal", reason, found, year)
    tell_of(company, made)
    return made


def give_notice(
    act: Action, company: Enterprise, name: str, reason: str, found: str, year: int = 0
) -> ListEntry:
    """The record of a notice, in an act of the caller's."""
    before = ListEntry.objects.filter(company=company.credit_code).count()
    days = days_of_notice(legal_time.today())
    return act.create(ListEntry, **noticed(company, before, name, reason, found, year) | days)


def days_of_notice(today: date) -> dict[str, date]:
    """The day of a notice and until when the firm may be heard."""
    until = today + timedelta(days=parameters()["lists"]["notice_days"])
    return {"noticed_on": today, "heard_until": until}


def noticed(
    company: Enterprise, before: int, name: str, reason: str, found: str, year: int = 0
) -> dict[str, Any]:
    """What the record of a notice says of a firm that had `before` entries so far."""
    letter = "Y" if name == "abnormal" else "S"
    return {
        "number": f"{letter}-{company.credit_code}-{before + 1:02d}",
        "company": company.credit_code,
        "name": company.name,
        "list": name,
        "ground": reason,
        "about": year,
        "found": found,
        "division": company.division,
    }


def words_of_notice(found: str, heard_until: date) -> tuple[Title, Title]:
    """Subject and text of the message that tells of a notice."""
    return Title("拟列入名录告知", "You are to be entered on a list"), Title(
        f"{found}。{heard_until}前可以陈述、申辩或者改正。",
        f"{found}. You may be heard or put it right until {heard_until}.",
    )


def tell_of(company: Enterprise, made: ListEntry) -> None:
    telling.tell_firm(company, *words_of_notice(made.found, made.heard_until))


def say(entry: ListEntry, who: Actor, words: str) -> None:
    """What the firm says against it, before the decision. Raises Refused."""
    if entry.state != "noticed":
        raise Refused("not_open")
    with action(by=who.signature, reason="陈述申辩") as act:
        act.change(entry, defence=words)


def enter(entry: ListEntry, who: Actor, document: str) -> None:
    """Put on the list, once the firm could be heard. The list of serious breaches is the
    province's alone (Art. 17 (2)). Raises Refused, Conflict."""
    if entry.state != "noticed":
        raise Refused("not_open")
    if legal_time.today() <= entry.heard_until and not entry.defence:
        raise Refused("still_heard")
    if entry.list == "serious" and not who.division.endswith("0000"):
        raise Refused("not_province")
    with action(by=who.signature, reason=f"列入决定 {document}") as act:
        act.change(entry, state="entered", entered_on=legal_time.today(), entry_document=document)


def drop(entry: ListEntry, who: Actor, words: str) -> None:
    """Not entered after all. Raises Refused."""
    if entry.state != "noticed":
        raise Refused("not_open")
    with action(by=who.signature, reason=words) as act:
        act.change(entry, state="dropped", remedy=words)


def by_publication(entry: ListEntry) -> bool:
    """Whether it is put right by the publication that is missing, and by nothing that is said."""
    orders = PublicationOrder.objects.filter(entry=entry.number)
    return entry.ground == "no_report" or (entry.ground == "no_publication" and orders.exists())


def remedy(entry: ListEntry, who: Actor, words: str) -> None:
    """The firm says what it put right and asks to be removed. What is missing must be there:
    publish it (see `reporting`, `ordering`). Raises Refused."""
    if by_publication(entry):
        raise Refused("report_first")
    if entry.list != "abnormal" or entry.state != "entered":
        raise Refused("not_open")
    with transaction.atomic(), action(by=who.signature, reason="申请移出") as act:
        put_right(act, entry, words)


def put_right(act: Action, entry: ListEntry, words: str) -> None:
    """It is put right: who was only told is not entered, who stands on the list may leave it."""
    today = legal_time.today()
    if entry.state == "noticed":
        act.change(entry, state="dropped", remedied_on=today, remedy=words)
        return
    act.change(entry, state="remedied", remedied_on=today, remedy=words)
    body = Body.objects.get(function="market", division=entry.division, ended=False)
    days = parameters()["lists"]["removal_working_days"]
    limit = {"unit": "working_day", "statutory": days, "promised": days}
    reference = entry.number
    if not Clock.objects.filter(reference=reference, code=CLOCK).exists():
        clocks.start(reference, CLOCK, limit, CLOCK_BASIS, body=body.code, about=CLOCK)


def remove(entry: ListEntry, who: Actor, document: str) -> None:
    """Off the list: what it was entered for is put right. Raises Refused, Conflict."""
    if entry.list != "abnormal" or entry.state != "remedied":
        raise Refused("not_remedied")
    with transaction.atomic():
        with action(by=who.signature, reason=f"移出决定 {document}") as act:
            act.change(entry, state="left", left_on=legal_time.today(), exit_document=document)
        for clock in Clock.objects.filter(reference=entry.number, code=CLOCK):
            clocks.stop(clock, who.signature or SYSTEM.signature)
    company = Enterprise.objects.filter(credit_code=entry.company).first()
    if company is not None:
        title = Title("已移出经营异常名录", "Removed from the list of abnormal operations")
        telling.tell_firm(company, title, Title(document, document))
