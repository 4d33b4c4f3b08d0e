"""The shell entry, run in a copy with a Python of straw: no network, nothing installed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lingnan.node.command import COMMANDS

ROOT = Path(__file__).resolve().parents[2]

# Answers as an interpreter would, makes environments that are copies of itself, and writes
# down what it is asked to do. The log is found through the environment.
STRAW = """#!/bin/sh
case "$*" in
*version_info*) echo 3.12 ;;
"-c import"*) ;;
"-m venv"*) echo "venv" >>"$STRAW_LOG"; mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
*" install "*)
    echo "pip $*" >>"$STRAW_LOG"
    sleep "${STRAW_PIP:-0}"
    exit "${STRAW_PIP_FAILS:-0}" ;;
*) printf '<%s>' "$PYTHONPATH" "$@"; echo ;;
esac
"""
TOOLS = ("sh", "dirname", "readlink", "cat", "id", "sha256sum", "grep", "mkdir", "rm", "flock")


class Copy:
    """A copy of the entry in a folder whose name has spaces."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "with two spaces"
        (self.root / "src").mkdir(parents=True)
        shutil.copy(ROOT / "lingnan", self.root)
        shutil.copytree(ROOT / "locks", self.root / "locks")
        self.python = self.interpreter(folder / "straw python", STRAW)
        self.log = folder / "log"
        self.log.touch()

    @staticmethod
    def interpreter(path: Path, text: str) -> Path:
        path.write_text(text)
        path.chmod(0o755)
        return path

    def environment(self, **more: str) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if "PYTHON" not in key}
        straw = {"LINGNAN_PYTHON": str(self.python), "STRAW_LOG": str(self.log)}
        return kept | straw | {"LINGNAN_NO_APT": "1"} | more

    def run(self, *words: str, cwd: Path = ROOT, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.root / "lingnan"), *words],
            cwd=cwd,
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    def did(self) -> list[str]:
        """What the straw was asked since the last question: "venv", "pip base", "pip dev"."""
        lines = self.log.read_text().splitlines()
        self.log.write_text("")
        found = (re.search(r"locks/(\w+)\.txt", line) for line in lines)
        return [f"pip {match[1]}" if match else "venv" for match in found]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


@pytest.mark.parametrize("words", [[], ["--help"], ["help"]])
def test_help_needs_no_environment(copy: Copy, words: list[str]) -> None:
    done = copy.run(*words)
    assert done.returncode == 0
    for name, command in COMMANDS.items():
        assert (f"./lingnan {name} " in done.stdout) is not command.hidden
    assert not (copy.root / ".venv").exists()


def test_an_unknown_command(copy: Copy) -> None:
    done = copy.run("frobnicate")
    assert done.returncode == 2
    assert "no such command: frobnicate" in done.stderr
    assert not (copy.root / ".venv").exists()


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_is_let_through(copy: Copy, name: str) -> None:
    assert copy.run(name).returncode in (0, 1)


@pytest.mark.parametrize("answer", ["3.9", "3.14", ""])
def test_an_unsuitable_python_is_refused(copy: Copy, tmp_path: Path, answer: str) -> None:
    other = copy.interpreter(tmp_path / "other", f"#!/bin/sh\necho {answer}\n")
    done = copy.run("systems", LINGNAN_PYTHON=str(other))
    assert done.returncode == 1
    assert f"LINGNAN_PYTHON={other} is not a Python 3.11, 3.12 or 3.13" in done.stderr
    assert f"(it answers: {answer})" in done.stderr


def test_no_python_at_all(copy: Copy, tmp_path: Path) -> None:
    done = copy.run("systems", LINGNAN_PYTHON="", PATH=str(tools(tmp_path)))
    assert done.returncode == 1
    assert "sudo apt-get install python3 python3-venv" in done.stderr


def test_missing_packages_are_named_in_one_command(copy: Copy, tmp_path: Path) -> None:
    done = copy.run("test", PATH=str(tools(tmp_path)))
    assert done.returncode == 1
    command = re.search(r"sudo apt-get install --no-install-recommends (.+)", done.stderr)
    assert command
    assert {"openssl", "poppler-utils", "gettext"} <= set(command[1].split())
    assert copy.did() == []


