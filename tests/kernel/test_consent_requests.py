"""A body asks: a holder for an agreement, people for consents; who is asked decides alone."""

import re
from datetime import date
from typing import Any

import pytest

from lingnan.kernel.duty.api import Message
from lingnan.kernel.exchange import telling
from lingnan.kernel.exchange.api import (
    Agreement,
    AgreementWish,
    Denied,
    Use,
    agreements,
    conclude,
    introduce,
    single,
    wishes,
)
from lingnan.kernel.registry.api import record_type
from lingnan.kernel.runtime.api import Conflict, action
from lingnan.kernel.trust.api import Account, Actor, Consent, actor_of, consents, node_evidence
from tests.clockwork import advance
from tests.kernel import uses
from tests.people import Person, file_business

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
BODY = "gd-440000-data"
BASIS = "《个人信息保护法》（2021-08-20）第十三条第一款第一项"
OFFICER, HOLDER = "440000-data-data_officer", "440000-police-data_officer"
NUMBER = "T-ASK"
HERE = f"/desk/consents/{NUMBER}/"


@pytest.fixture
def agreed() -> Agreement:
    elements = ("person.name", "person.residence_address")
    return conclude(NUMBER, uses.IDENTITY, BODY, "reminding", BASIS, elements, "t", consent=True)


def use(*elements: str, purpose: str = "reminding") -> Use:
    return uses.identity(
        consumer=BODY, purpose=purpose, basis=BASIS, elements=elements or ("person.name",),
        subjects=(introduce(uses.resident().subject, to=BODY),),
    )  # fmt: skip


def asked(official: Person, reference: str, where: str = HERE) -> consents.ConsentRequest:
    official.post(where, act="ask", reference=reference, why="提醒您可以办理的补贴。",
                  until="2026-03-20")  # fmt: skip
    assert official.status == 200, official.said
    return consents.ConsentRequest.objects.order_by("-key")[0]


def official(login: str) -> Actor:
    found = actor_of(Account.objects.get(login=login))
    assert found
    return found


def allowed(person: Person, where: str, **more: Any) -> Consent:
    chosen: dict[str, Any] = {"elements": ["person.name"], "most": "5", "period": "day",
                              "until": "2026-06-30", "handing_on": "1", "act": "give"}  # fmt: skip
    person.post(where, **(chosen | more))
    assert person.url.startswith("/consents/SQ-"), person.said
    return Consent.objects.get(number=person.url.strip("/").split("/")[-1])


def told(text: str) -> list[Message]:
    account = uses.resident().key
    return list(Message.objects.filter(account=account, subject_zh__contains=text).order_by("key"))


def test_an_agreement_is_asked_for_decided_by_its_holder_and_changed_the_same_way() -> None:
    officer, holder = Person(OFFICER), Person(HOLDER)
    wanted = {"ground": "consent", "purpose": "reminding", "elements": ["person.name"],
              "basis": BASIS, "why": "主动提醒可办事项。"}  # fmt: skip
    new = f"/desk/consents/new/?resource={uses.IDENTITY}"
    officer.post(new, **(wanted | {"elements": []}))
    assert officer.status == 422
    officer.post(new, **wanted)
    wish = AgreementWish.objects.get()
    where = f"/desk/consents/wishes/{wish.number}/"
    assert officer.url == where, officer.said
    officer.post(where, act="decide", verdict="yes", answer="自己同意自己。")
    assert AgreementWish.objects.get().state == "asked"
    head = Person("440106-police-head")
    head.get(where)
    assert head.status == 404
    assert wish.number in holder.get("/desk/consents/")
    holder.post(where, act="decide", verdict="yes", answer="")
    assert holder.status == 422
    holder.post(where, act="decide", verdict="yes", answer="用途正当，限于必要。")
    found = Agreement.objects.get(number=f"XY-{wish.number[3:]}")
    assert found.consent and agreements.holds(found) and "同意" in holder.get(where)
    officer.post(f"/desk/consents/new/?agreement={found.number}",
                 **(wanted | {"elements": ["person.name", "person.sex"]}))  # fmt: skip
    change = AgreementWish.objects.order_by("-key")[0]
    holder.post(f"/desk/consents/wishes/{change.number}/", act="decide", verdict="yes",
                answer="同意增加性别。")  # fmt: skip
    page = officer.get(f"/desk/consents/{found.number}/")
    assert "姓名 → 姓名、性别" in page, officer.said
    versions = Agreement.Version.objects.filter(key=found.key).order_by("version")
    assert all(agreements.holds(row) for row in versions) and versions.count() == 2
    kinds = [e.kind for e in node_evidence.reader().by_reference(found.number)]
    assert kinds == ["agreement.changed", "agreement.concluded"]
    listed = officer.get("/desk/consents/history/?kind=agreement&sort=oldest")
    assert listed.count(f"/desk/consents/{found.number}/") == 2
    assert officer.get("/desk/consents/history/?until=2020-01-01").count(found.number) == 0
    officer.get("/desk/consents/history/?since=x")
    assert officer.status == 422


