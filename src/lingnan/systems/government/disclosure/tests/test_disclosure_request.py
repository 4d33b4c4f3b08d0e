"""A request for information: its search, the rights of others, the answer, the days."""

from typing import Any

import pytest

from lingnan.kernel.matters.api import Case, Certificate
from lingnan.systems.government.disclosure.models import AnsweredRequest
from tests.clockwork import advance
from tests.people import Person, pdf

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
REQUEST = {
    "phone": "13800000000",
    "wanted_name": "2025年度政务数据共享工作总结",
    "wanted_features": "2025年形成，关于全区部门间数据共享的情况。",
    "form_wanted": "electronic",
}


def file_request(resident: Person, **changes: Any) -> str:
    """Begin, fill in and submit; returns the case's number."""
    resident.post("/matters/disclosure_request/begin/", body="gd-440103-data")
    resident.post(resident.url, **(REQUEST | {"go": "1"} | changes))
    assert resident.url.endswith("/check/"), resident.text
    resident.post(resident.url, submit="1")
    return resident.url.strip("/").split("/")[-1]


def accepted(**changes: Any) -> tuple[str, Person, Person]:
    number = file_request(Person("resident-440103"), **changes)
    clerk = Person("440103-data-clerk")
    clerk.act(number, "accept")
    return number, clerk, Person("440103-data-head")


def test_what_can_be_disclosed_is_answered_sealed_and_registered() -> None:
    number, clerk, head = accepted()
    clerk.act(number, "step", outcome="open", findings="经审查可以公开。")
    head.act(number, "decide", outcome="granted", reasons="见附件下载地址。", verified="1")
    certificate = Certificate.objects.get(case__number=number)
    page = Person("resident-440106").get(f"/verify/{certificate.code}/")
    assert "政府信息公开告知书" in page and "电子文件" in page
    kept = AnsweredRequest.objects.get(number=number)
    assert kept.wanted == REQUEST["wanted_name"] and kept.division == "440103"


def test_who_never_asked_before_is_answered_like_anybody() -> None:
    number = file_request(Person("owner-440103"))
    Person("440103-data-clerk").act(number, "accept")
    Person("440103-data-clerk").act(number, "step", outcome="partly", findings="区分处理。")
    head = Person("440103-data-head")
    head.act(number, "decide", outcome="granted", reasons="部分公开，已说明理由。", verified="1")
    assert AnsweredRequest.objects.filter(number=number).exists(), head.text


def test_what_does_not_exist_cannot_be_granted() -> None:
    number, clerk, head = accepted(**{"file-sample": pdf()})
    clerk.act(number, "step", outcome="absent", findings="检索系统和档案，没有该信息。")
    head.act(number, "decide", outcome="granted", reasons="公开。", verified="1")
    assert Case.objects.get(number=number).state == "in_review"
    article = "《政府信息公开条例》（2019-04-03）第三十六条"
    head.act(number, "decide", outcome="refused", reasons="该信息不存在。", articles=article)
    assert Case.objects.get(number=number).state == "delivered"
    assert not AnsweredRequest.objects.filter(number=number).exists()


def test_whom_it_concerns_is_asked_first() -> None:
    number, clerk, head = accepted()
    clerk.act(number, "step", outcome="third_party", findings="含企业报价。")
    clerk.act(number, "step", outcome="objected", findings="属商业秘密，理由合理。")
    article = "《政府信息公开条例》（2019-04-03）第十五条"
    head.act(number, "decide", outcome="refused", reasons="属商业秘密。", articles=article)
    assert Case.objects.get(number=number).state == "delivered"


def test_who_has_had_the_answer_is_not_answered_again() -> None:
    number, clerk, head = accepted(wanted_name="2025年度部门决算 （演示）")
    read = {row["resource"] for row in Case.objects.get(number=number).application.reads}
    assert read == {"population.identity", "disclosure.answers_to_person"}
    clerk.act(number, "step", outcome="open", findings="可以公开。")
    head.act(number, "decide", outcome="granted", reasons="公开。", verified="1")
    assert Case.objects.get(number=number).state == "in_review", head.text
    assert not AnsweredRequest.objects.filter(number=number).exists()
    assert "本人已获答复的政府信息公开申请" in Person("resident-440103").get("/looked/")


def test_no_notice_within_seven_working_days_means_nothing_more_may_be_asked() -> None:
    number = file_request(Person("resident-440103"))
    advance("8wd")
    assert Case.objects.get(number=number).state == "in_review"


def test_the_days_count_from_the_request_and_are_extended_once_by_twenty() -> None:
    number = file_request(Person("resident-440103"))
    advance("8wd")
    head = Person("440103-data-head")
    assert "已用 8 / 20 个工作日" in head.get(f"/desk/cases/{number}/")
    head.act(number, "extend", reason="需要检索多个年度的档案。")
    assert "已用 8 / 40 个工作日" in head.get(f"/desk/cases/{number}/")


def test_asking_others_stops_the_clock() -> None:
    number, _, head = accepted()
    until = {"kind": "others_opinion", "until": "2026-03-16", "reason": "征求第三方意见。"}
    head.act(number, "suspend", **until)
    assert Case.objects.get(number=number).state == "suspended"
    advance("5wd")
    assert "已用 0 / 20 个工作日" in head.get(f"/desk/cases/{number}/")
