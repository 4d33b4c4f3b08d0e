"""Over HTTP: an enterprise reports, is listed and cleared, and is closed."""

from datetime import date, timedelta

import pytest

from lingnan.kernel.runtime.api import action, legal_time
from lingnan.systems.government.legal_persons.daily import daily
from lingnan.systems.government.legal_persons.models import (
    Branch,
    Closing,
    Holding,
    ListEntry,
)
from lingnan.systems.government.legal_persons.resources import lists_of
from tests.firms import (
    NEW,
    REPORT,
    of,
    old_firm,
    on_the_day,
    set_up,
    until,
)
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def test_report_list_remedy_and_off_the_list(founder: Person, registrar: Person) -> None:
    firm = of(founder, old_firm())
    own = f"/enterprises/mine/{firm.credit_code}/"
    until(date(2026, 7, 1))
    founder, registrar = on_the_day(founder), on_the_day(registrar)
    entry = ListEntry.objects.get(company=firm.credit_code, about=2025)
    assert entry.state == "noticed" and daily() == 0
    assert "拟列入名录告知" in founder.get("/messages/")
    desk = f"/desk/registration/entries/{entry.number}/"
    said = {"act": "decide", "words": "列异决〔2026〕9号"}
    registrar.post(desk, outcome="enter", **said)
    assert registrar.status == 409 and "可以陈述申辩" in registrar.text
    until(date(2026, 7, 12))
    founder, registrar = on_the_day(founder), on_the_day(registrar)
    registrar.post(desk, outcome="enter", **said)
    assert registrar.status == 200
    assert firm.name in founder.get(f"/enterprises/lists/abnormal/?q={firm.credit_code}")
    assert lists_of([firm.key])[firm.key][0]["values"]["enterprise_list.abnormal"] == "yes"
    registrar.post(desk, outcome="remove", **said)
    assert registrar.status == 409
    founder.post(f"{own}?act=report", **REPORT)
    assert founder.status == 200, founder.text
    page = Person("resident-440106").get(f"/enterprises/{firm.credit_code}/")
    assert "1,234,567" in page and "7,654,321" not in page
    registrar.post(desk, outcome="remove", **said)
    assert registrar.status == 200 and "已移出" in registrar.text
    assert firm.name not in founder.get(f"/enterprises/lists/abnormal/?q={firm.credit_code}")


def test_a_report_is_corrected_until_june_with_the_former_in_sight(founder: Person) -> None:
    firm = of(founder, old_firm())
    own = f"/enterprises/mine/{firm.credit_code}/?act=report"
    founder.post(own, **(REPORT | {"employees": "many"}))
    assert founder.status == 422 and "请填写整数" in founder.text
    founder.post(own, **(REPORT | {"year": "2031"}))
    assert founder.status == 422
    founder.post(own, **REPORT)
    until(date(2026, 3, 4))
    founder = on_the_day(founder)
    founder.post(own, **(REPORT | {"phone": "13900000000", "assets": "42"}))
    page = founder.get(f"/enterprises/{firm.credit_code}/")
    assert "13900000000" in page and "2026年3月4日更正" in page and "13800000000" in page
    # The figure that everybody could see stays in sight, the one that nobody could does not.
    assert "1,234,567" in page and "7,654,321" not in page
    until(date(2026, 7, 1))
    founder = on_the_day(founder)
    founder.post(own, **(REPORT | {"phone": "13700000000"}))
    assert founder.status == 409 and "6月30日" in founder.text


def test_not_found_needs_two_letters_and_the_firm_is_heard(
    founder: Person, registrar: Person
) -> None:
    firm = of(founder, old_firm())
    url = f"/desk/enterprises/{firm.credit_code}/acts/?act=notice"
    said = {"act": "notice", "reason": "not_found", "found": "住所无法联系"}
    for letters in ({}, {"letter_1": "2026-02-01", "letter_2": "2026-02-10"},
                    {"letter_1": "2026-02-01", "letter_2": "2027-01-01"}):  # fmt: skip
        registrar.post(url, **said, **letters)
        assert registrar.status == 409 and "两次" in registrar.text
    letters = {"letter_1": "2026-02-01", "letter_2": "2026-02-20"}
    registrar.post(url, **said, **letters)
    assert registrar.status == 200
    registrar.post(url, **said, **letters)
    assert registrar.status == 409
    own = f"/enterprises/mine/{firm.credit_code}/"
    founder.post(f"{own}?act=say", act="say", words="已搬回")
    entry = ListEntry.objects.get(company=firm.credit_code)
    assert entry.defence == "已搬回"
    desk = f"/desk/registration/entries/{entry.number}/"
    registrar.post(desk, act="decide", outcome="enter", words="列异决〔2026〕2号")
    founder.post(f"{own}?act=remedy", act="remedy", words="已办理住所变更登记")
    registrar.post(desk, act="decide", outcome="remove", words="移出决〔2026〕2号")
    assert registrar.status == 200
    assert ListEntry.objects.get(key=entry.key).state == "left"


