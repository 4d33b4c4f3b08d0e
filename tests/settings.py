"""The settings of the suite: the node's own, on a data folder that ends with the run."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from lingnan.node import catalogues


def _quick() -> str | None:
    """Memory, where there is room: each entry of evidence would else wait for the disk."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK)
    return str(memory) if roomy and shutil.disk_usage(memory).free > 2 * 1024**3 else None


FOLDER = tempfile.mkdtemp(prefix="lingnan-suite-", dir=_quick())
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ["LINGNAN_DATA"] = FOLDER
os.environ["LINGNAN_MODE"] = "demonstration"
# What the suite starts as a process of its own reads the node's settings.
os.environ["DJANGO_SETTINGS_MODULE"] = "lingnan.node.settings"
catalogues.compile_stale()


def _node_settings() -> dict[str, Any]:
    from lingnan.node import settings

    return {name: getattr(settings, name) for name in dir(settings) if name.isupper()}


globals().update(_node_settings())
# Every client of the suite is a server of its own, which would list all files of pages anew.
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["tests.hashing.Quick"]
