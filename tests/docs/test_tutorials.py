"""Both tutorials, done as their reader does them, on a copy of the repository."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.tutorial import Block, blocks

ROOT = Path(__file__).resolve().parents[2]
TUTORIALS = ("add-a-matter.md", "add-a-system.md")
COPIED = ("src", "tests", "docs", "pyproject.toml", ".importlinter")
MATTER_TEST = "src/lingnan/systems/government/online_services/tests/test_street_use.py"
SYSTEM = "src/lingnan/systems/society/sports"


def test_a_block_is_done_where_it_says(tmp_path: Path) -> None:
    document = tmp_path / "some.md"
    document.write_text(
        "```toml file=a/b.toml\nx = 1\n```\n\n```toml append=a/b.toml\ny = 2\n```\n"
        '```text into=a/b.toml before="y ="\nz = 3\n```\n```sh\nnot a file\n```\n'
    )
    found = blocks(document)
    assert [block.path for block in found] == ["src/lingnan/a/b.toml"] * 3
    for block in found:
        block.apply(tmp_path)
    assert (tmp_path / "src/lingnan/a/b.toml").read_text() == "x = 1\nz = 3\ny = 2\n"
    with pytest.raises(ValueError, match="not one"):
        Block("into", found[0].path, "nowhere", "").apply(tmp_path)


class Copy:
    """The repository with what the tutorials write."""

    def __init__(self, root: Path) -> None:
        self.root = root
        # With what was compiled, which knows its source by the time: each command would do it anew.
        unwanted = shutil.ignore_patterns("*.mo", "var")
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, root / name, ignore=unwanted)
            else:
                shutil.copy(source, root / name)
        self.written = [block for name in TUTORIALS for block in blocks(ROOT / "docs" / name)]
        for block in self.written:
            block.apply(root)

    def run(self, *words: str) -> str:
        """Run Python with these words; returns what it said. Fails the test on any status."""
        kept = {name: v for name, v in os.environ.items() if not name.startswith("LINGNAN_")}
        own = {"PYTHONPATH": str(self.root / "src"), "LINGNAN_DATA": str(self.root / "data")}
        own |= {"DJANGO_SETTINGS_MODULE": "lingnan.node.settings"}
        done = subprocess.run(
            [sys.executable, "-P", *words],
            cwd=self.root,
            env=kept | own,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        return done.stdout + done.stderr

    def command(self, *words: str) -> str:
        return self.run("-m", "lingnan.node.command", *words)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    made = Copy(tmp_path_factory.mktemp("reader"))
    said = made.command("manage", "makemigrations", "sports")
    assert "Create model Venue" in said
    yield made
    shutil.rmtree(made.root, ignore_errors=True)


def test_what_the_tutorials_write_is_in_the_house_style(copy: Copy) -> None:
    paths = [b.path for b in copy.written if b.act == "file" and b.path.endswith(".py")]
    assert len(paths) > 5
    copy.run("-m", "ruff", "check", "--no-cache", *paths)
    copy.run("-m", "ruff", "format", "--check", "--no-cache", *paths)


def test_the_checks_that_the_tutorials_name_pass(copy: Copy) -> None:
    copy.command("systems", "--write-docs")
    copy.command("check", "--write-reference")
    said = copy.command("check", "contracts", "migrations", "documents", "reference")
    assert "all checks passed" in said
    assert "`sports.venue`" in (copy.root / "docs/reference/records.md").read_text(encoding="utf-8")


def test_the_translations_of_the_tutorial_are_whole(copy: Copy) -> None:
    said = copy.run("-c", "from lingnan.node import translations as t; print(t.faults())")
    assert "sports" not in said, said


def test_the_tests_of_the_tutorials_pass(copy: Copy) -> None:
    said = copy.run("-m", "pytest", "-p", "no:cacheprovider", MATTER_TEST, SYSTEM)
    assert " passed" in said and " skipped" not in said


def test_the_house_stands_with_what_the_tutorials_add(copy: Copy) -> None:
    words = ["tests/house/test_structure.py", "tests/house/test_declarations.py"]
    copy.run(
        "-m", "pytest", "-p", "no:cacheprovider", *words, "tests/standards/test_guangdong_data.py"
    )
