"""The exchange with a holder at another node: what is asked, what is answered, what goes wrong.

Both nodes are this process here, and the question goes from one to the other as a message would;
two real nodes stand in `tests/node`.
"""

import json
import re
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from lingnan.kernel.exchange import elsewhere, outward
from lingnan.kernel.exchange.api import Denied, Unavailable, Use, give, introduce, single
from lingnan.kernel.exchange.messages.calls import Call
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.kernel.exchange.messages.resources import Resources
from lingnan.kernel.exchange.outward import Question, Said
from lingnan.kernel.matters.models import Application
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import node_evidence
from lingnan.standards import xroad
from lingnan.standards.xroad import Identifier
from lingnan.systems.government.legal_persons.models import IndividualBusiness
from tests.kernel import uses
from tests.kernel.uses import FIRE, key_of, resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
ELEMENTS = ("business.name", "business.premises")
MARKET = Identifier("CN-GD", "GOV", "gd-440000-market", "legal_persons")


async def at_once(call: Callable[[], Any]) -> Any:
    return call()


def driven(answering: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine that waits for nothing returns, without a loop around the database."""
    try:
        answering.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits")


class There:
    """The holder's node: answers as its gateway would; `sent` is what it was asked."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.down = False
        self.says: bytes | None = None
        self.resources = Resources("CN-GD", {"legal_persons": MARKET.member}, at_once)

    def ask(self, question: Question, deadline: float) -> Said:
        body = json.dumps(question.body).encode()
        self.sent.append(body)
        if self.down:
            raise Unavailable("nobody answers")
        if self.says is not None:
            return Said(200, outward._object(self.says))
        return self.said(question, body)

    def said(self, question: Question, body: bytes) -> Said:
        called = xroad.called(f"/r1/{question.service}")
        call = Call(question.client, called, "POST", list(question.fields.items()), body, "n")

        async def answer() -> Any:
            return await (await self.resources.served(call)).answer(call)

        try:
            answered = driven(answer())
        except Refused as refused:
            return Said(500, {"message": refused.message}, f"Server.ServerProxy.{refused.kind}")
        return Said(answered.status, json.loads(answered.body))


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[There]:
    """Another node answers for the register of businesses; it holds one of the resident."""
    node, key = There(), key_of(resident())
    with action(by="a test", reason="the holder's record") as act:
        act.create(
            IndividualBusiness, credit_code="92440191MA0000000X", name="隔岸粥店",
            operator=give("person", "legal_persons", [key])[key], operator_name="某人",
            scope="餐饮服务", premises="隔岸一号", division="440103",
            registered_on=legal_time.today(),
        )  # fmt: skip
    home = elsewhere.Elsewhere(MARKET, "CN-GD/GOV/gd-440000-market/registry", "0" * 64)
    monkeypatch.setattr(
        elsewhere, "of_system", lambda system: home if system == home.system else None
    )
    monkeypatch.setattr(
        elsewhere, "member", lambda body, system: Identifier("CN-GD", "GOV", body, system)
    )
    monkeypatch.setattr(outward, "ask", node.ask)
    yield node


def use(**changes: Any) -> Use:
    plain = {"resource": uses.BUSINESSES, "consumer": FIRE, "purpose": "fire_safety_permit",
             "basis": uses.BUSINESSES_BASIS, "case": "http-case", "elements": ELEMENTS,
             "subjects": (introduce(resident().subject, to=FIRE),)}  # fmt: skip
    return uses.identity(**(plain | changes))


def test_a_holder_on_another_node_answers_and_both_write_it_down(there: There) -> None:
    subject, before = use().subjects[0], uses.size()
    answer = single(use())[0]
    assert answer.subject == subject
    assert answer.values() == {"business.name": "隔岸粥店", "business.premises": "隔岸一号"}
    assert uses.size() == before + 2
    theirs, mine = node_evidence.reader().entries(kind="exchange.read")[1::-1]
    for one in (theirs, mine):
        assert one.payload and one.payload["case"] == "http-case"
        assert one.payload["resource"] == uses.BUSINESSES and one.payload["consumer"] == FIRE


def test_neither_key_nor_the_consumers_names_of_the_subject_leave_the_node(there: There) -> None:
    single(use())
    (sent,) = there.sent
    assert str(key_of(resident())).encode() not in sent
    assert resident().subject.encode() not in sent


def test_what_the_holder_denies_is_denied(there: There) -> None:
    market = "gd-440103-market"
    other = {"consumer": market, "subjects": (introduce(resident().subject, to=market),)}
    for changes in ({"purpose": "curiosity"}, {"elements": ("business.registered_on",)}, other):
        with pytest.raises(Denied):
            single(use(**changes))


def test_what_the_gateway_refuses_is_denied_or_unavailable(
    there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind, failure in (("AccessDenied", Denied), ("UnknownService", Unavailable)):
        said = Said(500, {"message": "no"}, f"Server.ServerProxy.{kind}")
        monkeypatch.setattr(outward, "ask", lambda question, deadline, said=said: said)
        with pytest.raises(failure, match="no"):
            single(use())


BROKEN: list[Any] = [[], {}, {"use": 5}, {"use": {"subjects": 5}}, {"use": {"resource": "x"}},
                     {"use": [], "known_as": []}]  # fmt: skip


@pytest.mark.parametrize("body", BROKEN)
def test_what_is_not_a_use_is_refused(there: There, body: Any) -> None:
    service = xroad.Service(MARKET, "businesses_of_person")
    client = Identifier("CN-GD", "GOV", FIRE, "lingnan")
    said = there.said(Question(client, service, {}), json.dumps(body).encode())
    assert said.refused.endswith(".BadRequest")


@pytest.mark.parametrize("changes", [
    {"case": "x" * 500}, {"case": "\x00"}, {"deadline": "soon"}, {"deadline": None},
    {"resource": 5}, {"consumer": None}, {"purpose": ["a"]}, {"extra": 1}, {"actor": {"a": 1}},
    {"elements": [[]]}, {"basis": None}, {"subjects": []}, {"subjects": ["x"] * 3},
])  # fmt: skip
def test_a_crooked_use_never_breaks_the_holder(there: There, changes: dict[str, Any]) -> None:
    plain = use().plain() | changes
    names = {str(name): "0" * 32 for name in plain["subjects"]}
    service = xroad.Service(MARKET, "businesses_of_person")
    question = Question(Identifier("CN-GD", "GOV", FIRE, "lingnan"), service, {})
    said = there.said(question, json.dumps({"use": plain, "known_as": names}).encode())
    assert said.status in (200, 403, 409, 500, 503), said
    assert said.status != 500 or said.refused, said


def begin(person: Person) -> Application:
    person.post("/matters/fire_safety_permit/begin/", body=FIRE)
    assert person.status == 200, person.text
    return Application.objects.get(reference=person.url.strip("/").split("/")[-1])


def test_the_form_is_filled_from_the_other_node_and_the_resident_sees_it(there: There) -> None:
    person = Person("resident-440103")
    application = begin(person)
    assert "隔岸粥店" in person.text
    assert application.answers["business_name"]["source"] == "record"
    assert application.answers["premises"]["value"] == "隔岸一号"
    assert "消防救援" in person.get("/looked/")


def test_when_the_other_node_is_down_the_applicant_types(there: There) -> None:
    there.down = True
    with pytest.raises(Unavailable):
        single(use())
    person = Person("resident-440103")
    application = begin(person)
    assert application.answers["business_name"] == {"value": "", "source": "fallback"}
    assert application.answers["operator_name"]["source"] == "record"
    assert re.search(r'<input type="text" value="" id="id_business_name"', person.text)


ANSWERS = {
    "a page": b"<html>",
    "a list": b"[]",
    "nothing": b"",
    "no answers": b"{}",
    "a crooked row": b'{"answers": [{"subject": 1}]}',
    "too few": b'{"answers": []}',
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_holder_that_talks_nonsense_is_unavailable(there: There, kind: str) -> None:
    there.says = ANSWERS[kind]
    before = uses.size()
    with pytest.raises(Unavailable):
        single(use())
    assert uses.size() == before
