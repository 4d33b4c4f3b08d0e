"""`./lingnan test`: two runs side by side, each counted, and what is skipped says why."""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lingnan.node import tests_runner
from lingnan.node.tests_runner import ROOT, Run, Tally
from tests import conftest
from tests.conftest import SQLITE_ONLY, part_of

SMALL = "tests/standards/test_coordinates.py"


def test_two_runs_at_once_are_counted_apart(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    sound = Run("one", [SMALL], tmp_path / "one", "sqlite", "")
    none = Run("two", [SMALL, "-k", "nothing_is_called_so"], tmp_path / "two", "sqlite", "")
    sound.start(watched=True)
    none.start(watched=False)
    first, second = sound.finish(), none.finish()
    assert first.passed > 0 and (first.failed, first.status) == (0, 0)
    assert second.passed == 0 and second.status != 0
    assert (first + second).status != 0
    assert "deselected" in capfd.readouterr().out, "what the second said is shown when it ends"


def test_a_run_that_is_broken_off_leaves_nothing(tmp_path: Path) -> None:
    run = Run("one", [SMALL], tmp_path / "one", "sqlite", "")
    run.start(watched=False)
    run.end()
    assert run.process.poll() is not None
    run.end()


def test_tallies_of_no_run() -> None:
    assert sum([], Tally()) == Tally()


def test_what_says_nothing_on_postgresql_is_skipped_there_with_its_reason() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "tests/entry/test_tools.py",
            "-rs",
            "-p",
            "no:cacheprovider",
        ],
        cwd=ROOT,
        env=os.environ | {"LINGNAN_DATABASE": "postgresql://nobody@127.0.0.1:9/none"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0 and SQLITE_ONLY["tests/entry"] in done.stdout
    assert "passed" not in done.stdout and "failed" not in done.stdout


class Item:
    """As much of a test as is asked when it is chosen."""

    path, fixturenames = ROOT / "tests" / "planted.py", ("db",)

    def __init__(self, *marked: str) -> None:
        self.marked = marked

    def get_closest_marker(self, name: str) -> object:
        return name in self.marked or None


@pytest.mark.parametrize(
    ("full", "expression", "left"),
    [(False, "", 1), (False, "not sqlite_only", 1), (False, "scale", 2), (True, "", 2)],
)
def test_what_is_only_volume_is_left_out_unless_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, full: bool, expression: str, left: int
) -> None:
    told: list[Any] = []
    hook = SimpleNamespace(pytest_deselected=lambda items: told.extend(items))
    config: Any = SimpleNamespace(
        rootpath=ROOT, hook=hook, getoption=lambda name, default: expression
    )
    monkeypatch.setattr(conftest, "FULL", full)
    monkeypatch.setenv("LINGNAN_DATABASE", "sqlite")
    items: list[Any] = [Item("django_db"), Item("django_db", "scale")]
    conftest.pytest_collection_modifyitems(config, items)
    assert (len(items), len(told)) == (left, 2 - left)


SERVER = "postgresql://nobody@127.0.0.1:9/none"
LEFT = [(place, SERVER) for place in conftest.ON_BOTH]
LEFT += [(place, "sqlite") for place in conftest.AT_RELEASE]


@pytest.mark.parametrize(("place", "database"), LEFT)
def test_what_is_left_to_continuous_integration_is_asked_there_and_where_it_is_chosen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str, database: str
) -> None:
    assert (ROOT / place).exists() and (ROOT / conftest.RACES).exists()
    monkeypatch.setenv("LINGNAN_DATABASE", database)
    config: Any = SimpleNamespace(rootpath=ROOT, getoption=lambda name, default: "scale")

    def skipped(where: str, part: str, both: bool) -> bool:
        monkeypatch.setattr(conftest, "PART", part)
        monkeypatch.setattr(conftest, "BOTH", both)
        item: Any = Marked(ROOT / where)
        conftest.pytest_collection_modifyitems(config, [item])
        return bool(item.skipped)

    where = place if place.endswith(".py") else f"{place}/test_planted.py"
    assert skipped(where, "rest", False)
    assert not skipped(where, "rest", True) and not skipped(where, "", False)
    assert not skipped(conftest.RACES, "rest", False)
    told = [Run("one", [], tmp_path, "sqlite", "", both=both)._told for both in (True, False)]
    assert [one["LINGNAN_TEST_BOTH"] for one in told] == ["1", ""]


class Marked(Item):
    """One that keeps what it is marked with."""

    def __init__(self, path: Path) -> None:
        super().__init__("django_db")
        self.path, self._marks = path, list[Any]()

    def add_marker(self, mark: Any) -> None:
        self._marks.append(mark.mark)

    def get_closest_marker(self, name: str) -> object:
        found = [one for one in self._marks if one.name == name]
        return found[0] if found else super().get_closest_marker(name)

    @property
    def skipped(self) -> bool:
        return any(one.name == "skip" for one in self._marks)


def test_a_full_run_is_told_so(tmp_path: Path) -> None:
    told = [Run("one", [], tmp_path, "sqlite", "", full)._told for full in (True, False)]
    assert [one["LINGNAN_TEST_FULL"] for one in told] == ["1", ""]


def test_every_place_that_is_skipped_exists() -> None:
    for place, why in SQLITE_ONLY.items():
        assert (ROOT / place).exists() and why, place
        assert place.startswith("tests/"), "the runs that have these read no other folder"


@pytest.mark.parametrize("part", ["rest", "nodes", "browser"])
def test_each_run_reads_its_own_part_and_no_other(
    monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(conftest, "PART", part)
    config: Any = SimpleNamespace(rootpath=ROOT)
    mine = {"rest": "tests/house/test_structure.py", "nodes": "tests/entry/test_entry.py",
            "browser": "tests/browser/test_pages.py"}  # fmt: skip
    for name, place in mine.items():
        left = conftest.pytest_ignore_collect(ROOT / place, config)
        assert left is (None if name == part else True), place
        assert part_of(place) == name
    assert conftest.pytest_ignore_collect(ROOT / "tests", config) is None, "folders are looked into"


def test_the_runs_of_the_suite_have_every_part() -> None:
    runs = tests_runner._chosen(_asked())
    assert {part for *_, part in runs} == {"rest", "nodes", "browser"}
    rest = [(name, words) for name, words, *_, part in runs if part == "rest"]
    folders = [(name, words[-1]) for name, words in rest]
    assert folders == [("SQLite", "tests"), ("Systems", "src"), ("PostgreSQL", "tests")]
    evidence = [database for *_, database, _part in runs]
    assert len(set(evidence)) == len(runs), "each has a database of evidence of its own"


@pytest.mark.parametrize(("asked", "there"), [({}, ["tests"]), ({"both": True}, []),
                                              ({"full": True}, [])])  # fmt: skip
def test_what_systems_bring_is_asked_on_both_where_that_is_wanted(
    asked: dict[str, bool], there: list[str]
) -> None:
    words = {name: words for name, words, *_ in tests_runner._chosen(_asked(**asked))}
    assert words["PostgreSQL"] == there


def _asked(**more: bool) -> argparse.Namespace:
    known: dict[str, object] = {"rest": [], "postgres": False, "both": False, "full": False}
    return argparse.Namespace(**(known | more))


def test_what_is_compiled_is_kept(tmp_path: Path) -> None:
    assert Run("one", [], tmp_path, "sqlite", "")._told["PYTHONDONTWRITEBYTECODE"] == ""