@pytest.mark.parametrize("first", [True, False])
def test_of_two_who_decide_at_once_one_decides(first: bool) -> None:
    asker, holder = official(OFFICER), official(HOLDER)
    text = "主动提醒可办事项。"
    wanted = wishes.Wanted(uses.IDENTITY, "reminding", BASIS, ("person.name",), None, text)
    wish = wishes.ask(wanted, asker)
    stale = AgreementWish.objects.get(key=wish.key)
    wishes.decide(wish, holder, first, "先到的决定。")
    with pytest.raises(Conflict):
        wishes.decide(stale, holder, not first, "同时作出的决定。")
    assert Agreement.objects.filter(number=f"XY-{wish.number[3:]}").exists() is first
    assert AgreementWish.objects.get(key=wish.key).state == ("granted" if first else "refused")


def test_who_comes_second_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = wishes.Wanted(uses.IDENTITY, "reminding", BASIS, ("person.name",), None, "主动提醒。")
    wish = wishes.ask(wanted, official(OFFICER))
    holder = Person(HOLDER)

    def late(*_args: Any) -> None:
        raise Conflict("AgreementWish was changed meanwhile")

    monkeypatch.setattr(wishes, "decide", late)
    where = f"/desk/consents/wishes/{wish.number}/"
    holder.post(where, act="decide", verdict="yes", answer="用途正当，限于必要。")
    assert holder.status == 409 and "以先到的变更为准" in holder.text, holder.said


