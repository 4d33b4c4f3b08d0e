"""Sealing that is killed with -9, one by one and many at once, and sealing on a full disk."""

import random
import shutil
import time
from collections import defaultdict
from pathlib import Path

import pytest

from tests.pki.test_cut_off import Node
from tests.seal import cut_off

Found = dict[str, set[str]]
REFUSED = {"EvidenceUnavailable", "OperationalError", "KeyStoreUnavailable", "OSError"}


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("node")
    Node(folder).run("found", program=cut_off.__file__)
    return folder


@pytest.fixture
def node(founded: Path, tmp_path: Path) -> Node:
    shutil.copytree(founded, tmp_path / "data")
    return Node(tmp_path / "data")


def sorted_out(lines: list[str]) -> Found:
    found: Found = defaultdict(set)
    for line in lines:
        what, _space, rest = line.partition(" ")
        found[what].add(rest)
    return found


def audited(node: Node) -> Found:
    """Every licence and file that stands, each checked as a whole; at the end it goes on."""
    found = sorted_out(node.run("audit", program=cut_off.__file__))
    assert found["sealed"] and found["kept"]
    return found


@pytest.mark.parametrize("what", ["one", "many"])
def test_killed_at_any_moment_nothing_is_handed_out_that_is_not_kept(node: Node, what: str) -> None:
    lines = []
    for _ in range(2):
        process = node.start(what, cut_off.__file__)
        assert process.stdout
        told = process.stdout.readline()
        time.sleep(random.uniform(0, 0.3))
        process.kill()
        # The last line may have been cut off in the middle.
        told += process.stdout.read()
        process.wait()
        lines += told.rpartition("\n")[0].splitlines()
    handed, found = sorted_out(lines), audited(node)
    assert len(lines) >= 2
    assert handed["sealed"] <= found["licence"] <= found["evidence"]
    assert handed["kept"] <= found["file"]


def test_a_full_disk_hands_out_nothing_and_leaves_nothing_half(node: Node) -> None:
    handed = sorted_out(node.run("full", program=cut_off.__file__))
    kinds = {line.split()[0] for line in handed["refused"]}
    assert {"0", "200"} <= {line.split()[1] for line in handed["refused"]} and kinds <= REFUSED
    found = audited(node)
    assert len(handed["sealed"]) >= 2 and handed["sealed"] <= found["licence"] <= found["evidence"]
    assert handed["kept"] <= found["file"] and not found["half"]
