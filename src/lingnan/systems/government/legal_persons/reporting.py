"""Annual reports: filed online by the representative, published at once.

企业信息公示暂行条例 (2014-08-07) Art. 8, 9, 12: 1 January to 30 June for the year before; corrected
until 30 June, with what was said before kept in sight.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.legal_persons import listing
from lingnan.systems.government.legal_persons.models import AnnualReport, Enterprise, ListEntry
from lingnan.systems.government.legal_persons.rules.annual_report import last_day
from lingnan.systems.government.legal_persons.rules.registration import parameters
from lingnan.systems.government.legal_persons.setting_up import Refused

FIGURES = ("employees", "assets", "debts", "revenue", "profit", "taxes")


def years_due(company: Enterprise, on: date) -> list[int]:
    """The years whose report can be filed on a day, the oldest first (Art. 8)."""
    first = max(company.registered_on.year, parameters()["lists"]["first_year"])
    return list(range(first, on.year))


def reports_of(code: str) -> list[AnnualReport]:
    return list(AnnualReport.objects.filter(company=code, ended=False).order_by("-year"))


def missing(company: Enterprise, on: date) -> list[int]:
    """The years that still have no report."""
    rows = AnnualReport.objects.filter(company=company.credit_code, ended=False)
    there = set(rows.values_list("year", flat=True))
    return [year for year in years_due(company, on) if year not in there]


def publish(company: Enterprise, who: Actor, year: int, values: Mapping[str, Any]) -> AnnualReport:
    """File or, until 30 June, correct the report of a year. Who was listed for it is put right.

    Raises Refused, Conflict, IntegrityError.
    """
    today = legal_time.today()
    if company.ended:
        raise Refused("not_existing")
    if year not in years_due(company, today):
        raise Refused("bad_year")
    row = AnnualReport.objects.filter(company=company.credit_code, year=year).first()
    if row is not None and last_day(year) < today:
        raise Refused("too_late_to_correct")
    with transaction.atomic(), action(by=who.signature, reason=f"{year}年度报告") as act:
        if row is not None:
            return act.change(row, **values)
        made = act.create(
            AnnualReport,
            number=f"{company.credit_code}-{year}",
            company=company.credit_code,
            year=year,
            published_on=today,
            division=company.division,
            **values,
        )
        rows = ListEntry.objects.filter(
            company=company.credit_code, ground="no_report", about=year, ended=False
        )
        for entry in rows.filter(state__in=("noticed", "entered")):
            listing.put_right(act, entry, f"{today}公示{year}年度报告")
    return made


def figures(report: AnnualReport) -> dict[str, int]:
    """The figures that the firm lets everybody see."""
    return {name: getattr(report, name) for name in report.shown.split(",") if name in FIGURES}
