"""A record changes while a case rests on it: its body is told from the filing on."""

from typing import Any

import pytest

from lingnan.kernel.duty.api import Message, Task
from lingnan.kernel.exchange.api import tell
from lingnan.kernel.exchange.models import Follower
from lingnan.kernel.matters.api import Case, Certificate, sweep
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import node_evidence
from lingnan.systems.government.legal_persons.models import IndividualBusiness
from tests.kernel import uses
from tests.people import Person, file_fire
from tests.restaurants import ANSWERS, accept_all, begin, cases_of, file_event, register

pytestmark = pytest.mark.django_db
NEW = "广州市荔湾区中山七路9号"
CHANGED = "您所依据的登记已变更"
ARTICLE = "《消防法》（2021-04-29）第十五条"


def filed() -> tuple[Person, str]:
    owner = Person("owner-440103")  # has a business already
    return owner, file_fire(owner, "commitment")


def case(number: str) -> Case:
    return Case.objects.get(number=number)


def business(number: str) -> IndividualBusiness:
    code = case(number).declared["credit_code"]["value"]
    return IndividualBusiness.objects.get(credit_code=code)


def moved(number: str, premises: str = NEW) -> str:
    """The business of a case moves, in the register; returns where it was."""
    found = business(number)
    before = str(found.premises)
    with action(by="a test", reason="a removal") as act:
        act.change(found, premises=premises)
    tell()
    return before


def accept(number: str) -> None:
    Person("440103-fire-clerk").act(number, "accept")


def followed(number: str) -> int:
    return Follower.objects.filter(reference=number, end=None).count()


def kinds(number: str) -> list[str]:
    return list(case(number).events.order_by("number").values_list("kind", flat=True))


def test_a_change_between_filing_and_grant_reaches_reviewer_and_applicant() -> None:
    owner, number = filed()
    accept(number)
    before = moved(number)
    event = case(number).events.get(kind="record_changed")
    assert event.data["changes"] == [{"field": "premises", "before": before, "after": NEW}]
    reviewer = Person("440103-fire-reviewer")
    assert "核对已变更的登记" in reviewer.get("/desk/")
    page = reviewer.get(f"/desk/cases/{number}/")
    assert CHANGED in page and f"{before} → {NEW}" in page
    message = Message.objects.filter(link=f"/cases/{number}/").order_by("-key")[0]
    assert f"{before} → {NEW}" in message.text_zh and f"{before} → {NEW}" in message.text_en
    assert "所依据的记录已变更" in owner.get(f"/cases/{number}/")


def test_it_is_told_before_acceptance_too_and_written_down_first() -> None:
    _owner, number = filed()
    moved(number)
    event = case(number).events.get(kind="record_changed")
    assert case(number).state == "received"
    told = [e for e in node_evidence.reader().entries("exchange.told") if e.reference == number]
    assert event.data["evidence"] in {e.seq for e in told}
    assert event.data["evidence"] < event.evidence


def test_the_reviewer_reads_the_record_anew_and_the_decision_rests_on_it() -> None:
    owner, number = filed()
    accept(number)
    before = moved(number)
    old = {r["resource"]: r["evidence"] for r in case(number).application.reads}
    reviewer = Person("440103-fire-reviewer")
    page = reviewer.act(number, "read-anew")
    assert reviewer.status == 200 and CHANGED not in page
    declared = case(number).declared["premises"]
    assert (declared["value"], declared["source"]) == (NEW, "record")
    assert declared["evidence"] > old[uses.BUSINESSES]
    assert not Task.objects.filter(reference=number, code="record-changed", done_at=None).exists()
    reviewer.act(number, "step", outcome="complete", findings="齐全")
    head = Person("440103-fire-head")
    head.act(number, "decide", outcome="granted", reasons="准予。")
    decision = case(number).decision
    assert decision.declared["premises"]["value"] == NEW != before
    cited = {read["resource"]: read["evidence"] for read in decision.reads}
    assert cited[uses.BUSINESSES] == declared["evidence"]
    assert str(declared["evidence"]) in owner.get("/looked/")
    moved(number, "广州市荔湾区中山七路10号")
    assert kinds(number).count("record_changed") == 2


def test_another_post_does_not_read_anew() -> None:
    _owner, number = filed()
    accept(number)
    moved(number)
    reviewer, head = Person("440103-fire-reviewer"), Person("440103-fire-head")
    reviewer.get(f"/desk/cases/{number}/")
    size = len(node_evidence.reader().entries("exchange.read"))
    head.post(f"/desk/cases/{number}/act/", act="read-anew", task=reviewer.task("read-anew"))
    assert head.status == 403 and "record_read_anew" not in kinds(number)
    assert len(node_evidence.reader().entries("exchange.read")) == size


def test_a_record_that_cannot_be_read_leaves_the_case_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _owner, number = filed()
    accept(number)
    before = moved(number)

    def broken(asked: Any) -> Any:
        raise OSError

    with monkeypatch.context() as patch:
        uses.answering(patch, uses.BUSINESSES, broken)
        reviewer = Person("440103-fire-reviewer")
        page = reviewer.act(number, "read-anew")
    assert reviewer.status == 409 and "稍后再试" in page
    assert case(number).declared["premises"]["value"] == before
    reviewer.act(number, "read-anew")
    assert case(number).declared["premises"]["value"] == NEW


def test_two_changes_are_one_task_and_are_both_shown() -> None:
    _owner, number = filed()
    moved(number)
    moved(number, NEW + "二楼")
    assert Task.objects.filter(reference=number, code="record-changed").count() == 1
    page = Person("440103-fire-reviewer").get(f"/desk/cases/{number}/")
    assert f"→ {NEW}；" in page and f"{NEW} → {NEW}二楼" in page


