"""The fire-safety permit: acceptance by silence, special procedures, two officers, commitment."""

from datetime import date
from typing import Any

import pytest

from lingnan.kernel.duty.api import Message, clocks
from lingnan.kernel.matters.api import Case, Certificate, Decision
from lingnan.kernel.matters.cases import open_steps
from lingnan.kernel.trust.api import Account
from tests.clockwork import advance
from tests.kernel import uses
from tests.people import SECOND, Person, file_business, file_fire

pytestmark = pytest.mark.django_db
MEETS = {"outcome": "meets", "findings": "疏散通道畅通。", "officer": SECOND}
ARTICLE = "《消防法》（2021-04-29）第十五条"


def filed(route: str = "inspection") -> tuple[Person, str]:
    owner = Person("owner-440103")  # has a business already
    return owner, file_fire(owner, route)


def accepted(route: str = "inspection") -> tuple[Person, str]:
    resident, number = filed(route)
    Person("440103-fire-clerk").act(number, "accept")
    return resident, number


def case(number: str) -> Case:
    return Case.objects.get(number=number)


def reading(number: str, code: str = "decision") -> clocks.Reading:
    return clocks.of_references([number])[number][code]


def told(number: str) -> Message:
    """The newest message about a case."""
    found = Message.objects.filter(link=f"/cases/{number}/").order_by("-key").first()
    assert found is not None
    return found


def refused(person: Person, number: str, act: str, **data: Any) -> str:
    """An act by a crafted request; its refusal is a sentence on the page, nothing is written."""
    events = case(number).events_count
    page = person.post(f"/desk/cases/{number}/act/", act=act, **data)
    assert person.status == 409, person.status
    assert case(number).events_count == events
    return page


def test_no_notice_in_time_means_accepted_from_the_day_of_receipt() -> None:
    _resident, number = filed()
    advance("5wd")
    assert case(number).state == "received"
    assert "440103-26-" in Person("440103-fire-clerk").get("/desk/")
    advance("1wd")
    assert case(number).state == "in_review"
    shown = reading(number)
    assert (shown.started_on, shown.used) == (date(2026, 3, 2), 6)
    assert case(number).events.get(kind="deemed_accepted").data["from"] == "2026-03-02"
    assert reading(number, "formal_check").state == "stopped"
    assert "已受理" in told(number).subject_zh
    assert number not in Person("440103-fire-clerk").get("/desk/")
    assert number in Person("440103-fire-inspector").get("/desk/")


def test_a_registration_is_not_accepted_by_silence() -> None:
    number = file_business(Person("resident-440103"))
    advance("6wd")
    assert case(number).state == "received"


def test_after_a_notice_silence_is_no_acceptance() -> None:
    _, number = filed()
    Person("440103-fire-clerk").act(number, "ask-correction", items="补平面图")
    advance("9wd")
    assert case(number).state == "correction"


def test_an_inspection_does_not_stop_the_clock() -> None:
    _, number = accepted()
    advance("3wd")
    Person("440103-fire-inspector").act(number, "step", **MEETS)
    assert (reading(number).state, reading(number).used) == ("running", 3)
    head = Person("440103-fire-head")
    refused(head, number, "suspend", kind="inspection", until="2026-03-20", reason="现场检查")
    assert reading(number).state == "running"


def test_a_laboratory_test_stops_the_clock_and_its_time_is_told() -> None:
    resident, number = accepted()
    advance("2wd")
    head = Person("440103-fire-head")
    head.act_on_time(
        number, "suspend", kind="laboratory_test", until="2026-03-20", reason="送检材料"
    )
    assert (case(number).state, reading(number).state) == ("suspended", "paused")
    message = told(number)
    assert "2026年3月20日" in message.text_zh and "检验" in message.text_zh
    assert "20" in message.text_en and "laboratory" in message.text_en
    assert "3月20日" in resident.get("/messages/")
    assert "3月20日" in resident.get(f"/cases/{number}/")
    advance("8wd")
    assert reading(number).used == 2
    head.act_on_time(number, "resume")
    advance("1wd")
    assert (case(number).state, reading(number).used) == ("in_review", 3)


@pytest.mark.parametrize("data", [
    {"kind": "laboratory_test", "until": "2026-02-30", "reason": "送检"},
    {"kind": "laboratory_test", "until": "", "reason": "送检"},
    {"kind": "laboratory_test", "until": "2026-03-20", "reason": " "},
    {"kind": "", "until": "2026-03-20", "reason": "送检"},
    {"kind": "laboratory_test", "until": "2026-03-01", "reason": "送检"},
])  # fmt: skip
def test_a_pause_without_procedure_day_or_reason_is_refused(data: dict[str, str]) -> None:
    _, number = accepted()
    refused(Person("440103-fire-head"), number, "suspend", **data)
    assert reading(number).state == "running"


def test_a_clerk_and_an_inspector_do_not_stop_the_clock() -> None:
    _, number = accepted()
    for role in ("clerk", "inspector"):
        refused(Person(f"440103-fire-{role}"), number, "suspend", kind="laboratory_test",
                until="2026-03-20", reason="送检")  # fmt: skip


def test_nothing_is_decided_while_the_clock_stands() -> None:
    _, number = accepted()
    Person("440103-fire-inspector").act(number, "step", **MEETS)
    head = Person("440103-fire-head")
    head.get(f"/desk/cases/{number}/")
    task = head.task("decide")
    head.act_on_time(number, "suspend", kind="expert_review", until="2026-03-20", reason="专家评审")
    refused(head, number, "decide", task=task, outcome="granted", reasons="符合要求")
    assert not Decision.objects.filter(case__number=number).exists()


