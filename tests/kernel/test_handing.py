"""Handing over to a body at another node: kept until acknowledged, taken once, refused in words.

Both nodes are this process here; a system of the test takes what comes.
"""

import hashlib
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import pytest
from django.utils import timezone

from lingnan.kernel.exchange import elsewhere, outward
from lingnan.kernel.exchange.api import Unavailable
from lingnan.kernel.exchange.handing import (
    ending,
    limits,
    parting,
    receiving,
    sending,
    taking,
)
from lingnan.kernel.exchange.models import HandedIn, Handover
from lingnan.kernel.exchange.outward import Question, Said
from lingnan.kernel.trust.api import Account, Actor, actor_of, node_evidence
from lingnan.standards.xroad import Identifier

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
OWN = Identifier("CN-GD", "GOV", "gd-440000-data", "exchange")
SERVER = "CN-GD/GOV/gd-440000-data/province"
MODULE = "lingnan.systems.government.justice_network.handed"
SENDER, RECEIVER, SYSTEM = "gd-440000-police", "gd-440000-market", "justice_network"


class Between:
    """The way to the other node, and the system there."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, bytes]] = []
        self.problem: Exception | None = None
        self.down = self.lose_receipts = False
        self.sent = 0

    def ask(self, question: Question, deadline: float) -> Said:
        if self.down:
            raise Unavailable("nobody answers")
        self.sent += 1
        assert isinstance(question.body, dict)
        if question.service.code == receiving.WITHDRAW:
            return Said(200, receiving.withdraw(dict(question.body), question.client))
        try:
            answer = taking.take(dict(question.body), question.client)
        except PermissionError as refused:
            return Said(500, {"message": str(refused)}, "Server.ServerProxy.AccessDenied")
        except ValueError as refused:
            return Said(400, {"message": str(refused)}, "Client.BadRequest")
        except RuntimeError:
            return Said(503, {}, "Server.ServerProxy.ServiceFailed")
        if self.lose_receipts:
            raise Unavailable("the answer was lost")
        return Said(200, answer)

    def handed(self, kind: str, number: str, data: bytes, node: str) -> None:
        assert node == SERVER
        if self.problem is not None:
            raise self.problem
        self.taken.append((kind, number, data))


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Iterator[Between]:
    way = Between()
    module = ModuleType(MODULE)
    vars(module).update(handed=way.handed, __spec__=ModuleSpec(MODULE, None))
    monkeypatch.setitem(sys.modules, MODULE, module)
    monkeypatch.setattr(elsewhere, "node_of", lambda body: SERVER if body == RECEIVER else None)
    monkeypatch.setattr(elsewhere, "node", lambda server: elsewhere.Node(SERVER, OWN, "0" * 64))
    monkeypatch.setattr(elsewhere, "own_services", lambda: OWN)
    monkeypatch.setattr(elsewhere, "server_of", lambda asks: SERVER if asks == OWN else None)
    monkeypatch.setattr(elsewhere, "speaks_for", lambda server, body: body == SENDER)
    monkeypatch.setattr(outward, "ask", way.ask)
    return way


@pytest.fixture
def who() -> Actor:
    return actor_of(Account.objects.get(login="440000-data-operator"))


@pytest.fixture
def here(between: Between, monkeypatch: pytest.MonkeyPatch) -> Between:
    """For the receiving side this node speaks for the receiver."""
    plain = taking.take

    def take(question: dict[str, Any], asks: Identifier) -> dict[str, Any]:
        with monkeypatch.context() as there:
            there.setattr(elsewhere, "node_of", lambda body: None)
            there.setattr(elsewhere, "speaks_here", lambda body: body == RECEIVER)
            return plain(question, asks)

    monkeypatch.setattr(taking, "take", take)
    return between


def given(data: bytes = b"a file", number: str = "YS-1", receiver: str = RECEIVER) -> bool:
    return sending.hand_over(SYSTEM, "package", number, data, sender=SENDER, receiver=receiver,
                             case="A-1")  # fmt: skip


def later(hours: float) -> Any:
    return timezone.now() + timedelta(hours=hours)


def test_it_arrives_once_and_is_acknowledged(here: Between) -> None:
    assert given() and given(), "the same again is the same"
    assert sending.send_due() == 1 and sending.send_due() == 0
    assert here.taken == [("package", "YS-1", b"a file")]
    assert Handover.objects.get().state == "taken"
    assert HandedIn.objects.get().sha256 == hashlib.sha256(b"a file").hexdigest()


def test_what_stays_at_this_node_is_not_sent(here: Between) -> None:
    assert not given(receiver="gd-440000-fire") and not Handover.objects.exists()


def test_a_lost_receipt_or_a_node_that_is_down_loses_nothing_and_does_nothing_twice(
    here: Between,
) -> None:
    given()
    here.down = True
    for hour in range(5):
        assert sending.send_due(later(hour)) == 0
    here.down, here.lose_receipts = False, True
    assert sending.send_due(later(6)) == 0 and len(here.taken) == 1
    here.lose_receipts = False
    assert sending.send_due(later(7)) == 1 and len(here.taken) == 1
    assert Handover.objects.get().state == "taken"


def test_a_node_that_does_not_answer_is_asked_once_in_a_round(here: Between) -> None:
    for number in range(5):
        given(number=f"YS-{number}")
    here.lose_receipts = True
    sending.send_due()
    assert here.sent == 1 and Handover.objects.filter(state="waiting").count() == 5


def test_what_the_system_refuses_is_refused_for_good_and_says_why(here: Between) -> None:
    here.problem = ValueError("altered")
    given()
    assert sending.send_due() == 1
    one = Handover.objects.get()
    assert one.state == "refused" and "altered" in one.problem and not HandedIn.objects.exists()


def test_what_fails_there_comes_again(here: Between) -> None:
    here.problem = RuntimeError("not now")
    given()
    assert sending.send_due() == 0 and not HandedIn.objects.exists()
    here.problem = None
    assert sending.send_due(later(1)) == 1 and len(here.taken) == 1


def test_for_about_a_week_and_then_an_operator_decides(here: Between) -> None:
    given()
    here.down = True
    Handover.objects.update(attempts=parting.MOST)
    sending.send_due(later(1))
    assert Handover.objects.get().state == "dead"


def test_too_much_at_once_is_said_before_anything_happens(here: Between, settings: Any) -> None:
    settings.HANDED_LIMIT = 1000
    with pytest.raises(limits.TooMuch):
        given(b"x" * 1001)
    assert not Handover.objects.exists()


def test_its_system_learns_that_it_does_not_arrive(
    here: Between, who: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str, str]] = []
    vars(sys.modules[MODULE])["not_handed"] = lambda *words: told.append(words)
    here.problem = ValueError("altered")
    given()
    sending.send_due()
    one = Handover.objects.get()
    assert told == [("package", "YS-1", "altered")] and one.returned
    with pytest.raises(ending.NotOpen):
        ending.again(one.pk, who)
    here.down = True
    given(number="YS-2")
    two = Handover.objects.get(number="YS-2")
    Handover.objects.filter(pk=two.pk).update(attempts=parting.MOST)
    sending.send_due(later(1))
    ending.again(two.pk, who)
    assert Handover.objects.get(pk=two.pk).state == "waiting" and len(told) == 1
    with pytest.raises(ValueError, match="reason"):
        ending.give_up(two.pk, who, " ")
    assert not ending.give_up(two.pk, who, "对方节点已撤销"), "nobody there could be asked"
    assert told[1:] == [("package", "YS-2", "对方节点已撤销")]
    assert Handover.objects.get(pk=two.pk).state == "dropped"


def test_what_nobody_decides_in_time_comes_back_once_by_itself(
    here: Between, who: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str, str]] = []
    vars(sys.modules[MODULE])["not_handed"] = lambda *words: told.append(words)
    here.down = True
    given()
    given(number="YS-2")
    Handover.objects.update(attempts=parting.MOST)
    sending.send_due(later(1))
    one, two = Handover.objects.order_by("id")
    back = ending.comes_back(one)
    assert back is not None and back - limits.returning() == one.finished_at
    assert ending.return_due(back - timedelta(seconds=1)) == 0 and not told
    ending.again(two.pk, who)
    assert ending.return_due(back) == 1, "what is tried again does not come back"
    one.refresh_from_db()
    assert (one.state, one.returned, one.finished_at) == ("returned", True, back)
    assert [words[:2] for words in told] == [("package", "YS-1")]
    (written,) = node_evidence.reader().entries("handover.returned", limit=1)
    assert written.payload is not None and written.payload["number"] == "YS-1"
    assert ending.return_due(back + timedelta(days=9)) == 0 and len(told) == 1
    for late in (lambda: ending.again(one.pk, who), lambda: ending.give_up(one.pk, who, "late")):
        with pytest.raises(ending.NotOpen):
            late()


def test_what_is_dead_and_had_arrived_does_not_come_back(here: Between) -> None:
    given()
    here.lose_receipts = True
    Handover.objects.update(attempts=parting.MOST)
    sending.send_due(later(1))
    here.lose_receipts = False
    assert Handover.objects.get().state == "dead"
    assert ending.return_due(later(24 * 30)) == 1
    assert Handover.objects.get().state == "taken" and len(here.taken) == 1


def test_what_had_arrived_after_all_is_not_given_up(here: Between, who: Actor) -> None:
    here.lose_receipts = True
    given()
    sending.send_due()
    here.lose_receipts = False
    with pytest.raises(ending.Arrived):
        ending.give_up(Handover.objects.get().pk, who, "no word for a week")
    assert Handover.objects.get().state == "taken" and len(here.taken) == 1


def test_only_who_may_gives_what_it_says_to_who_takes(
    here: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    given()
    asked: list[dict[str, Any]] = []
    plain = here.ask

    def kept(question: Question, deadline: float) -> Said:
        assert isinstance(question.body, dict)
        asked.append(dict(question.body))
        return plain(question, deadline)

    monkeypatch.setattr(outward, "ask", kept)
    sending.send_due()
    good = asked[0]
    stranger = Identifier("CN-GD", "GOV", "gd-440300-data", "exchange")
    for change, asks, kind in (
        ({}, stranger, PermissionError),
        ({"from": "gd-440000-fire"}, OWN, PermissionError),
        ({"to": "gd-440000-fire"}, OWN, PermissionError),
        ({"system": "population"}, OWN, PermissionError),
        ({"system": "none"}, OWN, PermissionError),
        ({"content": "bm90IGl0"}, OWN, ValueError),
        ({"content": "%"}, OWN, ValueError),
        ({"sha256": "0" * 64}, OWN, ValueError),
        ({"number": ""}, OWN, ValueError),
        ({"kind": 5}, OWN, ValueError),
    ):  # fmt: skip
        with pytest.raises(kind):
            taking.take({**good, **change}, asks)
    other = b"another"
    with pytest.raises(ValueError, match="something else"):
        taking.take({**good, "content": "YW5vdGhlcg==",
                     "sha256": hashlib.sha256(other).hexdigest()}, OWN)  # fmt: skip
    assert len(here.taken) == 1