def test_nobody_is_forgotten_when_a_change_is_cut_off(
    agreed: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = Person("resident-440103")
    allowed(resident, f"/consents/give/{NUMBER}/")

    def cut_off(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("cut off")

    with monkeypatch.context() as patched:
        patched.setattr(telling, "changed", cut_off)
        with pytest.raises(RuntimeError):
            agreements.change(agreed, "a test", purpose="firm_advice")
    assert Agreement.objects.get(number=NUMBER).purpose == "reminding"
    agreements.change(agreed, "a test", purpose="firm_advice")
    assert len(told("有变更")) == 1


def test_who_is_asked_reads_it_allows_it_and_the_body_reads(agreed: Agreement) -> None:
    officer, resident = Person(OFFICER), Person("resident-440103")
    one = asked(officer, introduce(uses.resident().subject, to=BODY))
    nobody = asked(officer, "f" * 32)
    assert nobody.giver == "" and nobody.state == one.state
    page = officer.get(f"/desk/consents/requests/{nobody.number}/")
    other = officer.get(f"/desk/consents/requests/{one.number}/")
    plain = [re.sub(r"[0-9A-Fa-f]{32}|QQ-\w+|\d\d:\d\d", "", re.sub(r'value="\S+"', "", text))
             for text in (page, other)]  # fmt: skip
    assert plain[0] == plain[1]
    assert told("请您授权")[-1].link == f"/consents/asked/{one.number}/"
    assert one.number in resident.get("/consents/")
    page = resident.get(f"/consents/asked/{one.number}/")
    assert "提醒您可以办理的补贴" in page and "由您决定" in page
    give = f"/consents/give/{NUMBER}/?asked={one.number}"
    assert "单独同意" in resident.get(give)
    made = allowed(resident, give)
    assert made.separate == ["handing_on"] and consents.signature_holds(made)
    assert "已授权" in officer.get(f"/desk/consents/requests/{one.number}/")
    assert single(use())
    with pytest.raises(Denied):
        single(use("person.name", "person.residence_address"))
    kinds = [e.kind for e in node_evidence.reader().by_reference(one.number)]
    assert kinds == ["consent.asked"]
    stranger = Person("resident-440106")
    stranger.get(f"/consents/asked/{one.number}/")
    assert stranger.status == 404
    page = resident.get("/looked/")
    assert "请您授权" in page and "consent." not in page


def test_sensitive_data_is_read_by_a_separate_consent_alone(agreed: Agreement) -> None:
    resident, both = Person("resident-440103"), ("person.name", "person.residence_address")
    made = allowed(resident, f"/consents/give/{NUMBER}/", sensitive=["person.residence_address"])
    assert made.separate == ["handing_on", "person.residence_address"]
    assert single(use(*both))
    assert "居住地址" in resident.get(f"/consents/{made.number}/")
    asking = consents.Asking(BODY, uses.IDENTITY, "reminding", BASIS, both, made.terms, both)
    assert not consents.covers(
        Consent(elements=list(both), separate=["handing_on"], giver_kind="person",
                terms=made.terms, document="{}"), asking,
    )  # fmt: skip


def test_to_refuse_is_an_answer_and_nobody_is_pressed(agreed: Agreement) -> None:
    officer, resident = Person(OFFICER), Person("resident-440103")
    name = introduce(uses.resident().subject, to=BODY)
    one = asked(officer, name)
    where = f"/desk/consents/requests/{one.number}/"
    officer.post(HERE, act="ask", reference=name, why="再请一次。", until="2026-03-20")
    assert officer.status == 422
    officer.post(where, act="remind")
    assert len(told("请您授权")) == 1
    for _time in range(3):
        advance("3d")
        officer.post(where, act="remind")
    assert len(told("请您授权")) == 3  # asked, and reminded twice at most
    resident.post(f"/consents/asked/{one.number}/", act="refuse")
    assert "不同意" in resident.text
    assert "不同意" in officer.get(where)
    officer.post(HERE, act="ask", reference=name, why="再请一次。", until="2026-03-20")
    assert officer.status == 422 and "90" in officer.text
    with pytest.raises(Denied):
        single(use())
    other = asked(officer, "e" * 32)
    officer.post(f"/desk/consents/requests/{other.number}/", act="withdraw")
    assert "机关已撤回" in officer.text
    kinds = [e.kind for e in node_evidence.reader().by_reference(one.number)]
    assert kinds == ["consent.refused", *["consent.reminded"] * 2, "consent.asked"]


def test_a_changed_agreement_needs_a_new_consent_and_everybody_hears(agreed: Agreement) -> None:
    resident = Person("resident-440103")
    made = allowed(resident, f"/consents/give/{NUMBER}/")
    resident.post("/consents/notices/", agreement=NUMBER, wanted="", firm="")
    changed = agreements.change(agreed, "a test", valid_until=date(2026, 12, 31))
    assert single(use()) and not told("有变更")  # only its term, and that was switched off
    changed = agreements.change(changed, "a test", purpose="firm_advice")
    with pytest.raises(Denied):
        single(use(purpose="firm_advice"))
    assert len(told("有变更")) == 1  # Art. 17: what the law wants told cannot be switched off
    assert "协议已变更" in resident.get(f"/consents/{made.number}/")
    allowed(resident, f"/consents/give/{NUMBER}/")
    assert single(use(purpose="firm_advice"))
    resident.post("/consents/notices/", agreement=NUMBER, wanted="1", firm="")
    officer = Person(OFFICER)
    officer.post(HERE, act="end")
    assert len(told("已终止")) == 1
    with pytest.raises(Denied):
        single(use(purpose="firm_advice"))
    assert "协议已终止" in resident.get("/consents/") and changed.number == NUMBER


def test_another_holder_of_an_element_needs_a_new_consent(
    agreed: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lingnan.kernel.exchange import terms

    allowed(Person("resident-440103"), f"/consents/give/{NUMBER}/")
    assert single(use())
    monkeypatch.setattr(terms, "_holder", lambda *_given: "civil_affairs/")
    with pytest.raises(Denied, match="consent"):
        single(use())


def test_a_child_is_told_that_the_guardian_consents(agreed: Agreement) -> None:
    model: Any = record_type("population", "resident")
    record = model.objects.get(key=uses.key_of(uses.resident()))
    with action(by="a test", reason="a child") as act:
        act.change(record, birth_date=date(2012, 3, 3))
    resident = Person("resident-440103")
    resident.get(f"/consents/give/{NUMBER}/")
    assert resident.status == 403 and "监护人" in resident.text
    resident.post(f"/consents/give/{NUMBER}/", elements=["person.name"], act="give")
    assert resident.status == 403 and not Consent.objects.exists()
    advance("1d")  # the fourteenth birthday
    resident.get(f"/consents/give/{NUMBER}/")
    assert resident.status == 200


def test_a_body_asks_by_its_own_case_and_by_no_other(agreed: Agreement) -> None:
    number = file_business(Person("resident-440103"))
    conclude("T-MARKET", uses.IDENTITY, "gd-440103-market", "reminding", BASIS, ("person.name",),
             "a test", consent=True)  # fmt: skip
    here = "/desk/consents/T-MARKET/"
    assert asked(Person("440103-market-head"), number, here).giver == uses.resident().subject
    conclude("T-FIRE", uses.IDENTITY, "gd-440103-fire", "reminding", BASIS, ("person.name",),
             "a test", consent=True)  # fmt: skip
    assert asked(Person("440103-fire-head"), number, "/desk/consents/T-FIRE/").giver == ""
    for login, status in (("440103-fire-head", 404), ("440103-market-reviewer", 403),
                          ("resident-440103", 403)):  # fmt: skip
        person = Person(login)
        person.get(here)
        assert person.status == status, login
        person.post(here, act="end")
        assert person.status == status and not Agreement.objects.get(number="T-MARKET").ended
