"""The food-business licence: papers, the premises, the decision, and what everybody may know."""

from datetime import timedelta
from typing import Any

import pytest

from lingnan.kernel.exchange.api import conclude, introduce, single
from lingnan.kernel.matters.api import Case, Certificate
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import Account
from lingnan.systems.society.catering_safety import numbers
from lingnan.systems.society.catering_safety.models import FoodLicence
from tests.kernel.uses import FIRE, identity, introduced, key_of
from tests.people import SECOND, Person, pdf

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
BODY = "gd-440103-market"
OWNER = "owner-440103"
KITCHEN = {
    "phone": "13800000000",
    "place_name": "街口粥粉面",
    "area": "62",
    "floors": "首层",
    "kitchen_area": "18",
    "food_kind": "热食类、冷食类食品制售",
    "seats": "24",
    "safety_manager": "经营者本人",
    "network_sale": "no",
}


def begin(owner: Person) -> str:
    """Begin an application; returns the draft's address."""
    owner.post("/matters/food_licence/begin/", body=BODY)
    assert owner.url.startswith("/apply/"), owner.text
    return owner.url


def file(owner: Person, draft: str, **changes: Any) -> str:
    """Fill in and submit; returns the case's number."""
    papers = {"file-kitchen_layout": pdf(), "file-safety_rules": pdf()}
    owner.post(draft, **(KITCHEN | papers | {"go": "1"} | changes))
    assert owner.url.endswith("/check/"), owner.text
    owner.post(owner.url, submit="1")
    return owner.url.strip("/").split("/")[-1]


def accepted(owner: Person) -> str:
    number = file(owner, begin(owner))
    Person("440103-market-clerk").act(number, "accept")
    return number


def licensed(owner: Person) -> FoodLicence:
    """Through all steps to the licence."""
    number = accepted(owner)
    Person("440103-market-reviewer").act(number, "step", outcome="meets", findings="齐全。")
    found = {"outcome": "meets", "findings": "符合。", "officer": SECOND}
    Person("440103-market-inspector").act(number, "step", **found)
    head = Person("440103-market-head")
    head.act(number, "decide", outcome="granted", reasons="资料和现场均符合要求。")
    certificate = Certificate.objects.get(case__number=number)
    return FoodLicence.objects.get(number=certificate.number)


def bar(owner: str) -> None:
    """The credit register learns that the owner answers for a revoked food licence."""
    from django.apps import apps

    event: Any = apps.get_model("credit", "CreditEvent")
    today = legal_time.today()
    person = introduce(Account.objects.get(login=owner).subject, to="credit")
    with action(by="a test", reason="revoked") as act:
        act.create(
            event, number="T-1", person=person, name="某人", kind="revocation", trade="food",
            what="吊销食品经营许可证", basis="《食品安全法》（2021-04-29）第一百二十四条",
            source=BODY, source_name="某局", decided_on=today, division="440103",
        )  # fmt: skip


def test_a_licence_goes_from_the_papers_over_the_premises_to_the_door() -> None:
    held = licensed(Person(OWNER))
    today = legal_time.today()
    assert (held.issued_on, held.state) == (today, FoodLicence.VALID)
    assert held.valid_until == today.replace(year=today.year + 5) - timedelta(days=1)
    assert numbers.parse(held.number) == held.number
    page = Person("resident-440106").get(f"/food-licences/{held.number}/")
    assert held.items in page and held.holder in page and "有效" in page


def test_one_inspector_alone_does_not_check_the_premises() -> None:
    number = accepted(Person(OWNER))
    Person("440103-market-reviewer").act(number, "step", outcome="meets", findings="齐全。")
    inspector = Person("440103-market-inspector")
    inspector.act(number, "step", outcome="meets", findings="符合。")
    assert "两名" in inspector.text
    assert Case.objects.get(number=number).events.filter(kind="step_done").count() == 1


