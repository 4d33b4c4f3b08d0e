"""A body asks for others' data by law: a holder that owes an answer, a refusal, a ruling."""

from datetime import date
from typing import Any

import pytest

from lingnan.kernel.duty.api import Clock, Message, Task, clocks
from lingnan.kernel.duty.readings import read
from lingnan.kernel.exchange import wish_duty
from lingnan.kernel.exchange.api import (
    Agreement,
    AgreementWish,
    Denied,
    Use,
    conclude,
    introduce,
    single,
    wishes,
)
from lingnan.kernel.trust.api import Account, actor_of, node_evidence
from tests.clockwork import advance
from tests.kernel import uses
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
BODY = "gd-440103-fire"
BASIS = "《消防法》（2021-04-29）第五十三条"
OFFICER, HOLDER = "440103-fire-data_officer", "440103-police-data_officer"
PROVINCE, AUTHORITY = "440000-police-data_officer", "440000-data-data_officer"
NEW = f"/desk/consents/new/?resource={uses.IDENTITY}"
WANTED = {"ground": "law", "purpose": "reminding", "elements": ["person.name"], "basis": BASIS,
          "why": "核对消防监督检查的受检单位负责人。"}  # fmt: skip


def use() -> Use:
    return uses.identity(
        consumer=BODY, purpose="reminding", basis=BASIS, elements=("person.name",),
        subjects=(introduce(uses.resident().subject, to=BODY),),
    )  # fmt: skip


def asked(**changes: Any) -> tuple[Person, AgreementWish, str]:
    """A body's data officer asks by law: who, what, and the page of it."""
    officer = Person(OFFICER)
    officer.post(NEW, **(WANTED | changes))
    wish = AgreementWish.objects.order_by("-key")[0]
    where = f"/desk/consents/wishes/{wish.number}/"
    assert officer.url == where, officer.said
    return officer, wish, where


def state(wish: AgreementWish) -> str:
    return str(AgreementWish.objects.get(key=wish.key).state)


def test_the_nearest_holder_owes_an_answer_within_ten_working_days() -> None:
    officer, wish, where = asked()
    (clock,) = Clock.objects.filter(reference=wish.number)
    reading = read(clock)
    assert (reading.limit, reading.unit) == (10, "working_day")
    assert reading.due == date(2026, 3, 16)
    assert "2026年3月16日" in officer.get(where)
    (task,) = Task.objects.filter(reference=wish.number, done_at=None)
    assert (task.body, task.role) == ("gd-440103-police", "data_officer")
    holder = Person(HOLDER)
    page = holder.get("/desk/consents/")
    assert where in page and "答复期限 2026年3月16日" in page
    told = Message.objects.filter(account=Account.objects.get(login=HOLDER).key, link=where)
    assert told.count() == 1
    with pytest.raises(Denied):
        single(use())
    holder.post(where, act="decide", verdict="yes", answer="依法履职所需，同意。")
    assert state(wish) == "granted"
    assert read(clock).state == "stopped"
    assert not Task.objects.filter(reference=wish.number, done_at=None).exists()
    assert single(use())[0].values() == {"person.name": uses.resident().name}
    found = Agreement.objects.get(number=f"XY-{wish.number[3:]}")
    assert (found.consent, found.basis, found.document) == (False, BASIS, "")
    page = officer.get(f"/desk/consents/{found.number}/")
    assert "请人授权" not in page and "立即终止" in page
    officer.post(f"/desk/consents/{found.number}/", act="ask", reference="x", why="请求授权试试")
    assert officer.status == 404


def test_late_is_red_and_seen_by_supervision() -> None:
    _officer, wish, _where = asked()
    advance("11wd")
    assert read(Clock.objects.get(reference=wish.number)).card == "red"
    assert wish_duty.readings([wish])[wish.number].card == "red"


def test_a_refusal_is_contested_once_and_the_authority_rules() -> None:
    officer, wish, where = asked()
    officer.post(where, act="contest", contested="还没有答复，不能争议。")
    assert state(wish) == "asked"
    holder = Person(HOLDER)
    holder.post(where, act="decide", verdict="no", answer="超出法定职责所需。")
    assert state(wish) == "refused" and "超出法定职责所需" in officer.get(where)
    officer.post(where, act="contest", contested="短")
    assert officer.status == 422 and state(wish) == "refused"
    holder.post(where, act="contest", contested="源头机关不能替申请机关争议。")
    assert state(wish) == "refused"
    officer.post(where, act="contest", contested="消防法第五十三条明确规定了这项职责。")
    assert state(wish) == "contested"
    assert {c.code for c in Clock.objects.filter(reference=wish.number)} == {
        wish_duty.CODE, wish_duty.CONTESTED}  # fmt: skip
    holder.post(where, act="decide", verdict="no", answer="源头机关自己不能裁定。")
    Person(PROVINCE).post(where, act="decide", verdict="no", answer="上级源头也不能裁定。")
    assert state(wish) == "contested"
    authority = Person(AUTHORITY)
    assert where in authority.get("/desk/consents/")
    authority.post(where, act="decide", verdict="yes", answer="职责法定，应当共享。")
    assert state(wish) == "granted" and single(use())
    kinds = [e.kind for e in node_evidence.reader().by_reference(wish.number)]
    assert kinds == ["agreement.granted", "agreement.contested", "agreement.refused",
                     "agreement.asked"]  # fmt: skip


