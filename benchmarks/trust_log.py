"""The evidence log: durable appends, checking all of it, and one proof in a log of a province."""

import hashlib
import os
import sqlite3
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure
from lingnan.kernel.trust.evidence import merkle
from lingnan.kernel.trust.evidence.api import Entry, Subject, open_reader, open_writer

FIGURES = ("evidence.group", "evidence.verify", "evidence.proof")
THREADS, TURNS = 16, 150
ENTRIES, PART = 100_000, 1_000
LEAVES, BLOCK = 100_000_000, 1 << merkle.STEP
PAYLOAD = {
    "resource": "population.identity",
    "consumer": "gd-440103-market",
    "purpose": "individual_business",
    "basis": "《市场主体登记管理条例》（2021-07-27）第十五条",
    "elements": ["person.name", "person.identity_number"],
}
SUBJECT = (Subject("population", 1 << 40),)


def measure() -> list[Figure]:
    """Limits: 5,000 durable entries a second; 100,000 checked in 10 s; a proof among 100 million
    in 50 ms."""
    with tempfile.TemporaryDirectory(prefix="lingnan-bench-") as folder:
        return [_group(Path(folder)), _verify(Path(folder)), _proof(Path(folder))]


def _entry() -> Entry:
    return Entry("exchange.read", PAYLOAD, SUBJECT)


def _group(folder: Path) -> Figure:
    """Threads that each wait for their own entry; the baseline commits the same bytes alone."""
    writer = open_writer(folder / "group.sqlite3")

    def turns(_thread: int) -> None:
        for _ in range(TURNS):
            writer.append([_entry()])

    turns(0)
    start = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(turns, range(THREADS)))
    rate = THREADS * TURNS / (time.perf_counter() - start)
    writer.close()
    size = f"{THREADS} threads, one entry each"
    return Figure("evidence.group", rate, "entries/s", size, _raw(folder), 5_000, at_least=True)


def _raw(folder: Path) -> float:
    """Rows of as many bytes, one durable commit each."""
    database = sqlite3.connect(folder / "raw.sqlite3", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE rows (seq INTEGER PRIMARY KEY, payload TEXT, hash BLOB)")
    count, text = 1_000, str(PAYLOAD)
    start = time.perf_counter()
    for _ in range(count):
        database.execute("INSERT INTO rows (payload, hash) VALUES (?, ?)", (text, os.urandom(96)))
    rate = count / (time.perf_counter() - start)
    database.close()
    return rate


def _verify(folder: Path) -> Figure:
    """Everything recomputed; the baseline reads the same rows and hashes their payloads."""
    path = folder / "whole.sqlite3"
    writer = open_writer(path)
    for _ in range(ENTRIES // PART):
        writer.append([_entry() for _ in range(PART)])
    writer.close()
    reader = open_reader(path)
    start = time.perf_counter()
    faults = reader.verify()
    took = time.perf_counter() - start
    if faults:
        raise RuntimeError(f"the log is not whole: {faults[:3]}")
    start = time.perf_counter()
    with sqlite3.connect(path) as database:
        for (payload,) in database.execute("SELECT payload FROM payloads ORDER BY seq"):
            hashlib.sha256(payload.encode()).digest()
    bare = time.perf_counter() - start
    return Figure("evidence.verify", took, "s", f"{ENTRIES:,} entries", bare, 10)


def _proof(folder: Path) -> Figure:
    """One entry among 100 million. The nodes are all there; of the entries only those of the
    blocks that are asked for, so that the log is made in seconds."""
    path, asked = folder / "province.sqlite3", (LEAVES // 3, LEAVES - 2 * BLOCK, 77 * BLOCK + 5)
    open_writer(path).close()
    root = _province(path, asked)
    reader, times = open_reader(path), []
    for _ in range(20):
        for seq in asked:
            start = time.perf_counter()
            proof = reader.inclusion(seq, LEAVES)
            times.append((time.perf_counter() - start) * 1000)
            if not merkle.verify_inclusion(_leaf(seq), seq - 1, LEAVES, proof, root):
                raise RuntimeError("the proof does not hold")
    size = f"{LEAVES:,} entries, {len(proof)} hashes"
    return Figure("evidence.proof", statistics.median(times), "ms", size, None, 50)


def _leaf(seq: int) -> bytes:
    return merkle.leaf_hash(seq.to_bytes(8, "big"))


def _province(path: Path, asked: tuple[int, ...]) -> bytes:
    """Writes the stored levels of the tree, and the entries of the blocks asked for: its root."""
    blocks = {(seq - 1) // BLOCK for seq in asked}
    level: list[bytes] = []
    database: Any = sqlite3.connect(path)
    for block in range(LEAVES // BLOCK):
        if block in blocks:
            leaves = [_leaf(block * BLOCK + n + 1) for n in range(BLOCK)]
            rows = [(block * BLOCK + n + 1, leaf) for n, leaf in enumerate(leaves)]
            database.executemany(
                "INSERT INTO entries VALUES (?, '2026-01-01T00:00:00+00:00', 'bench', x'00', ?)",
                rows,
            )
            level.append(_folded(leaves))
        else:
            level.append(hashlib.sha256(block.to_bytes(8, "big")).digest())
    height = merkle.STEP
    nodes: dict[tuple[int, int], bytes] = {}
    while level:
        database.executemany(
            "INSERT INTO nodes VALUES (?, ?, ?)",
            [(height, position, one) for position, one in enumerate(level)],
        )
        nodes |= {(height, position): one for position, one in enumerate(level)}
        level = [_folded(level[at : at + BLOCK]) for at in range(0, len(level) - BLOCK + 1, BLOCK)]
        height += merkle.STEP
    database.execute("INSERT INTO heads VALUES (?, x'00', '2026-01-01')", (LEAVES,))
    database.commit()
    database.close()
    return merkle.root(
        LEAVES, lambda at, first, count: [nodes[at, first + n] for n in range(count)]
    )


def _folded(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [merkle.node_hash(*hashes[at : at + 2]) for at in range(0, len(hashes), 2)]
    return hashes[0]
