"""A file of 5 GB from a body of one node to a body of another, as `up` and `join` make them.

`BENCH_FILE_MB` says how large (5,120 by default; 200 is a small one, in half a minute). Counted is
from the moment at which the file is closed, until its receipt has come: read and hashed, announced,
sent in signed parts with evidence at both nodes, kept (fsync), checked as a whole. The baseline are
the same gateways bare, nothing signed, judged or written down, to a service that keeps each part.
Both on this machine's own cores and disk.
"""

import http.client
import json
import os
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from benchmarks import exchange_messages
from benchmarks.exchange_gateways import FIRE, SERVICE
from benchmarks.figure import Figure
from lingnan.kernel.exchange.messages import channels
from lingnan.node.walk import measure as machine
from lingnan.node.walk.province import Province, environment

MEGABYTES = int(os.environ.get("BENCH_FILE_MB", "5120"))
FIGURES = ("exchange.files.rate", "exchange.files.rss", "exchange.files.carried")
PART, FLIGHT, LIMIT = 8 * 1024 * 1024, 4, 300.0
SYSTEMS = "resource_exchange,legal_persons"
SENDER, RECEIVER = "gd-440000-market", "gd-440000-fire"
GIVEN = """
import os, sys, django; django.setup()
from lingnan.kernel.exchange.api import conclude, handing
conclude("BENCH", "legal_persons.businesses_of_person", "gd-440000-fire", "a_benchmark",
         "《行政许可法》第三十三条", ["business.scope"], "a benchmark", uses=["files"])
size = int(sys.argv[1])
one = handing.offering.begin("resource_exchange", "files", "BENCH", [("bench.bin", "", size)],
    sender="gd-440000-market", receiver="gd-440000-fire", purpose="a_benchmark",
    agreement="BENCH", by="a benchmark")
offset = 0
while offset < size:
    offset = handing.offering.write(one, 0, offset, os.urandom(min(8 << 20, size - offset)))
print(handing.store.file_of("out", one.ref, 0))
"""
CLOSED = """
import django; django.setup()
from lingnan.kernel.exchange.api import handing
handing.offering.close(handing.Handover.objects.get(number="BENCH"))
"""


def measure() -> list[Figure]:
    """Limit: no process of either node takes more than 300 MB while it is handed over."""
    with (
        tempfile.TemporaryDirectory(prefix="lingnan-files-") as folder,
        _nodes(Path(folder)) as two,
    ):
        sender = two[0]
        size = MEGABYTES << 20
        file = Path(_run(sender, "-c", GIVEN, str(size)))
        with exchange_messages.pair(Path(folder) / "bare", True) as told:
            bare = _carried(told, file, size)
        Path(told["kept"]).unlink()
        for node in two:
            _forget_peaks(node)
        seconds = _handed_over(sender)
        peaks = {name: mb for node in two for name, mb in _peaks(node)}
    most = max(peaks, key=lambda name: peaks[name])
    of = f"{MEGABYTES:,} MB, two nodes"
    rate = MEGABYTES / seconds
    return [
        Figure("exchange.files.rate", rate, "MB/s", of, bare, at_least=True),
        Figure("exchange.files.rss", peaks[most], "MB", f"the largest: {most}", limit=LIMIT),
        Figure("exchange.files.carried", seconds, "s", of, MEGABYTES / bare),
    ]


@contextmanager
def _nodes(folder: Path) -> Iterator[tuple[Province, Province]]:
    """The receiver's, which founds the instance, and the sender's, which joins it."""
    receiver = Province(folder / "r", "--residents", "600", "--node", "province", "--instance",
                        "CN-GD", told={"LINGNAN_SYSTEMS": SYSTEMS})  # fmt: skip
    sender = Province(folder / "s", "--residents", "600", "--node", "market",
                      told={"LINGNAN_SYSTEMS": SYSTEMS, "LINGNAN_NODE": "2"})  # fmt: skip
    try:
        for node in (receiver, sender):
            node.start()
            node.await_ready()
        invited = _command(receiver, "invite", "market", "--for", SENDER, "--owner", SENDER)
        _command(sender, "join", invited.split()[2])
        yield sender, receiver
    finally:
        for node in (sender, receiver):
            node.end()


def _command(node: Province, *words: str) -> str:
    return _run(node, "-m", "lingnan.node.command", *words, "--data", str(node.data))


def _run(node: Province, *words: str) -> str:
    """What a program of a node prints."""
    own = {"LINGNAN_DATA": str(node.data), "DJANGO_SETTINGS_MODULE": "lingnan.node.settings",
           "LINGNAN_EVIDENCE_SOCKET": str(node.data / "run" / "evidence.sock")}  # fmt: skip
    done = subprocess.run(
        [sys.executable, *words], env=environment() | node.told | own, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout.strip()


def _handed_over(node: Province) -> float:
    """Seconds from closing it until its receipt has come."""
    _run(node, "-c", CLOSED)
    started = time.perf_counter()
    with closing(sqlite3.connect(f"file:{node.data}/lingnan.sqlite3?mode=ro", uri=True)) as rows:
        while True:
            state, problem = rows.execute(
                "SELECT state, problem FROM exchange_handover WHERE number = 'BENCH'"
            ).fetchone()
            if state == "taken":
                return time.perf_counter() - started
            if state in ("refused", "dead"):
                raise RuntimeError(problem)
            time.sleep(0.1)


def _forget_peaks(node: Province) -> None:
    """What a process took before does not count (proc(5), clear_refs)."""
    for pid in machine.tree(node.process.pid):
        (machine.PROC / str(pid) / "clear_refs").write_text("5")


def _peaks(node: Province) -> Iterator[tuple[str, float]]:
    """The most that each process of a node had in memory since then, in MB (VmHWM)."""
    for pid in machine.tree(node.process.pid):
        told = (machine.PROC / str(pid) / "status").read_text()
        held = next(line for line in told.splitlines() if line.startswith("VmHWM"))
        words = machine.command_of(pid).split()
        name = next((one.rpartition(".")[2] for one in words if "lingnan." in one), words[0])
        yield f"{node.data.name} {name} {pid}", int(held.split()[1]) / machine.MEGABYTE


def _carried(told: dict[str, Any], file: Path, size: int) -> float:
    """MB a second of the same bytes by the bare gateways, as many parts at a time."""
    own = channels.Certified(told["system"]["chain"], told["system"]["key"])
    context = channels.of_client(own, told["consumer"]["root"])
    numbers, taking, faults = iter(range(-(-size // PART))), threading.Lock(), []

    def work() -> None:
        connection = _Named("127.0.0.1", told["consumer"]["port"], context)
        with closing(connection), file.open("rb") as opened:
            while True:
                with taking:
                    number = next(numbers, None)
                if number is None:
                    return
                opened.seek(number * PART)
                head = {"X-Road-Client": str(FIRE), "Content-Type": "application/octet-stream"}
                connection.request("PUT", f"/r1/{SERVICE}/{number}", opened.read(PART), head)
                answer = connection.getresponse()
                if answer.status != 200 or not answer.read():
                    faults.append(answer.status)
                    return

    started = time.perf_counter()
    workers = [threading.Thread(target=work) for _ in range(FLIGHT)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    if faults:
        raise RuntimeError(json.dumps(faults))
    return size / 2**20 / (time.perf_counter() - started)


class _Named(http.client.HTTPSConnection):
    """To a gateway that its certificate names, at whatever address."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        super().__init__(host, port, context=context, timeout=120)
        self._named = context

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        self.sock = self._named.wrap_socket(self.sock, server_hostname="consumer")
