"""The day after 30 June: who has not reported is told, many firms by one act."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lingnan.kernel.runtime.api import action, keys
from lingnan.kernel.trust.api import node_evidence
from lingnan.systems.government.legal_persons import codes, notices
from lingnan.systems.government.legal_persons.models import Enterprise, ListEntry
from tests.firms import COUNTY, NEW, of, old_firm
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
DAY = date(2026, 7, 1)
PAST = {"scope": "软件开发", "premises": NEW["premises"], "division": COUNTY}


def more_firms(count: int, first: int = 0) -> list[str]:
    made = [
        codes.free_code(f"batch {place}", codes.ENTERPRISE, COUNTY)
        for place in range(first, first + count)
    ]
    rows: list[dict[str, Any]] = [
        {"key": keys.new_key(), "credit_code": code, "name": f"批量企业{code}", "capital": 1,
         "representative": "某人", "registered_on": date(2019, 5, 6), **PAST}
        for code in made
    ]  # fmt: skip
    with action(by="a test", reason="many firms") as act:
        act.load(Enterprise, rows)
    return made


def counted() -> tuple[int, int]:
    """Notices given, and statements that it took."""
    with CaptureQueriesContext(connection) as caught:
        told = notices.missing_reports(DAY)
    return told, len(caught)


def test_a_batch_takes_the_same_statements_however_many_owe() -> None:
    notices.missing_reports(DAY)
    more_firms(2)
    few, of_few = counted()
    more_firms(120, first=2)
    many, of_many = counted()
    assert many >= 120 > few >= 2
    assert of_many <= of_few + 2
    assert counted()[0] == 0


def test_all_of_a_batch_stand_in_one_entry_of_evidence() -> None:
    notices.missing_reports(DAY)
    made = more_firms(3)
    notices.missing_reports(DAY)
    firms = Enterprise.objects.filter(credit_code__in=made)
    reader = node_evidence.reader()
    seen = {
        one.seq
        for firm in firms
        for one in reader.by_subject("organisation", firm.key)
        if one.kind == "list.noticed"
    }
    years = set(ListEntry.objects.filter(company__in=made).values_list("about", flat=True))
    assert years and len(seen) == len(years)


def test_a_notice_of_a_batch_is_a_record_like_any_other() -> None:
    """It has a version, its firm is told, and it goes on to the list."""
    founder = Person("resident-440103")
    firm = of(founder, old_firm())
    more_firms(2)
    notices.missing_reports(DAY)
    entries = ListEntry.objects.filter(company=firm.credit_code).order_by("number")
    assert [one.number[-2:] for one in entries] == ["01", "02"][: len(entries)]
    assert "拟列入名录告知" in founder.get("/messages/")
    with action(by="a test", reason="heard") as act:
        changed = act.change(entries[0], defence="已补报")
    assert changed.version == 2
    assert ListEntry.Version.objects.filter(key=changed.key).count() == 2


def test_who_is_written_about_at_the_same_moment_is_told_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    notices.missing_reports(DAY)
    made = more_firms(2)
    real, calls = notices._owing, list[int]()

    def behind(year: int, firms: Any) -> Any:
        """What was read at first is not true any more: the numbers are taken."""
        found = real(year, firms)
        calls.append(year)
        return [(one, 0) for one, _had in found] if len(calls) == 1 else found

    firm = Enterprise.objects.get(credit_code=made[0])
    from lingnan.systems.government.legal_persons import listing

    with action(by="a test", reason="found") as act:
        listing.give_notice(act, firm, "abnormal", "hidden_facts", "虚假信息")
    monkeypatch.setattr(notices, "_owing", behind)
    assert notices.missing_reports(DAY) >= 2
    rows = ListEntry.objects.filter(company=made[0], ground="no_report")
    assert rows.exists()
