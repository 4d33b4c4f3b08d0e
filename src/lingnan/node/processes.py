"""The processes of a node: started in order, watched, ended together."""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1
PATIENCE = 10.0


class AlreadyRunning(Exception):
    """Another `lingnan up` serves this data folder."""


@dataclass
class Kept:
    """A process that is started again when it ends by itself."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes]
    started: float


def end_with_parent() -> None:
    """Should this process be killed, its children get SIGTERM from the kernel (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Node:
    """A data folder's processes. Use as a context manager."""

    def __init__(self, data: Path, environment: dict[str, str]) -> None:
        self.data, self.environment = data, environment
        self.kept: list[Kept] = []
        self.stopping = False

    def __enter__(self) -> "Node":
        run = self.data / "run"
        run.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = os.open(run / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(str(self.data)) from None
        for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(ending, self._stop)
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping = True
        for kept in reversed(self.kept):
            _end(kept.process)
        os.close(self._lock)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def keep(self, name: str, *words: str) -> None:
        """Start a process that lasts as long as the node."""
        command = [sys.executable, *words]
        self.kept.append(Kept(name, command, self._start(command), time.monotonic()))

    def run(self, *words: str) -> int:
        """Run a process to its end; its exit status (130 when the node is being stopped)."""
        process = self._start([sys.executable, *words])
        while process.poll() is None:
            if self.stopping:
                _end(process)
                return 130
            time.sleep(0.05)
        return process.returncode

    def _start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            command,
            env=self.environment,
            preexec_fn=end_with_parent,
            start_new_session=True,
        )

    def watch(self) -> None:
        """Until told to stop, start again what ended by itself, not faster than each second."""
        while not self.stopping:
            for kept in self.kept:
                ended = kept.process.poll() is not None
                if ended and time.monotonic() - kept.started > 1:
                    print(f"{kept.name} ended ({kept.process.returncode}); starting it again")
                    _end_group(kept.process)
                    kept.process = self._start(kept.command)
                    kept.started = time.monotonic()
            time.sleep(0.2)


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _end_group(process)


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """End what an ended process has left behind: each has a session of its own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
