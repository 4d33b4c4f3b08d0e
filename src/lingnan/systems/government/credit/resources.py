"""What the credit register tells: how a person stands, not why."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from lingnan.kernel.exchange.api import Resource
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.systems.government.credit.models import CreditEvent, Listing
from lingnan.systems.government.credit.registered import key_of
from lingnan.systems.government.credit.rules import lists, periods
from lingnan.systems.government.credit.standing import kept

RECORD = "credit.creditevent"


def standing(asked: Sequence[Any]) -> Mapping[Any, Sequence[Mapping[str, Any]]]:
    """One row for everybody asked about: that nothing is on record is an answer too."""
    today = legal_time.today()
    events: dict[Any, list[CreditEvent]] = {name: [] for name in asked}
    for event in CreditEvent.objects.filter(person__in=asked, ended=False).order_by("key"):
        if event.decided_on <= today:
            events[event.person].append(event)
    return {name: [_row(found, today)] for name, found in events.items()}


def _row(events: Sequence[CreditEvent], today: date) -> Mapping[str, Any]:
    newest = max(events, key=lambda event: event.recorded_at, default=None)
    told = newest.recorded_at.astimezone(legal_time.CHINA).date() if newest else today
    listed = {event.kind for event in events if event.ended_on is None or today < event.ended_on}
    return {
        "values": {
            "credit.food_bar": _said(any(_bars(event, today) for event in events)),
            "credit.serious_list": _said("serious_list" in listed),
            "credit.abnormal_list": _said("abnormal_list" in listed),
        },
        "record": RECORD,
        "version": newest.version if newest else 0,
        "as_of": told.isoformat(),
    }


def events_of(asked: Sequence[Any]) -> Mapping[Any, Sequence[Mapping[str, Any]]]:
    """What an authority reads of an organisation: each event that is kept, newest first."""
    found: dict[Any, list[Mapping[str, Any]]] = {name: [] for name in asked}
    rows = CreditEvent.objects.filter(organisation__in=asked, ended=False)
    for event in kept(list(rows.order_by("-decided_on", "key")), legal_time.today()):
        ended = event.ended_on
        values = {
            "credit_event.number": event.number,
            "credit_event.kind": event.kind,
            "credit_event.decided_on": event.decided_on.isoformat(),
            "credit_event.ended_on": ended.isoformat() if ended else "",
            "credit_event.disputed": _said(event.disputed),
        }
        found[event.organisation].append(_told(values, event, RECORD))
    return found


def joint_lists(asked: Sequence[Any]) -> Mapping[Any, Sequence[Mapping[str, Any]]]:
    """Yes or no for each joint list: that somebody is on none is an answer too."""
    held: dict[Any, list[Listing]] = {name: [] for name in asked}
    rows = Listing.objects.filter(organisation__in=asked, state="entered", ended=False)
    for row in rows.order_by("key"):
        held[row.organisation].append(row)
    return {name: [_on_lists(found)] for name, found in held.items()}


def _on_lists(rows: Sequence[Listing]) -> Mapping[str, Any]:
    names = {row.list for row in rows}
    values = {f"credit.{name}_list": _said(name in names) for name in lists.LISTS}
    return _told(values, rows[-1] if rows else None, "credit.listing")


def _told(
    values: Mapping[str, Any], row: CreditEvent | Listing | None, record: str
) -> Mapping[str, Any]:
    at = row.recorded_at.astimezone(legal_time.CHINA).date() if row else legal_time.today()
    return {
        "values": values,
        "record": record,
        "version": row.version if row else 0,
        "as_of": at.isoformat(),
    }


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
        find=key_of,
    ),
]
