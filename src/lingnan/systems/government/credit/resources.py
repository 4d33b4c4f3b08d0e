"""What the credit register tells: how a person stands, not why."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from lingnan.kernel.exchange.api import Resource
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.systems.government.credit.rules import periods
from lingnan.systems.government.credit.models import CreditEvent

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
    )
]
