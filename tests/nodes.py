"""Data folders of nodes, made once in a run and copied: to make one is most of a node's start."""

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

from lingnan.node.walk.province import environment

RESIDENTS = 600


def prepare(data: Path) -> None:
    """What `up` does before it serves."""
    told = {"LINGNAN_DATA": str(data), "DJANGO_SETTINGS_MODULE": "lingnan.node.settings"}
    words = [sys.executable, "-m", "lingnan.node.prepare", str(RESIDENTS)]
    done = subprocess.run(
        words, env=environment() | told, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr


def prepared(beside: Path) -> Path:
    """The prepared folder in this one, made by whoever asks first; the others wait for it."""
    made = beside / "prepared"
    with (beside / "preparing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            prepare(beside / "unfinished")
            (beside / "unfinished").rename(made)
    return made


def copied(prepared: Path, data: Path) -> Path:
    """A node of its own, which was never brought up."""
    return Path(shutil.copytree(prepared, data, dirs_exist_ok=True))
