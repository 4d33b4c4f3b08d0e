"""An operator sees what is on its way between nodes, tries it again, gives it up, replays it."""

from typing import Any

import pytest
from django.utils import timezone

from lingnan.kernel.exchange.api import Unavailable
from lingnan.kernel.exchange.following import asking
from lingnan.kernel.exchange.models import Following, Handover, Incoming
from lingnan.kernel.exchange.outward import Said
from lingnan.kernel.trust.api import node_evidence
from tests.kernel.uses import evidence_down
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
OPERATOR, HERE = "440000-data-operator", "/operating/transit/"
SERVER = "CN-GD/GOV/gd-440300-data/shenzhen"


def handover(**changes: Any) -> Handover:
    values = {
        "system": "resource_exchange", "kind": "files", "number": "WJ-1", "case": "A-1",
        "sender": "gd-440000-market", "receiver": "gd-440000-tax", "size": 5 << 30, "part": 8 << 20,
        "acknowledged": 100, "state": "dead", "problem": "nobody answers", "attempts": 680,
    }  # fmt: skip
    return Handover.objects.create(**values | changes, next_at=timezone.now())


def following(**changes: Any) -> Following:
    values: dict[str, Any] = {
        "server": SERVER, "resource": "population.identity", "consumer": "gd-440000-fire",
        "subject": "0" * 32, "purpose": "p", "basis": "b", "elements": [], "reference": "A-2",
        "listener": "matters", "state": "refused", "problem": "no agreement",
    }  # fmt: skip
    return Following.objects.create(**values | changes, next_at=timezone.now())


def kinds() -> list[str]:
    return [one.kind for one in node_evidence.reader().entries(limit=10)]


@pytest.mark.parametrize("login", ["resident-440103", "440000-data-data_officer"])
def test_it_is_the_operators_alone(login: str) -> None:
    person, one = Person(login), handover()
    for path in ("", f"handovers/{one.pk}/"):
        person.get(f"{HERE}{path}")
        assert person.status == 403
    person.post(f"{HERE}handovers/{one.pk}/give-up/", reason="不再需要")
    assert person.status == 403 and Handover.objects.get().state == "dead"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_everything_that_has_not_arrived_stands_on_one_page(language: str) -> None:
    handover()
    handover(number="WJ-2", state="waiting", problem="")
    handover(number="WJ-3", state="taken")
    following()
    following(state="following", number=7)
    Incoming.objects.create(
        server=SERVER, digest="0" * 64, system="resource_exchange", kind="files", number="IN-1",
        sender="gd-440300-police", receiver="gd-440000-market", size=3 << 20, manifest={},
        begun_at=timezone.now(), heard_at=timezone.now(),
    )  # fmt: skip
    operator = Person(OPERATOR, language)
    page = operator.get(HERE)
    assert operator.status == 200
    for text in ("WJ-1", "WJ-2", "IN-1", "nobody answers", "no agreement", SERVER, "5.0 GB"):
        assert text in page, text
    assert "WJ-3" not in page
    assert operator.get("/operating/").count(HERE) == 1


def test_a_dead_handover_is_tried_again_or_given_up_with_a_reason() -> None:
    operator, one = Person(OPERATOR), handover()
    page = f"{HERE}handovers/{one.pk}/"
    assert "nobody answers" in operator.get(page)
    operator.post(f"{page}again/")
    again = Handover.objects.get()
    assert (again.state, again.attempts) == ("waiting", 0)
    operator.post(f"{page}give-up/", reason=" ")
    assert operator.status == 422 and Handover.objects.get().state == "waiting"
    operator.post(f"{page}give-up/", reason="对方机关已撤销")
    given_up = Handover.objects.get()
    assert given_up.state == "dropped" and given_up.problem == "对方机关已撤销"
    assert {"operating.handed_again", "operating.handed_given_up"} <= set(kinds())
    operator.post(f"{page}again/")
    assert Handover.objects.get().state == "dropped"


def test_without_evidence_nothing_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    operator, one = Person(OPERATOR), handover()
    with evidence_down(monkeypatch):
        operator.post(f"{HERE}handovers/{one.pk}/again/")
    assert Handover.objects.get().state == "dead"


def test_a_following_is_asked_for_again_replayed_and_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    operator, one = Person(OPERATOR), following()
    page = f"{HERE}followings/{one.pk}/"
    assert "no agreement" in operator.get(page)
    operator.post(f"{page}again/")
    assert Following.objects.get().state == "wanted"
    asked: list[dict[str, Any]] = []

    def sent(one: Following, service: str, question: dict[str, Any]) -> Said:
        asked.append(question)
        if question["since"] == 9:
            raise Unavailable("nobody answers")
        return Said(200, {"again": 3})

    monkeypatch.setattr(asking, "_sent", sent)
    operator.post(f"{page}replay/", act="replay", since="5")
    assert asked == [], "only what is followed is told again"
    Following.objects.update(state="following", number=7)
    operator.post(f"{page}replay/", act="replay", since="5")
    assert asked == [{"follower": 7, "since": 5}] and "3" in operator.said
    operator.post(f"{page}replay/", act="replay", since="9")
    assert "nobody answers" in operator.said
    operator.post(f"{page}replay/", act="replay", since="x")
    assert len(asked) == 2
    operator.post(f"{page}give-up/", reason="办件已办结")
    assert Following.objects.get().state == "ending", "it is ended at the other node, too"
