"""Over HTTP: a firm's lists are read from their home, and its owner sees who looked."""

from datetime import date
from typing import Any

import pytest

from lingnan.kernel.exchange.api import Agreement, give, introduce, resources, single
from lingnan.kernel.registry.api import record_type
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import Account, node_evidence
from lingnan.systems.government.credit import registered
from lingnan.systems.government.credit.models import CreditEvent
from lingnan.systems.government.credit.resources import RESOURCES
from tests.kernel.uses import MARKET, identity
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
SINCE = date(2025, 8, 14)


def represented(person: Person) -> tuple[str, str]:
    """Code and name of an enterprise that the person represents and that stands on a list."""
    subject = Account.objects.get(login=person.login).subject
    firms: Any = record_type("legal_persons", "enterprise")
    entries: Any = record_type("legal_persons", "listentry")
    entry = entries.objects.filter(state="entered", list="abnormal").order_by("key")[0]
    firm = firms.objects.get(credit_code=entry.company)
    with action(by="a test", reason="represents") as act:
        act.change(firm, agent=introduce(subject, to="legal_persons"))
        act.change(entry, entered_on=SINCE)
    return firm.credit_code, firm.name


def test_the_representative_sees_the_lists_with_source_and_day() -> None:
    owner = Person("resident-440103")
    _code, name = represented(owner)
    page = owner.get("/credit/mine/")
    assert name in page and "经营异常名录" in page and "2025年8月14日" in page
    assert "法人基础数据库" in page
    assert name not in Person("resident-440106").get("/credit/mine/")


def test_without_an_agreement_the_page_says_that_nothing_is_known() -> None:
    owner = Person("resident-440103")
    represented(owner)
    row = Agreement.objects.get(resource=registered.LISTS, purpose=registered.PURPOSE)
    with action(by="a test", reason="ended") as act:
        act.end(row)
    page = owner.get("/credit/mine/")
    assert owner.status == 200 and "企业登记系统暂无应答" in page


def test_the_owner_sees_who_looked_at_the_firm_and_a_stranger_does_not() -> None:
    owner = Person("resident-440103")
    code, name = represented(owner)
    assert f"/looked/?firm={code}" in owner.get("/credit/mine/")
    page = owner.get(f"/credit/mine/firms/{code}/looked/")
    assert owner.url == "/looked/", owner.said
    assert owner.status == 200 and name in page and "企业存续状态和名录核查" in page
    stranger = Person("resident-440106")
    stranger.get(f"/credit/mine/firms/{code}/looked/")
    assert stranger.status == 404


def test_another_body_finds_an_organisations_credit_by_its_code() -> None:
    event = CreditEvent.objects.filter(number__contains="-90", kind="penalty").order_by("key")[0]
    one = next(one for one in RESOURCES if one.code == "credit.events_of_organisation")
    assert resources()[one.code].find is one.find and one.find is not None
    key = one.find(event.credit_code)
    assert key is not None and one.find("91440192HZZZJ5BG64") is None and one.find("") is None
    use = identity(
        resource=one.code, purpose="credit_check", basis=one.basis,
        subjects=(give("organisation", MARKET, [key])[key],), elements=tuple(one.elements),
    )  # fmt: skip
    rows = single(use)[0].rows
    assert event.number in {row["values"]["credit_event.number"] for row in rows}
    kinds = {e.kind for e in node_evidence.reader().by_subject("organisation", key)}
    assert "exchange.read" in kinds
