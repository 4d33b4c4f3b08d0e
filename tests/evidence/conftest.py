"""Stores to test with: always SQLite, and PostgreSQL where LINGNAN_TEST_POSTGRES names a server."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lingnan.kernel.trust.evidence.client import Client
from lingnan.kernel.trust.evidence.database import connect
from lingnan.kernel.trust.evidence.store import SqlStore

Start = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where an empty store may be made. What a test has spoilt does not stay on the server."""
    if request.param == "sqlite":
        yield str(tmp_path / "evidence.sqlite3")
        return
    dsn = os.environ.get("LINGNAN_TEST_POSTGRES")
    if not dsn:
        pytest.skip("LINGNAN_TEST_POSTGRES names no PostgreSQL server (postgresql://…)")
    _drop(dsn)
    yield dsn
    _drop(dsn)


def _drop(dsn: str) -> None:
    import psycopg

    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS evidence CASCADE")


@pytest.fixture
def store(location: str) -> Iterator[SqlStore]:
    """An empty store, claimed by the test."""
    opened = SqlStore(connect(location, write=True))
    yield opened
    opened.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "evidence.sqlite3"


@pytest.fixture
def door(tmp_path: Path) -> Path:
    return tmp_path / "door"


@pytest.fixture
def start(path: Path, door: Path) -> Iterator[Start]:
    """Starts the writer process and waits until it answers; none outlives the test."""
    running: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "lingnan.kernel.trust.evidence.serve"]
        command += ["--store", str(path), "--socket", str(door)]
        process = subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stderr=subprocess.DEVNULL,
        )
        running.append(process)
        with Client(door, patience=10) as client:
            assert client.ping(10) or client.append([]) == []
            while not client.ping():
                assert process.poll() is None
                time.sleep(0.01)
        return process

    yield begin
    for process in running:
        process.kill()
        process.wait()
