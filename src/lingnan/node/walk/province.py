"""A fresh province in a folder of its own: brought up, measured, ended."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from lingnan.node import processes

SOURCE = Path(__file__).resolve().parents[3]
PATIENCE = 600.0
# A fresh province is told nothing by the shell: neither another's database nor its address.
KEPT = ("LINGNAN_RATES", "LINGNAN_SYSTEMS")


class NotReady(Exception):
    """The province did not come up; the message is what it printed."""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment() -> dict[str, str]:
    """What a node of its own is told."""
    own = {n: v for n, v in os.environ.items() if not n.startswith("LINGNAN_") or n in KEPT}
    return own | {"PYTHONPATH": str(SOURCE), "PYTHONIOENCODING": "utf-8"}


class Province:
    """`up` as a subprocess. Use as a context manager; `data` may be a folder to resume, `told`
    is what it is told beside the usual (LINGNAN_…)."""

    process: subprocess.Popen[bytes]

    def __init__(
        self, data: Path | None = None, *more: str, told: Mapping[str, str] | None = None
    ) -> None:
        self.told = dict(told or {})
        self._own = data is None
        self.data = data or Path(tempfile.mkdtemp(prefix="lingnan-walk-"))
        self.port, self.more, self.seconds = free_port(), more, 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data / "up.log"

    def __enter__(self) -> "Province":
        try:
            self.start()
            self.await_ready()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def start(self) -> None:
        words = ["up", "--data", str(self.data), "--port", str(self.port), *self.more]
        self._started = time.monotonic()
        self.data.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "lingnan.node.command", *words],
                env=environment() | self.told,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=processes.end_with_parent,
            )

    def await_ready(self) -> float:
        """Seconds from the start until /healthz answers 200. Raises NotReady."""
        until = self._started + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            if healthy(self.url):
                self.seconds = time.monotonic() - self._started
                return self.seconds
            time.sleep(0.05)
        raise NotReady(self.log.read_text(errors="replace")[-2000:])

    def end(self) -> None:
        """End it as Ctrl-C does, and remove a folder of its own."""
        if hasattr(self, "process") and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
        if self._own:
            shutil.rmtree(self.data, ignore_errors=True)


def healthy(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
