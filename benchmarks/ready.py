"""Seconds from `up` on an empty folder until the portal answers, and when resumed."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figure import Figure
from lingnan.node.walk.province import Province, environment

FIGURES = ("ready.first", "ready.resume")
LIMIT = 60.0
BARE = """
import django
django.setup()
from django.core.management import call_command
from django.core.management.commands.migrate import Command
call_command(Command(), interactive=False, verbosity=0)
"""


def measure() -> list[Figure]:
    """The baseline is Django's own migrate of the same tables in an empty SQLite file."""
    with tempfile.TemporaryDirectory(prefix="lingnan-bench-") as folder:
        bare = _migrate(Path(folder) / "bare")
        data = Path(folder) / "node"
        with Province(data) as node:
            first = node.seconds
        with Province(data) as node:
            again = node.seconds
    size = "104,303 residents, 5,245 firms"
    return [
        Figure("ready.first", first, "s", size, bare, LIMIT),
        Figure("ready.resume", again, "s", size, bare, LIMIT),
    ]


def _migrate(data: Path) -> float:
    data.mkdir()
    told = environment() | {
        "LINGNAN_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "lingnan.node.settings",
    }
    start = time.monotonic()
    subprocess.run([sys.executable, "-c", BARE], env=told, check=True)
    return time.monotonic() - start
