"""Opening a restaurant: one form, five matters, four bodies; one refused does not lose the rest."""

from datetime import date

import pytest

from lingnan.kernel.duty.api import Message, clocks
from lingnan.kernel.exchange.api import tell
from lingnan.kernel.matters.api import Case, Certificate, sweep
from lingnan.kernel.matters.joint import clock
from lingnan.kernel.matters.models import Application, JointApplication, Rating
from lingnan.systems.society.catering_safety.models import FoodLicence
from tests.clockwork import advance
from tests.people import Person, pdf
from tests.restaurants import (
    ANSWERS,
    MATTERS,
    accept_all,
    all_granted,
    begin,
    case,
    cases_of,
    confirm_tax,
    consent_sign,
    file_event,
    license_food,
    owner_account,
    papers,
    permit_fire,
    register,
)

pytestmark = pytest.mark.django_db


def test_one_form_becomes_five_cases_and_five_certificates() -> None:
    owner = Person("resident-440103")
    number = all_granted(owner)
    assert set(cases_of(number)) == set(MATTERS)
    certificates = Certificate.objects.filter(case__joint=number)
    assert certificates.count() == 5
    page = owner.get(f"/joint/{number}/")
    assert "可以开业了" in page and page.count("/certificates/") >= 5
    joint = JointApplication.objects.get(number=number)
    assert joint.finished_on is not None
    reading = clocks.of_references([number])[number]["joint"]
    assert (reading.state, reading.statutory) == ("stopped", 45)
    assert all(owner.get("/certificates/").count(c.number) for c in certificates)


def test_each_question_is_asked_once() -> None:
    owner = Person("resident-440103")
    page = owner.get(begin(owner))
    for name in ANSWERS:
        assert page.count(f'name="{name}"') >= 1, name
        assert page.count(f'<label for="id_{name}"') <= 1, name
    assert 'name="credit_code"' not in page
    assert page.count("file-premises_proof") >= 1
    joint = JointApplication.objects.get(account=owner_account(owner), number=None)
    answers = [a.answers for a in joint.applications.all()]
    assert all(a["operator_name"]["source"] == "record" for a in answers)


def test_a_certificate_bears_what_the_registration_made() -> None:
    owner = Person("resident-440103")
    number = file_event(owner)
    accept_all(number)
    permit = case(number, "fire_safety_permit")
    assert permit.declared["credit_code"] == {"value": "", "source": "awaited"}
    assert permit.declared["business_name"]["value"] == ANSWERS["business_name"]
    register(cases_of(number)["individual_business"])
    sweep()
    code = case(number, "individual_business").decision.result["credit_code"]
    permit = case(number, "fire_safety_permit")
    assert permit.declared["credit_code"]["value"] == code
    assert permit.declared["credit_code"]["source"] == "record"
    assert permit.events.filter(kind="record_read").count() == 1
    sweep()
    assert permit.events.filter(kind="record_read").count() == 1


def test_nothing_is_granted_before_the_record_is_there() -> None:
    owner = Person("resident-440103")
    number = file_event(owner)
    accept_all(number)
    sign = cases_of(number)["shop_sign"]
    Person("440103-urban-reviewer").act(sign, "step", outcome="meets", findings="好。")
    head = Person("440103-urban-head")
    head.act(sign, "decide", outcome="granted", reasons="好。")
    assert head.status == 409 and "登记办好后才能准予" in head.text
    assert case(number, "shop_sign").state == "in_review"


def test_the_tax_matter_is_filed_when_the_registration_is_there() -> None:
    owner = Person("resident-440103")
    number = file_event(owner)
    assert "tax_confirmation" not in cases_of(number)
    assert "自动递交" in owner.get(f"/joint/{number}/")
    accept_all(number)
    advance("2wd")
    register(cases_of(number)["individual_business"])
    sweep()
    filed = case(number, "tax_confirmation")
    assert filed.received_on == date(2026, 3, 4)
    assert filed.declared["registered_on"]["value"] == "2026-03-04"


