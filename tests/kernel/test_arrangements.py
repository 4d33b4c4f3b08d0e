"""Arrangements between instances: two people on each side, both signatures, what the law asks."""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.duty.api import Task
from lingnan.kernel.exchange.api import Agreement, partners
from lingnan.kernel.exchange.federation import enrolling, founding, own
from lingnan.kernel.exchange.federation.partners import documents, rules
from lingnan.kernel.exchange.federation.partners.models import Arrangement
from lingnan.kernel.trust.api import consents
from lingnan.node.named import Named
from tests.kernel import abroad
from tests.kernel.abroad import Harbour, Line

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
concluding = partners.concluding
HERE = Named("province", "CN-GD", "https://127.0.0.1:8012", "https://127.0.0.1:8013")
PLAIN = documents.Said(
    number="AZ-000000000001", giver="CN-GD", asker="HK", kind="region",
    anchors={"CN-GD": "0" * 64, "HK": "1" * 64}, resource="legal_persons.lists_of_organisation",
    resource_title={"zh": "企业", "en": "Firms"}, subject="organisation",
    elements=abroad.FIRM_ELEMENTS, bodies={"hk-registry": "注册处"}, purpose="cross_region_credit",
    purpose_title={"zh": "核验", "en": "Verified"}, basis="依据", consent=False, per_day=5,
    since="2026-03-02", until="2026-12-31",
)  # fmt: skip
LAWFUL = {"consent": True, "assessment": "评估1", "contact": "某处"}


