"""The tests: the suite on SQLite, then the kernel's on a private PostgreSQL.

Words that are not options of this command go to pytest (`./lingnan test -k clock -x`);
then only SQLite is used, unless --postgres asks for both.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from xml.etree import ElementTree

from lingnan.node.postgres import Cluster, NoServer

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Tally:
    """What a run of pytest came to."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    status: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
            self.status or other.status,
        )

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `./lingnan test`."""
    parser.add_argument(
        "--postgres", action="store_true", help="run the chosen tests on PostgreSQL as well"
    )


def run(args: argparse.Namespace) -> int:
    """Run the tests and print one line of totals."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    fetch_browser()
    try:
        with tempfile.TemporaryDirectory(prefix="lingnan-test-") as folder, Cluster() as cluster:
            total = run_all(args, Path(folder), cluster.url)
    except NoServer as error:
        print(f"lingnan: {error}", file=sys.stderr)
        return 1
    print(total)
    return total.status


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """End as Ctrl-C does, so that the cluster is stopped and its folder removed."""
    raise KeyboardInterrupt


def run_all(args: argparse.Namespace, folder: Path, postgres: str) -> Tally:
    """SQLite first, then PostgreSQL where it is due."""
    total = pytest("SQLite", args.rest, folder / "sqlite", "sqlite", postgres)
    if args.postgres or not args.rest:
        words = args.rest or ["-m", "kernel"]
        total += pytest("PostgreSQL", words, folder / "postgresql", postgres, postgres)
    return total


def pytest(name: str, words: list[str], folder: Path, database: str, postgres: str) -> Tally:
    """One run of pytest, on one database."""
    print(f"== {name}", flush=True)
    folder.mkdir()
    report = folder / "report.xml"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", f"--junitxml={report}", *words],
        cwd=ROOT,
        env=os.environ
        | {
            "PYTHONPATH": str(ROOT / "src"),
            "LINGNAN_DATA": str(folder / "data"),
            "LINGNAN_DATABASE": database,
            "LINGNAN_TEST_POSTGRES": postgres,
        },
    )
    return count(report, done.returncode)


def count(report: Path, status: int) -> Tally:
    """Read pytest's report; a run that wrote none counts as one failure."""
    if not report.exists():
        return Tally(failed=1, status=status or 1)
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))

    def total(name: str) -> int:
        return sum(int(suite.get(name, "0")) for suite in suites)

    failed, skipped = total("failures") + total("errors"), total("skipped")
    passed = max(0, total("tests") - failed - skipped)
    return Tally(passed, failed, skipped, status)


def fetch_browser() -> None:
    """On Ubuntu, whose Chromium is a snap, let Playwright fetch one."""
    release = Path("/etc/os-release")
    ubuntu = release.exists() and "ID=ubuntu" in release.read_text().splitlines()
    browsers = Path.home() / ".cache" / "ms-playwright"
    if not ubuntu or shutil.which("chromium") or any(browsers.glob("chromium-*")):
        return
    words = ["install", "--with-deps", "chromium"]
    print("lingnan: fetching Chromium through Playwright", flush=True)
    if subprocess.run([sys.executable, "-m", "playwright", *words]).returncode:
        print(f"lingnan: no browser; run: {sys.executable} -m playwright {' '.join(words)}")
