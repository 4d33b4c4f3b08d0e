"""A real node for the browser: its own data folder, its own port, the command of every day."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 600.0


@dataclass(frozen=True)
class Node:
    """A running node: where it answers and where its data lies."""

    address: str
    data: Path

    def advance(self, how_far: str) -> None:
        """Move legal time as the node's operator does, for example by 3wd."""
        key = (self.data / "keys" / "operator.key").read_text().strip()
        request = urllib.request.Request(
            f"{self.address}/operating/clock/",
            json.dumps({"advance": how_far}).encode(),
            {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status == 200


@contextmanager
def running(data: Path) -> Iterator[Node]:
    """Bring a small province up, which was prepared, and take it down again."""
    assert (data / "lingnan.sqlite3").exists(), "a folder that is not prepared would take minutes"
    port = _free_port()
    node = Node(f"http://127.0.0.1:{port}", data)
    words = ["up", "--port", str(port), "--data", str(data)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LINGNAN_")}
    with (data / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "lingnan.node.command", *words],
            env=kept,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            _await(node, process)
            yield node
        finally:
            process.terminate()
            process.wait(30)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _await(node: Node, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{node.address}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the node did not come up:\n{(node.data / 'up.log').read_text()}")
