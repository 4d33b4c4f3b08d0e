"""A cancelled enterprise: its past stays, it takes nothing new, and its holdings say so."""

from typing import Any

import pytest

from lingnan.kernel.trust.api import Account, actor_of
from lingnan.systems.government.legal_persons.cancellation import cancel
from lingnan.systems.government.legal_persons.models import Enterprise, Holding
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def test_a_cancelled_firm_takes_nothing_new_and_its_holdings_show_it() -> None:
    first, _second, third = Enterprise.objects.order_by("key")[:3]
    login = f"{third.division}-market-reviewer"
    who = actor_of(Account.objects.get(login=login))
    assert who is not None
    assert cancel(third, who, "（演示）注销〔2026〕1号") == 2
    assert not Holding.objects.filter(company=third.credit_code, ended=False).exists()
    past: Any = Enterprise.Version.objects.filter(key=third.key).order_by("version")
    assert [version.ended for version in past] == [False, True]
    desk, url = (
        Person(f"{first.division}-market-reviewer"),
        f"/desk/enterprises/{first.credit_code}/",
    )
    assert desk.get(url).count("已注销登记") >= 2
    rows = Holding.objects.filter(company=first.credit_code).order_by("number")
    line = {"seller-0": rows[0].number, "subscribed-0": "100", "reference": "x"}
    page = desk.post(f"{url}transfer/", **line, **{"buyer-0": rows[1].number})
    assert desk.status == 422 and "不能受让股权" in page
    page = desk.post(f"{url}transfer/", **line, **{"other-0": third.credit_code})
    assert desk.status == 422 and "没有使用这一代码的存续企业" in page
    assert "已注销登记" in desk.get(f"/enterprises/{third.credit_code}/")
    assert third.name not in desk.get(f"/enterprises/?q={third.credit_code}")
