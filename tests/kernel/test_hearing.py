"""A node that is not the gate hears of other instances from the gate, and verifies it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from lingnan.kernel.exchange import outward
from lingnan.kernel.exchange.api import Agreement, partners
from lingnan.kernel.exchange.federation import directories, enrolling, founding, own
from lingnan.kernel.exchange.federation.partners import sharing
from lingnan.kernel.exchange.messages import voices
from lingnan.kernel.exchange.outward import Said
from lingnan.kernel.runtime.api import action
from lingnan.node.named import Named
from lingnan.standards.xroad import Identifier
from tests.kernel import abroad, gated
from tests.kernel.abroad import Harbour

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
HERE = Named("province", "CN-GD", "https://127.0.0.1:8012", "https://127.0.0.1:8013")
OTHER = "CN-GD/GOV/gd-440300-data/gate"


@pytest.fixture(autouse=True)
def here(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[own.Own]:
    settings.NODE_NAMED = HERE
    monkeypatch.setattr(enrolling, "_called_back", lambda url, root, code: None)
    founding.found_where_named()
    yield own.membership()


def known_with(server: str, gate: str) -> None:
    """The directory names a second node, and which one is the gate."""
    here = own.membership()
    before = directories.known(here.instance, here.anchor)
    assert before is not None
    node = replace(gated.city(), server=server)
    made = replace(gated.with_city(before, node), version=before.version + 1, gate=gate)
    directories.keep(voices.published(made), here.instance, here.anchor)


def told(**changes: Any) -> dict[str, Any]:
    """What the gate says: of HK, and of one arrangement about firms that both have signed."""
    harbour, here = Harbour(), own.membership()
    partner = partners.Partner(instance="HK", kind="region", anchor=here.anchor)
    text = abroad.said(partner).text
    shown = partners.documents.sign(text, here.server)
    return {
        "partners": [{
            "instance": "HK", "kind": "region", "title_zh": "香港", "title_en": "Hong Kong",
            "node": "harbour", "anchor": here.anchor,
            "directory": voices.published(harbour.directory()),
        }],
        "arrangements": [{"partner": "HK", "document": text, "ours": shown, "theirs": shown,
                          "held": False} | changes],
    }  # fmt: skip


@pytest.fixture
def inner(monkeypatch: pytest.MonkeyPatch) -> own.Own:
    """This node as one that joined: the gate is the other."""
    known_with(OTHER, OTHER)
    here = own.membership()
    own.belong(here.instance, here.server, "http://127.0.0.1:1", here.anchor)
    return own.membership()


def hear(inner: own.Own, said: Any, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    asked: list[Any] = []

    def ask(question: outward.Question, _patience: float) -> Said:
        asked.append(question)
        return Said(200, said)

    monkeypatch.setattr(outward, "ask", ask)
    partners.hearing.refresh(inner)
    return asked


def test_what_the_gate_tells_is_known_and_agreed_where_the_data_are(
    inner: own.Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = told()
    (question,) = hear(inner, said, monkeypatch)
    assert str(question.service) == "CN-GD/GOV/gd-440300-data/exchange/partners"
    partner, one = partners.Partner.objects.get(), partners.Arrangement.objects.get()
    assert partners.directories.known(partner) is not None and not partner.ended
    assert one.state == "in_force" and partners.concluding.is_open(one)
    agreed = Agreement.objects.get(number=f"{one.number}-1")
    assert (agreed.consumer, agreed.rate, agreed.ended) == ("HK/hk-registry", "50 uses/day", False)
    version = one.version
    (question,) = hear(inner, said, monkeypatch)
    assert question.body == {"known": {"HK": 1}}
    assert partners.Arrangement.objects.get().version == version, "heard twice, nothing changes"


def test_held_resumed_and_ended_follow_the_gate(
    inner: own.Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = told()
    hear(inner, said, monkeypatch)
    said["arrangements"][0]["held"] = True
    hear(inner, said, monkeypatch)
    assert not partners.concluding.is_open(partners.Arrangement.objects.get())
    said["arrangements"][0]["held"] = False
    hear(inner, said, monkeypatch)
    assert partners.concluding.is_open(partners.Arrangement.objects.get())
    hear(inner, {"partners": [], "arrangements": []}, monkeypatch)
    assert partners.Partner.objects.get().ended
    assert partners.Arrangement.objects.get().state == "over"
    assert not Agreement.objects.filter(number__startswith="AZ-", ended=False).exists()
    hear(inner, said, monkeypatch)
    assert partners.Arrangement.objects.get().state == "over", "ended for good"


def test_what_is_not_signed_by_both_sides_is_not_taken(
    inner: own.Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = told()["arrangements"][0]
    other = told()["arrangements"][0]["ours"]
    wrong: list[dict[str, Any]] = [
        {"theirs": {}}, {"ours": other}, {"theirs": other}, {"document": good["document"] + " "},
        {"partner": "MO"},
    ]  # fmt: skip
    for changes in wrong:
        said = told()
        said["arrangements"] = [good | changes]
        hear(inner, said, monkeypatch)
        assert not partners.Arrangement.objects.exists(), changes
    assert not Agreement.objects.filter(number__startswith="AZ-").exists()


def test_a_directory_under_another_anchor_is_not_believed(
    inner: own.Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = told()
    said["partners"][0]["anchor"] = "0" * 64
    hear(inner, said, monkeypatch)
    assert partners.directories.known(partners.Partner.objects.get()) is None
    assert not partners.Arrangement.objects.exists()


def test_the_gate_itself_hears_of_nobody(here: own.Own, monkeypatch: pytest.MonkeyPatch) -> None:
    Harbour().entered()
    assert not hear(here, {"partners": [], "arrangements": []}, monkeypatch)
    assert not partners.Partner.objects.get().ended


def test_each_node_is_told_of_what_concerns_it_alone(here: own.Own) -> None:
    partner = Harbour().entered()
    firms = abroad.in_force(partner)
    abroad.in_force(partner, resource="population.lists_of_person")
    known_with(OTHER, here.server)
    asks = own.services_of(OTHER)
    said = sharing.answer({}, asks)
    numbers = [partners.documents.read(one["document"]).number for one in said["arrangements"]]
    assert numbers == [firms.number], "it holds firms, nobody else"
    assert said["partners"][0]["directory"]["document"]
    assert sharing.answer({"known": {"HK": 1}}, asks)["partners"][0]["directory"] is None
    partners.concluding.hold(firms, "an official", "at once")
    assert sharing.answer({}, asks)["arrangements"][0]["held"]
    for nobody in (gated.HOME, Identifier("CN-GD", "GOV", "gd-440305-data", "exchange")):
        with pytest.raises(PermissionError):
            sharing.answer({}, nobody)
    with action(by="a test", reason="ended") as act:
        act.end(partner)
    assert sharing.answer({}, asks) == {"partners": [], "arrangements": []}
