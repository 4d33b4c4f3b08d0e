"""The disk on which evidence is written, watched while exchanges wait for it."""

import os
import threading
import time
from pathlib import Path
from types import TracebackType

PACE, BYTES = 0.01, 16 * 1024
LONG = 0.025
"""Seconds between two writings, bytes of one, and what is long for it, in seconds."""


class Disk:
    """Writes a little, again and again, in a thread of its own. `stalled`: the share of the time
    that went by in writings that took long."""

    def __init__(self, path: Path) -> None:
        self._path, self._ended = path, threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.stalled = 0.0

    def __enter__(self) -> "Disk":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        opened = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        begun, long = time.perf_counter(), 0.0
        while not self._ended.wait(PACE):
            before = time.perf_counter()
            os.pwrite(opened, b"x" * BYTES, 0)
            os.fdatasync(opened)
            took = time.perf_counter() - before
            long += took if took > LONG else 0.0
        self.stalled = long / (time.perf_counter() - begun)
        os.close(opened)
