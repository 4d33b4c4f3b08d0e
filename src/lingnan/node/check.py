"""Whether the code is as it should be: format, lint, types, contracts, migrations, documents."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lingnan.node import systems, translations

ROOT = Path(__file__).resolve().parents[3]
LONGEST_FILE = 400

# A path of one person's machine, or a registry that not every site can reach.
FOREIGN = {
    "a path of one machine": re.compile(r"(?<![\w.}])/(?:root|home|work|Users)/[\w.]|\.pyenv[/]"),
    "a registry's host": re.compile(
        r"\b(?:pypi\.org|files\.pythonhosted\.org|(?:deb|security)\.debian\.org"
        r"|(?:archive|security)\.ubuntu\.com|registry\.npmjs\.org|mirrors?\.[a-z]+\.(?:com|edu|cn))\b"
    ),
}


@dataclass(frozen=True)
class Outcome:
    """What one check found: a line to print, and the rest when it failed."""

    passed: bool
    line: str
    detail: str = ""


def command(*words: str, result: str = ".+") -> Callable[[], Outcome]:
    """A check that runs Python with these words; it passes when the status is 0.

    The last line of output that `result` matches is the line to print.
    """

    def run_it() -> Outcome:
        with tempfile.TemporaryDirectory(prefix="lingnan-check-") as data:
            done = subprocess.run(
                [sys.executable, *words],
                cwd=ROOT,
                env=_environment(data),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
            )
        output = (done.stdout + done.stderr).strip()
        lines = [line.strip() for line in output.splitlines() if re.match(result, line.strip())]
        return Outcome(done.returncode == 0, lines[-1] if lines else "broke off", output)

    return run_it


def _environment(data: str) -> dict[str, str]:
    """A node of its own, so that checking never touches anybody's data."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LINGNAN_")}
    return kept | {
        "PYTHONPATH": str(ROOT / "src"),
        "LINGNAN_DATA": data,
        "DJANGO_SETTINGS_MODULE": "lingnan.node.settings",
        "PYTHONIOENCODING": "utf-8",
    }


def documents() -> Outcome:
    """Generated documents say what the code says."""
    if systems.docs_true():
        return Outcome(True, "docs/systems.md is true")
    return Outcome(False, "docs/systems.md is stale: run ./lingnan systems --write-docs")


def catalogues() -> Outcome:
    """Every string has its Chinese translation."""
    faults = translations.faults()
    count = sum(len(translations.messages(one)) for one in translations.applications())
    line = f"{count} strings, {len(faults)} without a sound Chinese translation"
    return Outcome(not faults, line, "\n".join(faults))


def lengths() -> Outcome:
    """No Python file is longer than 400 lines (migrations aside)."""
    python = [path for path in files() if path.suffix == ".py" and "migrations" not in path.parts]
    counted = [(len(path.read_bytes().splitlines()), path) for path in python]
    long = [f"{path.relative_to(ROOT)}: {n} lines" for n, path in counted if n > LONGEST_FILE]
    return Outcome(bool(python) and not long, f"{len(python)} files", "\n".join(long))


def places() -> Outcome:
    """No file names a machine's folders or a registry."""
    found, count = [], 0
    for path in files():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        count += 1
        for number, line in enumerate(lines, 1):
            named = [what for what, pattern in FOREIGN.items() if pattern.search(line)]
            found += [f"{path.relative_to(ROOT)}:{number}: {what}" for what in named]
    return Outcome(bool(count) and not found, f"{count} files", "\n".join(found))


def files() -> list[Path]:
    """The files of the repository: known to git, or new and not ignored."""
    paths = _files_of_git() or _files_of_archive()
    return sorted({path for path in paths if path.is_file() and not path.is_symlink()})


def _files_of_git() -> list[Path]:
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if shutil.which("git") is None:
        return []
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def _files_of_archive() -> list[Path]:
    """An unpacked archive, or a machine without git."""
    folders = ("src", "tests", "docs", "locks", "benchmarks", ".ci")
    found = [path for name in folders for path in (ROOT / name).rglob("*")]
    return [path for path in [*found, *ROOT.glob("*")] if path.suffix not in (".pyc", ".mo")]


LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command; sys.exit({})".format(
    "lint_imports_command(args=['--no-cache', '--no-logo'], prog_name='lint-imports')"
)
CHECKS: dict[str, Callable[[], Outcome]] = {
    "format": command("-m", "ruff", "format", "--check", "--output-format", "concise", "."),
    "lint": command("-m", "ruff", "check", "--output-format", "concise", ".", result="All|Found"),
    "types": command("-m", "mypy", result="Success|Found"),
    "contracts": command("-c", LINT_IMPORTS, result="Contracts: "),
    "migrations": command("-m", "django", "makemigrations", "--check", "--dry-run"),
    "django": command("-m", "django", "check", "--fail-level", "WARNING"),
    "documents": documents,
    "reference": command("-m", "lingnan.node.reference", result="docs/|[0-9]+ "),
    "permissions": command("-m", "lingnan.node.permissions", "--check", result="docs/"),
    "translations": catalogues,
    "lengths": lengths,
    "places": places,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `./lingnan check`."""
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(CHECKS)}")
    parser.add_argument(
        "--write-reference", action="store_true", help="write docs/reference, check nothing"
    )


def run(args: argparse.Namespace) -> int:
    """Run every check, go on after a failure, and say which failed."""
    if args.write_reference:
        written = command("-m", "lingnan.node.reference", "--write")()
        print(written.line if written.passed else written.detail)
        return 0 if written.passed else 1
    unknown = set(args.names) - set(CHECKS)
    if unknown:
        print(f"lingnan: no such check: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    failed = [name for name in args.names or CHECKS if not report(name)]
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def report(name: str) -> bool:
    """Run one check, print its line, and what it found when it failed."""
    print(f"{name:<13}", end="", flush=True)
    start = time.monotonic()
    try:
        outcome = CHECKS[name]()
    except Exception as error:
        # A check that breaks is a failed check; the others still run.
        outcome = Outcome(False, f"{type(error).__name__}: {error}")
    word = "ok" if outcome.passed else "FAILED"
    print(f"{word:<7}{time.monotonic() - start:6.1f} s  {outcome.line}", flush=True)
    if not outcome.passed and outcome.detail:
        print("\n".join(f"    {line}" for line in outcome.detail.splitlines()), flush=True)
    return outcome.passed
