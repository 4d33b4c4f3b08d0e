"""Objections: one click, a task of the head, an answer; what is overdue goes to the auditors."""

import re
from typing import Any

import pytest

from lingnan.kernel.duty.api import Message, Task
from lingnan.kernel.exchange.api import looked
from lingnan.kernel.trust.api import Account, node_evidence
from lingnan.systems.assurance.trust_governance.models import Objection
from tests.clockwork import advance
from tests.kernel import uses
from tests.people import Person, file_business

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
HEAD, AUDITOR = "440103-market-head", "440103-supervision-supervisor"


def used() -> tuple[Person, int]:
    """A resident, and the number of the evidence of a use of their data by the market body."""
    resident = Person("resident-440103")
    file_business(resident)
    entries = looked(uses.resident().subject, None, 50)
    return resident, next(e.seq for e in entries if e.kind == "exchange.read")


def objected() -> tuple[Person, Objection]:
    resident, seq = used()
    page = resident.get("/looked/")
    assert f'name="entry" value="{seq}"' in page
    resident.post("/objections/raise/", entry=str(seq))
    assert resident.status == 200 and resident.url.startswith("/objections/")
    return resident, Objection.objects.get(seq=seq)


def test_one_click_makes_a_task_of_the_head_and_the_answer_reaches_the_person() -> None:
    resident, objection = objected()
    where = resident.url
    assert "异议已提出" in resident.get("/looked/")
    task = Task.objects.get(link=where)
    assert (task.body, task.role) == (uses.MARKET, "head")
    head = Person(HEAD)
    assert where in head.get("/desk/")
    assert "答复" in head.get(where)
    head.post(where, act="answer", verdict="lawful", text="")
    assert head.status == 422
    head.post(where, act="answer", verdict="lawful", text="办理您本人申请的登记所必需。")
    assert head.status == 200 and "本次使用合法" in head.text
    assert "办理您本人申请的登记所必需。" in resident.get(where)
    assert "第六十五条" in resident.text or "投诉" in resident.text
    assert Message.objects.filter(account=uses.resident().key, link=where).exists()
    head.post(where, act="answer", verdict="unlawful", text="再答一次。")
    assert head.status == 409
    kinds = {e.kind for e in node_evidence.reader().by_reference(f"objection-{objection.seq}")}
    assert kinds == {"objection.raised", "objection.lawful"}


def test_a_second_click_finds_the_first_objection() -> None:
    resident, objection = objected()
    resident.post("/objections/raise/", entry=str(objection.seq))
    assert resident.status == 200
    assert Objection.objects.filter(seq=objection.seq).count() == 1


@pytest.mark.parametrize("entry", ["", "0", "-1", "x", "9" * 18, "٣", "1"])
def test_nobody_objects_to_what_is_not_about_them(entry: str) -> None:
    stranger = Person("resident-440106")
    stranger.post("/objections/raise/", entry=entry)
    assert stranger.status == 404


def test_an_objection_is_seen_by_its_raiser_the_head_and_the_auditor_alone() -> None:
    resident, _objection = objected()
    where = resident.url
    for login in ("resident-440106", "440103-market-reviewer", "440106-market-head",
                  "440106-supervision-supervisor"):  # fmt: skip
        person = Person(login)
        person.get(where)
        assert person.status == 404, login
    for login in (HEAD, AUDITOR, "440000-supervision-supervisor"):
        assert Person(login).get(where) and Person(login).status == 302


def test_what_is_overdue_goes_to_the_auditors_once() -> None:
    resident, objection = objected()
    where = resident.url
    advance("14wd")
    assert "overdue" not in kinds_of(objection)
    advance("3wd")
    advance("1wd")
    assert kinds_of(objection) == ["overdue"]
    auditor = Account.objects.get(login=AUDITOR)
    assert Message.objects.filter(account=auditor.key, link=where).count() == 1
    assert "逾期" in Person(AUDITOR).get("/governance/")
    head = Person(HEAD)
    head.post(where, act="answer", verdict="unlawful", text="确属误查，已纠正。")
    assert kinds_of(objection) == ["overdue", "unlawful"]


def test_a_person_may_add_grounds_and_withdraw() -> None:
    resident, objection = objected()
    where = resident.url
    resident.post(where, act="say", text="x")
    assert resident.status == 422
    resident.post(where, act="say", text="我没有申请过这件事。")
    assert "我没有申请过这件事。" in Person(HEAD).get(where)
    resident.post(where, act="withdraw")
    assert kinds_of(objection) == ["said", "withdrawn"]
    assert not Task.objects.filter(link=where, done_at=None).exists()


def test_the_owner_of_a_firm_sees_who_looked_at_it_and_objects() -> None:
    owner = Person("owner-440103")
    page = owner.get("/looked/")
    found = re.search(r'href="\?firm=([0-9A-Z]{18})"', page)
    assert found, page
    code = found[1]
    reviewer = Person("440103-market-reviewer")
    listed = reviewer.get(f"/desk/records/legal_persons/individualbusiness/?q={code}")
    ref = re.search(r"/desk/records/legal_persons/individualbusiness/[0-9a-f]{32}/", listed)
    assert ref
    reviewer.get(ref[0])
    page = owner.get(f"/looked/?firm={code}")
    assert owner.status == 200 and "市场监督管理局" in page
    entry = re.search(r'name="entry" value="(\d+)"', page)
    assert entry
    owner.post("/objections/raise/", entry=entry[1], firm=code)
    assert owner.status == 200 and Objection.objects.get(seq=int(entry[1])).about == code
    other = Person("resident-440103")
    other.get(f"/looked/?firm={code}")
    assert other.status == 404
    other.post("/objections/raise/", entry=entry[1], firm=code)
    assert other.status == 404


def kinds_of(objection: Objection) -> list[Any]:
    return list(objection.events.order_by("id").values_list("kind", flat=True))
