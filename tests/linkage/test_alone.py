"""Two workers never search the same register at once, and a killed one leaves no lock."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from lingnan.kernel.registry.linkage import finding
from lingnan.kernel.registry.linkage.alone import claim
from lingnan.kernel.registry.linkage.models import LinkageRun
from lingnan.systems.government.population.models import Resident

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
NAME = "population.resident"
HOLD = """
import fcntl, sys, time
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(600)
"""


@pytest.fixture
def run(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> LinkageRun:
    """A run that waits and of which nothing is left to be searched."""
    settings.DATA = tmp_path
    waiting = finding.begin(Resident, "a test")
    monkeypatch.setattr(finding, "advance", _ended)
    return waiting


def _ended(run: LinkageRun, stopping: object) -> None:
    run.state = "done"
    run.save()


def test_a_killed_workers_lock_does_not_stay(run: LinkageRun, tmp_path: Path) -> None:
    (tmp_path / "linkage").mkdir()
    lock = tmp_path / "linkage" / f"{NAME}.lock"
    said = [sys.executable, "-c", HOLD, str(lock)]
    with subprocess.Popen(said, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        assert finding.run_waiting() == 0
        other.kill()
        other.wait()
        assert finding.run_waiting() == 1
    assert LinkageRun.objects.get(pk=run.pk).state == "done"
    assert finding.run_waiting() == 0


def test_a_worker_on_another_machine_holds_the_lock_in_the_database(run: LinkageRun) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("a SQLite file is one machine's: the file's lock is enough")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [claim(NAME)])
        assert finding.run_waiting() == 0
    finally:
        other.close()
    # The server ends a session a moment after it is closed: wait for the lock, then give it back.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [claim(NAME)])
        cursor.execute("SELECT pg_advisory_unlock(%s)", [claim(NAME)])
    assert finding.run_waiting() == 1
