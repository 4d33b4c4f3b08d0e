"""Issuing that is killed with -9, and issuing on a full disk, in processes of their own."""

import os
import random
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest

from tests.pki import cut_off


class Node:
    """A node's data folder, and its processes."""

    def __init__(self, folder: Path) -> None:
        self.environment = {
            **os.environ,
            "LINGNAN_DATA": str(folder),
            "DJANGO_SETTINGS_MODULE": "lingnan.node.settings",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }
        self.environment.pop("LINGNAN_DATABASE", None)
        self.environment.pop("LINGNAN_EVIDENCE_SOCKET", None)

    def start(
        self, what: str, program: str = cut_off.__file__, more: tuple[str, ...] = ()
    ) -> subprocess.Popen[str]:
        command = [sys.executable, program, what, *more]
        return subprocess.Popen(
            command, env=self.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def run(
        self, what: str, code: int = 0, program: str = cut_off.__file__,
        more: tuple[str, ...] = (),
    ) -> list[str]:  # fmt: skip
        said, wrong = (process := self.start(what, program, more)).communicate(timeout=900)
        assert process.returncode == code, wrong
        return said.split("\n")[:-1]

    def reconciled(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for line in self.run("reconcile"):
            what, serial = line.split()
            found[what].add(serial)
        return found


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("node")
    assert Node(folder).run("prepare") == ["ready"]
    return folder


@pytest.fixture
def node(prepared: Path, tmp_path: Path) -> Node:
    shutil.copytree(prepared, tmp_path / "data")
    return Node(tmp_path / "data")


def test_killed_between_evidence_and_register_it_is_revoked(node: Node) -> None:
    (handed,) = node.run("die", -9)
    found = node.reconciled()
    assert len(found["lost"]) == 1 and not found["again"], "once"
    assert found["good"] == {handed}
    assert found["revoked"] == found["lost"] == found["evidence"] - {handed}


def test_killed_at_any_moment_nothing_is_handed_over_that_the_register_lacks(node: Node) -> None:
    handed: set[str] = set()
    for _ in range(6):
        process = node.start("issue")
        assert process.stdout
        handed.add(process.stdout.readline().strip())
        time.sleep(random.uniform(0, 0.2))
        process.kill()
        # The last line may have been cut off in the middle.
        rest = process.stdout.read()
        handed |= set(rest.rpartition("\n")[0].split())
        process.wait()
    found = node.reconciled()
    assert len(handed) > 6 and handed <= found["good"]
    assert found["good"] | found["revoked"] == found["evidence"]
    assert found["revoked"] == found["lost"] and not found["again"]


def test_a_full_disk_issues_nothing_and_leaves_nothing_half(node: Node) -> None:
    first, *tries, last = node.run("full")
    said = {int(limit): (what, int(count), int(half)) for limit, what, count, half in
            (line.split() for line in tries)}  # fmt: skip
    assert said[0] == said[200] == ("KeyStoreUnavailable", 0, 0)
    for what, count, half in said.values():
        assert half == 0
        assert count == (1 if what == "issued" else 0)
        assert what in ("issued", "KeyStoreUnavailable", "EvidenceUnavailable", "OperationalError")
    found = node.reconciled()
    assert {first, last} <= found["good"] and found["good"] | found["revoked"] == found["evidence"]
