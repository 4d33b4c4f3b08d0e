"""Appends to the evidence store a second, beside one durable SQLite commit for each row."""

import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure
from lingnan.kernel.trust.evidence.api import Client, Entry, open_writer

PAYLOAD = {
    "resource": "population.identity",
    "consumer": "gd-440103-market",
    "elements": ["a", "b"],
}
TURNS = {1: 400, 16: 100}
FIGURES = tuple(f"evidence.{way}.{n}" for way in ("in_process", "served") for n in TURNS)


def measure() -> list[Figure]:
    """The baseline is one connection of sqlite3 with synchronous=FULL, a commit for each row."""
    with tempfile.TemporaryDirectory(prefix="lingnan-bench-") as folder:
        bare = _bare(Path(folder) / "bare.sqlite3")
        figures = []
        writer = open_writer(Path(folder) / "own.sqlite3")
        for threads in TURNS:
            figures.append(_figure("in_process", threads, lambda: writer, bare))
        writer.close()
        with served(Path(folder), Path(folder) / "served.sqlite3") as socket:
            for threads in TURNS:
                figures.append(_figure("served", threads, lambda: Client(socket), bare))
    return figures


def _figure(name: str, threads: int, door: Callable[[], Any], bare: float) -> Figure:
    doors = [door() for _ in range(threads)]
    for one in doors:
        one.append([Entry("bench.warm", PAYLOAD)])
    turns = TURNS[threads]
    start = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda one: _append(one, turns), doors))
    rate = threads * turns / (time.perf_counter() - start)
    return Figure(f"evidence.{name}.{threads}", rate, "appends/s", f"{threads} threads", bare)


def _append(door: Any, turns: int) -> None:
    for _ in range(turns):
        door.append([Entry("exchange.read", PAYLOAD)])


def _bare(path: Path) -> float:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE entries (seq INTEGER PRIMARY KEY, payload TEXT)")
    start = time.perf_counter()
    for _ in range(1000):
        database.execute("INSERT INTO entries (payload) VALUES (?)", (str(PAYLOAD),))
    rate = 1000 / (time.perf_counter() - start)
    database.close()
    return rate


@contextmanager
def served(folder: Path, store: Path) -> Iterator[Path]:
    """The writing process as a node starts it."""
    socket = folder / "evidence.sock"
    words = ["--store", str(store), "--socket", str(socket)]
    process = subprocess.Popen(
        [sys.executable, "-m", "lingnan.kernel.trust.evidence.serve", *words],
        stderr=subprocess.DEVNULL,
    )
    try:
        while not socket.exists():
            time.sleep(0.02)
        yield socket
    finally:
        process.terminate()
        process.wait(10)