def test_the_law_of_fire_safety_gives_no_extension() -> None:
    _, number = accepted()
    refused(Person("440103-fire-head"), number, "extend", reason="案情复杂")
    assert reading(number).limit == 10


@pytest.mark.parametrize("officer", ["", " ", "SELF"])
def test_an_inspection_needs_two_officers(officer: str) -> None:
    _, number = accepted()
    inspector = Person("440103-fire-inspector")
    inspector.get(f"/desk/cases/{number}/")
    task, mine = inspector.task("step"), inspector.name
    data = MEETS | {"officer": mine if officer == "SELF" else officer}
    page = refused(inspector, number, "step", task=task, **data)
    assert "两名" in page and MEETS["findings"] in page


@pytest.mark.parametrize("outcome", ["", "granted", "perfect"])
def test_a_step_has_the_outcomes_that_its_matter_declares(outcome: str) -> None:
    _, number = accepted()
    inspector = Person("440103-fire-inspector")
    inspector.get(f"/desk/cases/{number}/")
    refused(inspector, number, "step", task=inspector.task("step"), **MEETS | {"outcome": outcome})


def decided(number: str, **data: str) -> Person:
    head = Person("440103-fire-head")
    head.act(number, "decide", **data)
    return head


def test_a_commitment_gives_the_permit_on_papers_and_is_checked_afterwards() -> None:
    _resident, number = accepted("commitment")
    assert number not in Person("440103-fire-inspector").get("/desk/")
    Person("440103-fire-reviewer").act(number, "step", outcome="complete", findings="齐全")
    decided(number, outcome="granted", reasons="材料齐全，准予许可。")
    assert case(number).state == "delivered"
    assert Certificate.objects.filter(case__number=number).exists()
    inspector = Person("440103-fire-inspector")
    assert number in inspector.get("/desk/")
    inspector.act(number, "step", outcome="kept", findings="与承诺一致", officer=SECOND)
    assert inspector.status == 200
    assert case(number).events.last().data["outcome"] == "kept"
    assert number not in inspector.get("/desk/") and open_steps(case(number)) == []


def test_a_refused_commitment_is_not_checked_afterwards() -> None:
    _, number = accepted("commitment")
    Person("440103-fire-reviewer").act(number, "step", outcome="faulty", findings="缺签名")
    decided(number, outcome="refused", reasons="承诺书没有签名。", articles=ARTICLE)
    assert number not in Person("440103-fire-inspector").get("/desk/")


def test_a_refusal_needs_reasons_and_an_article_and_shows_remedies() -> None:
    resident, number = accepted()
    fails = MEETS | {"outcome": "fails", "findings": "疏散通道堵塞。"}
    Person("440103-fire-inspector").act(number, "step", **fails)
    head = Person("440103-fire-head")
    head.get(f"/desk/cases/{number}/")
    task = head.task("decide")
    refused(head, number, "decide", task=task, outcome="refused", reasons="", articles=ARTICLE)
    page = refused(head, number, "decide", task=task, outcome="refused", reasons="通道堵塞。")
    assert "通道堵塞。" in page
    refused(head, number, "decide", task=task, outcome="", reasons="通道堵塞。")
    head.act(number, "decide", outcome="refused", reasons="通道堵塞。", articles=ARTICLE)
    assert head.status == 200
    shown = resident.get(f"/cases/{number}/")
    for words in ("通道堵塞。", ARTICLE, "行政复议", "六十日", "行政诉讼", "六个月"):
        assert words in shown, words
    assert "行政复议" in told(number).text_zh and "reconsideration" in told(number).text_en
    assert not Certificate.objects.filter(case__number=number).exists()


def test_an_article_that_the_matter_does_not_know_is_no_ground() -> None:
    _, number = accepted()
    Person("440103-fire-inspector").act(number, "step", **MEETS)
    head = Person("440103-fire-head")
    head.get(f"/desk/cases/{number}/")
    refused(head, number, "decide", task=head.task("decide"), outcome="refused", reasons="不行",
            articles="《我说了算法》第一条")  # fmt: skip


def test_a_decision_can_be_explained_and_recomputed() -> None:
    _, number = accepted()
    Person("440103-fire-inspector").act(number, "step", **MEETS)
    head = decided(number, outcome="granted", reasons="经检查符合要求。")
    decision = Decision.objects.get(case__number=number)
    assert any("消防法" in article and "十五" in article for article in decision.articles)
    assert decision.parameters["digest"] == case(number).definition.digest
    assert decision.parameters["limit"]["statutory"] == 10
    assert len(decision.parameters["cards"]) == 64
    reads = {read["resource"]: read for read in decision.reads}
    assert reads["population.identity"]["records"] == ["population.resident@1"]
    assert reads[uses.BUSINESSES]["records"] == ["legal_persons.individualbusiness@1"]
    about = uses.about(uses.key_of(Account.objects.get(login="owner-440103")))
    assert {read["evidence"] for read in decision.reads} <= set(about)
    assert decision.signed_name == head.name and "gd-440103-fire/head" in decision.signed_by
    assert [m["material"] for m in decision.parameters["materials"]] == ["floor_plan"]


def test_the_case_shows_what_the_record_said_when_it_was_read() -> None:
    """The business is renamed after the filing: the decision rests on what was read."""
    from lingnan.kernel.runtime.api import action
    from lingnan.systems.government.legal_persons.models import IndividualBusiness

    _, number = accepted()
    name = case(number).declared["business_name"]["value"]
    with action(by="a test", reason="renamed") as act:
        act.change(IndividualBusiness.objects.get(name=name), name="改了名的店")
    page = Person("440103-fire-inspector").get(f"/desk/cases/{number}/")
    assert name in page and "改了名的店" not in page