def not_accepted(number: str, owner: Person) -> None:
    Person("440103-fire-clerk").act(number, "not-accept", reasons="不属于本机关职权。")


def withdrawn(number: str, owner: Person) -> None:
    owner.post(f"/cases/{number}/withdraw/")


def refused(number: str, owner: Person) -> None:
    accept(number)
    Person("440103-fire-reviewer").act(number, "step", outcome="faulty", findings="缺签名")
    said = {"outcome": "refused", "reasons": "承诺书没有签名。", "articles": ARTICLE}
    Person("440103-fire-head").act(number, "decide", **said)


@pytest.mark.parametrize("ends", [not_accepted, withdrawn, refused])
def test_following_ends_where_a_case_ends_without_a_grant(ends: Any) -> None:
    owner, number = filed()
    assert followed(number) == 2
    moved(number)
    ends(number, owner)
    assert case(number).finished_on is not None
    assert followed(number) == 0
    assert not Task.objects.filter(reference=number, code="record-changed", done_at=None).exists()
    moved(number, NEW + "二楼")
    assert kinds(number).count("record_changed") == 1


def test_following_goes_on_after_a_grant_and_is_not_doubled() -> None:
    _owner, number = filed()
    accept(number)
    Person("440103-fire-reviewer").act(number, "step", outcome="complete", findings="齐全")
    Person("440103-fire-head").act(number, "decide", outcome="granted", reasons="准予。")
    assert followed(number) == 2
    moved(number)
    assert "change_noted" not in kinds(number) and "record_changed" in kinds(number)
    page = Person("440103-fire-reviewer").get(f"/desk/cases/{number}/")
    assert 'value="note-change"' in page and 'value="read-anew"' not in page


def test_a_record_that_another_matter_has_made_is_followed_from_its_reading() -> None:
    owner = Person("resident-440103")
    joint = file_event(owner)
    accept_all(joint)
    permit = cases_of(joint)["fire_safety_permit"]
    register(cases_of(joint)["individual_business"])
    sweep()
    moved(permit)
    event = case(permit).events.get(kind="record_changed")
    assert event.data["changes"][0]["before"] == ANSWERS["premises"]


def test_a_draft_is_not_told_of_anything() -> None:
    owner = Person("resident-440103")
    begin(owner)
    assert not Follower.objects.exists()


def ended(number: str) -> IndividualBusiness:
    """The business of a case is cancelled, in the register."""
    found = business(number)
    with action(by="a test", reason="cancelled") as act:
        act.end(found)
    tell()
    return found


def granted(number: str) -> None:
    accept(number)
    Person("440103-fire-reviewer").act(number, "step", outcome="complete", findings="齐全")
    Person("440103-fire-head").act(number, "decide", outcome="granted", reasons="准予。")


def test_the_end_of_a_record_is_told_in_its_own_words_to_a_granted_case() -> None:
    owner, number = filed()
    granted(number)
    gone = ended(number)
    assert kinds(number).count("record_ended") == 1 and "record_changed" not in kinds(number)
    reviewer = Person("440103-fire-reviewer")
    assert "核对已终止的登记" in reviewer.get("/desk/")
    assert f"{gone.name}（已终止）" in reviewer.get(f"/desk/cases/{number}/")
    english = Person("440103-fire-reviewer", "en")
    assert "Check a record that has ended" in english.get("/desk/")
    assert f"{gone.name} (ended)" in english.get(f"/desk/cases/{number}/")
    message = Message.objects.filter(link=f"/cases/{number}/").order_by("-key")[0]
    assert "登记终止" in message.subject_zh and gone.name in message.text_zh
    assert "has ended" in message.text_en and gone.credit_code in message.text_en
    assert "所依据的记录已终止" in owner.get(f"/cases/{number}/")
    assert "登记已终止" in owner.get("/certificates/")
    certificate = Certificate.objects.get(case__number=number)
    assert "登记已终止" in owner.get(f"/verify/{certificate.code}/")
    assert "None" not in owner.text
    reviewer.act(number, "note-change", findings="已注销许可。")
    assert "核对已终止的登记" not in reviewer.get("/desk/")


def test_an_undecided_case_whose_record_has_ended_is_not_granted_unverified() -> None:
    _owner, number = filed()
    accept(number)
    gone = ended(number)
    reviewer = Person("440103-fire-reviewer")
    assert "您所依据的登记已终止" in reviewer.get(f"/desk/cases/{number}/")
    reviewer.act(number, "read-anew")
    declared = case(number).declared["business_name"]
    assert (declared["value"], declared["source"]) == (gone.name, "gone")
    assert "读取之后登记已终止" in reviewer.get(f"/desk/cases/{number}/")
    reviewer.act(number, "step", outcome="complete", findings="齐全")
    head = Person("440103-fire-head")
    head.act(number, "decide", outcome="granted", reasons="准予。")
    assert head.status == 409 and case(number).state == "in_review"


def test_another_business_of_the_owner_that_ends_does_not_concern_the_case() -> None:
    _owner, number = filed()
    own = business(number)
    values = {
        f.name: getattr(own, f.name)
        for f in IndividualBusiness._meta.concrete_fields
        if f.name not in ("key", "version", "valid_from", "recorded_at", "ended")
    }
    said = values | {"credit_code": own.credit_code[:-1] + "A", "name": "荔湾区另一家店"}
    with action(by="a test", reason="another") as act:
        other = act.create(IndividualBusiness, **said)
    with action(by="a test", reason="cancelled") as act:
        act.end(other)
    tell()
    assert "record_ended" not in kinds(number)
    ended(number)
    assert kinds(number).count("record_ended") == 1
