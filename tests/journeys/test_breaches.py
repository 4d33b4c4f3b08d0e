"""What a body, or an applicant, may try and the law does not allow."""

import hashlib
from datetime import date

import pytest

from lingnan.kernel.duty.api import clocks
from lingnan.kernel.matters import applications
from lingnan.kernel.matters.models import Application, Case, Certificate
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import SYSTEM
from tests.people import PDF, PLACE, SECOND, SHOP, Person, file_business, file_fire, pdf

pytestmark = pytest.mark.django_db


def move_to(day: date) -> None:
    legal_time.move_to(legal_time.now() + (day - legal_time.today()))


def reading(number: str, code: str = "decision") -> clocks.Reading:
    return clocks.of_references([number])[number][code]


def accepted_permit(route: str = "inspection") -> tuple[Person, str]:
    owner = Person("owner-440103")
    number = file_fire(owner, route)
    Person("440103-fire-clerk").act(number, "accept")
    return owner, number


def test_a_limit_that_has_passed_is_not_extended() -> None:
    number = file_business(Person("resident-440103"))
    Person("440103-market-clerk").act(number, "accept")
    move_to(date(2026, 3, 9))
    assert reading(number).card == "red"
    head = Person("440103-market-head")
    head.post(f"/desk/cases/{number}/act/", act="extend", reason="情形复杂")
    assert head.status == 409 and reading(number).card == "red"


def test_a_pause_ends_by_itself_on_the_day_that_was_announced() -> None:
    _owner, number = accepted_permit()
    data = {"kind": "laboratory_test", "reason": "送检", "until": "2026-03-12"}
    Person("440103-fire-reviewer").act_on_time(number, "suspend", **data)
    move_to(date(2026, 3, 30))
    assert reading(number).used == 12 and reading(number).card == "red"


def test_a_pause_reaches_no_further_than_the_calendar() -> None:
    _owner, number = accepted_permit()
    reviewer = Person("440103-fire-reviewer")
    data = {"kind": "laboratory_test", "reason": "送检", "until": "9999-12-31"}
    reviewer.post(f"/desk/cases/{number}/act/", act="suspend", **data)
    assert reviewer.status == 409 and Case.objects.get(number=number).state == "in_review"


@pytest.mark.parametrize("act", ["accept", "ask-correction", "not-accept"])
def test_a_silent_body_comes_too_late_once_the_law_has_accepted(act: str) -> None:
    number = file_fire(Person("owner-440103"), "inspection")
    clerk = Person("440103-fire-clerk")
    clerk.get(f"/desk/cases/{number}/")
    task = clerk.task(act)
    move_to(date(2026, 3, 10))  # the sixth working day; no sweep has come by
    data = {"items": "一", "reasons": "一"}
    clerk.post(f"/desk/cases/{number}/act/", act=act, task=task, **data)
    assert clerk.status == 409 and "视为受理" in clerk.text
    assert Case.objects.get(number=number).state == "in_review"
    assert reading(number).started_on == date(2026, 3, 2)


def test_a_permit_is_not_granted_against_the_inspection() -> None:
    _owner, number = accepted_permit()
    inspector = Person("440103-fire-inspector")
    inspector.act(number, "step", outcome="fails", findings="通道堵塞。", officer=SECOND)
    head = Person("440103-fire-head")
    head.act(number, "decide", outcome="granted", reasons="同意。")
    assert head.status == 409 and not Certificate.objects.filter(case__number=number).exists()


def test_the_commitment_has_the_general_limit_and_its_extension() -> None:
    _owner, number = accepted_permit("commitment")
    assert reading(number).statutory == 20
    head = Person("440103-fire-head")
    head.act_on_time(number, "extend", reason="材料较多")
    assert reading(number).limit == 30


def test_a_wrong_resident_number_is_said_and_a_disputed_one_needs_to_be_verified() -> None:
    resident = Person("resident-440103")
    resident.post("/matters/individual_business/begin/", body="gd-440103-market")
    draft = resident.url
    resident.post(draft, dispute="operator_name")
    resident.post(draft, dispute="operator_number")
    filled = SHOP | {"operator_name": "别人", "file-premises_proof": pdf(), "go": "1"}
    page = resident.post(draft, **filled, operator_number="123")
    assert resident.status == 422 and "公民身份号码不正确" in page
    resident.post(draft, operator_number="440191199001011238", true_statement="1", go="1")
    resident.post(resident.url, submit="1")
    number = resident.url.strip("/").split("/")[-1]
    Person("440103-market-clerk").act(number, "accept")
    reviewer = Person("440103-market-reviewer")
    reviewer.act(number, "decide", outcome="granted", reasons="齐全。")
    assert reviewer.status == 409 and "已经核实" in reviewer.text
    reviewer.act(number, "decide", outcome="granted", reasons="已核对身份证。", verified="1")
    decision = Case.objects.get(number=number).decision
    assert decision.parameters["verified"] == ["operator_name", "operator_number"]


def test_what_was_filed_cannot_be_changed_behind_the_desk() -> None:
    owner, number = accepted_permit()
    case = Case.objects.get(number=number)
    other = pdf("other.pdf", PDF + b"%")
    owner.post(f"/apply/{case.application_id}/keep/", **{"file-floor_plan": other})
    assert owner.status == 204
    application = Application.objects.get(pk=case.application_id)
    with pytest.raises(applications.Submitted):
        applications.save(application, {"place_name": "另一个"}, SYSTEM)
    page = Person("440103-fire-inspector").get(f"/desk/cases/{number}/")
    assert "other.pdf" not in page and "paper.pdf" in page


def test_the_first_filing_stays_after_a_correction() -> None:
    resident = Person("resident-440103")
    number = file_business(resident)
    clerk = Person("440103-market-clerk")
    clerk.act(number, "ask-correction", items="租赁合同缺页")
    draft = f"/apply/{Case.objects.get(number=number).application_id}/"
    resident.post(draft, **SHOP, **{"file-premises_proof": pdf("full.pdf", PDF + b"%2")}, later="1")
    assert "full.pdf" not in clerk.get(f"/desk/cases/{number}/")
    resident.post(f"{draft}check/", submit="1")
    assert "full.pdf" in clerk.get(f"/desk/cases/{number}/")
    clerk.get(f"/desk/cases/{number}/files/{hashlib.sha256(PDF).hexdigest()}/")
    assert clerk.response.content == PDF


def test_an_application_without_its_necessary_paper_is_not_submitted() -> None:
    from lingnan.kernel.trust.api import Account, actor_of

    owner = Person("owner-440103")
    owner.post("/matters/fire_safety_permit/begin/", body="gd-440103-fire")
    reference = owner.url.strip("/").split("/")[-1]
    owner.post(owner.url, **PLACE, route="inspection", later="1")
    application = Application.objects.get(pk=reference)
    who = actor_of(Account.objects.get(login="owner-440103"))
    assert who is not None
    with pytest.raises(applications.NotReady):
        applications.submit(application, who)
