"""Notices to all who have not published the report of a year, a batch of firms in one act.

A province has millions of firms: each batch costs the same few statements, however many of its
firms owe a report, and leaves one entry of evidence that names them all.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from django.db import IntegrityError, transaction

from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import node_evidence
from lingnan.systems.government.legal_persons import listing, telling
from lingnan.systems.government.legal_persons.models import AnnualReport, Enterprise, ListEntry
from lingnan.systems.government.legal_persons.rules.annual_report import last_day
from lingnan.systems.government.legal_persons.rules.registration import parameters

BATCH, TRIES, BY = 500, 3, "legal_persons"
BASIS = "《企业信息公示暂行条例》（2014-08-07）第八条、第十七条第一款第一项"


def missing_reports(today: date) -> int:
    """Notices to all without a report that was due (企业信息公示暂行条例 Art. 8, 17 (1) 1)."""
    first = parameters()["lists"]["first_year"]
    years = [year for year in range(first, today.year) if last_day(year) < today]
    return sum(_notices(year, firms) for year in years[-2:] for firms in _reporting(year))


def _reporting(year: int) -> Iterator[list[Enterprise]]:
    """Firms that had to report on a year, in batches."""
    firms = Enterprise.objects.filter(
        ended=False, state="existing", registered_on__lte=date(year, 12, 31)
    )
    rows = firms.order_by("key").iterator(BATCH)
    while chunk := list(islice(rows, BATCH)):
        yield chunk


def _notices(year: int, firms: Sequence[Enterprise]) -> int:
    """Tell those of a batch who owe the report. Where somebody writes about one of them at the
    same moment the batch is read anew; what still fails waits for the next day."""
    for _try in range(TRIES):
        owing = _owing(year, firms)
        try:
            return _told(year, owing) if owing else 0
        except IntegrityError:
            continue
    return 0


def _owing(year: int, firms: Sequence[Enterprise]) -> list[tuple[Enterprise, int]]:
    """Who has neither reported nor been told, with the number of entries it has had."""
    codes = [firm.credit_code for firm in firms]
    reported = AnnualReport.objects.filter(company__in=codes, year=year, ended=False)
    done = set(reported.values_list("company", flat=True))
    had: Counter[str] = Counter()
    entries = ListEntry.objects.filter(company__in=codes)
    for company, ground, about in entries.values_list("company", "ground", "about"):
        had[company] += 1
        if (ground, about) == ("no_report", year):
            done.add(company)
    return [(one, had[one.credit_code]) for one in firms if one.credit_code not in done]


def _told(year: int, owing: Sequence[tuple[Enterprise, int]]) -> int:
    """Evidence, the entries in one act, then the messages."""
    found = f"未在{last_day(year)}前公示{year}年度报告"
    days = listing.days_of_notice(legal_time.today())
    rows = [
        listing.noticed(one, had, "abnormal", "no_report", found, year) | days for one, had in owing
    ]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    with transaction.atomic(), action(by=BY, reason="annual report missing") as act:
        act.load_columns(ListEntry, columns)
        _witness(year, days["noticed_on"], [firm for firm, _had in owing])
    subject, text = listing.words_of_notice(found, days["heard_until"])
    telling.tell_firms([(firm, subject, text) for firm, _had in owing])
    return len(rows)


def _witness(year: int, today: date, firms: Sequence[Enterprise]) -> None:
    """One entry for the batch, durable before the notices are; it names each firm."""
    payload = {
        "record_type": "legal_persons.listentry",
        "body": "",
        "role": "",
        "actor": BY,
        "basis": BASIS,
        "year": year,
        "noticed_on": today.isoformat(),
        "count": len(firms),
    }
    subjects = [("organisation", firm.key) for firm in firms]
    node_evidence.write([node_evidence.entry("list.noticed", payload, subjects)])
