"""Over HTTP: an enterprise is set up, changed, merged; bad input is refused."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError

from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import actor_of
from lingnan.standards import credit_code
from lingnan.systems.government.legal_persons import codes, setting_up
from lingnan.systems.government.legal_persons.models import (
    Branch,
    Enterprise,
    Filing,
    FormerIdentifier,
    Holding,
)
from tests.firms import (
    COUNTY,
    NEW,
    account,
    filed,
    of,
    old_firm,
    set_up,
)
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


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
