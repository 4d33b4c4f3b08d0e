"""The tests: the suite on SQLite and, at the same time, much of it on a private PostgreSQL.

Words that are not options of this command go to pytest (`./lingnan test -k clock -x`);
then only SQLite is used, unless --postgres asks for both. What says nothing on PostgreSQL is
marked `sqlite_only` with its reason and skipped there; in the whole suite it has runs of its own:
nodes, and the browser, which both wait more than they compute.

What systems bring asks the database through the kernel alone: it runs on SQLite, beside the rest,
and with --both on PostgreSQL as well.
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
    parser.add_argument(
        "--both",
        action="store_true",
        help="as continuous integration: systems and journeys on PostgreSQL, too; releases",
    )
    parser.add_argument(
        "--full",
        action="store_true",
        help="also what is only volume: every example, every post at every address",
    )


def run(args: argparse.Namespace) -> int:
    """Run the tests and print one line of totals."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    fetch_browser()
    try:
        with tempfile.TemporaryDirectory(prefix="lingnan-test-") as folder, Cluster() as cluster:
            total = run_all(args, Path(folder), cluster)
    except NoServer as error:
        print(f"lingnan: {error}", file=sys.stderr)
        return 1
    print(total)
    return total.status


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """End as Ctrl-C does, so that the cluster is stopped and its folder removed."""
    raise KeyboardInterrupt


def run_all(args: argparse.Namespace, folder: Path, cluster: Cluster) -> Tally:
    """All side by side: each waits for the disk while another computes.

    The tests of the evidence store have a database of their own in each.
    """
    runs = [
        Run(
            name,
            words,
            folder / name.lower(),
            place or cluster.url,
            cluster.database(database),
            args.full,
            args.both or args.full,
            part,
            folder,
        )
        for name, words, place, database, part in _chosen(args)
    ]
    try:
        for number, one in enumerate(runs):
            one.start(watched=number == 0)
        tallies = {one.name: one.finish() for one in runs}
    finally:
        for one in runs:
            one.end()
    for name, tally in tallies.items():
        print(f"== {name}: {tally}")
    return sum(tallies.values(), Tally())


def _chosen(args: argparse.Namespace) -> list[tuple[str, list[str], str, str, str]]:
    """(name, words for pytest, database unless it is the cluster's, database of the evidence, part
    of the suite: tests/conftest.py says which files each has, so that no run reads all of them).
    """
    if args.rest:
        runs = [("SQLite", list(args.rest), "sqlite", "one", "")]
        return [*runs, ("PostgreSQL", list(args.rest), "", "two", "")] if args.postgres else runs
    return [
        ("SQLite", ["tests"], "sqlite", "one", "rest"),
        ("Systems", ["-p", "tests.conftest", "src"], "sqlite", "five", "rest"),
        ("Nodes", ["tests"], "sqlite", "three", "nodes"),
        ("Browser", ["tests"], "sqlite", "four", "browser"),
        ("PostgreSQL", [] if args.both or args.full else ["tests"], "", "two", "rest"),
    ]


class Run:
    """One run of pytest, on one database, with folders of its own."""

    process: "subprocess.Popen[bytes]"

    def __init__(
        self,
        name: str,
        words: list[str],
        folder: Path,
        database: str,
        evidence: str,
        full: bool = False,
        both: bool = False,
        part: str = "",
        shared: Path | None = None,
    ) -> None:
        self.name, self._words, self._folder = name, words, folder
        self._report, self._log = folder / "report.xml", folder / "log"
        self._told = {
            "PYTHONPATH": str(ROOT / "src"),
            "LINGNAN_DATA": str(folder / "data"),
            "LINGNAN_DATABASE": database,
            "LINGNAN_TEST_POSTGRES": evidence,
            "LINGNAN_TEST_FULL": "1" if full else "",
            "LINGNAN_TEST_BOTH": "1" if both else "",
            "LINGNAN_TEST_PART": part,
            "LINGNAN_TEST_SHARED": str(shared or ""),
            # Hundreds of processes read the source: what is compiled is kept, whatever was wished.
            "PYTHONDONTWRITEBYTECODE": "",
        }

    def start(self, watched: bool) -> None:
        """The first is watched as it runs; what the second says is kept until it ends."""
        self._folder.mkdir(parents=True)
        print(f"== {self.name}", flush=True)
        words = [f"--junitxml={self._report}", *self._words]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pytest", *words],
                cwd=ROOT,
                env=os.environ | self._told,
                stdout=None if watched else log,
                stderr=None if watched else log,
            )
        self._watched = watched

    def finish(self) -> Tally:
        status = self.process.wait()
        if not self._watched:
            print(f"== {self.name}", flush=True)
            print(self._log.read_text(errors="replace"), flush=True)
        return count(self._report, status)

    def end(self) -> None:
        """Nothing stays when the other breaks off."""
        if hasattr(self, "process") and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


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
    """On Ubuntu, whose Chromium is a snap, let Playwright fetch its own."""
    release = Path("/etc/os-release")
    ubuntu = release.exists() and "ID=ubuntu" in release.read_text().splitlines()
    browsers = Path.home() / ".cache" / "ms-playwright"
    if not ubuntu or _browser() or any(browsers.glob("chromium-*")):
        return
    words = ["install", "--with-deps", "chromium"]
    print("lingnan: fetching Chromium through Playwright", flush=True)
    if subprocess.run([sys.executable, "-m", "playwright", *words]).returncode:
        print(f"lingnan: no browser; run: {sys.executable} -m playwright {' '.join(words)}")


def _browser() -> str | None:
    """The shell draws as the browser does, with a third less work."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")