@pytest.fixture(autouse=True)
def here(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[own.Own]:
    settings.NODE_NAMED = HERE
    monkeypatch.setattr(enrolling, "_called_back", lambda url, root, code: None)
    founding.found_where_named()
    yield own.membership()


def test_who_wrote_it_does_not_sign_it_and_only_the_others_signature_brings_it_into_force() -> None:
    partner, officer = Harbour().entered(), abroad.official(abroad.OFFICER)
    one = concluding.draft(abroad.said(partner), officer)
    assert turn(one) == ["head"]
    with pytest.raises(concluding.NotPossible) as refused:
        concluding.sign(one, officer)
    assert refused.value.why == "same"
    one = concluding.sign(one, abroad.official(abroad.HEAD))
    assert (one.state, one.unsaid) == ("proposed", ["proposed"]) and turn(one) == []
    assert documents.signed_by(one.ours, one.document, own.membership().anchor)
    assert not Agreement.objects.filter(number__startswith=one.number).exists()
    shown = documents.sign(one.document, own.membership().server)
    other = documents.sign(replace(PLAIN, number=one.number).text, own.membership().server)
    for false in ({}, None, other, {**shown, "signature": other["signature"]}):
        told = {"number": one.number, "signature": false}
        with pytest.raises(ValueError, match="not signed"):
            concluding.came(partner, "accepted", told)
    told = {"number": one.number, "signature": shown}
    one = concluding.came(partner, "accepted", told)
    agreed = Agreement.objects.get(number=f"{one.number}-1")
    assert (one.state, agreed.rate, agreed.onward) == ("in_force", "50 uses/day", [])
    assert concluding.came(partner, "accepted", told).version == one.version, "said twice"


def turn(one: Arrangement) -> list[str]:
    """The posts whose task it is."""
    rows = Task.objects.filter(reference=one.number, done_at=None)
    return list(rows.values_list("role", flat=True))


def received(partner: partners.Partner, **changes: Any) -> dict[str, Any]:
    """What the other side proposes; its root is this process's, so this key signs for it."""
    text = abroad.said(partner, giver="HK", asker="CN-GD", **changes).text
    number = json.loads(text)["number"]
    shown = documents.sign(text, own.membership().server)
    return {"word": "proposed", "number": number, "document": text, "signature": shown}


def test_what_the_other_side_proposes_is_reviewed_by_one_and_signed_by_another() -> None:
    partner, officer = Harbour().entered(), abroad.official(abroad.OFFICER)
    told = received(partner)
    one = concluding.came(partner, "proposed", told)
    assert turn(one) == ["data_officer"]
    with pytest.raises(concluding.NotPossible):
        concluding.sign(one, abroad.official(abroad.HEAD))
    one = concluding.review(one, officer)
    assert turn(one) == ["head"]
    with pytest.raises(concluding.NotPossible):
        concluding.sign(one, officer)
    one = concluding.sign(one, abroad.official(abroad.HEAD))
    assert (one.state, one.unsaid) == ("in_force", ["accepted"])
    assert concluding.is_open(one) and turn(one) == []
    assert not Agreement.objects.filter(number__startswith=one.number).exists(), "they answer"
    assert concluding.came(partner, "proposed", told).version == one.version, "said twice"
    with pytest.raises(ValueError, match="does not fit"):
        concluding.came(partner, "proposed", {**told, "document": "another"})


@pytest.mark.parametrize(
    "changes", [{"giver": "MO"}, {"kind": "province"}, {"asker": "MO"}, {"anchors": "swapped"}]
)
def test_what_is_not_between_the_two_is_not_taken(changes: dict[str, str]) -> None:
    partner = Harbour().entered()
    text = json.loads(received(partner)["document"])
    if "anchors" in changes:
        text["anchors"] = {"CN-GD": "0" * 64, "HK": partner.anchor}
    else:
        text |= changes
        text["anchors"] = {text["giver"]: partner.anchor, text["asker"]: own.membership().anchor}
    said = consents.signing.canonical(text)
    shown = documents.sign(said, own.membership().server)
    told = {"number": text["number"], "document": said, "signature": shown}
    with pytest.raises(ValueError, match=r"not between|two instances"):
        concluding.came(partner, "proposed", told)
    assert not partners.Arrangement.objects.exists()


def test_words_come_from_the_gate_alone_and_of_its_own_arrangements() -> None:
    harbour = Harbour()
    partner = harbour.entered()
    one, line = abroad.in_force(partner), Line(harbour)
    path = f"/r1/{line.services}/arrangements"
    word = {"word": "held", "number": one.number, "why": "there"}
    assert line.sent(*line.signed(path, word))[2] == "Server.ServerProxy.AccessDenied"
    status, told, _error = line.sent(*line.signed(path, word, client=abroad.TALKS))
    assert (status, told) == (200, {"taken": one.number})
    assert partners.Arrangement.objects.get(number=one.number).held_there
    for bad in ({"word": "widen"}, {"number": "AZ-FFFFFFFFFFFF"}, {"word": "accepted"}):
        refused = line.sent(*line.signed(path, word | bad, client=abroad.TALKS))
        assert refused[2] == "Client.BadRequest", bad
    line.sent(*line.signed(path, word | {"word": "over"}, client=abroad.TALKS))
    assert partners.Arrangement.objects.get(number=one.number).state == "over"
    assert not Agreement.objects.filter(number=f"{one.number}-1", ended=False).exists()
    others = f"/r1/{line.services}/consents"
    assert line.sent(*line.signed(others, {}, client=abroad.TALKS))[2].endswith("UnknownService")


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ({}, set()),
        ({"subject": "person", "kind": "province"}, set()),
        ({"subject": "person", **LAWFUL}, set()),
        ({"subject": "person", **LAWFUL, "consent": False}, {"consent"}),
        ({"subject": "person", **LAWFUL, "assessment": ""}, {"assessment"}),
        ({"subject": "person", "kind": "abroad"}, {"consent", "assessment", "contact"}),
        ({"kind": "abroad", "judicial": True}, {"approval"}),
        ({"kind": "abroad", "judicial": True, "approval": "批1"}, set()),
        ({"kind": "region", "judicial": True}, set()),
    ],
)
def test_the_law_asks_for_more_across_the_border(
    changes: dict[str, Any], lacking: set[str]
) -> None:
    said = replace(PLAIN, **changes)
    assert set(rules.lacking(asdict(said))) == lacking
    if lacking:
        with pytest.raises(documents.NotADocument) as refused:
            documents.read(said.text)
        assert set(refused.value.fields) == lacking
    else:
        assert documents.read(said.text) == said


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(st.sampled_from(sorted(asdict(PLAIN))), ANYTHING)
def test_what_is_read_is_what_was_written_or_no_arrangement(name: str, value: Any) -> None:
    """Whatever stands in a field: it is an arrangement that says exactly this, or none."""
    told = asdict(PLAIN) | {name: value}
    try:
        text = consents.signing.canonical(told)
        found = documents.read(text)
    except documents.NotADocument:
        return
    assert found.text == text and asdict(found) == told


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", None, PLAIN.text + " ", f" {PLAIN.text}"])
def test_what_is_no_text_of_an_arrangement_is_refused(text: Any) -> None:
    with pytest.raises(documents.NotADocument):
        documents.read(text)


def test_who_consented_hears_of_the_end_and_nothing_goes_on(here: own.Own) -> None:
    harbour = Harbour()
    one = abroad.in_force(harbour.entered())
    ended = concluding.over(one, "an official", "到期不续")
    assert (ended.state, ended.unsaid) == ("over", ["proposed", "over"])
    assert Line(harbour).ask(abroad.question(one))[1]["failure"] == "denied"
    assert concluding.over(ended, "an official", "again").version == ended.version
    assert abroad.newest("arrangement.over")["why"] == "到期不续"
