"""The registration of an individual business: one notice, one extension, one order of steps."""

import re

import pytest

from lingnan.kernel.duty.api import Message, Task, clocks
from lingnan.kernel.matters.api import Case, Decision
from lingnan.kernel.matters.cases import open_steps
from lingnan.systems.government.legal_persons.models import IndividualBusiness
from tests.clockwork import advance
from tests.people import SHOP, Person, file_business, pdf

pytestmark = pytest.mark.django_db
ARTICLE = "《市场主体登记管理条例》（2021-07-27）第二十条"


def filed() -> tuple[Person, str]:
    resident = Person("resident-440103")
    return resident, file_business(resident)


def post_of(role: str, county: str = "440103", function: str = "market") -> Person:
    return Person(f"{county}-{function}-{role}")


def accepted() -> tuple[Person, str]:
    resident, number = filed()
    post_of("clerk").act(number, "accept")
    return resident, number


def case(number: str) -> Case:
    return Case.objects.get(number=number)


def decision_clock(number: str) -> clocks.Reading:
    return clocks.of_references([number])[number]["decision"]


def refused(person: Person, number: str, act: str, status: int = 409, **data: str) -> None:
    events = case(number).events_count
    person.post(f"/desk/cases/{number}/act/", act=act, **data)
    assert person.status == status
    assert case(number).events_count == events


def task_of(person: Person, number: str, act: str) -> str:
    person.get(f"/desk/cases/{number}/")
    return person.task(act)


def test_the_applicant_is_told_once_what_to_correct_and_files_it() -> None:
    resident, number = filed()
    clerk = post_of("clerk")
    clerk.act(number, "ask-correction", items="店名不规范\n\n地址写到门牌号")
    assert case(number).state == "correction"
    message = Message.objects.filter(link=f"/cases/{number}/").latest("key")
    assert "店名不规范" in message.text_zh and "地址写到门牌号" in message.text_zh
    page = resident.get(f"/cases/{number}/")
    assert "店名不规范；地址写到门牌号" in page
    link = re.search(r'href="(/apply/[0-9a-f]+/)"', page)
    assert link
    resident.post(link[1], **SHOP | {"business_name": "改好的名字"}, go="1")
    resident.post(f"{link[1]}check/", submit="1")
    assert resident.url == f"/cases/{number}/"
    assert case(number).state == "received"
    assert case(number).declared["business_name"]["value"] == "改好的名字"
    assert Case.objects.filter(application=case(number).application).count() == 1
    clerk.get(f"/desk/cases/{number}/")
    assert "改好的名字" in clerk.text and 'value="ask-correction"' not in clerk.text
    refused(clerk, number, "ask-correction", task=clerk.task("accept"), items="还有一件")
    clerk.act(number, "accept")
    assert case(number).state == "in_review"


def test_the_limit_runs_from_the_day_the_papers_were_complete() -> None:
    resident, number = filed()
    post_of("clerk").act(number, "ask-correction", items="补租赁合同")
    advance("4wd")
    draft = case(number).application_id
    resident.post(f"/apply/{draft}/", **SHOP, go="1", **{"file-premises_proof": pdf()})
    resident.post(f"/apply/{draft}/check/", submit="1")
    advance("1wd")
    post_of("clerk").act(number, "accept")
    assert decision_clock(number).used == 1


def test_an_empty_notice_is_none() -> None:
    _, number = filed()
    clerk = post_of("clerk")
    refused(clerk, number, "ask-correction", task=task_of(clerk, number, "accept"), items=" \n ")


def test_before_a_correction_is_asked_the_filing_stays_as_it_is() -> None:
    resident, number = filed()
    resident.get(f"/apply/{case(number).application_id}/")
    assert resident.url == f"/cases/{number}/"
    resident.post(f"/apply/{case(number).application_id}/", business_name="别的", go="1")
    assert case(number).application.answers["business_name"]["value"] == SHOP["business_name"]


def test_the_head_alone_extends_once_and_the_applicant_is_told() -> None:
    resident, number = accepted()
    for role in ("clerk", "reviewer"):
        refused(post_of(role), number, "extend", reason="核实材料")
    head = post_of("head")
    refused(head, number, "extend", reason=" ")
    head.act_on_time(number, "extend", reason="需要核实材料")
    assert (decision_clock(number).statutory, decision_clock(number).limit) == (3, 6)
    assert "需要核实材料" in resident.get("/messages/")
    refused(head, number, "extend", reason="再延长")
    assert decision_clock(number).limit == 6


def test_nothing_stops_the_clock_of_a_registration() -> None:
    _, number = accepted()
    refused(post_of("head"), number, "suspend", kind="laboratory_test", until="2026-03-20",
            reason="送检")  # fmt: skip


