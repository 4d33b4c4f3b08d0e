"""Orders to publish within a period, and what follows when nothing is published.

企业信息公示暂行条例 (2014-08-07) Art. 10 (2), 17 (1) 1.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from lingnan.kernel.duty.api import Clock, clocks
from lingnan.kernel.runtime.api import Action, Conflict, Title, action, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.legal_persons import listing, telling
from lingnan.systems.government.legal_persons.deadlines import first_duty, publication_due
from lingnan.systems.government.legal_persons.models import (
    Enterprise,
    ListEntry,
    Publication,
    PublicationOrder,
)
from lingnan.systems.government.legal_persons.rules import publicity
from lingnan.systems.government.legal_persons.setting_up import Refused

BY, GROUND = "legal_persons", "no_publication"
CLOCK = clocks.named("publication_order", "责令限期公示", "Order to publish")
BASIS = "《企业信息公示暂行条例》（2014-08-07）第十条第二款；期限未经核实"
OPEN = ("open", "lapsed")


def order(company: Enterprise, who: Actor, values: Mapping[str, Any]) -> PublicationOrder:
    """Order a firm to publish what is overdue. `values` are kind, subject, came_about_on, found
    and document.

    Raises Refused where the 20 working days have not passed, or it was ordered already.
    """
    today = legal_time.today()
    if company.ended:
        raise Refused("not_existing")
    if values["came_about_on"] < first_duty(company.registered_on):
        raise Refused("no_duty_then")
    if not publicity.may_order(publication_due(values["came_about_on"]), today):
        raise Refused("not_overdue")
    mine = PublicationOrder.objects.filter(company=company.credit_code)
    same = {name: values[name] for name in ("kind", "subject", "came_about_on")}
    if mine.filter(state__in=OPEN, ended=False, **same).exists():
        raise Refused("ordered_already")
    until = publicity.ordered_until(today)
    with transaction.atomic():
        with action(by=who.signature, reason=f"责令限期公示 {values['document']}") as act:
            made = act.create(
                PublicationOrder,
                number=f"ZL-{company.credit_code}-{mine.count() + 1:03d}",
                company=company.credit_code,
                name=company.name,
                ordered_on=today,
                until=until,
                division=company.division,
                **values,
            )
        days = (until - today).days
        limit = {"unit": "calendar_day", "statutory": days, "promised": days}
        # It measures the firm and no body, so it names none.
        clocks.start(made.number, CLOCK, limit, BASIS, about=CLOCK)
    telling.tell_firm(
        company,
        Title("责令限期公示通知", "You are ordered to publish"),
        Title(f"{made.subject}：请在{until}前公示。", f"{made.subject}: publish it by {until}."),
    )
    return made


def open_orders(code: str) -> list[PublicationOrder]:
    """What a firm still has to publish by order, in time or late."""
    rows = PublicationOrder.objects.filter(company=code, state__in=OPEN, ended=False)
    return list(rows.order_by("until", "key"))


def carry_out(act: Action, made: PublicationOrder, publication: Publication) -> None:
    """The firm has published what was ordered; an entry for it is put right."""
    act.change(made, state="done", publication=publication.number, closed_on=legal_time.today())
    _stop(made)
    entry = ListEntry.objects.filter(number=made.entry, state__in=("noticed", "entered")).first()
    if made.entry and entry is not None:
        listing.put_right(act, entry, f"已公示{publication.number}")


def lift(made: PublicationOrder, who: Actor, words: str) -> None:
    """There was nothing to publish after all. Raises Refused once the period is over."""
    if made.state != "open":
        raise Refused("not_open")
    with transaction.atomic(), action(by=who.signature, reason=words) as act:
        act.change(made, state="lifted", closed_on=legal_time.today(), words=words)
        _stop(made)


def _stop(made: PublicationOrder) -> None:
    for clock in Clock.objects.filter(reference=made.number, code=CLOCK):
        clocks.stop(clock, BY)


def lapsed(today: date) -> int:
    """Notices of an entry to who let the period of an order pass; each once."""
    rows = PublicationOrder.objects.filter(state="open", until__lt=today, ended=False)
    return sum(_lapse(one) for one in rows.order_by("key"))


def _lapse(made: PublicationOrder) -> int:
    """A cancelled firm is told nothing. What fails against somebody who writes at the same
    moment waits for the next day."""
    company = Enterprise.objects.filter(credit_code=made.company, ended=False).first()
    found = f"未在责令的期限（{made.until}）内公示：{made.subject}"
    try:
        with transaction.atomic(), action(by=BY, reason="order to publish lapsed") as act:
            entry = (
                listing.give_notice(act, company, "abnormal", GROUND, found) if company else None
            )
            act.change(made, state="lapsed", entry=entry.number if entry else "")
            _stop(made)
    except (IntegrityError, Conflict):
        return 0
    if company is not None and entry is not None:
        listing.tell_of(company, entry)
    return 1
