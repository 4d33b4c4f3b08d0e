"""The shop sign: the scheme is reviewed, the head decides."""

from typing import Any

import pytest

from lingnan.kernel.matters.api import Case, Certificate, find
from tests.people import Person, pdf

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
BODY = "gd-440103-urban"
SIGN = {
    "phone": "13800000000",
    "place_name": "街口粥粉面",
    "sign_text": "粥粉面 since 2026",
    "sign_position": "lintel",
    "sign_width": "4.2",
    "sign_height": "0.9",
    "sign_lit": "steady",
}


def file_sign(owner: Person, **changes: Any) -> str:
    owner.post("/matters/shop_sign/begin/", body=BODY)
    papers = {"file-sign_drawing": pdf(), "file-facade_photo": pdf()}
    owner.post(owner.url, **(SIGN | papers | {"go": "1"} | changes))
    assert owner.url.endswith("/check/"), owner.text
    owner.post(owner.url, submit="1")
    return owner.url.strip("/").split("/")[-1]


def test_consent_to_a_sign() -> None:
    number = file_sign(Person("owner-440103"))
    Person("440103-urban-clerk").act(number, "accept")
    reviewer = Person("440103-urban-reviewer")
    reviewer.act(number, "step", outcome="meets", findings="合适。")
    head = Person("440103-urban-head")
    head.act(number, "decide", outcome="granted", reasons="符合要求。")
    certificate = Certificate.objects.get(case__number=number)
    page = Person("resident-440106").get(f"/verify/{certificate.code}/")
    assert "4.2 米" in page and "街口粥粉面" in page


def test_what_does_not_meet_the_requirements_is_refused_on_an_article() -> None:
    number = file_sign(Person("owner-440103"), sign_position="roof", sign_text="")
    Person("440103-urban-clerk").act(number, "accept")
    reviewer = Person("440103-urban-reviewer")
    reviewer.act(number, "step", outcome="fails", findings="挡住消防标志。")
    head = Person("440103-urban-head")
    head.act(number, "decide", outcome="granted", reasons="准予。")
    assert Case.objects.get(number=number).state == "in_review"
    article = "《广告法》（2021-04-29）第四十二条"
    head.act(number, "decide", outcome="refused", reasons="影响消防标志。", articles=article)
    case = Case.objects.get(number=number)
    assert case.state == "delivered" and case.decision.articles == [article]


def test_the_page_does_not_claim_that_every_sign_needs_consent() -> None:
    page = Person("resident-440106").get("/matters/shop_sign/")
    assert "大型户外广告" in page and "未经核实" in page


def test_the_photo_may_follow_and_the_drawing_may_not() -> None:
    found = find("shop_sign")
    assert found is not None
    rows = {row["code"]: row for row in found[1].content["matter"]["materials"]}
    assert rows["facade_photo"]["tolerance"]["demonstration"] is True
    assert "tolerance" not in rows["sign_drawing"]
