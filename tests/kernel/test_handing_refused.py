"""Parts and manifests that are not what they should be, and what is refused."""

import resource
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingnan.kernel.exchange import outward
from lingnan.kernel.exchange.handing import (
    limits,
    manifests,
    receiving,
    store,
)
from lingnan.kernel.exchange.handing.offering import NotPossible
from lingnan.kernel.exchange.models import HandedIn, Handover, Incoming
from lingnan.kernel.exchange.outward import Question, Said
from lingnan.standards.xroad import Identifier
from tests.kernel.parted import (
    DATA,
    OWN,
    PART,
    Between,
    begun,
    filled,
    manifest,
    part,
    refused,
    rounds,
    service,
    standing,
)

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Between:
    return standing(monkeypatch, tmp_path)


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
    assert way.ask(Question(OWN, service("manifest"), one.plain()), 1.0).status == 200
    own = f"/{one.digest}"
    for path, data in (
        (f"{own}/0", first[:-1] + b"!"), (f"{own}/0", first[:-1]), (f"{own}/0", first + b"!"),
        (f"{own}/1", first), (f"{own}/6", b""), (f"{own}/-1", first), (f"{own}/x", first),
        (other, first), ("/", first), (f"{own}/0/../1", first),
    ):  # fmt: skip
        said = way.ask(part(path, data), 1.0)
        assert said.refused and said.body["message"], path
    assert way.ask(Question(OWN, service("whole"), {"manifest": one.digest}), 1.0).body == {
        "missing": [[0, 6]]
    }
    refused(way, one.plain() | {"case": "another"})


def test_a_stranger_sends_no_part_of_anothers(way: Between) -> None:
    one = manifest()
    way.ask(Question(OWN, service("manifest"), one.plain()), 1.0)
    stranger = Identifier("CN-GD", "GOV", "gd-440300-data", "exchange")
    with pytest.raises(PermissionError):
        receiving.take_part(stranger, f"/{one.digest}/0", b"".join(DATA.values())[:PART])


def test_a_file_that_is_not_what_was_said_is_found_when_all_is_there(way: Between) -> None:
    plain = manifest().plain()
    plain["files"][0]["sha256"] = "0" * 64
    said = manifests.read(plain)
    whole = b"".join(DATA.values())
    way.ask(Question(OWN, service("manifest"), plain), 1.0)
    for n in range(6):
        data = whole[n * PART : (n + 1) * PART]
        path = f"/{said.digest}/{n}"
        assert way.ask(part(path, data), 1.0).status == 200
    answer = way.ask(Question(OWN, service("whole"), {"manifest": said.digest}), 1.0)
    assert answer.status == 400 and "一.csv" in answer.body["message"]
    assert Incoming.objects.get().state == "refused" and not HandedIn.objects.exists()
    assert not any(store.folders(store.IN)), "what was refused takes no room"


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


def test_what_its_system_refuses_is_refused_for_good(way: Between) -> None:
    way.problem = ValueError("not ours")
    filled()
    rounds(4)
    one = Handover.objects.get()
    assert one.state == "refused" and "not ours" in one.problem
    assert not any(store.folders(store.KEPT)) and not HandedIn.objects.exists()


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
