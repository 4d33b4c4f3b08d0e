"""Online services: the fire-safety permit, from application to certificate."""

import pytest

from lingnan.kernel.matters.api import Case, Certificate, find
from tests.people import Person, file_fire, register_business

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def test_the_permit_is_offered_to_everybody_with_its_basis() -> None:
    found = find("fire_safety_permit")
    assert found is not None and found[1].system == "online_services"
    page = Person("resident-440106").get("/matters/fire_safety_permit/")
    assert "消防法" in page and "第十五条" in page


def test_on_commitment_the_papers_are_checked_and_the_head_decides() -> None:
    owner = Person("resident-440103")
    register_business(owner)
    number = file_fire(owner, "commitment")
    Person("440103-fire-clerk").act(number, "accept")
    Person("440103-fire-reviewer").act(number, "step", outcome="complete", findings="")
    head = Person("440103-fire-head")
    head.act(number, "decide", outcome="granted", reasons="承诺及材料齐全。")
    assert Case.objects.get(number=number).state == "delivered", head.text
    certificate = Certificate.objects.get(case__number=number)
    assert certificate.number == f"消安检{number}"
    assert certificate.number in Person("resident-440106").get(f"/verify/{certificate.code}/")


def test_who_has_no_business_is_told_to_register_first() -> None:
    newcomer = Person("resident-441803")
    page = newcomer.post("/matters/fire_safety_permit/begin/", body="gd-441803-fire")
    assert "请先办理登记" in page, page
