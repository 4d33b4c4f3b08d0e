"""Each import contract fails when a breach of it is planted in a copy of the source."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = (
    "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache', '--no-logo'])"
)

# Two systems of nobody's, so that the tests do not lean on the ones that exist.
ONE, TWO = "systems/planted/one", "systems/planted/two"
PACKAGES = ("systems/planted", ONE, TWO, f"{ONE}/rules", "kernel/maps")

BREACHES = [
    ("1 layers", "kernel/registry/planted.py", "import lingnan.portal"),
    ("1 layers", "kernel/registry/planted.py", "import lingnan.systems"),
    ("1 layers", "portal/planted.py", "import lingnan.node.planted"),
    ("1 layers", "standards/planted.py", "import lingnan.kernel.runtime"),
    ("1 layers", "kernel/duty/planted.py", "import lingnan.jurisdictions.guangdong"),
    ("1 layers", "extras/__init__.py", ""),
    ("2 kernel", "kernel/runtime/planted.py", "import lingnan.kernel.trust"),
    ("2 kernel", "kernel/registry/planted.py", "import lingnan.kernel.exchange"),
    ("2 kernel", "kernel/payments/__init__.py", ""),
    ("3 siblings", "kernel/maps/planted.py", "import lingnan.kernel.content"),
    ("3 siblings", "kernel/content/planted.py", "from lingnan.kernel import maps"),
    ("4 systems", f"{ONE}/planted.py", "import lingnan.systems.planted.two"),
    ("4 systems", f"{ONE}/rules/planted.py", "from lingnan.systems.planted.two import planted"),
    ("5 doors", f"{ONE}/planted.py", "import lingnan.kernel.registry"),
    ("5 doors", f"{ONE}/planted.py", "from lingnan.kernel.registry import planted"),
    ("5 doors", f"{ONE}/planted.py", "from lingnan.kernel.registry.planted import anything"),
    ("5 doors", f"{ONE}/planted.py", "import lingnan.kernel.trust.apps"),
    ("6 pure rules", f"{ONE}/rules/planted.py", "from django.db import models"),
    ("6 pure rules", f"{ONE}/rules/planted.py", "import lingnan.kernel.runtime.apps"),
    ("6 pure rules", "standards/planted.py", "import django"),
    ("6 pure rules", "law/planted.py", "from django.conf import settings"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The source and its contracts, with two systems and a sibling room planted."""
    unwanted = shutil.ignore_patterns("__pycache__", "static", "templates", "locale", "*.mo")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=unwanted)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    (tmp_path / "tests/house").mkdir(parents=True)
    shutil.copy(ROOT / "tests/house/doors.py", tmp_path / "tests/house")
    for package in PACKAGES:
        plant(tmp_path, f"{package}/__init__.py", "")
    for package in ("kernel/registry", "node", TWO):
        plant(tmp_path, f"{package}/planted.py", "anything = 1")
    return tmp_path


def plant(root: Path, name: str, text: str) -> None:
    path = root / "src/lingnan" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if name.startswith("law/"):
        (path.parent / "__init__.py").touch()
    path.write_text(text + "\n", encoding="utf-8")


def lint(root: Path) -> tuple[int, str]:
    """import-linter's status and output in a copy."""
    done = subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root / "src"), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def broken(output: str) -> set[str]:
    """The names of the broken contracts, up to their colon."""
    ends = " BROKEN"
    lines = [line.strip() for line in output.splitlines()]
    return {line.partition(":")[0] for line in lines if line.endswith(ends)}


def test_the_source_keeps_all_six(copy: Path) -> None:
    status, output = lint(copy)
    assert status == 0, output
    assert "Contracts: 6 kept, 0 broken." in output


@pytest.mark.parametrize(("contract", "name", "text"), BREACHES)
def test_a_breach_is_found(copy: Path, contract: str, name: str, text: str) -> None:
    plant(copy, name, text)
    status, output = lint(copy)
    assert status != 0
    assert contract in broken(output), output


def test_doors_are_open(copy: Path) -> None:
    plant(copy, "kernel/maps/api.py", "anything = 1")
    plant(copy, f"{ONE}/planted.py", "from lingnan.kernel.maps.api import anything")
    plant(copy, f"{ONE}/apps.py", "from lingnan.kernel.runtime.apps import System")
    status, output = lint(copy)
    assert status == 0, output


def test_no_exception_is_written_down() -> None:
    text = (ROOT / ".importlinter").read_text(encoding="utf-8")
    assert text.count("[importlinter:contract:") == 6
    for word in ("ignore_imports", "exhaustive_ignores", "allow_indirect_imports", "unmatched"):
        assert word not in text
