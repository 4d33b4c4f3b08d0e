"""Files handed over in parts: resumed, cut off, without room, without right; and at one node."""

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from lingnan.kernel.exchange import outward
from lingnan.kernel.exchange.api import Unavailable, agreements, conclude
from lingnan.kernel.exchange.handing import (
    arriving,
    cleaning,
    limits,
    offering,
    parting,
    rights,
    sending,
    store,
)
from lingnan.kernel.exchange.handing.offering import NotPossible, WrongPlace
from lingnan.kernel.exchange.models import HandedIn, Handover, Incoming
from lingnan.kernel.exchange.outward import Question, Said
from lingnan.kernel.trust.api import consents
from tests.kernel.parted import (
    DATA,
    MODULE,
    PART,
    RECEIVER,
    SENDER,
    SYSTEM,
    Between,
    begun,
    filled,
    kept,
    later,
    rounds,
    standing,
)

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Between:
    return standing(monkeypatch, tmp_path)


def test_files_arrive_whole_once_and_by_a_receipt_that_anybody_can_judge(way: Between) -> None:
    filled()
    rounds()
    one, came = Handover.objects.get(), HandedIn.objects.get()
    assert one.state == "taken" and one.acknowledged == 6 and len(way.taken) == 1
    assert kept(came) == DATA and came.root == one.root and came.case == "A-1"
    assert way.parts == [str(n) for n in range(6)]
    said, _root = consents.foreign.said(
        consents.foreign.Shown.read(one.receipt), [consents.foreign.root_digest()], "message"
    )
    assert said["root"] == one.root and said["files"][0]["name"] == "一.csv"
    assert not store.folder(store.OUT, one.ref).exists() and not any(store.folders(store.IN))


def test_a_silent_node_gets_only_what_it_has_not_got(way: Between) -> None:
    filled()
    down = [True, False, True, True, False]

    def flaky(question: Question) -> None:
        if question.path and down and down.pop():
            raise Unavailable("nobody answers")

    way.before = flaky
    rounds(40)
    assert Handover.objects.get().state == "taken" and len(way.taken) == 1
    assert sorted(way.parts) == [str(n) for n in range(6)], "none was sent twice"


def test_a_lost_answer_makes_nothing_twice(way: Between) -> None:
    filled()
    plain, lost = way.ask, {"manifest", "part", "whole"}

    def losing(question: Question, deadline: float) -> Said:
        answer = plain(question, deadline)
        if question.service.code in lost:
            lost.remove(question.service.code)
            raise Unavailable("the answer was lost")
        return answer

    outward.ask = losing
    rounds(40)
    assert Handover.objects.get().state == "taken" and len(way.taken) == 1


