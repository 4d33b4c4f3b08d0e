"""What a firm's agent does with the firm's data: objects to a look, asks for the reports; within
the scope, for that firm alone, and no longer than the power."""

import pytest

from lingnan.kernel.duty.api import Message, Task
from lingnan.kernel.exchange.agreements import conclude
from lingnan.kernel.exchange.api import (
    Organisation,
    Use,
    introduce,
    looked,
    organisations_of,
    single,
)
from lingnan.kernel.trust.api import acting, actor_of
from lingnan.systems.assurance.trust_governance.models import Objection
from lingnan.systems.government.credit.models import Report
from tests.clockwork import advance
from tests.kernel.test_acting import AGENT, GIVER, PAGE, account, given, taking
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
RAISE, REPORT, FILE = "/objections/raise/", "/credit/mine/report/", "/looked/file/"
BODY = "gd-440103-market"


def firm() -> Organisation:
    who = actor_of(account(GIVER))
    assert who is not None
    return organisations_of(who)[0]


def looked_at(one: Organisation) -> int:
    """A body reads of the firm; returns the number of the evidence."""
    resource, purpose = "legal_persons.lists_of_organisation", "a_test"
    conclude("T-AGENTS", resource, BODY, purpose, "测试", ("enterprise.state",), "a test")
    subject = introduce(one.subject, to=BODY, kind="organisation")
    single(Use(resource, BODY, purpose, "测试", "", "a test", (subject,), ("enterprise.state",)))
    return int(looked(one.subject, None, 1, kind="organisation")[0].seq)


def ended(power: acting.Power) -> None:
    Person(GIVER).post(f"{PAGE}{power.number}/", act="close")


def test_a_firms_agent_objects_and_the_clock_runs() -> None:
    one = firm()
    seq = looked_at(one)
    agent = taking(given("apply", "looked", firm=one.code))
    assert f'name="entry" value="{seq}"' in agent.get("/looked/")
    agent.post(RAISE, entry=str(seq), firm=one.code)
    assert agent.status == 200 and agent.url.startswith("/objections/"), agent.said
    made = Objection.objects.get(seq=seq)
    assert (made.about, made.body) == (one.code, BODY)
    assert Task.objects.filter(link=agent.url, role="head", done_at=None).count() == 1
    page = agent.url
    agent.post(page, act="say", text="未经我公司同意。")
    assert agent.status == 200 and "未经我公司同意。" in agent.text
    # It is the firm's: its representative sees it, and a second click of either finds it.
    giver = Person(GIVER)
    assert "异议已提出" in giver.get(f"/looked/?firm={one.code}")
    giver.post(RAISE, entry=str(seq), firm=one.code)
    assert giver.url == page and Objection.objects.count() == 1
    head = Person("440103-market-head")
    head.post(page, act="answer", verdict="lawful", text="核查登记事项所必需。")
    assert head.status == 200, head.said
    for login in (GIVER, AGENT):
        assert Message.objects.filter(account=account(login).key, link=page).count() == 1, login


def test_an_objection_that_nobody_answers_is_overdue_for_an_agent_too() -> None:
    one = firm()
    seq = looked_at(one)
    agent = taking(given("apply", "looked", firm=one.code, days=200))
    agent.post(RAISE, entry=str(seq))
    assert agent.status == 200, agent.said
    advance("60d")
    agent = taking(acting.Power.objects.get())
    assert "逾期" in agent.get(f"/objections/{reference(seq)}/")


def reference(seq: int) -> str:
    from lingnan.systems.assurance.trust_governance import objections

    return objections.reference(Objection.objects.get(seq=seq))


