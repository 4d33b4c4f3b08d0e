"""Consents: given in plain words, asked for by the exchange each time, counted, revoked at once."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lingnan.kernel.exchange import catalogue
from lingnan.kernel.exchange.api import (
    Denied,
    Use,
    conclude,
    follow,
    introduce,
    organisations_of,
    several,
    single,
)
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Account, Consent, actor_of, consents, node_evidence
from lingnan.kernel.trust.consents.using import window
from tests.clockwork import advance
from tests.examples import examples
from tests.kernel import uses
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
BODY, COUNTY = "gd-440000-data", "gd-440103-data"
BASIS = "《个人信息保护法》（2021-08-20）第十三条第一款第一项"
ELEMENTS = ("person.name", "person.residence_address")
GIVE = "/consents/give/T-CONSENT/"


@pytest.fixture(autouse=True)
def agreed() -> None:
    conclude("T-CONSENT", uses.IDENTITY, BODY, "a_test", BASIS, ELEMENTS, "a test", consent=True)


def use(**changes: Any) -> Use:
    plain = uses.identity(
        consumer=COUNTY, purpose="a_test", basis=BASIS, elements=("person.name",),
        subjects=(introduce(uses.resident().subject, to=COUNTY),),
    )  # fmt: skip
    return replace(plain, **changes)


def allowed(person: Person, **changes: Any) -> Consent:
    """Give a consent as a person does: choose, read, allow."""
    chosen: dict[str, Any] = {
        "elements": ["person.name"], "most": "2", "period": "day", "until": "2026-06-30",
        "handing_on": "1",
    }  # fmt: skip
    chosen |= changes
    person.get(GIVE)
    page = person.post(GIVE, **chosen)
    assert "您将授权的内容" in page, person.said
    person.post(GIVE, **chosen, act="give")
    assert person.url.startswith("/consents/SQ-"), person.said
    return Consent.objects.get(number=person.url.strip("/").split("/")[-1])


def test_without_a_consent_nothing_is_read_and_with_one_the_use_names_it() -> None:
    with pytest.raises(Denied, match="consent"):
        single(use())
    resident = Person("resident-440103")
    one = allowed(resident)
    answer = single(use())[0]
    assert answer.values() == {"person.name": uses.resident().name}
    entry = node_evidence.reader().by_seq(answer.evidence)
    assert entry is not None and entry.payload is not None
    assert entry.payload["consents"] == [one.number]
    kinds = [e.kind for e in node_evidence.reader().by_reference(one.number)]
    assert kinds == ["consent.used", "consent.given"]
    assert one.number in resident.get("/looked/")
    assert "政务服务和数据管理局" in resident.get(f"/consents/{one.number}/")


@pytest.mark.parametrize(
    "changes",
    [
        {"elements": ("person.name", "person.residence_address")},
        {"consumer": "gd-440103-market"},
        {"purpose": "another"},
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_consent_covers_what_it_says_and_nothing_else(changes: dict[str, Any]) -> None:
    conclude("T-2", uses.IDENTITY, BODY, "another", BASIS, ELEMENTS, "a test", consent=True)
    market = "gd-440103-market"
    conclude("T-3", uses.IDENTITY, market, "a_test", BASIS, ELEMENTS, "a test", consent=True)
    allowed(Person("resident-440103"))
    asked = changes | {
        "subjects": (introduce(uses.resident().subject, to=changes.get("consumer", COUNTY)),)
    }
    with pytest.raises(Denied, match="consent"):
        single(use(**asked))


def test_of_several_people_all_must_have_consented() -> None:
    allowed(Person("resident-440103"))
    both = tuple(introduce(uses.resident(c).subject, to=COUNTY) for c in ("440103", "440106"))
    with pytest.raises(Denied, match="consent"):
        single(use(subjects=both))
    assert consents.used(Consent.objects.get(), legal_time.today()) == 0


def test_it_is_counted_by_its_period_and_ends_on_its_day() -> None:
    one = allowed(Person("resident-440103"), until="2026-03-05")
    assert single(use()) and single(use())
    with pytest.raises(Denied):
        single(use())
    assert "本期次数已用完" in Person("resident-440103").get("/consents/")
    advance("1d")
    assert single(use())
    advance("3d")
    with pytest.raises(Denied):
        single(use())
    assert consents.used(one, legal_time.today()) == 0


def test_revoked_between_two_reads_stops_the_second_at_once() -> None:
    resident = Person("resident-440103")
    one = allowed(resident)
    answers = several([use(), use()])
    assert not any(isinstance(found, Denied) for found in answers)
    advance("1d")
    assert single(use())
    resident.post(f"/consents/{one.number}/", act="revoke")
    assert "已撤回" in resident.text
    with pytest.raises(Denied):
        single(use())
    resident.post(f"/consents/{one.number}/", act="revoke")
    kinds = [e.kind for e in node_evidence.reader().by_reference(one.number)]
    assert kinds.count("consent.revoked") == 1


def test_revoked_while_the_exchange_asks_it_lets_nothing_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = allowed(Person("resident-440103"))
    account = uses.resident()
    plain = consents.covering

    def revoked_meanwhile(*args: Any) -> Any:
        found = plain(*args)
        who = actor_of(account)
        assert who is not None
        consents.revoke(Consent.objects.get(number=one.number), who)
        return found

    monkeypatch.setattr(consents, "covering", revoked_meanwhile)
    with pytest.raises(Denied, match="revoked"):
        single(use())


def test_what_needs_consent_is_not_told_by_itself() -> None:
    allowed(Person("resident-440103"))
    with pytest.raises(Denied, match="told by itself"):
        follow(uses.IDENTITY, COUNTY, use().subjects[0], "a_test", BASIS, ("person.name",),
               "case", "matters")  # fmt: skip


def test_a_resource_may_ask_for_it_whatever_the_agreement(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(catalogue.resource(uses.IDENTITY), consent=True)
    monkeypatch.setitem(catalogue.resources(), uses.IDENTITY, changed)
    with pytest.raises(Denied, match="consent"):
        single(uses.identity())


def test_bad_choices_are_said_and_nothing_is_given() -> None:
    resident = Person("resident-440103")
    good: dict[str, Any] = {"elements": ["person.name"], "most": "1", "period": "once",
                            "until": "2026-06-30", "handing_on": "1"}  # fmt: skip
    for wrong in (
        {"elements": []}, {"elements": ["person.identity_number"]}, {"most": "0"}, {"most": "x"},
        {"most": "9999"}, {"period": "week"}, {"until": "2026-02-01"}, {"until": "2036-01-01"},
        {"until": "x"}, {"handing_on": ""}, {"elements": ["person.residence_address"]},
        {"sensitive": ["person.name"]},
    ):  # fmt: skip
        resident.post(GIVE, **(good | wrong), act="give")
        assert resident.status == 422, wrong
    assert not Consent.objects.exists()
    for where in ("/consents/give/none/", "/consents/give/GD-2022-0001/", f"{GIVE}?firm=x",
                  "/consents/SQ-NONE/"):  # fmt: skip
        resident.get(where)
        assert resident.status == 404, where


def test_a_consent_is_nobody_elses_to_see_or_revoke() -> None:
    one = allowed(Person("resident-440103"))
    other = Person("resident-440106")
    other.get(f"/consents/{one.number}/")
    assert other.status == 404
    other.post(f"/consents/{one.number}/", act="revoke")
    assert other.status == 404
    official = Person("440103-police-head")
    official.get(f"/consents/{one.number}/")
    assert official.status == 403
    assert Consent.objects.get(number=one.number).revoked_at is None


def test_the_signature_holds_for_the_text_and_for_what_is_enforced() -> None:
    one = allowed(Person("resident-440103"))
    assert consents.signature_holds(one) and one.signin > 0
    signed_in = node_evidence.reader().by_seq(one.signin)
    assert signed_in is not None and signed_in.kind == "trust.signin"
    one.most = 999
    assert not consents.signature_holds(one)
    one.most = 2
    one.document = one.document.replace('"most":2', '"most":3')
    assert not consents.signature_holds(one)


def test_an_owner_consents_for_the_firm() -> None:
    owner = Person("owner-440103")
    account = Account.objects.get(login="owner-440103")
    who = actor_of(account)
    assert who is not None
    (firm, *_more) = organisations_of(who)
    code = "legal_persons.lists_of_organisation"
    conclude("T-FIRM", code, BODY, "a_test", BASIS, ("enterprise.state",), "t", consent=True)
    asked = Use(code, COUNTY, "a_test", BASIS, "", "a test",
                (introduce(firm.subject, to=COUNTY, kind="organisation"),),
                ("enterprise.state",))  # fmt: skip
    with pytest.raises(Denied, match="consent"):
        single(asked)
    where = f"/consents/give/T-FIRM/?firm={firm.code}"
    assert firm.name in owner.get(where)
    owner.post(where, elements=["enterprise.state"], most="1", period="once",
               until="2026-06-30", act="give")  # fmt: skip
    assert owner.url.startswith("/consents/SQ-"), owner.said
    assert single(asked)
    found = re.search(r"SQ-[0-9A-F]{12}", owner.get(f"/looked/?firm={firm.code}"))
    assert found, owner.said


class Counting(TestCase):
    """Whatever days uses fall on, no period has more than was allowed."""

    @settings(max_examples=examples(25), deadline=None)
    @given(st.integers(1, 3), st.sampled_from(consents.PERIODS), st.lists(st.integers(0, 40)))
    def test_no_period_has_more_uses_than_allowed(
        self, most: int, period: str, gaps: list[int]
    ) -> None:
        from datetime import timedelta
        from unittest.mock import patch

        who = actor_of(uses.resident())
        assert who is not None
        last = legal_time.today() + timedelta(days=90)
        wish = consents.Wish(who.subject, "person", BODY, uses.IDENTITY, "p", BASIS,
                             ("person.name",), most, period, last,
                             separate=(consents.HANDING_ON,))  # fmt: skip
        one = consents.give(wish, who)
        counted: dict[str, int] = {}
        day = legal_time.today()
        for gap in gaps:
            day += timedelta(days=gap)
            with patch.object(legal_time, "today", lambda day=day: day):
                try:
                    asking = consents.Asking(COUNTY, uses.IDENTITY, "p", BASIS, ["person.name"])
                    consents.take(consents.covering(asking, [who.subject]))
                except consents.NoConsent:
                    full = counted.get(window(period, day), 0) == most
                    assert full or day > one.valid_until
                else:
                    counted[window(period, day)] = counted.get(window(period, day), 0) + 1
        assert all(number <= most for number in counted.values())