def test_a_refusal_that_is_upheld_is_the_end() -> None:
    officer, wish, where = asked()
    Person(HOLDER).post(where, act="decide", verdict="no", answer="超出法定职责所需。")
    officer.post(where, act="contest", contested="消防法第五十三条明确规定了这项职责。")
    Person(AUTHORITY).post(where, act="decide", verdict="no", answer="目的超出规定的范围。")
    assert state(wish) == "upheld"
    officer.post(where, act="contest", contested="再争议一次也不行了。")
    assert state(wish) == "upheld"
    assert all(read(c).state == "stopped" for c in Clock.objects.filter(reference=wish.number))


def test_what_is_shared_without_condition_is_agreed_at_once() -> None:
    officer = Person(OFFICER)
    page = officer.get("/desk/consents/new/?resource=geography.address")
    assert "无条件共享" in page and "经数据主体各自授权" not in page
    officer.post(
        "/desk/consents/new/?resource=geography.address",
        **(WANTED | {"elements": ["place.standard_address"]}),
    )
    wish = AgreementWish.objects.order_by("-key")[0]
    assert wish.state == "granted" and "协议即时生效" in officer.text, officer.said
    assert Agreement.objects.get(number=wish.result).resource == "geography.address"
    assert not Clock.objects.filter(reference=wish.number).exists()


def test_withdrawn_nothing_is_owed_any_more() -> None:
    officer, wish, where = asked()
    officer.post(where, act="withdraw")
    assert state(wish) == "withdrawn"
    assert read(Clock.objects.get(reference=wish.number)).state == "stopped"
    assert not Task.objects.filter(reference=wish.number, done_at=None).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ground": "friendship"}, "ground"),
        ({"ground": ""}, "ground"),
        ({"elements": []}, "elements"),
        ({"basis": ""}, "basis"),
        ({"why": "短"}, "why"),
        ({"purpose": "curiosity"}, "purpose"),
        ({"until": "2020-01-01"}, "until"),
    ],
)
def test_what_is_not_said_well_is_asked_again(changes: dict[str, Any], field: str) -> None:
    officer = Person(OFFICER)
    officer.post(NEW, **(WANTED | changes))
    assert officer.status == 422, officer.said
    assert not AgreementWish.objects.filter(consumer=BODY).exists()


def test_who_handles_cases_asks_for_nothing() -> None:
    clerk = Person("440103-fire-reviewer")
    clerk.post(NEW, **WANTED)
    assert clerk.status in (403, 404)
    assert not AgreementWish.objects.filter(consumer=BODY).exists()


def test_without_a_data_officer_in_the_county_the_city_or_the_province_answers() -> None:
    wish = AgreementWish(consumer=BODY, number="XQ-X")
    assert wish_duty.answering(wish, {"police"}) == "gd-440103-police"
    assert wish_duty.answering(wish, {"data"}).startswith("gd-4401")
    assert wish_duty.answering(wish, {"nobody"}) == ""


def test_the_limit_is_a_dated_rule_and_marked_unverified() -> None:
    rule = wish_duty.limit()
    assert (rule["statutory"], rule["unverified"]) == (10, True)
    assert clocks.title_of(wish_duty.CODE) and wishes.wish_duty is wish_duty


def test_a_holder_finds_its_own_among_many_and_lists_go_on() -> None:
    for number in range(30):
        conclude(
            f"T-{number:03}", uses.IDENTITY, BODY, "reminding", f"{BASIS}{number}",
            ["person.name"], "a test",
        )  # fmt: skip
    officer, wish, where = asked()
    page = officer.get("/desk/consents/?after=T-000")
    assert "T-001" in page and "T-025" in page and "T-026" not in page
    assert "?after=T-025" in page
    page = officer.get("/desk/consents/?after=T-025")
    assert "T-029" in page and 'rel="next"' not in page
    holder = actor_of(Account.objects.get(login=HOLDER))
    elsewhere = actor_of(Account.objects.get(login="440106-police-data_officer"))
    market = actor_of(Account.objects.get(login="440103-market-data_officer"))
    assert holder and elsewhere and market
    assert [one.key for one in wishes.to_decide(holder, 5)] == [wish.key]
    assert wishes.to_decide(elsewhere, 5) == wishes.to_decide(market, 5) == []
    assert officer.get(f"/desk/consents/?wishes={wish.number}").count(where) == 0
    for absurd in ("wishes=%2F", "after=" + "9" * 500, "before=x"):
        officer.get(f"/desk/consents/?{absurd}")
        assert officer.status == 200