def test_a_registration_writes_the_record_of_which_the_licence_speaks() -> None:
    resident, number = accepted()
    post_of("reviewer").act(number, "decide", outcome="granted", reasons="材料齐全。")
    code = Decision.objects.get(case__number=number).result["credit_code"]
    business = IndividualBusiness.objects.get(credit_code=code)
    assert business.name == SHOP["business_name"] and business.version == 1
    assert IndividualBusiness.Version.objects.get(key=business.key).reason == f"case {number}"
    assert code in resident.get("/certificates/")


def test_a_refused_registration_writes_no_record() -> None:
    before = IndividualBusiness.objects.count()
    _, number = accepted()
    post_of("reviewer").act(number, "decide", outcome="refused", reasons="名称违法。",
                            articles=ARTICLE)  # fmt: skip
    assert case(number).state == "delivered"
    assert IndividualBusiness.objects.count() == before


def test_not_accepting_needs_reasons_and_ends_the_case() -> None:
    resident, number = filed()
    clerk = post_of("clerk")
    refused(clerk, number, "not-accept", task=task_of(clerk, number, "accept"), reasons=" ")
    clerk.act(number, "not-accept", reasons="不属于本机关职权，请向天河区申请。")
    assert case(number).state == "not_accepted"
    assert "天河区" in resident.get(f"/cases/{number}/")


def test_a_step_out_of_order_is_refused_with_a_sentence() -> None:
    _, number = filed()
    clerk = post_of("clerk")
    task = task_of(clerk, number, "accept")
    clerk.act(number, "accept")
    for act in ("accept", "ask-correction", "not-accept"):
        refused(clerk, number, act, task=task, items="一", reasons="一")
        assert "没有办成" in clerk.text or "未" in clerk.text
    refused(post_of("head"), number, "resume")


def test_the_task_of_one_act_does_not_serve_for_another() -> None:
    _, number = accepted()
    reviewer = post_of("reviewer")
    task = task_of(reviewer, number, "decide")
    refused(reviewer, number, "step", task=task, outcome="granted", findings="", officer="")
    for act in ("accept", "not-accept", "ask-correction"):
        refused(reviewer, number, act, task=task, items="一", reasons="一")


def test_a_task_belongs_to_its_post() -> None:
    _, number = accepted()
    task = task_of(post_of("reviewer"), number, "decide")
    for role in ("clerk", "inspector", "head"):
        refused(post_of(role), number, "decide", 403, task=task, outcome="granted", reasons="可以")
    assert Task.objects.get(reference=number, done_at=None).code == "register"


def test_a_case_belongs_to_its_body() -> None:
    _, number = accepted()
    task = task_of(post_of("reviewer"), number, "decide")
    for other in (post_of("reviewer", "440106"), post_of("reviewer", "440103", "fire")):
        other.get(f"/desk/cases/{number}/")
        assert other.status == 404
        refused(other, number, "decide", 404, task=task, outcome="granted", reasons="可以")
        assert number not in other.get("/desk/cases/")


def test_the_task_of_another_case_is_no_task_of_this_one() -> None:
    _, number = accepted()
    _, other = accepted()
    reviewer = post_of("reviewer")
    refused(reviewer, other, "decide", 404, task=task_of(reviewer, number, "decide"),
            outcome="granted", reasons="可以")  # fmt: skip


@pytest.mark.parametrize("task", ["", "0" * 32, "zz", "-1"])
def test_a_forged_task_is_not_found(task: str) -> None:
    _, number = accepted()
    refused(post_of("reviewer"), number, "decide", 404, task=task, outcome="granted", reasons="可")


def test_the_applicant_withdraws_until_it_is_decided() -> None:
    resident, number = accepted()
    resident.post(f"/cases/{number}/withdraw/")
    assert case(number).state == "withdrawn"
    assert number not in post_of("reviewer").get("/desk/")
    resident.post(f"/cases/{number}/withdraw/")
    assert resident.status == 409
    assert not Task.objects.filter(reference=number, done_at=None).exists()
    assert decision_clock(number).state == "stopped"


def test_open_steps_rebuilt_from_the_events_are_the_tasks_that_are_open() -> None:
    _, number = filed()
    assert case(number).state == "received"

    def tasks() -> set[str]:
        return set(
            Task.objects.filter(reference=number, done_at=None).values_list("code", flat=True)
        )

    post_of("clerk").act(number, "accept")
    assert set(open_steps(case(number))) == tasks() == {"register"}
    post_of("reviewer").act(number, "decide", outcome="granted", reasons="材料齐全。")
    assert set(open_steps(case(number))) == tasks() == set()


def test_the_case_list_shows_what_was_declared_and_fetches_no_row_more(
    django_assert_num_queries: object,
) -> None:
    """Twice as many cases cost not one query more."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    resident, clerk = Person("resident-440103"), post_of("clerk")
    counts = []
    for _ in range(2):
        file_business(resident)
        with CaptureQueriesContext(connection) as queries:
            assert SHOP["business_name"] in clerk.get("/desk/cases/")
        counts.append(len(queries))
        file_business(resident)
    assert counts[0] == counts[1]
