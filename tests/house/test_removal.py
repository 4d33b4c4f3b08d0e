"""The deletion test: without any one system the others check, migrate and answer.

Statically for all of them, see source.py, source_pages.py and contract 4. Here in full, in a
process of its own on a copy of the source without the folder: a sample by date, which the
summary of the run names; all of them with --without-each.
"""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lingnan.node.installed import installed_systems
from tests.conftest import BOTH

ROOT = Path(__file__).resolve().parents[2]
VISIT = Path(__file__).with_name("without.py")
AT_ONCE = 3
SYSTEMS = [(system.group, system.id) for system in installed_systems("")]


def sample(systems: list[tuple[str, str]], day: int) -> list[tuple[str, str]]:
    """As many as one run has time for, others on each day, all of them in turn."""
    start = day * AT_ONCE % len(systems)
    return [*systems, *systems][start : start + min(AT_ONCE, len(systems))]


# One of the day's where a person waits, all where continuous integration does.
TODAY = sorted(sample(SYSTEMS, datetime.now(UTC).toordinal()))[: AT_ONCE if BOTH else 1]


class Visit:
    """A node on a source without a system, brought up and looked at."""

    def __init__(self, folder: Path, group: str, id_: str, planted: str = "") -> None:
        package = folder / "src" / "lingnan"
        # With what was compiled, which is half of such a start and knows its source by the time.
        unwanted = shutil.ignore_patterns("tests")
        shutil.copytree(ROOT / "src" / "lingnan", package, ignore=unwanted)
        shutil.rmtree(package / "systems" / group / id_)
        if planted:
            with (package / "portal" / "urls.py").open("a", encoding="utf-8") as urls:
                urls.write(f"\n{planted}\n")
        # What the suite was told is not this node's.
        kept = {k: v for k, v in os.environ.items() if not k.startswith("LINGNAN_")}
        own = {
            "LINGNAN_DATA": str(folder / "data"),
            "LINGNAN_SYSTEMS": ",".join(other for _group, other in SYSTEMS if other != id_),
            "LINGNAN_WITHOUT": id_,
            "DJANGO_SETTINGS_MODULE": "lingnan.node.settings",
            "PYTHONPATH": str(folder / "src"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self._process = subprocess.Popen(
            [sys.executable, str(VISIT)],
            cwd=folder,
            env=kept | own,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def outcome(self) -> tuple[int, str]:
        """Its status and what it said."""
        try:
            said, _nothing = self._process.communicate(timeout=120)
        finally:
            self._process.kill()
        return self._process.returncode, said


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "system" in metafunc.fixturenames:
        chosen = SYSTEMS if metafunc.config.getoption("--without-each") else TODAY
        metafunc.parametrize("system", chosen, ids=[one[1] for one in chosen])


def test_the_others_answer_without_it(tmp_path: Path, system: tuple[str, str]) -> None:
    status, said = Visit(tmp_path, *system).outcome()
    assert status == 0, said


def test_somebody_who_needs_it_is_found(tmp_path: Path) -> None:
    group, id_ = TODAY[0]
    planted = f"import lingnan.systems.{group}.{id_}.apps"
    status, said = Visit(tmp_path, group, id_, planted).outcome()
    assert status != 0
    assert f"No module named 'lingnan.systems.{group}.{id_}'" in said


def test_every_system_has_its_turn() -> None:
    many = [("group", f"system_{number}") for number in range(87)]
    seen = [one for day in range(87) for one in sample(many, day)]
    assert set(seen) == set(many)
    assert all(len(set(sample(many, day))) == AT_ONCE for day in range(87))
    assert sample(many[:3], 7) and set(sample(many[:3], 7)) == set(many[:3])
