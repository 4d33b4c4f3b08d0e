"""What another node tells of its agreements: judged by its root, kept, offered, told anew."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, modify_settings

from lingnan.kernel.duty.api import Message
from lingnan.kernel.exchange import catalogue, wire
from lingnan.kernel.exchange.api import Unavailable, conclude, holders, offers
from lingnan.kernel.exchange.models import Route
from lingnan.kernel.trust.api import Consent, consents, node_evidence
from tests.kernel import uses
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
foreign = consents.foreign
HOME, NUMBER, FIRE = "https://holder.example.cn", "H-1", "gd-440000-fire"
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

    def post(self, url: str, token: str, path: str, question: Any, deadline: float) -> Any:
        assert (url, path) == (HOME, "/exchange/agreements") and deadline <= holders.PATIENCE
        if self.down:
            raise Unavailable("down")
        said = {"nonce": question["nonce"], "system": question["system"], "offers": self.offers}
        return self.status, {"answer": foreign.signed(said | self.changes).plain()}


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    """This node carries no register of businesses; the other one does."""
    node = Elsewhere()
    monkeypatch.setattr(wire, "post", node.post)
    with modify_settings(INSTALLED_APPS={"remove": [LABEL]}):
        catalogue.declared.cache_clear()
        catalogue.forget()
        yield node
    catalogue.declared.cache_clear()
    catalogue.forget()


def registered(**changes: str) -> Person:
    operator = Person("440000-data-operator")
    plain = {"system": "legal_persons", "url": HOME, "root": foreign.root_digest(), "token": "w"}
    form = plain | changes | {"act": "register"}
    operator.response = operator.client.post(PAGE, form, follow=True)
    return operator


def allowed(resident: Person) -> Consent:
    resident.post(f"/consents/give/{NUMBER}/", **GOOD)
    assert resident.url.startswith("/consents/SQ-"), resident.said
    return Consent.objects.get(number=resident.url.strip("/").split("/")[-1])


def test_a_holder_is_registered_asked_again_and_stopped(elsewhere: Elsewhere) -> None:
    operator = registered()
    assert operator.status == 200 and "holder.example.cn" in operator.said, operator.said
    told = node_evidence.reader().entries(kind="exchange.holder_registered")[0].payload
    assert told and told["system"] == "legal_persons" and told["root"] == foreign.root_digest()
    assert "w" not in told.values(), "the word between nodes is no evidence"
    elsewhere.offers = []
    operator.post(PAGE, act="ask", system="legal_persons")
    assert "0 项" in operator.said and not offers.told_here()
    elsewhere.down = True
    operator.post(PAGE, act="ask", system="legal_persons")
    assert "该地址没有应答" in operator.said
    operator.post(PAGE, act="stop", system="legal_persons")
    assert not Route.objects.exists() and "没有向其他节点查询" in operator.said


def test_who_is_not_the_registered_node_is_refused_and_why(elsewhere: Elsewhere) -> None:
    for changes, words in (
        ({"system": "Not a system"}, "不是系统代号"),
        ({"system": "population"}, "本节点已有该系统"),
        ({"root": "abc"}, "不是摘要"), ({"root": "0" * 64}, "不是由该根证书"),
        ({"url": "ftp://x"}, "不是节点地址"), ({"token": ""}, "请填写"),
    ):  # fmt: skip
        operator = registered(**changes)
        assert operator.status == 422 and words in operator.said, (changes, operator.said)
    elsewhere.changes = {"nonce": "another"}
    assert "不是由该根证书" in registered().said, "an answer of before is none to this question"
    elsewhere.changes = {"offers": None}
    assert registered().status == 422
    elsewhere.status = 401
    assert "对方不认识该口令" in registered().said
    elsewhere.status = 500
    assert "该地址没有应答" in registered().said
    elsewhere.down = True
    assert "该地址没有应答" in registered().said
    assert not Route.objects.exists()
    resident = Person("resident-440103")
    resident.post(PAGE, act="register")
    assert resident.status == 403


def test_it_is_read_in_the_holders_words_and_decided_here(elsewhere: Elsewhere) -> None:
    registered()
    resident = Person("resident-440103")
    said = resident.get("/consents/") and resident.said
    for words in ("对岸的登记", "对岸的用途", "对岸business.name", "holder.example.cn"):
        assert words in said, (words, said)
    assert "对岸局" in resident.get(f"/consents/give/{NUMBER}/")
    one = allowed(resident)
    assert one.terms == offers.read(offer(), "legal_persons", HOME).terms
    assert consents.said_by(one)["handed_on_by"] == "对岸局" and consents.signature_holds(one)
    for words in ("对岸局", "holder.example.cn", "使用前该节点向本节点核实"):
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


def test_this_node_tells_only_nodes_that_it_knows(settings: Any) -> None:
    settings.EXCHANGE_TOKEN = "the-word"
    conclude("T-H", uses.BUSINESSES, FIRE, "a_test", "a basis", ELEMENTS, "t", consent=True)

    def asked(body: Any, word: str = "the-word") -> Any:
        return Client().post("/exchange/agreements", body, content_type="application/json",
                             headers={"Authorization": f"Bearer {word}"})  # fmt: skip

    question = json.dumps({"nonce": "n", "system": "legal_persons"})
    assert asked(question, "wrong").status_code == 401
    for body in (b"", b"[", b"5", b"\xff"):
        assert asked(body).status_code == 400, body
    shown = foreign.Shown.read(asked(question).json()["answer"], holders.LONGEST)
    told, _root = foreign.said(shown, [foreign.root_digest()])
    assert told["nonce"] == "n"
    (plain,) = [one for one in told["offers"] if one["number"] == "T-H"]
    read = offers.read(plain, "legal_persons", HOME)
    (here,) = [one for one in offers.in_force() if one.number == "T-H"]
    assert read.terms == here.terms and read.titles == {c: here.titles[c] for c in ELEMENTS}
    assert [str(one) for one in read.holders] == [str(one) for one in offers.holding(
        catalogue.resource(uses.BUSINESSES))]  # fmt: skip
    other = json.dumps({"nonce": "n", "system": "population"})
    assert "T-H" not in asked(other).json()["answer"]["document"]


def test_the_worker_asks_again_and_goes_on_when_nobody_answers(
    elsewhere: Elsewhere, caplog: pytest.LogCaptureFixture
) -> None:
    registered()
    rounds = holders.Rounds()
    elsewhere.offers = []
    rounds.run()
    assert offers.told_here(), "not before its time"
    rounds._last -= rounds.EVERY
    elsewhere.down = True
    rounds.run()
    assert offers.told_here() and "did not tell" in caplog.text
    rounds._last -= rounds.EVERY
    elsewhere.down = False
    rounds.run()
    assert not offers.told_here()
