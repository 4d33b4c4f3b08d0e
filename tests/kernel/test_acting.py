"""Acting for a child, by a power and for a firm: in both names, within the scope, ended at once."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from lingnan.kernel.exchange.api import keys_of, organisations_of
from lingnan.kernel.matters.api import Case
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.acting import rules
from lingnan.kernel.trust.api import Account, acting, actor_of, node_evidence
from lingnan.systems.government.legal_persons.models import Enterprise, Publication
from lingnan.systems.government.population.acts import births, deaths
from lingnan.systems.government.population.models import Household, LifeEvent, Resident
from lingnan.systems.government.population.tests.test_acts import officer
from tests.clockwork import advance
from tests.people import Person, file_business

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
PAGE, GIVE = "/acting/", "/acting/give/"
GIVER, AGENT = "resident-440103", "owner-440103"
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "powers.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_whether_a_power_holds(case: dict[str, Any]) -> None:
    given = rules.Given(
        case.get("basis", "power"), ("apply",), date(2026, 1, 1), case["last"],
        case.get("accepted", True), case.get("closed", ""),
    )  # fmt: skip
    assert rules.over(given, case["day"], case.get("registers", "")) == case["over"]


def account(login: str) -> Account:
    return Account.objects.get(login=login)


def resident(login: str) -> Resident:
    subject = account(login).subject
    return Resident.objects.get(key=keys_of([subject])[subject])


def typed(*scope: str, days: int = 30, login: str = AGENT, **more: str) -> dict[str, Any]:
    name = Account.objects.filter(login=login).values_list("name", flat=True).first() or "无此人"
    until = (legal_time.today() + timedelta(days=days)).isoformat()
    return {"login": login, "agent": name, "scope": scope, "until": until} | more


def given(*scope: str, firm: str = "", accepted: bool = True, **more: Any) -> acting.Power:
    """A power of the giver, accepted by the agent unless said otherwise."""
    giver = Person(GIVER)
    url = GIVE + (f"?firm={firm}" if firm else "")
    giver.post(url, **typed(*scope, **more), act="give")
    assert giver.status == 200, giver.said
    power = acting.Power.objects.order_by("-key")[0]
    if accepted:
        agent = Person(AGENT)
        agent.post(f"{PAGE}{power.number}/", act="accept")
        assert "已接受委托" in agent.text, agent.said
    return acting.Power.objects.get(key=power.key)


def taking(power: acting.Power) -> Person:
    """The agent, acting by the power."""
    agent = Person(AGENT)
    agent.post(f"{PAGE}{power.number}/", act="take")
    assert "您正在代办" in agent.text, agent.said
    return agent


def child_of(parent: Resident, born: date, name: str = "李小满") -> Resident:
    home = Household.objects.get(number=parent.household)
    told = births.Birth(name, "2", born, home, parent, "", f"K-{name}-{born}", "亲属")
    return births.enter(told, officer())


def act_for_child(parent: Person, name: str) -> None:
    page = parent.get(PAGE)
    row = re.search(rf'name="ward" value="([0-9a-f]+)"><button[^>]*>[^<]*<span[^>]*> “{name}', page)
    assert row, parent.said
    parent.post(PAGE, ward=row[1])


def signatures(number: str) -> set[str]:
    found = node_evidence.reader().by_reference(number, None, 50, ("case.event",))
    return {str((one.payload or {}).get("actor", "")) for one in found}


def test_a_parent_acts_for_a_child_and_the_case_is_the_childs() -> None:
    child = child_of(resident(GIVER), legal_time.today() - timedelta(days=400))
    parent = Person(GIVER)
    act_for_child(parent, child.name)
    page = parent.get("/population/mine/")
    assert child.name in page and "您正在代办" in page and "结束代办" in page
    number = file_business(parent)
    case = Case.objects.get(number=number)
    owner = Account.objects.get(key=case.account)
    assert owner.name == child.name and not owner.is_active and not owner.has_usable_password()
    assert any(" for " in one for one in signatures(number)), signatures(number)
    assert "开始代您办事" in parent.get("/looked/")
    # Of the child, and not of the parent once the parent acts as the parent again.
    parent.post("/acting/stop/")
    parent.get(f"/cases/{number}/")
    assert parent.status == 404
    assert "您正在代办" not in parent.text


def test_it_ends_on_the_birthday_on_a_death_and_by_a_courts_order() -> None:
    mother, today = resident(GIVER), legal_time.today()
    eldest = child_of(mother, mother.birth_date + timedelta(days=1), "李将满")
    with action(by="test", reason="born so that she comes of age in two days") as act:
        born = date(today.year - 18, today.month, today.day) + timedelta(days=2)
        act.change(eldest, birth_date=born)
    second = child_of(mother, today - timedelta(days=400), "李次女")
    third = child_of(mother, today - timedelta(days=40), "李幼女")
    people = {}
    for one in (eldest, second, third):
        people[one.name] = Person(GIVER)
        act_for_child(people[one.name], one.name)
        people[one.name].get("/cases/")
        assert people[one.name].status == 200
    deaths.enter(Resident.objects.get(key=second.key), today, "亲属", "D-1", officer())
    counter = Person("440103-police-records_officer")
    desk = counter.post(
        "/desk/population/", number=Resident.objects.get(key=third.key).resident_number
    )
    assert "监护人资格" in desk
    form = {"parent": mother.resident_number, "order": "off", "on": today.isoformat(),
            "paper": "（2026）粤0103民特1号"}  # fmt: skip
    counter.post(f"{counter.url}guardian/", **form)
    assert counter.status == 200, counter.said
    assert LifeEvent.objects.filter(kind="guardian_off", name="李幼女").exists()
    for name, words in (("李次女", "已死亡"), ("李幼女", "不再是其监护人")):
        people[name].get("/cases/")
        assert people[name].status == 403 and words in people[name].text
    advance("1d")
    people["李将满"].get("/cases/")
    assert people["李将满"].status == 200
    advance("1d")
    people["李将满"].get("/cases/")
    assert people["李将满"].status == 403 and "子女已成年" in people["李将满"].text
    # Nothing is sent in the parent's own name by a form meant for the child.
    people["李将满"].post("/matters/individual_business/begin/", body="gd-440103-market")
    assert people["李将满"].status == 403


def test_a_power_opens_its_scope_and_nothing_else() -> None:
    agent = taking(given("record"))
    page = agent.get("/population/mine/")
    assert resident(GIVER).name in page and agent.status == 200
    closed = ("/cases/", "/looked/", "/consents/", "/messages/", "/account/", "/certificates/",
              "/enterprises/mine/", "/acting/give/", "/population/mine/doubt/")  # fmt: skip
    for url in closed:
        agent.get(url)
        assert agent.status == 403, url
        assert "不在代办范围内" in agent.text and "查看本人登记信息" in agent.text, url
    agent.post("/matters/individual_business/begin/", body="gd-440103-market")
    assert agent.status == 403
    assert "谁看过" not in re.sub(r"<main.*?</main>", "", agent.get("/"), flags=re.S)
    agent.post("/signout/")
    assert Person(AGENT).get("/account/") and "您正在代办" not in Person(AGENT).get("/")


def test_revoked_in_mid_session_it_is_over_with_the_next_request() -> None:
    power = given("apply", "looked")
    agent = taking(power)
    agent.get("/looked/")
    assert agent.status == 200
    giver = Person(GIVER)
    giver.post(f"{PAGE}{power.number}/", act="close")
    assert "委托已终止" in giver.text
    agent.get("/looked/")
    assert agent.status == 403 and "委托人已取消委托" in agent.text
    agent.post(f"{PAGE}{power.number}/", act="take")
    agent.get("/cases/")
    assert agent.status == 403
    agent.post("/acting/stop/")
    assert agent.get("/cases/") and agent.status == 200
    kinds = [one.kind for one in node_evidence.reader().by_reference(power.number, None, 50, ())]
    assert kinds[::-1] == ["power.offered", "power.accepted", "power.taken_up", "power.closed"]


def test_the_agent_accepts_first_and_lays_it_down_at_any_time() -> None:
    power = given("apply", accepted=False)
    agent = Person(AGENT)
    agent.post(f"{PAGE}{power.number}/", act="take")
    assert "尚未被接受" in agent.text
    stranger = Person("resident-440106")
    stranger.post(f"{PAGE}{power.number}/", act="accept")
    assert stranger.status == 404
    agent.post(f"{PAGE}{power.number}/", act="accept")
    agent.post(f"{PAGE}{power.number}/", act="close")
    assert acting.Power.objects.get(key=power.key).closed_why == "resigned"
    agent.post(f"{PAGE}{power.number}/", act="take")
    assert "您正在代办" not in agent.text


def test_the_page_does_not_tell_whether_there_is_such_an_account() -> None:
    name, seen = account(AGENT).name, []
    for login in (AGENT, "nobody-at-all"):
        giver = Person(GIVER)
        giver.post(GIVE, **(typed("looked", login=login) | {"agent": name}), act="give")
        assert "如果有登录名和姓名都相符的人" in giver.text, giver.said
        seen.append(re.sub(r"WT-[0-9A-F]+|\d+", "", giver.said))
    assert seen[0] == seen[1]
    assert {power.agent for power in acting.Power.objects.all()} == {account(AGENT).key, 0}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scope": ()}, "至少选择"),
        ({"scope": ("consent",)}, "至少选择"),
        ({"days": 366}, "1900"),
        ({"days": -1}, "已经过去"),
        ({"login": GIVER}, "这是您自己"),
    ],
)
def test_what_cannot_be_given_so(change: dict[str, Any], words: str) -> None:
    scope = change.pop("scope", ("apply",))
    giver = Person(GIVER)
    giver.post(GIVE, **typed(*scope, **change), act="give")
    assert giver.status == 422 and words in giver.text, giver.said
    assert not acting.Power.objects.exists()


def test_a_minor_gives_no_power() -> None:
    child = resident(GIVER)
    with action(by="test", reason="a minor") as act:
        act.change(child, birth_date=legal_time.today() - timedelta(days=6000))
    giver = Person(GIVER)
    giver.post(GIVE, **typed("apply"), act="give")
    assert giver.status == 422 and "应当已成年" in giver.text


def test_an_agent_of_a_firm_sees_the_firm_alone() -> None:
    who = actor_of(account(GIVER))
    assert who is not None
    firm = organisations_of(who)[0]
    agent = taking(given("record", "looked", firm=firm.code))
    page = agent.get("/enterprises/mine/")
    assert firm.name in page and agent.status == 200
    agent.get(f"/enterprises/mine/{firm.code}/")
    assert agent.status == 200
    agent.post(f"/enterprises/mine/{firm.code}/?act=simple", act="simple")
    assert agent.status == 403 and "不在代办范围内" in agent.text
    assert firm.name in agent.get("/looked/")
    assert firm.code in agent.get("/credit/mine/") and "关于您本人" not in agent.text
    for url in ("/cases/", "/population/mine/", f"/enterprises/mine/{firm.code}/publish/",
                "/enterprises/set-up/", "/consents/"):  # fmt: skip
        agent.get(url)
        assert agent.status == 403, url
    with action(by="test", reason="cancelled") as act:
        act.end(Enterprise.objects.get(credit_code=firm.code))
    agent.get("/enterprises/mine/")
    assert agent.status == 403 and "已注销" in agent.text


def test_a_firms_agent_publishes_for_it_and_both_are_named() -> None:
    who = actor_of(account(GIVER))
    assert who is not None
    firm = organisations_of(who)[0]
    agent = taking(given("apply", "record", firm=firm.code))
    told = {"act": "publish", "kind": "licence", "subject": "食品经营许可证", "content": "许可公示",
            "came_about_on": legal_time.today().isoformat()}  # fmt: skip
    agent.post(f"/enterprises/mine/{firm.code}/publish/", **told)
    assert agent.status == 200, agent.said
    written = Publication.objects.get(company=firm.code, subject="食品经营许可证")
    by = str(Publication.Version.objects.get(key=written.key).changed_by)
    assert f" for {firm.code}" in by, by