def test_three_years_make_it_serious_and_five_clean_years_end_it(registrar: Person) -> None:
    entry = ListEntry.objects.filter(state="entered", ground="hidden_facts").order_by("key")[0]
    assert daily() >= 1 and daily() == 0
    serious = ListEntry.objects.get(company=entry.company, list="serious")
    desk = f"/desk/registration/entries/{serious.number}/"
    with action(by="a test", reason="heard") as act:
        serious = act.change(serious, defence="无")
    Person(f"{serious.division}-market-head").post(
        desk, act="decide", outcome="enter", words="严〔2026〕1号"
    )
    assert ListEntry.objects.get(key=serious.key).state == "noticed"
    Person("440000-market-head").post(desk, act="decide", outcome="enter", words="严〔2026〕1号")
    serious = ListEntry.objects.get(key=serious.key)
    assert serious.state == "entered"
    long_ago = legal_time.today() - timedelta(days=366 * 5)
    with action(by="a test", reason="five years on") as act:
        act.change(serious, entered_on=long_ago)
    daily()
    assert ListEntry.objects.get(key=serious.key).state == "entered"
    with action(by="a test", reason="put right") as act:
        act.change(entry, state="left", left_on=long_ago, entered_on=long_ago)
    daily()
    assert ListEntry.objects.get(key=serious.key).state == "left"


def test_the_simple_way_waits_twenty_days_and_an_objection_stops_it(
    founder: Person, registrar: Person
) -> None:
    firm = set_up(founder, registrar)
    own = f"/enterprises/mine/{firm.credit_code}/"
    founder.post(f"{own}?act=simple", act="simple", cause="不再经营")
    assert founder.status == 422
    begin = {"act": "simple", "cause": "不再经营", "promise": "1"}
    founder.post(f"{own}?act=simple", **begin)
    founder.post(f"{own}?act=apply", act="apply")
    assert founder.status == 409 and "尚未届满" in founder.text
    creditor = Person("resident-440106")
    assert "提出异议" in creditor.get(f"/enterprises/{firm.credit_code}/")
    creditor.post(f"/enterprises/{firm.credit_code}/objection/", act="object", grounds="欠货款")
    assert Closing.objects.get(company=firm.credit_code).state == "stopped"
    founder.post(f"{own}?act=simple", **begin)
    until(legal_time.today() + timedelta(days=21))
    founder, registrar = on_the_day(founder), on_the_day(registrar)
    founder.post(f"{own}?act=apply", act="apply")
    assert founder.status == 200
    closing = Closing.objects.get(company=firm.credit_code, state="applied")
    page = registrar.post(
        f"/desk/registration/closings/{closing.number}/",
        act="decide", outcome="cancel", words="注〔2026〕1号",
    )  # fmt: skip
    assert registrar.status == 200 and "已注销登记" in page
    assert "已注销登记" in founder.get(f"/enterprises/{firm.credit_code}/")
    assert "没有找到企业" in founder.get(f"/enterprises/?q={NEW['name']}")
    assert set_up(founder, registrar).credit_code != firm.credit_code


def test_a_firm_with_branches_holdings_or_a_dispute_is_not_closed(
    founder: Person, registrar: Person
) -> None:
    firm = set_up(founder, registrar)
    child = set_up(
        founder, registrar, **{"name": "子（演示）有限公司", "holder-1": firm.credit_code}
    )
    url = f"/desk/enterprises/{firm.credit_code}/acts/"
    opened = {"name": "一分公司（演示）", "head": "何某", "scope": "软件开发", "reference": "分1"}
    registrar.post(f"{url}?act=branch", act="branch", premises="龙津东路19号", **opened)
    registrar.post(f"{url}?act=note", act="note", hindrance="股权争议，法院已受理")
    own = f"/enterprises/mine/{firm.credit_code}/?act=ordinary"
    begin = {"act": "ordinary", "cause": "解散", "leader": "何某", "team": "何某、李某"}
    page = founder.post(own, **begin)
    assert founder.status == 409
    for words in ("仍持有其他公司股权", "分支机构注销登记", "权属争议"):
        assert words in page
    branch = Branch.objects.get(company=firm.credit_code)
    registrar.post(f"/desk/registration/branches/{branch.credit_code}/", act="close",
                   reference="分〔2026〕2号")  # fmt: skip
    registrar.post(f"{url}?act=note", act="note", hindrance="")
    row = Holding.objects.get(company=child.credit_code, holder_code=firm.credit_code)
    with action(by="a test", reason="transferred") as act:
        act.end(row)
    founder.post(own, **begin)
    assert founder.status == 200
    closing = Closing.objects.get(company=firm.credit_code)
    assert closing.open_until == legal_time.today() + timedelta(days=45)
