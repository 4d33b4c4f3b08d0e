"""The life of an enterprise over HTTP: set up, changed, reporting, listed, cleared, closed."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from lingnan.kernel.exchange.api import introduce
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import Account, actor_of
from lingnan.standards import credit_code
from lingnan.systems.government.legal_persons import codes, setting_up
from lingnan.systems.government.legal_persons.daily import daily
from lingnan.systems.government.legal_persons.holdings import outsider
from lingnan.systems.government.legal_persons.models import (
    Branch,
    Closing,
    Enterprise,
    Filing,
    FormerIdentifier,
    Holding,
    ListEntry,
)
from lingnan.systems.government.legal_persons.resources import lists_of
from tests.clockwork import advance
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
COUNTY = "440103"
NEW = {
    "act": "file",
    "division": COUNTY,
    "name": "广州市荔湾区新程（演示）有限公司",
    "scope": "软件开发",
    "premises": "广州市荔湾区龙津东路18号",
    "supervisors": "何监事",
    "capital": "100",
    "holder-0": "本人",
    "subscribed-0": "600000",
    "paid-0": "100000",
    "holder-1": "海外创业投资基金（演示）",
    "subscribed-1": "400000",
}
REPORT = {
    "act": "report",
    "year": "2025",
    "address": "广州市荔湾区龙津东路18号",
    "phone": "13800000000",
    "condition": "open",
    "employees": "7",
    "assets": "1234567",
    "debts": "1",
    "revenue": "7654321",
    "profit": "-5",
    "taxes": "0",
    "show-assets": "1",
}


@pytest.fixture
def founder() -> Person:
    return Person("resident-440103")


@pytest.fixture
def registrar() -> Person:
    return Person(f"{COUNTY}-market-reviewer")


def account(person: Person) -> Account:
    return Account.objects.get(login=person.login)


def filed(founder: Person, **changes: str) -> Filing:
    founder.post("/enterprises/set-up/", **(NEW | changes))
    assert founder.status == 200, founder.text
    return Filing.objects.get(name=changes.get("name", NEW["name"]), state="filed")


def set_up(founder: Person, registrar: Person, **changes: str) -> Enterprise:
    made = filed(founder, **changes)
    decide = f"/desk/registration/filings/{made.number}/"
    registrar.post(decide, act="decide", outcome="grant", words="", checked="")
    assert registrar.status == 200 and made.name in registrar.text, registrar.text
    return Enterprise.objects.get(name=made.name, ended=False)


def of(person: Person, firm: Enterprise) -> Enterprise:
    """An old firm of the county that a resident represents."""
    agent = introduce(account(person).subject, to="legal_persons")
    with action(by="a test", reason="represents") as act:
        return act.change(firm, agent=agent)


def old_firm(registered_on: date = date(2019, 5, 6)) -> Enterprise:
    """A plain firm of the county with one shareholder, and without reports."""
    code = codes.free_code(f"old {registered_on}", codes.ENTERPRISE, COUNTY)
    shared: dict[str, Any] = {"scope": "软件开发", "premises": NEW["premises"], "division": COUNTY}
    with action(by="a test", reason="an old firm") as act:
        firm = act.create(
            Enterprise, credit_code=code, name="老字号（演示）有限公司", representative="何某",
            capital=10, registered_on=registered_on, **shared,
        )  # fmt: skip
        act.create(
            Holding, number=f"{code}-001", company=code, holder=outsider("何某", COUNTY),
            kind="outside", holder_name="何某", subscribed=100_000, paid=0, division=COUNTY,
        )  # fmt: skip
    return firm


def on_the_day(person: Person) -> Person:
    """Signed in again: a session does not outlive months of legal time."""
    return Person(person.login)


def until(day: date) -> None:
    advance(f"{(day - legal_time.today()).days}d")


def test_an_enterprise_is_set_up_with_capital_holders_and_a_code(
    founder: Person, registrar: Person
) -> None:
    firm = set_up(founder, registrar)
    assert credit_code.parse(firm.credit_code) and firm.registered_on == legal_time.today()
    rows = Holding.objects.filter(company=firm.credit_code).order_by("number")
    assert [(row.kind, row.subscribed) for row in rows] == [("person", 600000), ("outside", 400000)]
    page = founder.get(f"/enterprises/{firm.credit_code}/")
    assert "存续" in page and "何监事" in page and "60%" in page
    assert firm.name in founder.get("/enterprises/mine/")
    Person("440106-market-reviewer").get("/desk/registration/")
    stranger = Person("resident-440106")
    stranger.get(f"/enterprises/mine/{firm.credit_code}/")
    assert stranger.status == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"capital": "0"}, "必须大于零"),
        ({"capital": "90"}, "合计与注册资本不符"),
        ({"subscribed-1": "0"}, "每位股东"),
        ({"subscribed-1": "-5"}, "请填写整数"),
        ({"paid-0": "600001"}, "不能超过认缴"),
        ({"holder-1": "本人"}, "重复"),
        ({"holder-1": "91440192HZZZJ5BG64"}, "没有使用这一代码"),
        ({"name": ""}, "请填写"),
        ({"name": "长" * 121}, "120"),
        ({"division": "110101"}, "请选择"),
        ({"capital": "9" * 30}, "请填写整数"),
    ],
)
def test_a_faulty_set_up_is_refused_and_nothing_is_lost(
    founder: Person, changes: dict[str, str], said: str
) -> None:
    page = founder.post("/enterprises/set-up/", **(NEW | changes))
    assert founder.status == 422 and said in page, page
    assert NEW["premises"] in page and not Filing.objects.filter(premises=NEW["premises"]).exists()


def test_a_branch_or_a_cancelled_firm_holds_nothing(founder: Person) -> None:
    branch = Branch.objects.order_by("key")[0]
    founder.post("/enterprises/set-up/", **(NEW | {"holder-1": branch.credit_code}))
    assert founder.status == 422 and "分支机构不具有法人资格" in founder.text
    firm = old_firm()
    with action(by="a test", reason="gone") as act:
        act.end(firm)
    founder.post("/enterprises/set-up/", **(NEW | {"holder-1": firm.credit_code}))
    assert founder.status == 422 and "已注销" in founder.text


def test_one_name_goes_to_one_firm_even_at_the_same_moment(
    founder: Person, registrar: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = filed(founder), filed(founder, name=f"{NEW['name']}乙")
    with action(by="a test", reason="the same name") as act:
        second = act.change(second, name=first.name)
    who = actor_of(account(registrar))
    assert who is not None
    # Both have looked before either has written: only the database can tell them apart.
    monkeypatch.setattr(setting_up, "name_taken", lambda *_args, **_more: False)
    setting_up.grant(first, who, "")
    with pytest.raises(IntegrityError):
        setting_up.grant(second, who, "")
    assert Enterprise.objects.filter(name=first.name).count() == 1
    assert Filing.objects.get(number=second.number).state == "filed"
    monkeypatch.undo()
    page = registrar.post(
        f"/desk/registration/filings/{second.number}/", act="decide", outcome="grant", words=""
    )
    assert registrar.status == 409 and "已有企业使用这一名称" in page


def test_who_answers_for_a_revoked_firm_represents_no_other(
    founder: Person, registrar: Person
) -> None:
    made = filed(founder)
    firm = of(founder, old_firm())
    head = Person(f"{COUNTY}-market-head")
    url = f"/desk/enterprises/{firm.credit_code}/acts/?act=revoke"
    head.post(url, act="revoke", why="吊销决〔2026〕1号", answerable="1")
    assert head.status == 200 and "已吊销营业执照" in head.text
    assert "已吊销营业执照" in founder.get(f"/enterprises/{firm.credit_code}/")
    page = registrar.post(
        f"/desk/registration/filings/{made.number}/", act="decide", outcome="grant", words=""
    )
    assert registrar.status == 409 and "目前不得担任" in page
    registrar.post(url, act="revoke", why="x")
    assert registrar.status == 200 and Enterprise.objects.get(key=firm.key).state == "revoked"


def test_changes_keep_the_past_and_the_capital_adds_up(founder: Person, registrar: Person) -> None:
    firm = set_up(founder, registrar)
    url = f"/desk/enterprises/{firm.credit_code}/acts/"
    registrar.post(f"{url}?act=change", act="change", field="name", value="新名（演示）有限公司",
                   reference="变〔2026〕1号")  # fmt: skip
    assert registrar.status == 200 and "新名（演示）有限公司" in registrar.text
    row = Holding.objects.filter(company=firm.credit_code).order_by("number")[0]
    said = {"act": "capital", "holder": row.number, "paid": "0", "reference": "变〔2026〕2号"}
    registrar.post(f"{url}?act=capital", capital="0", **said)
    assert registrar.status == 409 and "必须大于零" in registrar.text
    registrar.post(f"{url}?act=capital", capital="150", **said)
    assert registrar.status == 200
    rows = Holding.objects.filter(company=firm.credit_code, ended=False)
    assert sum(one.subscribed for one in rows) == 1_500_000
    past: Any = Enterprise.Version.objects.filter(key=firm.key).order_by("version")
    assert past.first().name == NEW["name"] and past.last().capital == 150


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
    founder.post(own, **(REPORT | {"phone": "13900000000"}))
    page = founder.get(f"/enterprises/{firm.credit_code}/")
    assert "13900000000" in page and "更正前" in page and "13800000000" in page
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


def test_what_an_old_firm_was_known_by_is_noted_and_merged(registrar: Person) -> None:
    firm = old_firm(date(2011, 3, 1))
    number = codes.free_number(COUNTY)
    url = f"/desk/enterprises/{firm.credit_code}/acts/?act=identifier"
    registrar.post(url, act="identifier", value="D2143569X", reference="并1")
    assert registrar.status == 409
    registrar.post(url, act="identifier", value="123", reference="并1")
    assert registrar.status == 409 and "既不是" in registrar.text
    registrar.post(url, act="identifier", value=number, reference="并1")
    registrar.post(url, act="identifier", value=firm.credit_code[8:17], reference="并1")
    assert registrar.status == 200 and number in registrar.text
    waiting = FormerIdentifier.objects.filter(company=firm.credit_code, replaced_on=None)
    assert waiting.count() == 2
    registrar.post(url, act="identifier", value="", reference="并1")
    assert registrar.status == 200
    waiting = FormerIdentifier.objects.filter(company=firm.credit_code, replaced_on=None)
    assert not waiting.exists()
    registrar.post(url, act="identifier", value="", reference="并1")
    assert registrar.status == 409


@pytest.mark.parametrize("hostile", ["'; DROP TABLE--", "\x00", "<script>", "九" * 500, "%"])
def test_hostile_words_are_no_fault_of_the_server(founder: Person, hostile: str) -> None:
    for url in ("/enterprises/", "/enterprises/lists/abnormal/"):
        founder.response = founder.client.get(url, {"q": hostile, "after": hostile})
        assert founder.status in (200, 400)
    founder.post("/enterprises/set-up/", **(NEW | {"name": hostile, "holder-0": hostile}))
    assert founder.status in (200, 400, 422)


def test_what_is_not_there_is_not_found(founder: Person, registrar: Person) -> None:
    for url in ("/enterprises/none/", "/enterprises/lists/none/", "/enterprises/mine/none/",
                "/enterprises/none/objection/"):  # fmt: skip
        founder.get(url)
        assert founder.status == 404, url
    for kind in ("filings", "closings", "entries", "branches"):
        registrar.get(f"/desk/registration/{kind}/none/")
        assert registrar.status == 404, kind
    assert re.search("企业登记", registrar.get("/desk/registration/"))
