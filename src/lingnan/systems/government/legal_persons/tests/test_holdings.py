"""Holdings in the register: the demonstration's group, its pages, and transfers."""

from typing import Any

import pytest

from lingnan.kernel.exchange.api import introduce
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import Account
from lingnan.systems.government.legal_persons.holdings import YUAN, held, mark_of
from lingnan.systems.government.legal_persons.models import Enterprise, Holding
from lingnan.systems.government.legal_persons.rules.control import Ground, effective, verdict
from lingnan.systems.government.legal_persons.rules.drawing import closing_stakes
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def group() -> list[Enterprise]:
    """The demonstration's group, in the order of its first holdings."""
    return list(Enterprise.objects.order_by("key")[:6])


def reviewer(company: Enterprise) -> Person:
    return Person(f"{company.division}-market-reviewer")


def form(*lines: dict[str, str], reference: str = "（演示）变更〔2026〕1号") -> dict[str, str]:
    sent = {f"{name}-{n}": value for n, line in enumerate(lines) for name, value in line.items()}
    return sent | {"reference": reference}


def test_the_demonstration_has_a_chain_a_group_and_a_ring() -> None:
    companies = group()
    first = held(companies[0])
    shares = effective(first.graph, first.company.mark)
    (controller,) = verdict(first.graph, first.company.mark, shares).controllers
    # One resident has the votes at each step, though less than half of what it earns.
    assert first.parties[controller.holder].kind == "person"
    assert controller.ground is Ground.CHAIN and shares.unknown > 0
    assert sum(shares.shares.values()) + shares.unknown == 1
    assert closing_stakes(first.graph, first.company.mark)
    group_head = mark_of(companies[1].credit_code)
    assert Holding.objects.filter(holder=group_head, ended=False).count() == 2


def test_the_desk_sees_who_controls_and_the_person_sees_that_it_looked() -> None:
    company = group()[0]
    page = reviewer(company).get(f"/desk/enterprises/{company.credit_code}/")
    person = Account.objects.get(login=sorted(_residents())[0])
    assert f"最终控制人：{person.name}" in page and "沿路径每一层均过半数" in page
    assert page.count("<svg") == 2 and "循环 40%" in page and "60%→ " in page
    assert "不详" in page and "经循环持股" in page
    known_as = introduce(person.subject, to="legal_persons")
    assert known_as not in page
    assert "股东及出资" in Person(person.login).get("/looked/")


def _residents() -> list[str]:
    logins = Account.objects.filter(login__startswith="resident-")
    return [str(login) for login in logins.values_list("login", flat=True)]


def test_the_public_sees_what_is_registered_and_not_who_controls() -> None:
    company = group()[0]
    guest = Person("resident-440103")
    assert "查企业" in guest.get("/")
    assert company.credit_code in guest.get(f"/enterprises/?q={company.name[:4]}")
    assert "没有找到企业" in guest.get("/enterprises/?q=无此企业")
    page = guest.get(f"/enterprises/{company.credit_code}/")
    for row in Holding.objects.filter(company=company.credit_code):
        assert row.holder_name in page and row.holder not in page
    assert "认缴" in page and "最终" not in page
    guest.get("/enterprises/nothing/")
    assert guest.status == 404
    guest.get(f"/desk/enterprises/{company.credit_code}/")
    assert guest.status == 403


def test_the_desk_finds_its_own_division_only() -> None:
    company, other = group()[0], group()[1]
    desk = reviewer(company)
    assert company.name in desk.get("/desk/enterprises/")
    assert other.name not in desk.text
    desk.get(f"/desk/enterprises/{other.credit_code}/")
    assert desk.status == 404
    assert other.name in Person("440000-market-head").get(f"/desk/enterprises/?q={other.name}")


