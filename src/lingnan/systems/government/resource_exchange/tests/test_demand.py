"""The demand board over HTTP: a need is posted, joined, given to a holder, answered in time."""

import re
from typing import Any

import pytest

from lingnan.kernel.duty.api import Clock, Message, Task
from lingnan.kernel.exchange.api import AgreementWish
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import Account
from lingnan.systems.government.resource_exchange.demand import automatic
from lingnan.systems.government.resource_exchange.demand.models import Need, NeedJoined
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
BOARD = "/desk/exchange/needs/"
FIRE, MARKET = "440103-fire-data_officer", "440103-market-data_officer"
AUTHORITY, POLICE = "440000-data-data_officer", "440000-police-data_officer"
SAID = {
    "title": "独居老人名册", "elements": "姓名、住址、是否独居", "purpose": "冬季消防安全入户宣传",
    "basis": "《消防法》（2021-04-29）第六条", "matter": "fire_safety_permit",
}  # fmt: skip


def posted() -> Need:
    person = Person(FIRE)
    person.post(f"{BOARD}new/", **SAID)
    assert person.status == 200, person.said
    return Need.objects.get(title=SAID["title"])


def page_of(need: Need) -> str:
    return f"{BOARD}{need.number}/"


def act(login: str, need: Need, **said: Any) -> Person:
    person = Person(login)
    person.post(page_of(need), **said)
    return person


def now(need: Need) -> Need:
    return Need.objects.get(key=need.key)


def assigned() -> Need:
    need = posted()
    assert act(AUTHORITY, need, act="assign", holder="police").status == 200
    return now(need)


def test_a_need_is_on_the_board_for_every_body_and_others_join() -> None:
    need = posted()
    market = Person(MARKET)
    assert SAID["title"] in market.get(BOARD)
    others = market.text.count("2 个机关需要")
    market.post(page_of(need), act="join", why="特种设备入户检查")
    assert market.status == 200 and "特种设备入户检查" in market.text
    assert Person("440000-tax-head").get(BOARD).count("2 个机关需要") > others
    assert act(MARKET, need, act="join", why="再来一次").status == 409
    assert NeedJoined.objects.filter(need=need.number).count() == 1


def test_the_authority_names_a_holder_and_its_clock_runs() -> None:
    need = assigned()
    task = Task.objects.get(reference=need.number, done_at=None)
    clock = Clock.objects.get(reference=need.number)
    assert (task.body, task.role, task.link) == ("gd-440000-police", "data_officer", page_of(need))
    assert (clock.unit, clock.statutory) == ("working_day", 10)
    assert "2026年3月16日" in Person(POLICE).get(page_of(need)).replace(" ", "")
    again = act(AUTHORITY, need, act="assign", holder="market")
    assert again.status == 200 and now(need).holder == "gd-440000-market"
    assert Task.objects.get(reference=need.number, done_at=None).body == "gd-440000-market"


@pytest.mark.parametrize("login", [FIRE, POLICE, "440103-data-data_officer", "440000-data-head"])
def test_nobody_else_names_a_holder(login: str) -> None:
    need = posted()
    assert act(login, need, act="assign", holder="police").status == 409
    assert now(need).state == "posted"


def test_the_holder_promises_then_shares_and_all_who_need_it_are_told() -> None:
    need = assigned()
    act(MARKET, need, act="join", why="特种设备入户检查")
    said = {"act": "answer", "kind": "promised", "words": "七月起共享"}
    assert act(POLICE, need, **said, day="2028-01-01").status == 422
    assert act(POLICE, need, **said, day="2026-07-01").status == 200
    assert now(need).state == "promised" and "2026" in str(now(need).promised_on)
    assert not Task.objects.filter(reference=need.number, done_at=None).exists()
    shared = act(POLICE, need, act="answer", kind="shared", words="已列入目录",
                 resource="population.residence")  # fmt: skip
    assert shared.status == 200 and "/catalogue/population.residence/" in shared.text
    for login in (FIRE, MARKET):
        account = Account.objects.get(login=login)
        assert Message.objects.filter(account=account.key, link=page_of(need)).count() == 2
    assert act(POLICE, need, act="answer", kind="refused", words="不", basis="x").status == 409


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "refused", "words": "不宜共享"},
        {"kind": "shared", "words": "已共享", "resource": "no.such"},
        {"kind": "shared", "words": ""},
        {"kind": "other", "words": "已共享"},
    ],
)
def test_an_answer_needs_what_it_says(said: dict[str, str]) -> None:
    need = assigned()
    person = act(POLICE, need, act="answer", **said)
    assert person.status == 422 and now(need).state == "assigned"
    assert Task.objects.filter(reference=need.number, done_at=None).exists()