def test_a_bare_debian_is_told_of_venv(copy: Copy, tmp_path: Path) -> None:
    bare = STRAW.replace('"-c import"*) ;;', '"-c import"*) exit 1 ;;')
    python = copy.interpreter(tmp_path / "bare", bare)
    done = copy.run("systems", LINGNAN_PYTHON=str(python))
    assert done.returncode == 1
    assert re.search(r"sudo apt-get install .*python3(\.12)?-venv", done.stderr)


def tools(folder: Path) -> Path:
    """A PATH with the shell's tools and nothing that Lingnan asks for."""
    path = folder / "bin"
    path.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (path / tool).symlink_to(found)
    return path


def test_the_environment_is_made_once(copy: Copy) -> None:
    first = copy.run("systems", "--json")
    assert first.returncode == 0, first.stderr
    assert copy.did() == ["venv", "pip base"]
    again = copy.run("systems", "--json")
    assert copy.did() == []
    assert again.stdout == first.stdout
    assert again.stderr == ""


def test_words_and_folders_with_spaces(copy: Copy, tmp_path: Path) -> None:
    link = tmp_path / "a link"
    link.symlink_to(copy.root / "lingnan")
    copy.root.joinpath("lingnan").chmod(0o755)
    done = subprocess.run(
        [str(link), "manage", "two words", ""],
        cwd=tmp_path,
        env=copy.environment(),
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith(f"<{copy.root}/src>")
    assert done.stdout.endswith("<lingnan.node.command><manage><two words><>\n")


def test_libraries_are_held_to_their_hashes(copy: Copy) -> None:
    copy.run("systems")
    asked = copy.log.read_text()
    for option in ("--require-hashes", "--no-deps", "--only-binary :all:"):
        assert option in asked


def test_the_dev_lock_serves_the_base(copy: Copy) -> None:
    copy.run("check")
    assert copy.did() == ["venv", "pip dev"]
    copy.run("systems")
    assert copy.did() == []
    copy.run("check")
    assert copy.did() == []


def test_a_changed_lock_installs_without_starting_anew(copy: Copy) -> None:
    copy.run("systems")
    copy.did()
    with (copy.root / "locks/base.txt").open("a") as lock:
        lock.write("# changed\n")
    copy.run("systems")
    assert copy.did() == ["pip base"]


def test_an_interrupted_install_starts_anew(copy: Copy) -> None:
    failed = copy.run("systems", STRAW_PIP_FAILS="1")
    assert failed.returncode == 1
    assert "the same command tries again" in failed.stderr
    copy.did()
    assert copy.run("systems").returncode == 0
    assert copy.did() == ["venv", "pip base"]


def test_another_python_starts_anew(copy: Copy, tmp_path: Path) -> None:
    copy.run("systems")
    copy.did()
    newer = copy.interpreter(tmp_path / "newer", STRAW.replace("3.12", "3.13"))
    copy.run("systems", LINGNAN_PYTHON=str(newer))
    assert copy.did() == ["venv", "pip base"]


def test_two_first_runs_at_once(copy: Copy) -> None:
    runs = [
        subprocess.Popen(
            [str(copy.root / "lingnan"), "systems"],
            env=copy.environment(STRAW_PIP="0.3"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(3)
    ]
    assert [run.wait(20) for run in runs] == [0, 0, 0]
    assert copy.did() == ["venv", "pip base"]


def pins(name: str) -> set[str]:
    """The `name==version` of a lock file."""
    found = set(re.findall(r"^[\w.\-]+==\S+", (ROOT / "locks" / name).read_text(), re.M))
    assert found
    return found


def test_locks() -> None:
    assert pins("base.txt") < pins("dev.txt")
    for name in ("base.txt", "dev.txt"):
        assert "://" not in (ROOT / "locks" / name).read_text()
