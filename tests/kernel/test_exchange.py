"""The exchange: no use without agreement and evidence, and no answer that is not written down."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from lingnan.kernel.exchange.api import (
    Denied,
    InsideTransaction,
    Unavailable,
    conclude,
    introduce,
    looked,
    resources,
    single,
)
from lingnan.kernel.exchange.models import Agreement, Pseudonym
from lingnan.kernel.matters.api import published
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import node_evidence
from lingnan.systems.government.population.models import Resident
from tests.kernel import uses
from tests.kernel.uses import FIRE, MARKET, identity, introduced, key_of, resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def test_a_use_is_answered_with_what_was_asked_for_and_nothing_else() -> None:
    answer = single(identity())[0]
    assert answer.values() == {
        "person.name": resident().name,
        "person.identity_number": Resident.objects.get(key=key_of(resident())).resident_number,
    }


def test_a_use_is_written_down_before_the_answer_with_who_for_whom_and_why() -> None:
    answer = single(identity())[0]
    entry = node_evidence.reader().by_seq(answer.evidence)
    assert entry is not None and entry.payload is not None
    told = {"consumer": MARKET, "purpose": "individual_business", "case": "test-case",
            "resource": "population.identity", "agreement": "GD-2022-0001", "actor": "a test",
            "elements": ["person.name", "person.identity_number"],
            "versions": ["population.resident@1"]}  # fmt: skip
    assert entry.payload.items() >= told.items()
    assert uses.about(key_of(resident()))[0] == answer.evidence


def test_the_exchange_is_not_called_inside_a_transaction() -> None:
    before = uses.size()
    with pytest.raises(InsideTransaction), transaction.atomic():
        single(identity())
    with pytest.raises(InsideTransaction), action(by="a test", reason="a use"):
        single(identity())
    assert uses.size() == before


DENIED = {
    "no agreement for this consumer": {"consumer": "gd-440103-police"},
    "another purpose than agreed": {"purpose": "fire_safety_permit"},
    "an element outside the agreement": {"elements": ("person.name", "person.birth_date")},
    "an element that does not exist": {"elements": ("person.name", "person.secrets")},
    "no basis": {"basis": ""},
    "another basis than agreed": {"basis": "《行政许可法》（2019-04-23）第三十三条"},
    "a part of the agreed basis": {"basis": "《市场主体登记管理条例》（2021-07-27）第十五条"},
    "a subject of somebody else's": {"subjects": ("0" * 32,)},
}


@pytest.mark.parametrize("reason", DENIED)
def test_a_use_without_right_is_denied_and_nothing_is_read(
    reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = uses.size()
    use = identity(**DENIED[reason])
    uses.answering(monkeypatch, uses.IDENTITY, lambda keys: pytest.fail("it was read"))
    with pytest.raises(Denied):
        single(use)
    assert uses.size() == before


def test_a_subject_that_another_member_knows_is_denied() -> None:
    fires = introduce(resident().subject, to=FIRE)
    with pytest.raises(Denied):
        single(identity(subjects=(fires,)))
    with pytest.raises(Denied):
        single(identity(subjects=(resident().subject,)))


def agreed(**changes: Any) -> None:
    conclude("TEST-1", uses.IDENTITY, MARKET, "a_test", uses.BASIS, ["person.name"], "a test",
             **changes)  # fmt: skip


def test_an_agreement_ends_with_its_last_day() -> None:
    agreed(valid_until=legal_time.today())
    use = identity(purpose="a_test", elements=("person.name",))
    assert single(use)[0].found
    legal_time.move_to(legal_time.now() + timedelta(days=1))
    with pytest.raises(Denied):
        single(use)


def test_an_agreement_that_was_ended_lets_nobody_read() -> None:
    agreed()
    with action(by="a test", reason="revoked") as act:
        act.end(Agreement.objects.get(number="TEST-1"))
    with pytest.raises(Denied):
        single(identity(purpose="a_test", elements=("person.name",)))


def test_an_agreement_of_a_body_covers_the_bodies_below_it_only() -> None:
    conclude("TEST-2", uses.IDENTITY, "gd-440100-market", "a_test", uses.BASIS, ["person.name"],
             "a test")  # fmt: skip
    assert single(identity(purpose="a_test", elements=("person.name",)))[0].found
    elsewhere = "gd-441802-market"
    known = introduce(resident().subject, to=elsewhere)
    with pytest.raises(Denied):
        single(identity(purpose="a_test", elements=("person.name",), consumer=elsewhere,
                        subjects=(known,)))  # fmt: skip


def test_a_resource_that_nobody_holds_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        single(identity(resource="nobody.nothing"))


def test_without_evidence_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with uses.evidence_down(monkeypatch), pytest.raises(Unavailable):
        single(identity())


def test_a_holder_that_fails_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(keys: Any) -> Any:
        raise OSError("disk")

    uses.answering(monkeypatch, uses.IDENTITY, broken)
    with pytest.raises(Unavailable):
        single(identity())


def test_an_answer_after_the_deadline_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        single(identity(deadline=0.0))


def test_fifty_subjects_are_one_use_and_each_sees_it() -> None:
    mine = key_of(resident())
    others = Resident.objects.filter(ended=False).exclude(key=mine).values_list("key", flat=True)
    keys = [*others[:49], mine]
    before = uses.size()
    asked = introduced(keys, MARKET)
    answers = single(identity(subjects=asked))
    assert [a.subject for a in answers] == list(asked)
    assert len({a.values()["person.identity_number"] for a in answers}) == 50
    assert uses.size() == before + 1
    assert all(uses.about(key)[0] == before + 1 for key in keys)
    assert looked(resident().subject)[0].seq == before + 1


def test_the_subject_reads_who_looked_and_why() -> None:
    evidence = single(identity(purpose="individual_business"))[0].evidence
    page = Person("resident-440103").get("/looked/")
    row = page.partition('<table class="stack"')[2].split("<tr")[2]
    assert "荔湾区市场监督管理局" in row and "第十五条" in row and str(evidence) in row


def test_members_know_a_subject_by_different_names() -> None:
    members = ["trust", "legal_persons", MARKET, FIRE, "gd-440106-market"]
    names = {introduce(resident().subject, to=member) for member in members}
    assert len(names) == 5
    assert all(len(name) == 32 for name in names)
    assert introduce(resident().subject, to=MARKET) in names
    assert Pseudonym.objects.filter(key=key_of(resident())).count() >= 5


def test_the_matters_read_on_the_basis_of_their_agreements() -> None:
    for _definition, matter in published():
        for row in matter.reads:
            agreements = Agreement.objects.filter(resource=row["resource"], purpose=matter.code)
            assert row["basis"] in {agreement.basis for agreement in agreements}, matter.code


def test_an_answer_is_dated_in_china() -> None:
    """20:00 UTC is four in the morning of the next day."""
    late = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
    with action(by="a test", reason="at night") as act:
        act.at = late
        act.change(Resident.objects.get(key=key_of(resident())), address="别处一号")
    assert single(identity())[0].rows[0]["as_of"] == "2026-03-02"


def test_every_resource_says_on_which_basis_and_condition_it_is_shared() -> None:
    for resource in resources().values():
        assert resource.sharing in ("unconditional", "conditional", "refused")
        assert resource.basis and resource.condition.zh and resource.elements