def test_one_refused_does_not_lose_the_others() -> None:
    owner = Person("resident-440103")
    number = file_event(owner)
    accept_all(number)
    register(cases_of(number)["individual_business"])
    sweep()
    numbers = cases_of(number)
    consent_sign(numbers["shop_sign"], "refused")
    license_food(numbers["food_licence"])
    permit_fire(numbers["fire_safety_permit"])
    confirm_tax(numbers["tax_confirmation"])
    sweep()
    assert Certificate.objects.filter(case__joint=number).count() == 4
    page = owner.get(f"/joint/{number}/")
    assert "有一项没有获准" in page and "重新申请：户外招牌设置" in page
    owner.post(f"/joint/{number}/again/", matter="shop_sign")
    assert owner.url.startswith("/apply/")
    owner.post(owner.url, sign_text="街口粥粉面", go="1")
    assert owner.url.endswith("/check/"), owner.text
    owner.post(owner.url, submit="1")
    second = cases_of(number)["shop_sign"]
    assert second != numbers["shop_sign"]
    Person("440103-urban-clerk").act(second, "accept")
    consent_sign(second)
    assert Certificate.objects.filter(case__joint=number).count() == 5


def test_a_refused_registration_leaves_the_others_standing() -> None:
    owner = Person("resident-440103")
    number = file_event(owner)
    accept_all(number)
    register(cases_of(number)["individual_business"], "refused")
    sweep()
    assert case(number, "fire_safety_permit").state == "in_review"
    owner.post(f"/joint/{number}/again/", matter="individual_business")
    owner.post(owner.url, business_name="荔湾区新街口粥粉面店", true_statement="1", go="1")
    owner.post(owner.url, submit="1")
    again = cases_of(number)["individual_business"]
    Person("440103-market-clerk").act(again, "accept")
    register(again)
    sweep()
    permit = case(number, "fire_safety_permit")
    assert permit.declared["business_name"]["value"] == "荔湾区新街口粥粉面店"
    assert permit.events.get(kind="record_read").data["differs"] == ["business_name"]


def test_a_secondary_paper_may_follow() -> None:
    owner = Person("resident-440103")
    changes = {"file-facade_photo": None, "promise-facade_photo": "1"}
    number = file_event(owner, **changes)
    accept_all(number)
    sign = cases_of(number)["shop_sign"]
    told = Message.objects.filter(link=f"/cases/{sign}/").order_by("key")
    assert any("容缺受理" in m.subject_zh and "3月16日前" in m.text_zh for m in told)
    register(cases_of(number)["individual_business"])
    sweep()
    Person("440103-urban-reviewer").act(sign, "step", outcome="meets", findings="好。")
    head = Person("440103-urban-head")
    head.act(sign, "decide", outcome="granted", reasons="好。")
    assert head.status == 409 and "承诺后补" in head.text
    assert "店面现状照片" in owner.get(f"/cases/{sign}/")
    owner.post(f"/cases/{sign}/supplement/", **{"file-facade_photo": pdf("photo.pdf")})
    assert "photo.pdf" in head.get(f"/desk/cases/{sign}/")
    head.act(sign, "decide", outcome="granted", reasons="好。")
    assert case(number, "shop_sign").state == "delivered"


def test_a_primary_paper_cannot_be_promised() -> None:
    owner = Person("resident-440103")
    draft = begin(owner)
    said = ANSWERS | papers("sign_drawing") | {"promise-sign_drawing": "1", "promises-asked": "1"}
    owner.post(draft, **said, go="1")
    assert owner.status == 422 and "id_file-sign_drawing-error" in owner.text


def test_submitting_twice_files_once() -> None:
    owner = Person("resident-440103")
    draft = begin(owner)
    owner.post(draft, **(ANSWERS | papers()), go="1")
    check = owner.url
    owner.post(check, submit="1")
    first = owner.url
    owner.post(check, submit="1")
    assert owner.url == first
    assert Case.objects.exclude(joint="").count() == 4


def test_another_residents_event_does_not_exist() -> None:
    owner = Person("resident-440103")
    number = file_event(owner)
    stranger = Person("resident-441802")
    for url in (f"/joint/{number}/", f"/joint/draft/{JointApplication.objects.get().reference}/"):
        stranger.get(url)
        assert stranger.status == 404, url
    stranger.post(f"/joint/{number}/rate/", grade="1")
    assert stranger.status == 404
    assert not Rating.objects.exists()


def test_who_owns_a_business_already_need_not_register_again() -> None:
    owner = Person("owner-440103")
    draft = begin(owner)
    others = [m for m in MATTERS if m != "individual_business"]
    owner.post(draft, choose="1", members=others)
    page = owner.get(draft)
    assert 'name="own_premises"' not in page
    owner.post(draft, **(ANSWERS | papers("premises_proof")), go="1")
    assert owner.url.endswith("/check/"), owner.text
    owner.post(owner.url, submit="1")
    number = owner.url.strip("/").split("/")[-1]
    assert set(cases_of(number)) == set(others)
    assert case(number, "shop_sign").declared["credit_code"]["source"] == "record"


