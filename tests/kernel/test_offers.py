"""What another node tells of its agreements: judged by its root, kept, offered, told anew."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import modify_settings

from lingnan.kernel.duty.api import Message
from lingnan.kernel.exchange import catalogue, outward
from lingnan.kernel.exchange import elsewhere as homes
from lingnan.kernel.exchange.api import Unavailable, conclude, holders, offers
from lingnan.kernel.exchange.models import Route
from lingnan.kernel.exchange.outward import Question, Said
from lingnan.kernel.trust.api import Consent, consents, node_evidence
from lingnan.standards.xroad import Identifier, Service
from tests.kernel import uses
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
foreign = consents.foreign
HOME, NUMBER, FIRE = "CN-GD/GOV/gd-440000-market/registry", "H-1", "gd-440000-fire"
MARKET = Identifier("CN-GD", "GOV", "gd-440000-market", "legal_persons")
SERVICES = Identifier("CN-GD", "GOV", "gd-440000-market", "exchange")
PAGE, LABEL = "/operating/holders/", "lingnan.systems.government.legal_persons"
ELEMENTS = ["business.name", "business.premises"]
GOOD: dict[str, Any] = {"elements": ["business.name"], "most": "2", "period": "day",
                        "until": "2026-06-30", "handing_on": "1", "act": "give"}  # fmt: skip


def offer(**changes: Any) -> dict[str, Any]:
    """An agreement as another node tells it."""
    said = {"resource": uses.BUSINESSES, "consumer": FIRE, "purpose": "elsewhere_only",
            "basis": "《个人信息保护法》（2021-08-20）第十三条第一款第一项", "elements": ELEMENTS,
            "holders": dict.fromkeys(ELEMENTS, "market/")}  # fmt: skip
    plain = {
        "number": NUMBER, "said": said | changes.pop("said", {}), "valid_until": "2026-12-31",
        "subject": "person", "title": {"zh": "对岸的登记", "en": "Register elsewhere"},
        "titles": {code: {"zh": f"对岸{code}", "en": code} for code in ELEMENTS},
        "sensitive": ["business.premises"], "holders": [{"zh": "对岸局", "en": "Bureau"}],
        "aim": {"zh": "对岸的用途", "en": "An aim elsewhere"},
    }  # fmt: skip
    return plain | changes


class Elsewhere:
    """The other node, in this process: what it tells, and how it answers."""

    def __init__(self) -> None:
        self.offers: list[Any] = [offer()]
        self.status, self.changes, self.down = 200, {}, False  # type: int, dict[str, Any], bool

    def ask(self, question: Question, deadline: float) -> Said:
        assert question.service == Service(SERVICES, "agreements")
        assert deadline <= holders.PATIENCE
        if self.down:
            raise Unavailable("down")
        nonce, system = question.body["nonce"], question.body["system"]
        said = {"nonce": nonce, "system": system, "offers": self.offers}
        return Said(self.status, {"answer": foreign.signed(said | self.changes).plain()})


def named_in_the_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    there = homes.Elsewhere(MARKET, HOME, foreign.root_digest())
    node = homes.Node(HOME, SERVICES, foreign.root_digest())
    monkeypatch.setattr(homes, "systems", lambda: [there])
    monkeypatch.setattr(homes, "node", lambda server: node if server == HOME else None)
    monkeypatch.setattr(homes, "own_services", lambda: SERVICES)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    """This node carries no register of businesses; the other one does."""
    node = Elsewhere()
    named_in_the_directory(monkeypatch)
    monkeypatch.setattr(outward, "ask", node.ask)
    with modify_settings(INSTALLED_APPS={"remove": [LABEL]}):
        catalogue.declared.cache_clear()
        catalogue.forget()
        yield node
    catalogue.declared.cache_clear()
    catalogue.forget()


def registered(**changes: str) -> Person:
    operator = Person("440000-data-operator")
    plain = {"system": "legal_persons"}
    form = plain | changes | {"act": "register"}
    operator.response = operator.client.post(PAGE, form, follow=True)
    return operator


def allowed(resident: Person) -> Consent:
    resident.post(f"/consents/give/{NUMBER}/", **GOOD)
    assert resident.url.startswith("/consents/SQ-"), resident.said
    return Consent.objects.get(number=resident.url.strip("/").split("/")[-1])


def test_a_holder_is_registered_asked_again_and_stopped(elsewhere: Elsewhere) -> None:
    operator = registered()
    assert operator.status == 200 and "gd-440000-market/registry" in operator.said, operator.said
    told = node_evidence.reader().entries(kind="exchange.holder_registered")[0].payload
    assert told and told["system"] == "legal_persons" and told["root"] == foreign.root_digest()
    elsewhere.offers = []
    operator.post(PAGE, act="ask", system="legal_persons")
    assert "0 项" in operator.said and not offers.told_here()
    elsewhere.down = True
    operator.post(PAGE, act="ask", system="legal_persons")
    assert "该节点没有应答" in operator.said
    operator.post(PAGE, act="stop", system="legal_persons")
    assert not Route.objects.exists() and "没有向其他节点查询" in operator.said


def test_who_is_not_the_registered_node_is_refused_and_why(elsewhere: Elsewhere) -> None:
    for changes, words in (
        ({"system": "Not a system"}, "请选择"),
        ({"system": "population"}, "请选择"),
        ({"system": ""}, "请选择"),
    ):
        operator = registered(**changes)
        assert operator.status == 422 and words in operator.said, (changes, operator.said)
    elsewhere.changes = {"nonce": "another"}
    assert "不是由该根证书" in registered().said, "an answer of before is none to this question"
    elsewhere.changes = {"offers": None}
    assert registered().status == 422
    elsewhere.status = 500
    assert "该节点没有应答" in registered().said
    elsewhere.down = True
    assert "该节点没有应答" in registered().said
    assert not Route.objects.exists()
    resident = Person("resident-440103")
    resident.post(PAGE, act="register")
    assert resident.status == 403


def test_it_is_read_in_the_holders_words_and_decided_here(elsewhere: Elsewhere) -> None:
    registered()
    resident = Person("resident-440103")
    said = resident.get("/consents/") and resident.said
    for words in ("对岸的登记", "对岸的用途", "对岸business.name", "gd-440000-market/registry"):
        assert words in said, (words, said)
    assert "对岸局" in resident.get(f"/consents/give/{NUMBER}/")
    one = allowed(resident)
    assert one.terms == offers.read(offer(), "legal_persons", HOME).terms
    assert consents.said_by(one)["handed_on_by"] == "对岸局" and consents.signature_holds(one)
    for words in ("对岸局", "gd-440000-market/registry", "使用前该节点向本节点核实"):
        assert words in resident.get(f"/consents/{one.number}/"), words


def test_another_text_is_read_again_before_it_is_allowed(elsewhere: Elsewhere) -> None:
    registered()
    resident = Person("resident-440103")
    where = f"/consents/give/{NUMBER}/"
    elsewhere.offers = [offer(said={"purpose": "another"})]
    resident.post(where, **GOOD)
    assert resident.url == where and "刚刚有变更" in resident.said
    elsewhere.down = True
    resident.post(where, **GOOD)
    assert resident.url == where and "没有作出授权" in resident.said
    elsewhere.down, elsewhere.offers = False, []
    resident.post(where, **GOOD)
    assert resident.url == "/consents/" and not Consent.objects.exists()


def test_who_allowed_it_hears_that_it_changed_or_ended(elsewhere: Elsewhere) -> None:
    registered()
    resident = Person("resident-440103")
    allowed(resident)
    account = uses.resident().key
    route = Route.objects.get()
    holders.refresh(route)
    assert not Message.objects.filter(account=account).exists(), "the same is told by nobody"
    elsewhere.offers = [offer(said={"elements": ["business.name"]})]
    holders.refresh(Route.objects.get())
    assert "协议已变更" in resident.get("/consents/")
    elsewhere.offers = []
    holders.refresh(Route.objects.get())
    assert "协议已终止" in resident.get("/consents/")
    told = Message.objects.filter(account=account).order_by("key")
    assert [one.subject_zh[-4:] for one in told] == ["议有变更", "议已终止"]
    holders.refresh(route)  # who comes late has nothing to tell
    assert told.count() == 2


CROOKED: dict[str, Any] = {
    "nothing": None, "a text": "x", "no number": offer(number=""), "a way": offer(number="a/b"),
    "of another system": offer(said={"resource": "population.identity"}),
    "no elements": offer(said={"elements": []}), "no basis": offer(said={"basis": ""}),
    "too long": offer(said={"consumer": "x" * 41}), "of a place": offer(subject="place"),
    "no title": offer(title=None), "no titles": offer(titles={}), "no day": offer(valid_until="x"),
    "a noughts": offer(said={"purpose": "a\x00"}), "a list": offer() | {"said": []},
}  # fmt: skip


@pytest.mark.parametrize("what", CROOKED)
def test_what_cannot_be_read_is_not_offered_and_the_rest_is(
    elsewhere: Elsewhere, what: str
) -> None:
    elsewhere.offers = [CROOKED[what], offer(number="H-2")]
    assert registered().status == 200
    assert [one.number for one in offers.told_here()] == ["H-2"]
    assert Person("resident-440103").get("/consents/").count("H-2") >= 1


def test_a_number_of_this_node_is_no_other_nodes(elsewhere: Elsewhere) -> None:
    conclude(NUMBER, uses.IDENTITY, FIRE, "p", "a basis", ["person.name"], "t", consent=True)
    registered()
    assert [one.node for one in offers.in_force() if one.number == NUMBER] == [""]
    assert not offers.told_here()


def test_what_this_node_carries_itself_no_other_speaks_for(elsewhere: Elsewhere) -> None:
    registered()
    assert offers.told_here()
    with modify_settings(INSTALLED_APPS={"append": [LABEL]}):
        assert not offers.told_here() and not offers.node_of(uses.BUSINESSES)


def test_this_node_tells_what_its_agreements_ask() -> None:
    conclude("T-H", uses.BUSINESSES, FIRE, "a_test", "a basis", ELEMENTS, "t", consent=True)

    def asked(system: str) -> dict[str, Any]:
        shown = foreign.Shown.read(holders.answered({"nonce": "n", "system": system}))
        return foreign.said(shown, [foreign.root_digest()])[0]

    told = asked("legal_persons")
    assert told["nonce"] == "n"
    (plain,) = [one for one in told["offers"] if one["number"] == "T-H"]
    read = offers.read(plain, "legal_persons", HOME)
    (here,) = [one for one in offers.in_force() if one.number == "T-H"]
    assert read.terms == here.terms and read.titles == {c: here.titles[c] for c in ELEMENTS}
    assert [str(one) for one in read.holders] == [str(one) for one in offers.holding(
        catalogue.resource(uses.BUSINESSES))]  # fmt: skip
    assert "T-H" not in [one["number"] for one in asked("population")["offers"]]
