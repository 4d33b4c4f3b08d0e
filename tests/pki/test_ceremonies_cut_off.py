"""Ceremonies that are killed with -9 before each of their durable steps, in real processes: nothing
half stands, the evidence tells what does, and each is gone on with or begun anew."""

import shutil
from pathlib import Path

import pytest

from tests.pki import ceremonies_cut_off
from tests.pki.test_cut_off import Node

PROGRAM = ceremonies_cut_off.__file__
LEAST = {"renew": 6, "revoke": 8, "root": 12, "first": 5, "minutes": 6, "recovery": 8}
"""So many durable steps each has at least: fewer would mean that some are not seen."""


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("node")
    assert Node(folder).run("prepare", program=PROGRAM) == ["ready"]
    return folder


@pytest.mark.parametrize("ceremony", sorted(LEAST))
def test_killed_before_any_step_it_is_gone_on_with(
    founded: Path, tmp_path: Path, ceremony: str
) -> None:
    shutil.copytree(founded, tmp_path / "data")
    lines = Node(tmp_path / "data").run("cut", program=PROGRAM, more=(ceremony,))
    (steps,) = (int(line.split()[1]) for line in lines if line.startswith("steps"))
    assert steps >= LEAST[ceremony]
    assert lines.count(f"ended {ceremony}") == steps
    assert lines.count(f"stood {ceremony}") == 2 * steps + 1