def test_papers_that_do_not_meet_go_to_the_head_who_cannot_grant() -> None:
    number = accepted(Person(OWNER))
    Person("440103-market-reviewer").act(number, "step", outcome="faulty", findings="缺布局。")
    head = Person("440103-market-head")
    head.act(number, "decide", outcome="granted", reasons="准予。")
    assert Case.objects.get(number=number).state == "in_review"
    assert not FoodLicence.objects.filter(holder=head.name).exists()
    article = "《食品安全法》（2021-04-29）第三十五条"
    head.act(number, "decide", outcome="refused", reasons="资料不符合要求。", articles=article)
    assert Case.objects.get(number=number).state == "delivered", head.text


def test_who_is_barred_is_told_so_and_gets_nothing() -> None:
    bar(OWNER)
    owner = Person(OWNER)
    draft = begin(owner)
    assert "在禁业期内" in owner.text
    number = file(owner, draft)
    Person("440103-market-clerk").act(number, "accept")
    reviewer = Person("440103-market-reviewer")
    reviewer.act(number, "step", outcome="barred", findings="信用记录为准。")
    before = FoodLicence.objects.count()
    head = Person("440103-market-head")
    head.act(number, "decide", outcome="granted", reasons="准予。", verified="1")
    assert Case.objects.get(number=number).state == "in_review"
    assert FoodLicence.objects.count() == before


def test_disputing_the_record_does_not_lift_the_bar() -> None:
    bar(OWNER)
    owner = Person(OWNER)
    draft = begin(owner)
    owner.post(draft, **(KITCHEN | {"dispute": "credit_food_bar"}))
    number = file(owner, draft, credit_food_bar="no")
    Person("440103-market-clerk").act(number, "accept")
    Person("440103-market-reviewer").act(number, "step", outcome="meets", findings="齐全。")
    found = {"outcome": "meets", "findings": "符合。", "officer": SECOND}
    Person("440103-market-inspector").act(number, "step", **found)
    before = FoodLicence.objects.count()
    head = Person("440103-market-head")
    head.act(number, "decide", outcome="granted", reasons="准予。", verified="1")
    assert Case.objects.get(number=number).state == "in_review", head.text
    assert FoodLicence.objects.count() == before


def test_licences_are_shared_with_who_may_ask() -> None:
    held = licensed(Person(OWNER))
    basis, code = "《消防法》（2021-04-29）第十五条", "catering_safety.licences_of_person"
    conclude("T-2", code, FIRE, "a_test", basis, ("food_licence.number",), by="a test")
    subject = introduced([key_of(Account.objects.get(login=OWNER))], FIRE)
    answer = single(identity(
        resource=code, consumer=FIRE, purpose="a_test", basis=basis, subjects=subject,
        elements=("food_licence.number",),
    ))[0]  # fmt: skip
    assert {"food_licence.number": held.number} in [row["values"] for row in answer.rows]


def test_the_demonstration_has_licences_of_its_catering_businesses() -> None:
    licences = list(FoodLicence.objects.all())
    assert licences
    for held in licences:
        assert numbers.parse(held.number) == held.number
        assert held.issued_on <= legal_time.today() <= held.valid_until


def test_the_page_of_a_licence_says_when_it_no_longer_holds() -> None:
    held = licensed(Person(OWNER))
    guest = Person("resident-440106")
    with action(by="a test", reason="revoked") as act:
        held = act.change(held, state=FoodLicence.REVOKED)
    assert "已吊销" in guest.get(f"/food-licences/{held.number}/")
    with action(by="a test", reason="too old") as act:
        day = legal_time.today() - timedelta(days=1)
        act.change(held, state=FoodLicence.VALID, valid_until=day)
    assert "已过期" in guest.get(f"/food-licences/{held.number}/")


def test_numbers_are_looked_up_as_they_are_typed() -> None:
    held = FoodLicence.objects.first()
    assert held is not None
    guest = Person("resident-440106")
    typed = f"{held.number[:2].lower()} {held.number[2:]}"
    assert held.holder in guest.get(f"/food-licences/?number={typed}")
    guest.get("/food-licences/?number=JY123")
    assert guest.status == 400 and "请核对" in guest.text
    guest.get("/food-licences/JY00000000000000/")
    assert guest.status == 404


def test_the_page_shows_nothing_of_the_operator() -> None:
    held = licensed(Person(OWNER))
    page = Person("resident-440106").get(f"/food-licences/{held.number}/")
    assert held.operator not in page and Person(OWNER).name not in page.replace(held.holder, "")
