"""An auditor reads one consent: its text, both signatures, and never whose it is."""

from datetime import date

import pytest

from lingnan.kernel.exchange.api import Agreement, agreements, terms
from lingnan.kernel.trust.api import actor_of, consents
from tests.kernel import uses
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
PROVINCE = "440000-supervision-supervisor"


def test_an_auditor_verifies_a_consent_by_its_number_and_the_giver_sees_it() -> None:
    account = uses.resident()
    who = actor_of(account)
    assert who is not None
    agreement = Agreement.objects.get(number="GD-2026-0901")
    wish = consents.Wish(
        who.subject, "person", agreement.consumer, agreement.resource, agreement.purpose,
        agreement.basis, ("person.name",), 1, "once", date(2026, 6, 30), agreement.number,
        terms.digest(agreement), (consents.HANDING_ON,),
    )  # fmt: skip
    one = consents.give(wish, who)
    auditor, where = Person(PROVINCE), f"/governance/consents/?number={one.number}"
    assert "签名有效" not in auditor.get(where)
    page = auditor.get(f"{where}&why=核查")
    assert page.count("签名有效") == 2 and one.giver not in page and account.name not in page
    assert "签名" not in Person("440100-supervision-supervisor").get(f"{where}&why=核查")
    assert "审计人员查看" in Person("resident-440103").get("/looked/")
    agreements.change(agreement, "a test", purpose="firm_advice")
    assert "不再适用" in auditor.get(f"{where}&why=再核查")
