"""What must not go wrong while several matters go together."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import date

import pytest

from lingnan.kernel.duty.api import Message
from lingnan.kernel.matters.api import sweep
from lingnan.kernel.matters.joint import desk, submission
from lingnan.kernel.matters.models import Application, JointApplication
from lingnan.kernel.runtime.api import definitions
from tests.clockwork import advance
from tests.people import PDF, Person, pdf
from tests.restaurants import (
    ANSWERS,
    accept_all,
    begin,
    cases_of,
    confirm_tax,
    file_event,
    owner_account,
    papers,
    register,
)

pytestmark = pytest.mark.django_db
PHOTO = PDF + b"% a photo"


def test_a_part_is_neither_edited_nor_filed_by_itself() -> None:
    owner = Person("resident-440103")
    begin(owner)
    joint = JointApplication.objects.get(account=owner_account(owner))
    parts = {a.definition.code: a.reference for a in joint.applications.select_related()}
    for url in (f"/apply/{parts['individual_business']}/", f"/apply/{parts['shop_sign']}/check/"):
        owner.get(url)
        assert owner.status == 404, url
        owner.post(url, submit="1", phone="")
        assert owner.status == 404, url
    number = file_event(owner)
    tax = f"/apply/{parts['tax_confirmation']}/"
    owner.post(tax, phone="", accounting="")
    assert owner.status == 404
    owner.post(f"{tax}check/", submit="1")
    assert owner.status == 404 and "tax_confirmation" not in cases_of(number)
    part = Application.objects.get(reference=parts["tax_confirmation"])
    assert part.answers["phone"]["value"] == ANSWERS["phone"]


def test_a_refused_act_is_an_opening_too() -> None:
    owner = Person("resident-440103")
    sign = cases_of(file_event(owner))["shop_sign"]
    clerk = Person("440103-urban-clerk")
    clerk.post(f"/desk/cases/{sign}/act/", act="extend", reason="x")
    assert clerk.status == 409 and ANSWERS["phone"] in clerk.text
    assert sign in owner.get("/looked/")


def test_the_promised_paper_can_be_opened_by_the_official() -> None:
    owner = Person("resident-440103")
    number = file_event(owner, **{"file-facade_photo": None, "promise-facade_photo": "1"})
    accept_all(number)
    sign = cases_of(number)["shop_sign"]
    owner.post(f"/cases/{sign}/supplement/", **{"file-facade_photo": pdf("photo.pdf", PHOTO)})
    reviewer = Person("440103-urban-reviewer")
    mark = hashlib.sha256(PHOTO).hexdigest()
    assert mark in reviewer.get(f"/desk/cases/{sign}/")
    reviewer.get(f"/desk/cases/{sign}/files/{mark}/")
    assert reviewer.status == 200


def test_only_the_body_that_registered_a_business_changes_it() -> None:
    owner = Person("owner-440103")
    owner.post("/matters/business_change/begin/", body="gd-440106-market")
    said = {"new_premises": "广州市天河区天河路9号", "phone": "13800000000"}
    said |= {"true_statement": "1", "go": "1"}
    owner.post(owner.url, **said, **{"file-premises_proof": pdf()})
    owner.post(owner.url, submit="1")
    number = owner.url.strip("/").split("/")[-1]
    Person("440106-market-clerk").act(number, "accept")
    reviewer = Person("440106-market-reviewer")
    reviewer.act(number, "decide", outcome="granted", reasons="齐全。")
    assert reviewer.status == 409 and "原登记机关" in reviewer.text


def test_the_whole_is_not_finished_while_a_part_is_about_to_be_filed() -> None:
    owner = Person("resident-440103")
    draft = begin(owner)
    owner.post(draft, choose="1", members=["individual_business", "tax_confirmation"])
    needed = {"file-premises_proof": pdf()}
    owner.post(draft, **(ANSWERS | needed), go="1")
    owner.post(owner.url, submit="1")
    number = owner.url.strip("/").split("/")[-1]
    accept_all(number)
    register(cases_of(number)["individual_business"])
    assert submission.finish_done() == 0
    sweep()
    confirm_tax(cases_of(number)["tax_confirmation"])
    sweep()
    assert JointApplication.objects.get(number=number).finished_on is not None


def test_a_definition_published_meanwhile_does_not_strand_a_draft() -> None:
    owner = Person("resident-440103")
    draft = begin(owner)
    known = definitions.published("matter", "shop_sign")
    assert known is not None
    renamed = json.loads(json.dumps(known.content).replace('"sign_lit"', '"sign_light"'))
    definitions.publish(definitions.edit("matter", "shop_sign", renamed), date(2026, 3, 1), "x")
    owner.post(draft, **(ANSWERS | papers()), go="1")
    assert owner.url.endswith("/check/"), owner.text


def test_the_countys_list_goes_on_to_the_last_the_most_urgent_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desk, "PAGE", 2)
    numbers = []
    for county in ("440103", "440106", "441802"):
        numbers.append(file_event(Person(f"resident-{county}")))
        advance("1wd")
    head = Person("440103-government-head")
    head.post(f"/desk/joint/{numbers[0]}/extend/", reason="需要联合踏勘。")
    seen, url, pages = [], "/desk/joint/", 0
    while url:
        page, pages = head.get(url), pages + 1
        seen += re.findall(r'note">(440103-26-J\d+)', page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        url = f"/desk/joint/{found[1]}" if found else ""
    assert list(dict.fromkeys(seen)) == [numbers[1], numbers[2], numbers[0]] and pages == 2
    assert head.get("/desk/joint/?after=" + "0" * 32) and head.status == 200


def _refuse(owner: Person, case: str) -> None:
    Person("440103-market-clerk").act(case, "accept")
    register(case, "refused")


def _not_accept(owner: Person, case: str) -> None:
    Person("440103-market-clerk").act(case, "not-accept", reasons="不属于本机关职权。")


def _withdraw(owner: Person, case: str) -> None:
    owner.post(f"/cases/{case}/withdraw/")


def _withdraw_the_correction(owner: Person, case: str) -> None:
    Person("440103-market-clerk").act(case, "ask-correction", items="请补租赁合同")
    owner.post(f"/cases/{case}/withdraw/")


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (_refuse, "不予"),
        (_not_accept, "不予受理"),
        (_withdraw, "已撤回"),
        (_withdraw_the_correction, "已撤回"),
    ],
)
def test_who_waits_for_a_record_learns_that_it_is_not_made(
    end: Callable[[Person, str], None], words: str
) -> None:
    owner = Person("resident-440103")
    number = file_event(owner)
    parts = cases_of(number)
    end(owner, parts["individual_business"])
    sweep()
    told = Message.objects.filter(subject_zh=f"{number} 所等待的登记没有办成")
    assert told.count() == 1
    for title in ("食品经营许可", "户外招牌设置", "税务信息确认"):
        assert title in told.get().text_zh, title
    assert "重新申请" in told.get().text_zh and "撤回" in told.get().text_zh
    sign = owner.get(f"/cases/{parts['shop_sign']}/")
    assert "所等待的登记没有办成" in sign and f'href="/joint/{number}/"' in sign and words in sign
    assert "重新申请该事项" in sign and "撤回" in sign
    desk_page = Person("440103-urban-clerk").get(f"/desk/cases/{parts['shop_sign']}/")
    assert "所等待的登记没有办成" in desk_page
    whole = owner.get(f"/joint/{number}/")
    assert "在等待它办好" in whole and "获准后本事项自动递交" in whole
    assert "获准后本事项自动继续办理" in whole


def test_what_is_filed_again_is_waited_for_as_before() -> None:
    owner = Person("resident-440103")
    number = file_event(owner)
    parts = cases_of(number)
    _refuse(owner, parts["individual_business"])
    owner.post(f"/cases/{parts['shop_sign']}/withdraw/")
    owner.post(f"/joint/{number}/again/", matter="individual_business")
    owner.post(owner.url, business_name="荔湾区新街口粥粉面店", true_statement="1", go="1")
    owner.post(owner.url, submit="1")
    assert "重新申请该事项" not in owner.get(f"/cases/{parts['food_licence']}/")
    whole = owner.get(f"/joint/{number}/")
    assert "获准后本事项自动" not in whole and "在等待它办好" not in whole
    _withdraw(owner, cases_of(number)["individual_business"])
    told = Message.objects.filter(subject_zh=f"{number} 所等待的登记没有办成").order_by("key")
    assert told.count() == 2 and "户外招牌" not in told[1].text_zh


def test_a_part_that_is_late_is_said_so_at_the_top() -> None:
    owner = Person("resident-440103")
    number = file_event(owner)
    accept_all(number)
    page = owner.get(f"/joint/{number}/")
    assert "正在办理" in page and "有事项超期" not in page
    advance("40wd")
    page = owner.get(f"/joint/{number}/")
    assert "有事项超期" in page and "已按红牌监督" in page
