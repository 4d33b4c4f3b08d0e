"""Being told between nodes: asked for, delivered as an event, acted on once, acknowledged.

Both nodes are this process here, and the events go from one to the other as messages would.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from lingnan.kernel.exchange import elsewhere, outward
from lingnan.kernel.exchange.api import Unavailable, introduce, tell
from lingnan.kernel.exchange.followers import follow, unfollow
from lingnan.kernel.exchange.following import asking, delivering, inbox, taking
from lingnan.kernel.exchange.models import Arrived, Follower, Following, Telling
from lingnan.kernel.exchange.outward import Question, Said
from lingnan.kernel.runtime import outbox
from lingnan.standards.xroad import Identifier
from tests.kernel import uses
from tests.kernel.listening import ADDRESS, LISTENER, NAME, Listener, listening, moved
from tests.kernel.uses import resident

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
POLICE = Identifier("CN-GD", "GOV", "gd-440000-police", "population")
OWN = Identifier("CN-GD", "GOV", "gd-440000-data", "exchange")
SERVER = "CN-GD/GOV/gd-440000-data/province"
HANDLERS = {asking.FOLLOW: taking.follow, asking.UNFOLLOW: taking.unfollow,
            asking.REPLAY: taking.replay, delivering.SERVICE: inbox.take}  # fmt: skip


class Between:
    """The way between both: what was sent, and what may go wrong with it."""

    def __init__(self, listener: Listener) -> None:
        self.sent: list[Question] = []
        self.listener = listener
        self.down = self.lose_receipts = False

    def ask(self, question: Question, deadline: float) -> Said:
        if self.down:
            raise Unavailable("nobody answers")
        self.sent.append(question)
        try:
            answer = HANDLERS[question.service.code](dict(question.body), question.client)
        except PermissionError as refused:
            return Said(500, {"message": str(refused)}, "Server.ServerProxy.AccessDenied")
        except ValueError as refused:
            return Said(400, {"message": str(refused)}, "Client.BadRequest")
        except RuntimeError:
            return Said(503, {}, "Server.ServerProxy.ServiceFailed")
        if self.lose_receipts:
            raise Unavailable("the answer was lost")
        return Said(200, answer)


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Iterator[Between]:
    way = Between(listening(monkeypatch))
    home = elsewhere.Elsewhere(POLICE, SERVER, "0" * 64)
    node = elsewhere.Node(SERVER, OWN, "0" * 64)
    monkeypatch.setattr(
        elsewhere, "of_system", lambda system: home if system == "population" else None
    )
    monkeypatch.setattr(elsewhere, "node", lambda server: node)
    monkeypatch.setattr(elsewhere, "own_services", lambda: OWN)
    monkeypatch.setattr(elsewhere, "server_of", lambda asks: SERVER if asks == OWN else None)
    monkeypatch.setattr(elsewhere, "speaks_for", lambda server, body: body == uses.MARKET)
    monkeypatch.setattr(outward, "ask", way.ask)
    outbox.drop(["population.resident"])
    yield way


def wanted(**changes: Any) -> Following:
    plain: dict[str, Any] = {
        "resource": uses.IDENTITY, "consumer": uses.MARKET, "purpose": "individual_business",
        "subject": introduce(resident().subject, to=uses.MARKET), "basis": uses.BASIS,
        "elements": [NAME, ADDRESS], "reference": "440103-26-000001", "listener": LISTENER,
    }  # fmt: skip
    assert follow(**(plain | changes)) is None, "the follower is at the other node"
    return Following.objects.get()


def later(hours: float) -> Any:
    return timezone.now() + timedelta(hours=hours)


def test_a_change_at_the_holder_reaches_the_listener_at_the_other_node(between: Between) -> None:
    one = wanted()
    assert asking.ask_due() == 1
    one.refresh_from_db()
    assert one.state == "following" and Follower.objects.get(node=SERVER).pk == one.number
    moved("新址一号")
    assert tell()["told"] == 1
    (change,) = between.listener.heard
    assert change.reference == "440103-26-000001" and change.elements[ADDRESS][1] == "新址一号"
    event = between.sent[-1]
    assert event.kind == "application/cloudevents+json" and event.body["specversion"] == "1.0"
    assert event.body["type"] == "cn.lingnan.record.changed"
    assert event.body["id"] == str(Telling.objects.get().id)


def test_it_is_acted_on_once_however_often_it_comes(between: Between) -> None:
    wanted()
    asking.ask_due()
    moved("新址二号")
    between.lose_receipts = True
    assert tell()["failed"] == 1 and Telling.objects.get().state == "waiting"
    assert len(between.listener.heard) == 1, "acted on, though the receipt was lost"
    between.lose_receipts = False
    assert tell(later(1))["told"] == 1
    assert len(between.listener.heard) == 1 and Arrived.objects.count() == 1


def test_a_listener_that_fails_gets_it_again_and_nothing_is_lost(between: Between) -> None:
    wanted()
    asking.ask_due()
    moved("新址三号")
    between.listener.failures = [RuntimeError("not now")]
    assert tell()["failed"] == 1 and not Arrived.objects.exists()
    assert tell(later(1))["told"] == 1 and len(between.listener.heard) == 2
    assert Arrived.objects.count() == 1


def test_a_node_that_is_down_for_a_day_gets_all_in_order(between: Between) -> None:
    wanted()
    asking.ask_due()
    for number in range(3):
        moved(f"第{number}址")
    between.down = True
    for hour in range(25):
        assert tell(later(hour))["told"] == 0
    assert not Telling.objects.exclude(state="waiting").exists(), "tried on for days"
    between.down = False
    assert tell(later(26))["told"] == 3
    assert [one.elements[ADDRESS][1] for one in between.listener.heard] == [
        "第0址",
        "第1址",
        "第2址",
    ]
    between.down = True
    moved("再迁")
    tell()
    Telling.objects.filter(state="waiting").update(attempts=delivering.MOST)
    assert tell(later(24 * 8))["failed"] == 1
    assert Telling.objects.filter(state="dead").count() == 1, "after a week an operator decides"


def test_what_was_told_can_be_told_again_from_a_place_on(between: Between) -> None:
    one = wanted()
    asking.ask_due()
    for number in range(3):
        moved(f"第{number}址")
    tell()
    one.refresh_from_db()
    second = Telling.objects.order_by("id")[1].id
    before = len(between.sent)
    assert asking.replay(one, second) == 2
    assert tell(later(1))["told"] == 2
    ids = [int(question.body["id"]) for question in between.sent[before + 1 :]]
    assert ids == [second, second + 1], "in their order, by the same names"
    assert len(between.listener.heard) == 3, "and what was acted on changes nothing"


def test_it_is_asked_for_again_until_the_holder_answers(between: Between) -> None:
    one = wanted()
    between.down = True
    assert asking.ask_due() == 0
    assert asking.ask_due(later(1)) == 0
    between.down = False
    assert asking.ask_due(later(2)) == 1
    wanted()
    assert Following.objects.count() == 1 and Follower.objects.count() == 1
    Following.objects.filter(pk=one.pk).update(state="wanted", next_at=timezone.now())
    between.lose_receipts = True
    asking.ask_due()
    between.lose_receipts = False
    asking.ask_due(later(1))
    assert Follower.objects.count() == 1, "the same following twice is one"


def test_unfollowed_it_ends_at_both(between: Between) -> None:
    wanted()
    asking.ask_due()
    assert unfollow("440103-26-000001", LISTENER) == 1
    assert asking.ask_due() == 1
    assert Following.objects.get().state == "ended"
    moved("新址四号")
    assert tell()["told"] == 0 and not between.listener.heard


def test_without_an_agreement_it_is_refused_there(between: Between) -> None:
    wanted(purpose="curiosity")
    assert asking.ask_due() == 1
    one = Following.objects.get()
    assert one.state == "refused" and "no agreement" in one.problem


FOREIGN = Identifier("CN-GD", "GOV", "gd-440300-data", "exchange")


def test_others_cannot_end_replay_or_feed_a_following(between: Between) -> None:
    one = wanted()
    asking.ask_due()
    one.refresh_from_db()
    moved("新址五号")
    tell()
    event = dict(between.sent[-1].body)
    for handler, question in (
        (taking.unfollow, {"follower": one.number}),
        (taking.replay, {"follower": one.number, "since": 0}),
        (inbox.take, event),
    ):
        with pytest.raises(PermissionError):
            handler(question, FOREIGN)
    with pytest.raises(PermissionError):
        inbox.take(event | {"data": event["data"] | {"follower": 99}}, OWN)
    for crooked in ({}, event | {"specversion": "2"}, event | {"type": "other"},
                    event | {"id": "7", "data": {"follower": one.number}}):  # fmt: skip
        with pytest.raises(ValueError):
            inbox.take(crooked, OWN)
    with pytest.raises(PermissionError):
        taking.follow(
            {"resource": uses.IDENTITY, "consumer": "gd-440000-fire", "subject": "0" * 32,
             "purpose": "p", "basis": "b", "elements": [], "reference": "r", "listener": "l"},
            OWN,
        )  # fmt: skip
