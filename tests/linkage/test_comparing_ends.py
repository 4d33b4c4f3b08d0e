"""Comparisons that break off: they begin anew, are given up, are left to the next, or go."""

from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.db import OperationalError

from lingnan.kernel.registry.linkage.alone import alone
from lingnan.kernel.registry.linkage.comparing import found, jobs, matching
from lingnan.kernel.registry.linkage.comparing.found import Found
from tests.linkage.comparing import (
    CITY_HEAD,
    HEAD,
    NAMES,
    STRANGER,
    Brought,
    dirty,
    residents,
    row_of,
    table,
)
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


@pytest.fixture(autouse=True)
def own_files(tmp_path: Any, settings: Any) -> None:
    settings.DATA = tmp_path


def test_a_worker_that_is_killed_leaves_no_double_and_no_lock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = residents("440103", 6)
    brought = Brought(Person(HEAD), table([row for _kind, row in dirty(people)]))
    brought.do("compare")
    take, calls = Found.take, []

    def killed(self: Found, pairs: Any) -> None:
        take(self, pairs)
        calls.append(1)
        if len(calls) == 3:
            raise SystemExit("killed")

    monkeypatch.setattr(Found, "take", killed)
    with pytest.raises(SystemExit):
        jobs.run_waiting()
    assert brought.one.state == "comparing" and found.place(brought.ref).exists()
    assert "已比对" in brought.person.get(brought.url)
    brought.person.get(f"{brought.url}file/")
    assert brought.person.status == 404
    monkeypatch.setattr(Found, "take", take)
    with alone("population.resident"):
        assert jobs.run_waiting() == 0
    assert jobs.run_waiting() == 1 and jobs.run_waiting() == 0
    assert brought.one.state == "done" and brought.one.counts["rows"] == 6
    lines = brought.file()
    said = [(line["row"], line["ref"]) for line in lines]
    assert len(said) == len(set(said)) and brought.one.counts["certain"] == 6


def test_a_worker_that_is_told_to_stop_leaves_it_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    brought = Brought(Person(HEAD), table([row_of(one) for one in residents("440103", 2)]))
    brought.do("compare")
    stopping, take = Event(), Found.take_rows

    def meanwhile(self: Found, rows: Any) -> None:
        take(self, rows)
        stopping.set()

    monkeypatch.setattr(Found, "take_rows", meanwhile)
    for _stop in range(jobs.ATTEMPTS + 1):
        stopping.clear()
        assert jobs.run_waiting(stopping) == 1 and brought.one.state == "comparing"
    monkeypatch.undo()
    assert jobs.run_waiting() == 1 and brought.one.counts["certain"] == 2


@pytest.mark.parametrize("ends", [SystemExit, OperationalError])
def test_a_comparison_that_ends_its_worker_each_time_is_given_up(
    monkeypatch: pytest.MonkeyPatch, ends: type[BaseException]
) -> None:
    people = residents("440103", 2)
    brought = Brought(Person(HEAD), table([row_of(one) for one in people]))
    brought.do("compare")
    behind = Brought(Person(CITY_HEAD), table([row_of(one) for one in people]))
    run = matching.Matching.run

    def ended(self: matching.Matching, stopping: Event) -> bool:
        if self.one.ref == brought.ref:
            raise ends("killed")
        return run(self, stopping)

    monkeypatch.setattr(matching.Matching, "run", ended)
    for number in range(1, jobs.ATTEMPTS + 1):
        with pytest.raises(ends):
            jobs.run_waiting()
        assert brought.one.state == "comparing" and brought.one.counts == {"begun": number}
    behind.do("compare")
    assert jobs.run_waiting() == 2 and behind.one.state == "done"
    assert brought.one.state == "failed" and jobs.run_waiting() == 0
    assert "已比对 3 次，每次都中断" in brought.person.get(brought.url)
    monkeypatch.undo()
    brought.do("columns")
    assert brought.compared().one.counts["certain"] == 2


def test_nobody_has_more_than_three_files_in_turn() -> None:
    rows = table([row_of(one) for one in residents("440103", 2)])
    head, other = Person(HEAD), Person(CITY_HEAD)
    first, *more = (Brought(head, rows) for _number in range(4))
    chosen = {f"column_{name}": str(place) for place, name in enumerate(NAMES) if name != "name"}
    for one in (first, *more):
        answer = one.do("compare", head="1", **chosen)
    assert head.status == 429 and "您已有 3 个文件" in answer
    last = more[-1]
    assert [one.one.state for one in (first, *more)] == ["comparing"] * 3 + ["uploaded"]
    assert "name" not in last.one.mapping.values()
    theirs = Brought(other, rows)
    theirs.do("compare")
    assert other.status == 200 and theirs.one.state == "comparing"
    first.do("remove")
    last.do("compare")
    assert head.status == 200 and last.one.state == "comparing"


def test_what_was_removed_while_it_was_compared_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    brought = Brought(Person(HEAD), table([STRANGER]))
    brought.do("compare")
    judge = Found.judge

    def meanwhile(self: Found, propose: float) -> dict[str, int]:
        brought.do("remove")
        return judge(self, propose)

    monkeypatch.setattr(Found, "judge", meanwhile)
    jobs.run_waiting()
    assert brought.one.state == "removed" and brought.one.counts == {}
    assert not (tmp_path / "imports" / brought.ref).exists()
