"""What is measured of credit."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from lingnan.kernel.insight.api import Counted, Figure, Indicator
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.credit.models import CreditEvent, Objection, Repair
from lingnan.systems.government.credit.rules.terms import BAD

EVENTS = Title("信用事件登记", "Register of credit events")
OBJECTIONS = Title("信用异议登记", "Register of objections")


def bad_events(on: date) -> Mapping[str, Figure]:
    """Of the events on record, how many speak against somebody."""
    rows = CreditEvent.objects.filter(ended=False, decided_on__lte=on)
    every: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    for division, kind in rows.values_list("division", "kind").iterator():
        every[division] += 1
        bad[division] += kind in BAD
    return {division: Figure(bad[division], count) for division, count in every.items()}


def objections_in_time(on: date) -> Mapping[str, Figure]:
    """Of the objections that were answered or are overdue, how many were answered in time."""
    since = on - timedelta(days=365)
    rows = Objection.objects.filter(ended=False, raised_on__gt=since, raised_on__lte=on)
    every: Counter[str] = Counter()
    prompt: Counter[str] = Counter()
    for division, due, answered in rows.values_list("division", "due_on", "answered_on"):
        if answered or due < on:
            every[division] += 1
            prompt[division] += bool(answered and answered <= due)
    return {division: Figure(prompt[division], count) for division, count in every.items()}


def repairs(on: date) -> Mapping[str, Figure]:
    """Repairs granted in the 365 days up to a day."""
    rows = Repair.objects.filter(
        state="granted", decided_on__gt=on - timedelta(days=365), decided_on__lte=on
    )
    counted = Counter(rows.values_list("division", flat=True))
    return {division: Figure(count) for division, count in counted.items()}


INDICATORS = [
    Indicator(
        code="credit_bad_events",
        title=Title("不良信用事件占比", "Share of bad credit events"),
        definition=Title(
            "在册信用事件中处罚、吊销和列入名单的比例。",
            "Of the credit events on record: penalties, revocations and entries on lists.",
        ),
        unit="percent",
        numerator=Counted(Title("不良信用事件", "Bad credit events"), EVENTS),
        denominator=Counted(Title("信用事件", "Credit events"), EVENTS),
        compute=bad_events,
    ),
    Indicator(
        code="credit_objections_in_time",
        title=Title("信用异议按期答复率", "Objections answered in time"),
        definition=Title(
            "最近365天提出、已答复或者逾期的异议中，20日内答复的比例。",
            "Of the objections of the last 365 days that were answered or are overdue: how many "
            "were answered within 20 days.",
        ),
        unit="percent",
        numerator=Counted(Title("按期答复的异议", "Answered in time"), OBJECTIONS),
        denominator=Counted(Title("已答复或者逾期的异议", "Answered or overdue"), OBJECTIONS),
        compute=objections_in_time,
    ),
    Indicator(
        code="credit_repairs",
        title=Title("准予信用修复数", "Credit repairs granted"),
        definition=Title(
            "最近365天准予的信用修复。", "Credit repairs granted in the last 365 days."
        ),
        unit="number",
        numerator=Counted(
            Title("准予的信用修复", "Repairs granted"),
            Title("信用修复登记", "Register of credit repairs"),
        ),
        denominator=None,
        compute=repairs,
    ),
]