def test_without_a_business_the_registration_cannot_be_left_out() -> None:
    owner = Person("resident-440103")
    draft = begin(owner)
    owner.post(draft, choose="1", members=["shop_sign"])
    needed = {f"file-{code}": pdf() for code in ("sign_drawing", "facade_photo")}
    owner.post(draft, **(ANSWERS | needed), go="1")
    assert owner.status == 422 and "需要的登记还不存在" in owner.text


def test_the_head_of_the_government_alone_extends_the_whole_once() -> None:
    owner = Person("resident-440103")
    number = file_event(owner)
    stranger = Person("440103-market-head")
    stranger.post(f"/desk/joint/{number}/extend/", reason="人手不足")
    assert stranger.status == 403
    head = Person("440103-government-head")
    assert number in head.get("/desk/joint/")
    head.post(f"/desk/joint/{number}/extend/", reason="")
    assert head.status == 409
    head.post(f"/desk/joint/{number}/extend/", reason="需要联合踏勘。")
    reading = clocks.of_references([number])[number][clock.CODE]
    assert reading.limit == 60
    head.post(f"/desk/joint/{number}/extend/", reason="再延长。")
    assert head.status == 409
    elsewhere = Person("440106-government-head")
    assert number not in elsewhere.get("/desk/joint/")
    assert elsewhere.get(f"/desk/joint/{number}/extend/") and elsewhere.status == 404


def test_rating_once_in_five_grades_or_by_default_after_seven_days() -> None:
    owner = Person("resident-440103")
    number = all_granted(owner)
    sign = cases_of(number)["shop_sign"]
    owner.post(f"/cases/{sign}/rate/", grade="9")
    assert not Rating.objects.exists()
    owner.post(f"/cases/{sign}/rate/", grade="5", words="很快")
    owner.post(f"/cases/{sign}/rate/", grade="1")
    assert Rating.objects.get(case__number=sign).grade == 5
    advance("7d")
    assert Rating.objects.count() == 1
    advance("1d")
    rest = Rating.objects.exclude(case__number=sign)
    assert rest.count() == 4 and {(r.grade, r.by_default) for r in rest} == {(3, True)}
    assert "默认" in owner.get(f"/cases/{cases_of(number)['food_licence']}/")


def test_a_joint_draft_is_kept_and_listed() -> None:
    owner = Person("resident-440103")
    draft = begin(owner)
    owner.post(draft + "keep/", phone="13900000000")
    assert "13900000000" in owner.get(draft)
    assert draft in owner.get("/cases/")
    assert begin(owner) == draft
    assert Application.objects.filter(joint__isnull=False).count() == 5


def test_a_changed_address_reaches_every_body_without_filing_it_again() -> None:
    owner = Person("resident-440103")
    number = all_granted(owner)
    owner.post("/matters/business_change/begin/", body="gd-440103-market")
    said = {
        "new_premises": "广州市荔湾区中山七路9号",
        "phone": "13800000000",
        "true_statement": "1",
    }
    said |= {"true_statement": "1", "go": "1"}
    owner.post(owner.url, **said, **{"file-premises_proof": pdf()})
    owner.post(owner.url, submit="1")
    change = owner.url.strip("/").split("/")[-1]
    Person("440103-market-clerk").act(change, "accept")
    Person("440103-market-reviewer").act(change, "decide", outcome="granted", reasons="齐全。")
    tell()
    tell()
    for matter in ("food_licence", "fire_safety_permit", "shop_sign", "tax_confirmation"):
        told = case(number, matter)
        event = told.events.get(kind="record_changed")
        assert event.data["changes"] == [
            {"field": "premises", "before": ANSWERS["premises"], "after": said["new_premises"]}
        ]
        page = owner.get(f"/cases/{told.number}/")
        assert "所依据的记录已变更" in page
        certificate = Certificate.objects.get(case=told)
        assert said["new_premises"] in owner.get(f"/verify/{certificate.code}/")
    licence = FoodLicence.objects.get(holder=ANSWERS["business_name"])
    assert licence.premises == ANSWERS["premises"]  # a licence is for its premises alone
    reviewer = Person("440103-urban-reviewer")
    sign = cases_of(number)["shop_sign"]
    assert said["new_premises"] in reviewer.get(f"/desk/cases/{sign}/")
    reviewer.act(sign, "note-change", findings="已通知经营者重新申请招牌。")
    assert case(number, "shop_sign").events.filter(kind="change_noted").exists()
    owner.get("/looked/")
    assert "gd-440103" not in owner.said, "people are told names, not codes"
    assert "城市管理" in owner.text
