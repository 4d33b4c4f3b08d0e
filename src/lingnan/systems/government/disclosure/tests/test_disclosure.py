"""The catalogue: everybody reads what is published; an office proposes, its head reviews."""

from typing import Any

import pytest

from lingnan.kernel.duty.api import Clock
from lingnan.kernel.exchange.api import conclude, introduce, single
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Account
from lingnan.systems.government.disclosure.indicators import in_time
from lingnan.systems.government.disclosure.models import Entry
from tests.kernel.uses import FIRE, identity
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
PROPOSAL = {
    "name": "政务数据共享管理办法",
    "section": "rules",
    "document_number": "荔政数〔2026〕1号",
    "outline": "规定部门间共享政务数据的程序。",
    "text": "第一条 为了规范政务数据共享，制定本办法。",
    "made_on": "2026-02-27",
}


def proposed(**changes: Any) -> str:
    clerk = Person("440103-data-clerk")
    clerk.post("/desk/disclosure/new/", **(PROPOSAL | changes))
    assert clerk.status == 200 and clerk.url == "/desk/disclosure/", clerk.text
    return Entry.objects.get(state="proposed", name=PROPOSAL["name"]).index_number


def test_everybody_finds_and_reads_what_is_published() -> None:
    guest = Person("resident-440106")
    assert "政府信息公开" in guest.get("/")
    assert "办公时间（演示）" in guest.get("/disclosure/")
    assert "办公时间（演示）" not in guest.get("/disclosure/?section=budget")
    assert "没有符合条件" in guest.get("/disclosure/?q=并不存在")
    page = guest.get("/disclosure/440103-budget-2026-00003/")
    assert "内容均为虚构" in page and "440103-budget-2026-00003" in page


def test_the_clerk_proposes_and_the_head_publishes() -> None:
    index = proposed()
    assert index == "440103-rules-2026-00001"
    guest = Person("resident-440106")
    guest.get(f"/disclosure/{index}/")
    assert guest.status == 404
    head = Person("440103-data-head")
    assert PROPOSAL["name"] in head.get("/desk/disclosure/")
    head.post(f"/desk/disclosure/{index}/review/", outcome="publish", reason="")
    assert head.url == "/desk/disclosure/"
    assert PROPOSAL["name"] in guest.get("/disclosure/")
    assert Entry.objects.get(index_number=index).published_on == legal_time.today()
    assert Clock.objects.get(reference=index).code == "disclosure_publication"


def test_what_is_kept_back_needs_its_reason_and_is_never_shown() -> None:
    index = proposed()
    head = Person("440103-data-head")
    head.post(f"/desk/disclosure/{index}/review/", outcome="withhold", reason="")
    assert head.status == 422 and "依据哪一条" in head.text
    head.post(f"/desk/disclosure/{index}/review/", outcome="withhold", reason="第十六条第二款")
    guest = Person("resident-440106")
    assert PROPOSAL["name"] not in guest.get("/disclosure/")
    guest.get(f"/disclosure/{index}/")
    assert guest.status == 404


def test_a_mark_of_secrecy_is_refused_and_so_is_a_day_to_come() -> None:
    clerk = Person("440103-data-clerk")
    wrong = {"text": "机密★1年 内容", "made_on": "2026-12-31", "outline": ""}
    clerk.post("/desk/disclosure/new/", **(PROPOSAL | wrong))
    assert clerk.status == 422
    assert "国家秘密标志" in clerk.text and "尚未到来" in clerk.text
    assert not Entry.objects.filter(state="proposed").exists()


def test_only_the_office_of_the_county_reviews() -> None:
    index = proposed()
    for login, status in (("440106-data-head", 404), ("440103-data-clerk", 403)):
        somebody = Person(login)
        somebody.get(f"/desk/disclosure/{index}/review/")
        assert somebody.status == status
    resident = Person("resident-440103")
    resident.get("/desk/disclosure/new/")
    assert resident.status == 403


def test_answers_are_asked_for_over_the_exchange_and_the_person_sees_it() -> None:
    code, elements = "disclosure.answers_to_person", ("information_request.wanted",)
    basis = "《政府信息公开条例》（2019-04-03）第三十六条第六项"
    conclude("T-DISCLOSURE", code, FIRE, "a_test", basis, elements, by="a test")
    asked = introduce(Account.objects.get(login="resident-440103").subject, to=FIRE)
    use = identity(
        resource=code, consumer=FIRE, purpose="a_test", basis=basis,
        subjects=(asked,), elements=elements,
    )  # fmt: skip
    assert single(use)[0].values() == {elements[0]: "2025年度部门决算（演示）"}
    assert "本人已获答复的政府信息公开申请" in Person("resident-440103").get("/looked/")


def test_what_was_published_late_counts_against_the_county() -> None:
    index = proposed(made_on="2026-01-05")
    Person("440103-data-head").post(f"/desk/disclosure/{index}/review/", outcome="publish")
    figures = in_time(legal_time.today())
    assert (figures["440103"].numerator, figures["440103"].denominator) == (3, 4)
    assert (figures["440106"].numerator, figures["440106"].denominator) == (3, 3)