def test_transfers_of_one_act_are_registered_together() -> None:
    company = group()[0]
    rows = list(Holding.objects.filter(company=company.credit_code).order_by("number"))
    whole = sum(row.subscribed for row in rows)
    sold, half = rows[2], rows[0].subscribed // 2
    desk = reviewer(company)
    desk.post(
        f"/desk/enterprises/{company.credit_code}/transfer/",
        **form(
            {
                "seller": sold.number,
                "other": "岭南新锐合伙（演示）",
                "subscribed": str(sold.subscribed),
                "paid": str(sold.paid),
            },
            {
                "seller": rows[0].number,
                "buyer": rows[1].number,
                "subscribed": str(half),
                "paid": str(rows[0].paid // 2),
            },
        ),
    )
    assert desk.url == f"/desk/enterprises/{company.credit_code}/", desk.text
    now: Any = Holding.objects.filter(company=company.credit_code, ended=False)
    assert sum(row.subscribed for row in now) == whole
    assert sold.number not in {row.number for row in now}
    assert now.get(holder_name="岭南新锐合伙（演示）").subscribed == sold.subscribed
    past: Any = Holding.Version.objects.filter(key=sold.key).order_by("version")
    assert [row.subscribed for row in past] == [sold.subscribed, 0]
    assert "股权变更登记" in past.last().reason


def test_one_wrong_transfer_stops_them_all() -> None:
    company = group()[0]
    rows = list(Holding.objects.filter(company=company.credit_code).order_by("number"))
    before = list(Holding.objects.order_by("key").values_list("subscribed", "version"))
    desk, url = reviewer(company), f"/desk/enterprises/{company.credit_code}/transfer/"
    good = {"seller": rows[0].number, "buyer": rows[1].number, "subscribed": "100", "paid": "50"}
    wrong = [
        (good | {"subscribed": "999999999"}, "没有这么多认缴出资额"),
        (good | {"buyer": "", "other": company.credit_code}, "不得以受让方式取得本公司股权"),
        (good | {"buyer": "", "other": "9" * 18}, "登记册内没有使用这一代码的存续企业"),
        (good | {"seller": "", "subscribed": "x"}, "请选择转让方"),
        (good | {"other": "某人"}, "二者选一"),
    ]
    for line, words in wrong:
        page = desk.post(url, **form(good, line))
        assert desk.status == 422 and words in page, page
    assert desk.post(url, **form(good, reference="")) and desk.status == 422
    assert before == list(Holding.objects.order_by("key").values_list("subscribed", "version"))


def test_a_ring_that_would_belong_to_itself_is_refused() -> None:
    four, five = group()[4], group()[5]
    of_five = list(Holding.objects.filter(company=five.credit_code).order_by("number"))
    with action(by="a test", reason="all of five belongs to four") as act:
        whole = five.capital * YUAN
        act.change(of_five[0], subscribed=whole, paid=whole)
        act.end(of_five[1])
    seller = Holding.objects.get(company=four.credit_code, kind="outside")
    line = {
        "seller": seller.number,
        "other": five.credit_code,
        "subscribed": str(seller.subscribed),
        "paid": str(seller.paid),
    }
    desk = reviewer(four)
    page = desk.post(f"/desk/enterprises/{four.credit_code}/transfer/", **form(line))
    assert desk.status == 422 and "闭合循环持股" in page
    assert Holding.objects.get(number=seller.number).subscribed == seller.subscribed
    less = line | {"subscribed": str(seller.subscribed - 1)}
    desk.post(f"/desk/enterprises/{four.credit_code}/transfer/", **form(less))
    assert desk.status == 200 and "循环" in desk.text


def test_what_cannot_be_true_is_said_and_not_computed() -> None:
    company = group()[0]
    row = Holding.objects.filter(company=company.credit_code).order_by("number")[0]
    with action(by="a test", reason="a slip of the pen") as act:
        act.change(row, subscribed=company.capital * YUAN)
    page = reviewer(company).get(f"/desk/enterprises/{company.credit_code}/")
    assert "持股数据相互矛盾" in page and "<svg" not in page and "最终控制人" not in page


def test_only_the_registrars_of_the_county_register_transfers() -> None:
    company = group()[0]
    url = f"/desk/enterprises/{company.credit_code}/transfer/"
    clerk = Person(f"{company.division}-market-clerk")
    clerk.get(url)
    assert clerk.status == 403
    assert "登记股权转让" not in clerk.get(f"/desk/enterprises/{company.credit_code}/")
    province = Person("440000-market-reviewer")
    province.get(url)
    assert province.status == 404
    assert "登记股权转让" in reviewer(company).get(url)