def test_a_refusal_names_its_basis_and_ends_the_clock() -> None:
    need = assigned()
    act(POLICE, need, act="answer", kind="refused", words="涉及个人隐私，且非履职必需",
        refusal="《个人信息保护法》（2021-08-20）第六条")  # fmt: skip
    assert now(need).state == "refused"
    task = Task.objects.get(reference=need.number)
    assert task.done_at is not None and task.outcome == "refused"
    assert "第六条" in Person(FIRE).get(page_of(need))


def test_only_the_body_takes_it_back_and_only_its_data_officer_posts() -> None:
    need = posted()
    assert act(MARKET, need, act="withdraw").status == 409
    assert act(FIRE, need, act="withdraw").status == 200 and now(need).state == "withdrawn"
    person = Person("440103-fire-head")
    person.post(f"{BOARD}new/", **SAID)
    assert person.status == 403
    person = Person(FIRE)
    person.post(f"{BOARD}new/", **(SAID | {"basis": ""}))
    assert person.status == 422 and "冬季消防安全入户宣传" in person.text
    assert person.get(f"{BOARD}none/") and person.status == 404


def test_what_the_applicant_decides_is_nobodys_to_share() -> None:
    wanted = {one.origin for one in automatic.found()}
    assert "form:fire_safety_permit:area" in wanted
    assert not {"form:shop_sign:sign_width", "form:individual_business:business_name"} & wanted


def test_what_forms_ask_and_no_record_answers_is_listed_and_can_be_posted_once() -> None:
    rows = automatic.found()
    assert rows and all(one.matters for one in rows if one.kind == "form")
    one = rows[0]
    person = Person(FIRE)
    assert one.title.zh in person.get(BOARD)
    page = person.get(f"{BOARD}new/?from={one.origin}")
    assert f'value="{one.title.zh}"' in page
    person.post(f"{BOARD}new/?from={one.origin}", **(SAID | {"title": one.title.zh}))
    assert Need.objects.get(title=one.title.zh).origin == one.origin
    assert one.origin not in {each.origin for each in automatic.found()}
    for bound in ("person.name", "business.name"):
        assert not any(bound in each.origin for each in rows)


def test_a_refused_wish_is_listed() -> None:
    with action(by="a test", reason="refused") as act_:
        act_.create(
            AgreementWish, number="XQ-TEST", resource="credit.standing", consumer="gd-440103-fire",
            purpose="fire_safety_permit", basis="《消防法》第十五条", elements=["credit.food_bar"],
            why="核查信用", account=1, asked_by="x", state="refused", answer="与许可条件无关",
        )  # fmt: skip
    page = Person(MARKET).get(BOARD)
    assert "本人信用状况核查" in page and "与许可条件无关" in page


def test_long_boards_go_on_and_are_narrowed() -> None:
    with action(by="a test", reason="many") as act_:
        for number in range(25):
            act_.create(Need, number=f"XQ-D{number:02}", title=f"需求{number}", elements="甲",
                        purpose="乙", basis="丙", body="gd-440103-fire", account=1,
                        state="posted" if number % 2 else "withdrawn")  # fmt: skip
    person = Person(MARKET)
    first = person.get(BOARD)
    following = re.search(r'rel="next" href="(\?[^"]+)"', first)
    assert following and "XQ-D24" in first and "XQ-D01" not in first
    assert "XQ-D01" in person.get(BOARD + following[1].replace("&amp;", "&"))
    narrowed = person.get(f"{BOARD}?state=withdrawn&after=x")
    assert "“需求24”" in narrowed