def test_a_full_disk_is_said_and_gone_on_from_when_there_is_room(
    way: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled()
    plain, full = shutil.disk_usage, {"yes": False}

    def usage(path: Any) -> Any:
        found = plain(path)
        return found._replace(free=store.RESERVE) if full["yes"] else found

    monkeypatch.setattr(shutil, "disk_usage", usage)
    way.before = lambda question: full.update(yes=question.path.endswith("/3"))
    parting.run()
    one = Handover.objects.get()
    assert one.state == "waiting" and "disk" in one.problem and one.acknowledged == 3
    way.before = lambda question: full.update(yes=False)
    rounds(40)
    assert Handover.objects.get().state == "taken"
    assert way.parts.count("0") == 1, "what had come was not sent anew"


def test_an_agreement_that_ends_half_way_ends_it(
    way: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_force = {"yes": True}

    def demand(number: str, *_: Any) -> None:
        if not in_force["yes"]:
            raise PermissionError(f"the agreement {number} is over")

    monkeypatch.setattr(rights, "demand_agreement", demand)
    filled(agreement="XY-1", purpose="a_test")
    way.before = lambda question: in_force.update(yes=not question.path.endswith("/2"))
    parting.run()
    one, there = Handover.objects.get(), Incoming.objects.get()
    assert one.state == "refused" and "XY-1" in one.problem
    assert there.state == "withdrawn" and "XY-1" in there.problem
    assert not any(store.folders(store.IN)) and not HandedIn.objects.exists()
    assert "3" not in way.parts and "4" not in way.parts


def test_a_full_day_waits_at_the_receiver_and_a_file_that_is_too_large_is_refused(
    way: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms: dict[str, Any] = {"agreement": "GD-V", "purpose": "p"}
    agreed = conclude("GD-V", "population.identity", RECEIVER, "p", "a basis", ["person.name"],
                      "a test", uses=["files"], volume="30 KB/day")  # fmt: skip
    monkeypatch.setattr(rights, "gives", lambda agreement, sender: True)
    monkeypatch.setattr(limits, "demand_agreed", lambda *_: None)
    filled("F-1", **terms)
    filled("F-2", **terms)
    rounds(4)
    one, two = Handover.objects.order_by("id")
    assert (one.state, two.state) == ("taken", "waiting") and "pass in a day" in two.problem
    Incoming.objects.update(begun_at=later(-24))
    rounds(24)
    two.refresh_from_db()
    assert two.state == "taken", "it goes on by itself on the next day"
    agreements.change(agreed, "a test", volume="4 KB/file")
    filled("F-3", **terms)
    rounds(4)
    three = Handover.objects.get(number="F-3")
    assert three.state == "refused" and "lets no file pass" in three.problem


def test_what_was_announced_and_forgotten_is_removed_and_can_begin_anew(way: Between) -> None:
    filled()
    way.before = lambda question: _down() if question.path.endswith("/4") else None
    parting.run()
    assert Incoming.objects.get().state == "open" and any(store.folders(store.IN))
    Incoming.objects.update(heard_at=later(-24 * 15))
    cleaning.clean()
    assert Incoming.objects.get().state == "expired" and not any(store.folders(store.IN))
    way.before = lambda question: None
    rounds(40)
    assert Handover.objects.get().state == "taken" and len(way.taken) == 1


def _down() -> None:
    raise Unavailable("nobody answers")


def test_cut_off_after_the_move_and_before_the_record_it_goes_on(
    way: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled()
    way.problem = RuntimeError("killed here")
    with monkeypatch.context() as cut, pytest.raises(RuntimeError):
        cut.setattr(parting, "later", _raised)
        parting.run()
    assert not HandedIn.objects.exists() and len(list(store.folders(store.KEPT))) == 1
    cleaning.clean()
    way.problem = None
    rounds(4)
    assert Handover.objects.get().state == "taken" and len(way.taken) == 1
    assert way.parts == [str(n) for n in range(6)], "nothing was sent anew"


def _raised(*_: Any) -> None:
    fault = sys.exc_info()[1]
    assert fault is not None
    raise fault


def test_a_fault_of_one_does_not_hold_up_the_others(way: Between) -> None:
    bad, good = filled("F-1"), filled("F-2")
    store.remove(store.OUT, bad.ref)
    rounds(2)
    assert Handover.objects.get(pk=bad.pk).state == "refused"
    assert Handover.objects.get(pk=good.pk).state == "taken"


def test_one_piece_that_no_message_carries_goes_in_parts_to_the_same_door(
    way: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    came: list[tuple[str, str, bytes]] = []

    def handed(kind: str, number: str, data: bytes, node: str) -> None:
        came.append((kind, number, data))

    module = vars(sys.modules[MODULE])
    monkeypatch.delitem(module, "handed_files")
    monkeypatch.setitem(module, "handed", handed)
    monkeypatch.setitem(module, "MOST", 5 * PART)
    monkeypatch.setattr(arriving, "MESSAGE", PART)
    small, large, huge = (bytes(n) for n in (PART, 5 * PART, 5 * PART + 1))
    for number, data in (("S", small), ("L", large), ("H", huge)):
        assert sending.hand_over(SYSTEM, "package", number, data, sender=SENDER,
                                 receiver=RECEIVER, case="A-1")  # fmt: skip
    rounds(3)
    assert came == [("package", "L", large)], "the small one goes in one message"
    states = dict(Handover.objects.values_list("number", "state"))
    assert states == {"S": "waiting", "L": "taken", "H": "refused"}
    assert not any(store.folders(store.KEPT)), "its system keeps it itself"


def test_a_body_of_this_node_is_given_them_without_a_message(way: Between) -> None:
    filled(receiver="gd-440000-fire")
    rounds(2)
    one, came = Handover.objects.get(), HandedIn.objects.get()
    assert one.state == "taken" and one.receipt and not way.asked and kept(came) == DATA
    assert not any(store.folders(store.OUT))


def test_a_piece_goes_on_where_the_file_ends_and_nowhere_else(way: Between) -> None:
    one = begun()
    data = next(iter(DATA.values()))
    assert offering.write(one, 0, 0, data[:50]) == 50
    for offset in (0, 49, 51):
        with pytest.raises(WrongPlace) as wrong:
            offering.write(one, 0, offset, b"x")
        assert wrong.value.have == 50
    with pytest.raises(NotPossible):
        offering.write(one, 0, 50, data)
    with pytest.raises(NotPossible):
        offering.write(one, 3, 0, b"x")
    with pytest.raises(NotPossible):
        offering.close(one)
    offering.cancel(one)
    assert Handover.objects.get().state == "dropped" and not any(store.folders(store.OUT))
