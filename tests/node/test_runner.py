"""`./lingnan test`: two runs side by side, each counted, and what is skipped says why."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lingnan.node.tests_runner import ROOT, Run, Tally
from tests.conftest import SQLITE_ONLY

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


def test_every_place_that_is_skipped_exists() -> None:
    for place, why in SQLITE_ONLY.items():
        assert (ROOT / place).exists() and why, place
