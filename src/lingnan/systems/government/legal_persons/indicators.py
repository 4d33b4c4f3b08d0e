"""What is measured of enterprises: set-ups, cancellations, reports, entries on the lists."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from lingnan.kernel.insight.api import Counted, Figure, Indicator
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.legal_persons.models import (
    AnnualReport,
    Closing,
    Enterprise,
    ListEntry,
)
from lingnan.systems.government.legal_persons.rules.registration import parameters

REGISTER = Title("企业登记", "Register of enterprises")
YEAR = timedelta(days=365)


def set_ups(on: date) -> Mapping[str, Figure]:
    """Enterprises registered in the 365 days up to a day."""
    rows = Enterprise.objects.filter(registered_on__gt=on - YEAR, registered_on__lte=on)
    return _counted(rows.values_list("division", flat=True))


def cancellations(on: date) -> Mapping[str, Figure]:
    """Cancellations registered in the 365 days up to a day."""
    rows = Closing.objects.filter(state="done", decided_on__gt=on - YEAR, decided_on__lte=on)
    return _counted(rows.values_list("division", flat=True))


def reported(on: date) -> Mapping[str, Figure]:
    """Of the enterprises in existence that owe last year's report: how many have published it."""
    year = max(on.year - 1, parameters()["lists"]["first_year"])
    firms = Enterprise.objects.filter(ended=False, registered_on__lte=date(year, 12, 31))
    owing = Counter(firms.values_list("division", flat=True).iterator())
    rows = AnnualReport.objects.filter(
        year=year, ended=False, published_on__lte=on, company__in=firms.values("credit_code")
    )
    done = Counter(rows.values_list("division", flat=True).iterator())
    return {division: Figure(done[division], count) for division, count in owing.items()}


def listed(on: date) -> Mapping[str, Figure]:
    """Enterprises on the list of abnormal operations or of serious breaches."""
    rows = ListEntry.objects.filter(
        state__in=("entered", "remedied"), entered_on__lte=on, ended=False
    )
    pairs = set(rows.values_list("division", "company"))
    return _counted(division for division, _company in pairs)


def _counted(divisions: Iterable[str]) -> Mapping[str, Figure]:
    return {division: Figure(count) for division, count in Counter(divisions).items()}


INDICATORS = [
    Indicator(
        code="enterprise_set_ups",
        title=Title("新设立企业数", "Enterprises set up"),
        definition=Title(
            "最近365天登记设立的企业数。", "Enterprises registered in the last 365 days."
        ),
        unit="number",
        numerator=Counted(Title("新设立企业", "Enterprises set up"), REGISTER),
        denominator=None,
        compute=set_ups,
    ),
    Indicator(
        code="enterprise_cancellations",
        title=Title("注销企业数", "Enterprises cancelled"),
        definition=Title("最近365天注销登记的企业数。", "Cancellations in the last 365 days."),
        unit="number",
        numerator=Counted(Title("注销企业", "Enterprises cancelled"), REGISTER),
        denominator=None,
        compute=cancellations,
    ),
    Indicator(
        code="enterprise_report_rate",
        title=Title("企业年报公示率", "Annual reports published"),
        definition=Title(
            "应当公示上一年度年度报告的存续企业中，已经公示的比例。",
            "Of the enterprises that owe last year's report: how many have published it.",
        ),
        unit="percent",
        numerator=Counted(
            Title("已公示年报的企业", "Enterprises that have reported"),
            Title("企业年度报告", "Annual reports"),
        ),
        denominator=Counted(Title("应当公示年报的企业", "Enterprises that owe a report"), REGISTER),
        compute=reported,
    ),
    Indicator(
        code="enterprises_listed",
        title=Title("在列经营异常和严重违法企业数", "Enterprises on a list"),
        definition=Title(
            "列入经营异常名录或者严重违法企业名单、尚未移出的企业数。",
            "Enterprises on the list of abnormal operations or of serious breaches.",
        ),
        unit="number",
        numerator=Counted(
            Title("在列企业", "Enterprises on a list"), Title("名录", "Entries on lists")
        ),
        denominator=None,
        compute=listed,
    ),
]
