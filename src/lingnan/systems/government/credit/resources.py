"""What the credit register tells: how a person stands, not why."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from lingnan.kernel.exchange.api import Resource, answer_row, grouped
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.systems.government.credit.models import CreditEvent, Listing
from lingnan.systems.government.credit.registered import key_of
from lingnan.systems.government.credit.rules import lists, periods
from lingnan.systems.government.credit.standing import kept


def standing(asked: Sequence[Any]) -> Mapping[Any, Sequence[Mapping[str, Any]]]:
    """One row for everybody asked about: that nothing is on record is an answer too."""
    today = legal_time.today()
    rows = CreditEvent.objects.filter(person__in=asked, ended=False, decided_on__lte=today)
    events = grouped(asked, rows.order_by("key"), "person")
    return {name: [_stands(found, today)] for name, found in events.items()}


def _stands(events: Sequence[CreditEvent], today: date) -> Mapping[str, Any]:
    listed = {event.kind for event in events if event.ended_on is None or today < event.ended_on}
    values = {
        "credit.food_bar": _said(any(_bars(event, today) for event in events)),
        "credit.serious_list": _said("serious_list" in listed),
        "credit.abnormal_list": _said("abnormal_list" in listed),
    }
    newest = max(events, key=lambda event: event.recorded_at, default=None)
    return answer_row(values, CreditEvent, newest)


def events_of(asked: Sequence[Any]) -> Mapping[Any, Sequence[Mapping[str, Any]]]:
    """What an authority reads of an organisation: each event that is kept, newest first."""
    rows = CreditEvent.objects.filter(organisation__in=asked, ended=False)
    held = kept(list(rows.order_by("-decided_on", "key")), legal_time.today())
    found = grouped(asked, held, "organisation")
    return {name: [_told(event) for event in events] for name, events in found.items()}


def _told(event: CreditEvent) -> Mapping[str, Any]:
    values = {
        "credit_event.number": event.number,
        "credit_event.kind": event.kind,
        "credit_event.decided_on": event.decided_on,
        "credit_event.ended_on": event.ended_on or "",
        "credit_event.disputed": _said(event.disputed),
    }
    return answer_row(values, CreditEvent, event)


def joint_lists(asked: Sequence[Any]) -> Mapping[Any, Sequence[Mapping[str, Any]]]:
    """Yes or no for each joint list: that somebody is on none is an answer too."""
    rows = Listing.objects.filter(organisation__in=asked, state="entered", ended=False)
    held = grouped(asked, rows.order_by("key"), "organisation")
    return {name: [_on_lists(found)] for name, found in held.items()}


def _on_lists(rows: Sequence[Listing]) -> Mapping[str, Any]:
    names = {one.list for one in rows}
    values = {f"credit.{name}_list": _said(name in names) for name in lists.LISTS}
    return answer_row(values, Listing, rows[-1] if rows else None)


def _bars(event: CreditEvent, today: date) -> bool:
    """Whether an event keeps a person from applying for a food licence."""
    if (event.kind, event.trade) != ("revocation", "food"):
        return False
    return today < periods.food_bar_until(event.decided_on)


def _said(holds: bool) -> str:
    return "yes" if holds else "no"


RESOURCES = [
    Resource(
        code="credit.standing",
        title=Title("本人信用状况核查", "How a person stands"),
        subject="person",
        keyed=False,
        elements={
            "credit.food_bar": Title("食品行业禁业", "Barred from the food trade"),
            "credit.serious_list": Title("严重违法失信名单", "On the list of serious violations"),
            "credit.abnormal_list": Title("经营异常名录", "On the list of abnormal operation"),
        },
        sharing="conditional",
        condition=Title(
            "为依法审查该人本人的申请；只回答是或者否",
            "To examine by law what the person applies for; the answer is only yes or no",
        ),
        basis="《企业信息公示暂行条例》（2014-08-07）第七条、第十八条",
        answer=standing,
        category="104001",
    ),
    Resource(
        code="credit.events_of_organisation",
        title=Title("企业信用信息", "Credit events of an organisation"),
        subject="organisation",
        keyed=False,
        elements={
            "credit_event.number": Title("事件编号", "Number of the event"),
            "credit_event.kind": Title("事件类型", "Kind of event"),
            "credit_event.decided_on": Title("决定日期", "Decided on"),
            "credit_event.ended_on": Title("终止日期", "Ends on"),
            "credit_event.disputed": Title("是否异议处理中", "Objection being handled"),
        },
        sharing="conditional",
        condition=Title(
            "依法对该企业作出决定或者实施监管", "To decide on or supervise that organisation by law"
        ),
        basis="《企业信息公示暂行条例》（2014-08-07）第七条、第十八条",
        answer=events_of,
        category="104001",
        find=key_of,
    ),
    Resource(
        code="credit.joint_lists",
        title=Title("联合奖惩名单核查", "Whether an organisation is on a joint list"),
        subject="organisation",
        keyed=False,
        elements={
            "credit.incentive_list": Title("守信联合激励名单", "On the joint incentive list"),
            "credit.punishment_list": Title("失信联合惩戒名单", "On the joint punishment list"),
        },
        sharing="conditional",
        condition=Title(
            "为依法实施联合激励或者惩戒措施；只回答是或者否",
            "To take measures of joint incentive or punishment by law; only yes or no",
        ),
        basis="《企业信息公示暂行条例》（2014-08-07）第十八条",
        answer=joint_lists,
        category="104001",
        find=key_of,
    ),
]
