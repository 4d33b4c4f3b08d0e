"""Killing the writer at random moments: what was acknowledged is there, once."""

import os
import random
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lingnan.kernel.trust.evidence.api import Client, EvidenceUnavailable
from tests.evidence.stored import Start, entry, numbers

KILLED = """
import sys
from lingnan.kernel.trust.evidence.api import Entry, open_writer
writer = open_writer(sys.argv[1])
for number in range(10**9):
    writer.append([Entry("case.event", {"n": f"{sys.argv[2]}-{number}"})])
    print(f"{sys.argv[2]}-{number}", flush=True)
"""


def test_what_was_acknowledged_survives_kill(path: Path) -> None:
    acknowledged: list[str] = []
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    for turn in range(15):
        command = [sys.executable, "-c", KILLED, str(path), str(turn)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
        assert process.stdout
        acknowledged.append(process.stdout.readline().decode().strip())
        time.sleep(random.uniform(0, 0.1))
        process.kill()
        acknowledged += process.stdout.read().decode().split()
        process.wait()
    found = numbers(path)
    assert len(found) == len(set(found)) and len(acknowledged) >= 15
    assert set(acknowledged) <= set(found) and len(found) <= len(acknowledged) + 15


def test_kills_of_the_process_under_load(start: Start, path: Path, door: Path) -> None:
    """Clients go on over ten kills: each append is there once, or its caller was told."""
    process, stop = start(), threading.Event()

    def work(thread: int) -> tuple[set[str], set[str]]:
        done: set[str] = set()
        refused: set[str] = set()
        with Client(door, patience=10) as client:
            for number in range(10**9):
                if stop.is_set():
                    return done, refused
                name = f"{thread}-{number}"
                try:
                    client.append([entry(name)])
                    done.add(name)
                except EvidenceUnavailable:
                    refused.add(name)
        return done, refused

    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(work, thread) for thread in range(4)]
        for _ in range(10):
            time.sleep(random.uniform(0.02, 0.15))
            process.kill()
            process.wait()
            process = start()
        stop.set()
        results = [future.result() for future in futures]
    done = set().union(*(result[0] for result in results))
    refused = set().union(*(result[1] for result in results))
    found = numbers(path)
    assert len(found) == len(set(found)) and len(done) > 50
    assert done <= set(found) <= done | refused
