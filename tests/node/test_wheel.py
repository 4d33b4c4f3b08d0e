"""The package as somebody installs it, away from the source: it has all it needs, and runs."""

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lingnan.node import check, source
from lingnan.node.walk.province import free_port, healthy
from tests.node.test_walkthrough import only_slow

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
PACKED = ("pyproject.toml", "setup.py", "README.md", "LICENSE")
OFFLINE = ("No matching distribution", "Temporary failure", "Connection", "timed out")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of what git knows, as a release is."""
    copy, made = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for path in check.files():
        within = path.relative_to(ROOT)
        if within.parts[0] == "src" or str(within) in PACKED:
            (copy / within).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy / within)
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", str(copy), "--no-deps", "-q", "-w", str(made)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode and any(word in done.stderr for word in OFFLINE):
        pytest.skip("the tools that build a wheel could not be fetched")
    assert done.returncode == 0, done.stderr
    return next(made.glob("lingnan-*.whl"))


class Place:
    """A folder away from the source with the wheel installed, and a home of its own."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder, self.home = folder, folder / "home"
        self.home.mkdir()
        venv.create(folder / "v", with_pip=False, symlinks=True)
        self.python = folder / "v" / "bin" / "python"
        words = ["-m", "pip", "--python", str(self.python), "install", "-q", "--no-deps"]
        subprocess.run([sys.executable, *words, "--no-index", str(wheel)], check=True, timeout=120)
        # The libraries are those of the lock, which this suite runs with.
        site = next((folder / "v" / "lib").glob("python*/site-packages"))
        (site / "libraries.pth").write_text(sysconfig.get_path("purelib"))

    @property
    def environment(self) -> dict[str, str]:
        unwanted = ("LINGNAN_", "PYTHON", "DJANGO_", "XDG_")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(unwanted)}
        return kept | {"HOME": str(self.home)}

    def start(self, *words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [str(self.folder / "v" / "bin" / "lingnan"), *words],
            cwd=self.home,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *words: str) -> tuple[int, str]:
        process = self.start(*words)
        said, _nothing = process.communicate(timeout=900)
        return process.returncode, said


@pytest.fixture(scope="module")
def place(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield Place(tmp_path_factory.mktemp("w"), wheel)


def test_it_holds_every_file_that_is_read_at_work(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    kinds = {".toml", ".json", ".bpmn", ".typ", ".csv", ".geojson", ".html", ".css", ".js", ".po"}
    wanted = {
        path.relative_to(ROOT / "src").as_posix()
        for path in check.files()
        if path.is_relative_to(ROOT / "src")
        and (path.suffix in kinds or path.suffix == ".py")
        and "tests" not in path.parts
    }
    assert len(wanted) > 300 and kinds - {".js"} <= {Path(name).suffix for name in wanted}
    assert wanted - names == set()
    catalogues = {name.removesuffix(".po") + ".mo" for name in wanted if name.endswith(".po")}
    assert catalogues and catalogues - names == set()
    assert [name for name in names if name.endswith(".pyc")] == []


def test_it_runs_from_there_and_not_from_the_source(place: Place) -> None:
    said = subprocess.run(
        [str(place.python), "-c", "import lingnan; print(lingnan.__path__)"],
        cwd=place.home, env=place.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert str(place.folder) in said.stdout and str(ROOT) not in said.stdout


def test_it_lists_the_systems(place: Place) -> None:
    status, said = place.run("systems", "--json")
    assert status == 0 and len(json.loads(said)) == 85


def test_its_doctor_finds_nothing_wrong(place: Place) -> None:
    status, said = place.run("doctor", "--port", str(free_port()))
    assert status == 0, said
    assert str(place.home / ".local" / "share" / "lingnan") in said


@pytest.mark.parametrize("name", ["check", "test", "bench"])
def test_what_works_on_the_source_says_so(place: Place, name: str) -> None:
    status, said = place.run(name)
    assert status == 2 and "works on the source" in said


def test_it_comes_up_in_its_own_folder_in_chinese(place: Place) -> None:
    import urllib.request

    port = free_port()
    process = place.start("up", "--port", str(port), "--residents", "600")
    try:
        for line in process.stdout or ():
            if "ready after" in line:
                break
        assert healthy(f"http://127.0.0.1:{port}")
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/verify/").read().decode()
        assert "核验" in page and "/static/ui/look.css" in page
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/static/ui/look.css") as style:
            assert style.status == 200 and len(style.read()) > 1000
        data = place.home / ".local" / "share" / "lingnan"
        assert (data / "lingnan.sqlite3").exists() and (data / "keys" / "mode").exists()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def test_its_walkthrough_keeps_the_promises(place: Place) -> None:
    status, said = place.run("walkthrough", "--json")
    found, _rest = json.JSONDecoder().raw_decode(said[said.index("{") :])
    broken = [p for p in found["promises"] if not p["kept"] and not only_slow(p)]
    assert not broken and all(s["state"] == "done" for s in found["steps"]), said[-3000:]
    assert status == 0 or any(only_slow(p) for p in found["promises"])


def test_where_data_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert source.is_source() and source.default_data() == ROOT / "var"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert source.default_data(tmp_path) == tmp_path / ".local" / "share" / "lingnan"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "x"))
    assert source.default_data(tmp_path) == tmp_path / "x" / "lingnan"
