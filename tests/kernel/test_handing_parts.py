"""Files handed over in parts: resumed, in any order, twice, altered, without room, without right.

Both nodes are this process here; a system of the test takes what comes.
"""

import hashlib
import random
import resource
import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import timedelta
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingnan.kernel.exchange import elsewhere, outward
from lingnan.kernel.exchange.api import Unavailable
from lingnan.kernel.exchange.handing import (
    cleaning,
    limits,
    manifests,
    offering,
    parting,
    receiving,
    rights,
    store,
)
from lingnan.kernel.exchange.handing.manifests import Manifest
from lingnan.kernel.exchange.handing.offering import NotPossible, WrongPlace
from lingnan.kernel.exchange.models import HandedIn, Handover, Incoming
from lingnan.kernel.exchange.outward import Question, Said
from lingnan.kernel.trust.api import consents
from lingnan.standards.xroad import Identifier

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
OWN = Identifier("CN-GD", "GOV", "gd-440000-data", "exchange")
SERVER = "CN-GD/GOV/gd-440000-data/province"
MODULE = "lingnan.systems.government.justice_network.handed"
SENDER, RECEIVER, SYSTEM = "gd-440000-police", "gd-440000-market", "justice_network"
PART = 4096
DATA = {"一.csv": random.Random(1).randbytes(3 * PART + 100), "空.txt": b"",
        "b.bin": random.Random(2).randbytes(2 * PART)}  # fmt: skip


class AtOnce:
    """A pool that does what it is given, in this thread."""

    def __init__(self, *_: Any) -> None:
        pass

    def __enter__(self) -> "AtOnce":
        return self

    def __exit__(self, *_: Any) -> None:
        pass

    def submit(self, call: Callable[..., Any], *words: Any) -> "Future[Any]":
        done: Future[Any] = Future()
        try:
            done.set_result(call(*words))
        except Exception as fault:
            done.set_exception(fault)
        return done


