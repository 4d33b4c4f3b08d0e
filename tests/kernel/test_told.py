"""Being told: a change reaches who has read it, once, in order, by right, and written down."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from lingnan.kernel.exchange import told as telling_room
from lingnan.kernel.exchange import told_dead
from lingnan.kernel.exchange.api import (
    Agreement,
    Denied,
    agreements,
    introduce,
    tell,
    unfollow,
)
from lingnan.kernel.exchange.models import FollowerEnd, Telling
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.runtime.models import Outgoing
from lingnan.kernel.runtime.temporal.action import bring_all_into_force
from lingnan.kernel.trust.api import SYSTEM, node_evidence
from lingnan.systems.government.population.models import Resident
from tests.kernel import uses
from tests.kernel.listening import ADDRESS, NAME, Listener, followed, listening, moved
from tests.kernel.uses import FIRE, key_of, resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]

DAY = timedelta(days=1)


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Listener:
    return listening(monkeypatch)


def addresses(listener: Listener) -> list[Any]:
    return [change.elements[ADDRESS] for change in listener.heard]


def evidence_of_tellings() -> list[Any]:
    entries = node_evidence.reader().by_subject(
        "person", key_of(resident()), kinds=["exchange.told"]
    )
    return [entry for entry in entries if entry.seq > START[-1]]


START: list[int] = [0]


@pytest.fixture(autouse=True)
def from_here() -> None:
    """Evidence stays when a test is rolled back: each looks at what came after it began."""
    START.append(node_evidence.write([node_evidence.entry("a.test", {})])[0].seq)


def old_address() -> str:
    return str(Resident.objects.get(key=key_of(resident())).address)


def test_a_change_is_told_once_with_what_was_and_what_is(listener: Listener) -> None:
    before = old_address()
    followed()
    moved("花地大道1号")
    assert tell()["told"] == 1
    assert tell() == {"spread": 0, "told": 0, "failed": 0}
    (change,) = listener.heard
    assert change.elements == {ADDRESS: (before, "花地大道1号")}
    assert (change.reference, change.consumer) == ("440103-26-000001", uses.MARKET)
    assert change.as_of == change.valid_from == legal_time.today().isoformat()
    assert change.valid_to == "" and not change.gone


def test_what_an_agreement_does_not_let_through_is_not_told(listener: Listener) -> None:
    followed()
    agreement = Agreement.objects.get(number="GD-2022-0001")
    agreements.change(agreement, "a test", rows="person.sex = 9")
    moved("花地大道1号")
    assert tell()["spread"] == 0 and not listener.heard


def test_it_is_written_down_before_and_the_resident_reads_it(listener: Listener) -> None:
    followed()
    moved("花地大道1号")
    tell()
    (entry,) = evidence_of_tellings()
    assert entry.seq == listener.heard[0].evidence
    assert entry.reference == entry.payload["case"] == "440103-26-000001"
    expected = {"consumer": uses.MARKET, "agreement": "GD-2022-0001", "elements": [ADDRESS],
                "versions": ["population.resident@1", "population.resident@2"]}  # fmt: skip
    assert entry.payload.items() >= expected.items()
    page = Person("resident-440103").get("/looked/")
    row = page.partition('<table class="stack"')[2].split("<tr")[2]
    assert "荔湾区市场监督管理局" in row and "变更" in row and str(entry.seq) in row
    assert "花地大道" not in str(entry.payload)


def test_elements_that_are_not_followed_are_not_told(listener: Listener) -> None:
    followed(elements=[NAME])
    moved("花地大道1号", household="H1")
    assert tell() == {"spread": 0, "told": 0, "failed": 0}
    assert listener.heard == [] and evidence_of_tellings() == []
    assert not Outgoing.objects.exists()


def test_another_subject_is_not_told_of(listener: Listener) -> None:
    followed()
    with action(by="a test", reason="a removal") as act:
        act.change(Resident.objects.get(key=key_of(resident("440106"))), address="花地大道1号")
    tell()
    assert listener.heard == []


REFUSED: dict[str, Callable[[], dict[str, Any]]] = {
    "an element outside the agreement": lambda: {"elements": ["person.birth_date"]},
    "another purpose": lambda: {"purpose": "fire_safety_permit"},
    "another basis": lambda: {"basis": "《行政许可法》（2019-04-23）第三十三条"},
    "no agreement for the consumer": lambda: {"consumer": "gd-440103-police"},
    "another's pseudonym": lambda: {"subject": introduce(resident().subject, to=FIRE)},
    "a resource that nobody holds": lambda: {"resource": "nobody.nothing"},
}


@pytest.mark.parametrize("reason", REFUSED)
def test_nobody_follows_without_the_right_to_read(reason: str, listener: Listener) -> None:
    with pytest.raises(Denied):
        followed(**REFUSED[reason]())
    with pytest.raises(ValueError, match="no room or system"):
        followed(listener="nowhere")
    moved("花地大道1号")
    tell()
    assert listener.heard == []


def test_following_twice_is_following_once(listener: Listener) -> None:
    assert followed() == followed()
    moved("花地大道1号")
    tell()
    assert len(listener.heard) == 1


def test_two_cases_are_told_each(listener: Listener) -> None:
    followed("440103-26-000001")
    followed("440103-26-000002")
    moved("花地大道1号")
    tell()
    assert {c.reference for c in listener.heard} == {"440103-26-000001", "440103-26-000002"}
    assert len({c.record for c in listener.heard}) == 1


def test_who_unfollows_is_told_nothing_not_even_what_waits(listener: Listener) -> None:
    followed()
    moved("花地大道1号")
    listener.failures = [OSError()]
    tell()
    assert unfollow("440103-26-000001") == 1
    assert unfollow("440103-26-000001") == 0
    moved("花地大道2号")
    tell(timezone.now() + DAY)
    assert len(listener.heard) == 1
    assert Telling.objects.get().state == "dropped"


def test_after_the_agreement_has_ended_nothing_is_told(listener: Listener) -> None:
    follower = followed()
    moved("花地大道1号")
    with action(by="a test", reason="revoked") as act:
        act.end(Agreement.objects.get(number="GD-2022-0001"))
    tell()
    assert listener.heard == [] and evidence_of_tellings() == []
    assert FollowerEnd.objects.get(follower=follower).why == "agreement"
    telling = Telling.objects.get()
    assert (telling.state, telling.problem) == ("dropped", "agreement")
    with pytest.raises(Denied):
        followed()


def rounds(count: int) -> datetime:
    """So many rounds, each when the one before has set it; the moment of the last."""
    at = timezone.now()
    for _ in range(count):
        at = max([at, *Telling.objects.values_list("next_at", flat=True)])
        tell(at)
    return at


def test_a_listener_that_fails_is_told_again_later_and_not_at_once(listener: Listener) -> None:
    followed()
    moved("花地大道1号")
    listener.failures = [OSError("花地大道1号 cannot be written")]
    at = timezone.now()
    assert tell(at)["failed"] == 1
    assert tell(at + timedelta(seconds=59))["told"] == 0
    telling = Telling.objects.get()
    assert (telling.state, telling.attempts) == ("waiting", 1)
    assert telling.problem.startswith("OSError (listening.py:")
    assert "花地" not in telling.problem
    assert tell(at + timedelta(seconds=60))["told"] == 1
    assert len({c.telling for c in listener.heard}) == 1
    assert len({c.evidence for c in listener.heard}) == 1 == len(evidence_of_tellings())


def test_a_listener_that_keeps_failing_ends_as_a_dead_letter(listener: Listener) -> None:
    followed()
    moved("花地大道1号")
    listener.failures = [OSError()] * 6
    rounds(5)
    assert Telling.objects.get().state == "waiting"
    at = rounds(1)
    assert Telling.objects.get().state == "dead"
    assert [t.attempts for t in told_dead.dead_letters()] == [6]
    tell(at + 7 * DAY)
    assert len(listener.heard) == 6
    told_dead.again(Telling.objects.get().id, SYSTEM)
    tell()
    assert len(listener.heard) == 7 and Telling.objects.get().state == "done"
    with pytest.raises(told_dead.NotDead):
        told_dead.again(Telling.objects.get().id, SYSTEM)


def test_a_listener_that_is_not_there_is_a_failure_of_its_own(listener: Listener) -> None:
    followed(listener="content")
    followed("440103-26-000002")
    moved("花地大道1号")
    assert tell() == {"spread": 2, "told": 1, "failed": 1}
    assert [change.reference for change in listener.heard] == ["440103-26-000002"]
    assert Telling.objects.get(state="waiting").problem.startswith("ModuleNotFoundError")


class Killed(BaseException):
    """The process ends here."""


def test_killed_while_the_listener_runs_it_is_told_again_and_takes_effect_once(
    listener: Listener,
) -> None:
    follower = followed()
    moved("花地大道1号")
    effects = FollowerEnd.objects.filter(why="an effect")

    def killed_after_writing(change: Any) -> None:
        listener.heard.append(change)
        FollowerEnd.objects.create(follower=follower, at=timezone.now(), why="an effect")
        if len(listener.heard) == 1:
            raise Killed

    listener.module.told = killed_after_writing  # type: ignore[attr-defined]
    with pytest.raises(Killed):
        tell()
    assert Telling.objects.get().state == "waiting" and not effects.exists()
    tell()
    tell()
    assert len(listener.heard) == 2 and effects.count() == 1
    assert Telling.objects.get().state == "done" and len(evidence_of_tellings()) == 1


def test_killed_between_evidence_and_listener_it_is_told_after_all(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed()
    moved("花地大道1号")

    def killed(*args: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(telling_room, "_hand_over", killed)
        with pytest.raises(Killed):
            tell()
    assert len(evidence_of_tellings()) == 1 and listener.heard == []
    tell()
    assert len(listener.heard) == 1 and len(evidence_of_tellings()) == 1


def test_a_listener_outside_the_transaction_hears_the_same_telling_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listener = listening(monkeypatch, outside=True)
    followed()
    moved("花地大道1号")
    listener.failures = [Killed()]
    with pytest.raises(Killed):
        tell()
    tell()
    assert [c.telling for c in listener.heard] == [listener.heard[0].telling] * 2
    assert Telling.objects.get().state == "done"


def test_without_evidence_nothing_is_told_and_no_attempt_is_lost(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed()
    moved("花地大道1号")
    with uses.evidence_down(monkeypatch):
        tell()
    assert listener.heard == [] and Telling.objects.get().attempts == 0
    tell(timezone.now() + timedelta(minutes=2))
    assert len(listener.heard) == 1


def test_changes_of_one_record_are_told_in_their_order(listener: Listener) -> None:
    before = old_address()
    followed()
    for number in (1, 2, 3):
        moved(f"花地大道{number}号")
    listener.failures = [OSError()]
    at = timezone.now()
    assert tell(at)["failed"] == 1
    assert len(listener.heard) == 1
    tell(at + timedelta(minutes=1))
    assert addresses(listener)[1:] == [
        (before, "花地大道1号"),
        ("花地大道1号", "花地大道2号"),
        ("花地大道2号", "花地大道3号"),
    ]


def test_a_dead_letter_does_not_hold_up_what_comes_later_nor_undo_it(listener: Listener) -> None:
    followed()
    moved("花地大道1号")
    listener.failures = [OSError()] * 6
    at = rounds(6)
    moved("花地大道2号")
    assert tell(at)["told"] == 1
    (dead,) = told_dead.dead_letters()
    with pytest.raises(told_dead.Overtaken):
        told_dead.again(dead.id, SYSTEM)
    with pytest.raises(ValueError, match="reason"):
        told_dead.give_up(dead.id, SYSTEM, " ")
    told_dead.give_up(dead.id, SYSTEM, "已被后来的变更取代")
    assert Telling.objects.get(id=dead.id).state == "dropped"
    entry = node_evidence.reader().entries("operating.told_given_up")[0]
    assert entry.payload is not None and entry.payload["reason"] == "已被后来的变更取代"


def test_a_future_change_is_told_on_its_day_and_not_before(listener: Listener) -> None:
    followed()
    start = legal_time.today() + DAY
    moved("花地大道1号", valid_from=start)
    bring_all_into_force()
    tell()
    assert listener.heard == []
    legal_time.move_to(legal_time.now() + DAY)
    bring_all_into_force()
    tell()
    assert [c.valid_from for c in listener.heard] == [start.isoformat()]


def test_a_correction_of_the_past_is_told_with_its_days(listener: Listener) -> None:
    before = old_address()
    begin, end = legal_time.today(), legal_time.today() + 3 * DAY
    legal_time.move_to(legal_time.now() + 5 * DAY)
    followed()
    with action(by="a test", reason="a correction") as act:
        person = Resident.objects.get(key=key_of(resident()))
        act.correct(person, valid_from=begin, valid_to=end, address="花地大道1号")
    tell()
    (change,) = listener.heard
    assert change.elements == {ADDRESS: (before, "花地大道1号")}
    assert (change.valid_from, change.valid_to) == (begin.isoformat(), end.isoformat())
    assert change.as_of > change.valid_to


def test_a_record_that_ends_is_told_as_gone(listener: Listener) -> None:
    followed(elements=[NAME])
    name = resident().name
    with action(by="a test", reason="an end") as act:
        act.end(Resident.objects.get(key=key_of(resident())))
    tell()
    assert [c.elements for c in listener.heard] == [{NAME: (name, None)}]
    assert listener.heard[0].gone


def test_a_bulk_load_tells_nobody(listener: Listener) -> None:
    followed()
    with action(by="a test", reason="a load") as act:
        plain = {
            f.name: getattr(Resident.objects.get(key=key_of(resident())), f.name)
            for f in Resident._meta.concrete_fields
            if f.name not in ("key", "version", "valid_from", "recorded_at", "ended")
        }
        act.load(Resident, [plain | {"resident_number": "440199199001010019"}])
    assert tell() == {"spread": 0, "told": 0, "failed": 0}