def test_outside_the_scope_the_firm_or_the_power_it_is_refused() -> None:
    one = firm()
    seq = looked_at(one)
    for scope in (("looked",), ("apply",), ("record",)):
        power = given(*scope, firm=one.code)
        agent = taking(power)
        agent.post(RAISE, entry=str(seq), firm=one.code)
        assert agent.status == 403 and "不在代办范围内" in agent.text, scope
        assert "我有异议" not in agent.get("/looked/")
        ended(power)
    assert not Objection.objects.exists()
    power = given("apply", "looked", firm=one.code)
    agent = taking(power)
    # What was read of the agent as a person is not the firm's to object to.
    own = looked(account(AGENT).subject, None, 1)
    agent.post(RAISE, entry=str(own[0].seq) if own else "1")
    assert agent.status == 404
    agent.post(RAISE, entry=str(seq))
    page = agent.url
    ended(power)
    agent.get(page)
    assert agent.status == 403
    agent.post("/acting/stop/")
    for url in (page,):
        agent.get(url)
        assert agent.status == 404, "the agent's no longer, though the agent raised it"
    stranger = Person("owner-440106")
    stranger.get(page)
    assert stranger.status == 404


def test_whoever_may_not_see_who_looked_does_not_learn_it_by_objecting() -> None:
    """Of a person too: numbers of evidence cannot be tried by whoever may only apply."""
    agent = taking(given("apply"))
    entry = looked(account(GIVER).subject, None, 1)[0]
    agent.post(RAISE, entry=str(entry.seq))
    assert agent.status == 403 and not Objection.objects.exists()


def test_a_firms_agent_asks_for_the_report_and_it_stays_the_firms() -> None:
    one = firm()
    power = given("record", firm=one.code)
    agent = taking(power)
    assert "完整报告" in agent.get("/credit/mine/") or REPORT in agent.text
    agent.response = agent.client.post(REPORT, {"code": one.code}, follow=True)
    assert agent.status == 200 and agent.response.headers["Content-Type"] == "application/pdf"
    made = Report.objects.get(kind="own")
    assert (made.credit_code, made.account) == (one.code, 0)
    for code in ("", "91440101MA00000000"):
        agent.post(REPORT, code=code)
        assert agent.status == 404, code
    url = f"{REPORT}{made.number}.pdf"
    assert agent.client.get(url).status_code == 200
    ended(power)
    agent.get(url)
    assert agent.status == 403
    agent.post("/acting/stop/")
    for person in (agent, Person("resident-440106")):
        person.get(url)
        assert person.status == 404
    other = taking(given("looked", firm=one.code))
    other.post(REPORT, code=one.code)
    assert other.status == 403 and "不在代办范围内" in other.text


def test_a_persons_agent_gets_the_persons_report_and_no_firms() -> None:
    one = firm()
    owner = Person(GIVER)
    owner.response = owner.client.post(REPORT, {"code": one.code}, follow=True)
    firms = Report.objects.get(kind="own")
    agent = taking(given("record"))
    agent.get(f"{REPORT}{firms.number}.pdf")
    assert agent.status == 404
    agent.post(REPORT, code=one.code)
    assert agent.status == 404
    agent.response = agent.client.post(REPORT, {"code": ""}, follow=True)
    assert agent.status == 200
    made = Report.objects.get(kind="own", credit_code="")
    assert (made.account, made.name) == (account(GIVER).key, account(GIVER).name)


def test_a_firms_agent_takes_lines_as_evidence_of_the_firm_alone() -> None:
    one = firm()
    seq = looked_at(one)
    agent = taking(given("looked", firm=one.code))
    page = agent.get(FILE)
    assert agent.status == 200 and f'value="{seq}"' in page and 'name="case"' not in page
    agent.response = agent.client.post(FILE, {"lines": [str(seq)]})
    assert agent.status == 200 and agent.response.content[:2] == b"PK"
    assert one.code.encode() in agent.response.content
    other = taking(given("record", firm=one.code))
    other.get(FILE)
    assert other.status == 403


def test_a_persons_agent_takes_no_case_as_evidence_that_the_power_does_not_cover() -> None:
    from tests.people import file_business

    file_business(Person(GIVER))
    agent = taking(given("looked"))
    assert agent.get(FILE) and agent.status == 200 and 'name="case"' not in agent.text
    agent = taking(given("looked", "apply"))
    assert 'name="case"' in agent.get(FILE)