class Between:
    """The way to the other node. `before` is called with each question on its way."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.taken: list[HandedIn] = []
        self.asked: list[Question] = []
        self.before: Callable[[Question], None] = lambda question: None
        self.problem: Exception | None = None
        self._there = monkeypatch

    def ask(self, question: Question, deadline: float) -> Said:
        self.before(question)
        self.asked.append(question)
        with self._there.context() as there:
            there.setattr(elsewhere, "node_of", lambda body: None)
            there.setattr(elsewhere, "speaks_here", lambda body: body == RECEIVER)
            return self._answered(question)

    def _answered(self, question: Question) -> Said:
        try:
            return Said(200, self._handled(question))
        except PermissionError as refused:
            return Said(500, {"message": str(refused)}, "Server.ServerProxy.AccessDenied")
        except ValueError as refused:
            return Said(400, {"message": str(refused)}, "Client.BadRequest")
        except store.NoRoom as full:
            return Said(507, {"message": str(full)}, "Server.ServerProxy.InsufficientStorage")
        except OSError:
            return Said(503, {}, "Server.ServerProxy.ServiceFailed")

    def _handled(self, question: Question) -> dict[str, Any]:
        body, asks = question.body, question.client
        if isinstance(body, bytes):
            return receiving.take_part(asks, question.path, body)
        handlers = {receiving.MANIFEST: receiving.announce, receiving.WHOLE: receiving.finish,
                    receiving.WITHDRAW: receiving.withdraw}  # fmt: skip
        return handlers[question.service.code](dict(body), asks)

    def handed_files(self, arrived: HandedIn) -> None:
        if self.problem is not None:
            raise self.problem
        self.taken.append(arrived)

    @property
    def parts(self) -> list[str]:
        return [one.path.rpartition("/")[2] for one in self.asked if one.path]


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Between]:
    between = Between(monkeypatch)
    module = ModuleType(MODULE)
    vars(module).update(handed_files=between.handed_files, __spec__=ModuleSpec(MODULE, None))
    monkeypatch.setitem(sys.modules, MODULE, module)
    root = consents.foreign.root_digest()
    monkeypatch.setattr(elsewhere, "node_of", lambda body: SERVER if body == RECEIVER else None)
    monkeypatch.setattr(elsewhere, "node", lambda server: elsewhere.Node(SERVER, OWN, root))
    monkeypatch.setattr(elsewhere, "own_services", lambda: OWN)
    monkeypatch.setattr(elsewhere, "server_of", lambda asks: SERVER if asks == OWN else None)
    monkeypatch.setattr(elsewhere, "speaks_for", lambda server, body: body == SENDER)
    monkeypatch.setattr(outward, "ask", between.ask)
    monkeypatch.setattr(parting, "ThreadPoolExecutor", AtOnce)
    monkeypatch.setattr(manifests, "PART", PART)
    monkeypatch.setattr(store, "base", lambda: tmp_path)
    yield between


def begun(number: str = "F-1", receiver: str = RECEIVER, **more: Any) -> Handover:
    files = [(name, "text/csv", len(data)) for name, data in DATA.items()]
    return offering.begin(SYSTEM, "files", number, files, sender=SENDER, receiver=receiver,
                          by="a test", case="A-1", **more)  # fmt: skip


def filled(number: str = "F-1", receiver: str = RECEIVER, **more: Any) -> Handover:
    one = begun(number, receiver, **more)
    for at, data in enumerate(DATA.values()):
        half = len(data) // 2
        for start, end in ((0, half), (half, len(data))):
            if start < end:
                offering.write(one, at, start, data[start:end])
    offering.close(one)
    return one


def later(hours: float) -> Any:
    return timezone.now() + timedelta(hours=hours)


def rounds(most: int = 12) -> None:
    for hour in range(most):
        parting.run(later(hour))


def kept(arrived: HandedIn) -> dict[str, bytes]:
    return {
        file["name"]: store.file_of(store.KEPT, arrived.ref, at).read_bytes()
        for at, file in enumerate(arrived.files)
    }


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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(list(range(6)) * 2))
def test_parts_come_in_any_order_and_twice(way: Between, order: list[int]) -> None:
    one = manifest()
    ref = "o" * 32
    store.remove(store.IN, ref)
    store.begin(store.IN, ref)
    whole = b"".join(DATA.values())
    seen: set[int] = set()
    for number in order:
        store.take_part(ref, one, number, whole[number * PART : (number + 1) * PART])
        seen.add(number)
        gone = {n for first, end in store.missing(ref, one) for n in range(first, end)}
        assert gone == set(range(6)) - seen
    store.empties(store.IN, ref, one.files)
    assert store.differs(store.IN, ref, one.files) == ""


def manifest() -> Manifest:
    whole = b"".join(DATA.values())
    leaves = b"".join(
        hashlib.sha256(whole[at : at + PART]).digest() for at in range(0, len(whole), PART)
    )
    files = tuple(
        manifests.File(name, "text/csv", len(data), hashlib.sha256(data).hexdigest())
        for name, data in DATA.items()
    )
    return Manifest(SYSTEM, "files", "F-1", SENDER, RECEIVER, "", "", "A-1", files, PART, leaves)


def refused(way: Between, asked: dict[str, Any]) -> str:
    question = Question(OWN, _service(receiving.MANIFEST), asked)
    said = way.ask(question, 1.0)
    assert said.refused and said.body["message"]
    return str(said.body["message"])


def _service(code: str) -> Any:
    from lingnan.standards.xroad import Service

    return Service(OWN, code)


@pytest.mark.parametrize(
    "change",
    [
        {"files": []}, {"files": "x"}, {"part": 1}, {"part": 2**30}, {"leaves": "%"},
        {"leaves": ""}, {"number": ""}, {"system": "population"}, {"sender": "gd-440000-fire"},
        {"receiver": "gd-440000-fire"}, {"case": "\u202e"},
        *({"files": [{"name": name, "media": "text/csv", "size": 9, "sha256": "0" * 64}]}
          for name in ("../x", "a/b", "", ".", "x\u202ey")),
        {"files": [{"name": "x", "media": "text", "size": 9, "sha256": "0" * 64}]},
        {"files": [{"name": "x", "media": "text/csv", "size": -1, "sha256": "0" * 64}]},
        {"files": [{"name": "x", "media": "text/csv", "size": 9, "sha256": "0"}]},
    ],
)  # fmt: skip
def test_a_manifest_that_is_none_is_refused_in_words(way: Between, change: dict[str, Any]) -> None:
    refused(way, manifest().plain() | change)
    assert not Incoming.objects.exists() and not any(store.folders(store.IN))


def test_a_part_that_is_altered_short_long_or_of_another_is_refused(way: Between) -> None:
    one = manifest()
    whole = b"".join(DATA.values())
    first = whole[:PART]
    other = f"/{'0' * 64}/0"
    assert way.ask(Question(OWN, _service("manifest"), one.plain()), 1.0).status == 200
    own = f"/{one.digest}"
    for path, data in (
        (f"{own}/0", first[:-1] + b"!"), (f"{own}/0", first[:-1]), (f"{own}/0", first + b"!"),
        (f"{own}/1", first), (f"{own}/6", b""), (f"{own}/-1", first), (f"{own}/x", first),
        (other, first), ("/", first), (f"{own}/0/../1", first),
    ):  # fmt: skip
        said = way.ask(Question(OWN, _service("part"), data, method="PUT", path=path), 1.0)
        assert said.refused and said.body["message"], path
    assert way.ask(Question(OWN, _service("whole"), {"manifest": one.digest}), 1.0).body == {
        "missing": [[0, 6]]
    }
    refused(way, one.plain() | {"case": "another"})


def test_a_stranger_sends_no_part_of_anothers(way: Between) -> None:
    one = manifest()
    way.ask(Question(OWN, _service("manifest"), one.plain()), 1.0)
    stranger = Identifier("CN-GD", "GOV", "gd-440300-data", "exchange")
    with pytest.raises(PermissionError):
        receiving.take_part(stranger, f"/{one.digest}/0", b"".join(DATA.values())[:PART])


def test_a_file_that_is_not_what_was_said_is_found_when_all_is_there(way: Between) -> None:
    plain = manifest().plain()
    plain["files"][0]["sha256"] = "0" * 64
    said = manifests.read(plain)
    whole = b"".join(DATA.values())
    way.ask(Question(OWN, _service("manifest"), plain), 1.0)
    for n in range(6):
        data = whole[n * PART : (n + 1) * PART]
        path = f"/{said.digest}/{n}"
        assert way.ask(Question(OWN, _service("part"), data, path=path), 1.0).status == 200
    answer = way.ask(Question(OWN, _service("whole"), {"manifest": said.digest}), 1.0)
    assert answer.status == 400 and "一.csv" in answer.body["message"]
    assert Incoming.objects.get().state == "refused" and not HandedIn.objects.exists()
    assert not any(store.folders(store.IN)), "what was refused takes no room"


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


def test_a_disk_that_fills_while_it_is_written_to_is_no_room_and_no_part(way: Between) -> None:
    one, whole = manifest(), b"".join(DATA.values())
    ref = "f" * 32
    store.begin(store.IN, ref)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (PART + 10, before[1]))
    try:
        store.take_part(ref, one, 0, whole[:PART])
        with pytest.raises(store.NoRoom):
            store.take_part(ref, one, 1, whole[PART : 2 * PART])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert store.missing(ref, one) == [(1, 6)], "half a part is none"
    for number in range(1, 6):
        store.take_part(ref, one, number, whole[number * PART : (number + 1) * PART])
    assert store.missing(ref, one) == []


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


def test_what_its_system_refuses_is_refused_for_good(way: Between) -> None:
    way.problem = ValueError("not ours")
    filled()
    rounds(4)
    one = Handover.objects.get()
    assert one.state == "refused" and "not ours" in one.problem
    assert not any(store.folders(store.KEPT)) and not HandedIn.objects.exists()


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


def test_more_than_one_may_have_is_said_before_anything_is_kept(
    way: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "largest", lambda: 8 * PART)
    for number in range(6):
        begun(f"F-{number}")
    with pytest.raises(NotPossible) as much:
        begun("F-7")
    assert much.value.why == "size"
    monkeypatch.setattr(limits, "largest", lambda: PART)
    assert "at most" in refused(way, manifest().plain())


def test_a_receipt_of_something_else_is_none(way: Between) -> None:
    filled()
    plain = way.ask

    def forged(question: Question, deadline: float) -> Said:
        answer = plain(question, deadline)
        if "receipt" not in answer.body:
            return answer
        said = dict(answer.body["receipt"])
        said["document"] = said["document"].replace("F-1", "F-2")
        return Said(200, {"receipt": said})

    outward.ask = forged
    rounds(3)
    assert Handover.objects.get().state == "waiting"
