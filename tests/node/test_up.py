"""`up` as a person runs it: ended, killed, resumed; nothing acknowledged is lost."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lingnan.node.walk import measure
from lingnan.node.walk.business import ANSWERS
from lingnan.node.walk.province import Province, environment
from lingnan.node.walk.stage import Stage
from lingnan.node.walk.trail import Trail
from tests.node.aftermath import Aftermath
from tests.node.crowd import Crowd
from tests.nodes import copied

FEW = ("--residents", "600")
SWEEP, ENOUGH = 15.0, 90.0
# By what their commands are told apart: "worker" alone is an option of the web's, too.
WORKER, WEB, WRITER = "node.worker", "granian", "evidence.serve"


@pytest.fixture(scope="module")
def node(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    """A node that several tests share: each leaves it up."""
    with Province(copied(prepared, tmp_path_factory.mktemp("shared") / "node")) as province:
        yield province


def health(node: Province) -> dict[str, object]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{node.url}/healthz", timeout=5) as answer:
        assert answer.status == 200
        found: dict[str, object] = json.loads(answer.read())
    return found


def alive(pids: list[int]) -> list[str]:
    """The commands of those processes that still run."""
    return [measure.command_of(pid) for pid in pids if measure.command_of(pid)]


def until(holds: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


def file_business(node: Province, county: str = "440103") -> str:
    stage, who = Stage(node.url, "", Trail(None)), f"resident-{county}"
    stage.begin(who, "individual_business", f"gd-{county}-market")
    stage.fill(who, "individual_business", ANSWERS)
    return stage.file(who)


def named(node: Province, name: str) -> list[int]:
    """The processes of the node whose command holds a word, the outermost first."""
    return [p for p in measure.tree(node.process.pid)[1:] if name in measure.command_of(p)]


def test_it_answers_ends_with_ctrl_c_and_resumes(tmp_path: Path) -> None:
    node = Province(tmp_path / "node", *FEW)
    with node:
        assert health(node)["ready"] is True
        number = file_business(node)
        pids = measure.tree(node.process.pid)
        assert len(pids) >= 4
        node.process.send_signal(signal.SIGINT)
        assert node.process.wait(60) == 0
        assert until(lambda: not alive(pids), 20), alive(pids)
    with Province(tmp_path / "node", *FEW) as again:
        stage = Stage(again.url, "", Trail(None))
        assert stage.case("resident-440103", number).status == 200
        assert "合成居民" not in again.log.read_text().rpartition("ending")[2]


def test_a_second_run_on_the_same_folder_is_refused(node: Province) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lingnan.node.command", "up", "--data", str(node.data)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 1
    assert str(node.data) in done.stdout + done.stderr and "Traceback" not in done.stderr
    assert health(node)["ready"] is True


def test_a_port_that_another_node_serves_is_not_shared(node: Province, tmp_path: Path) -> None:
    words = ["up", "--data", str(tmp_path / "other"), "--port", node.url.rpartition(":")[2]]
    done = subprocess.run(
        [sys.executable, "-m", "lingnan.node.command", *words],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1 and "is taken" in done.stdout


def test_the_clock_finds_the_node_by_its_data_folder(node: Province) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lingnan.node.command", "clock", "show", "--data", str(node.data)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0 and str(health(node)["business_date"]) in done.stdout


@pytest.mark.parametrize("name", [WORKER, WEB, WRITER])
def test_a_process_killed_alone_is_started_again(node: Province, name: str) -> None:
    before = named(node, name)
    time.sleep(1.1)  # a process that ends in its first second is started again no faster
    os.kill(before[0], signal.SIGKILL)

    def back() -> bool:
        # For a moment what a killed process had started outlives it, and still answers.
        return bool(named(node, name)) and not alive(before)

    assert until(back, 10), (before, named(node, name), alive(before))
    assert until(lambda: _answers(node), 10)
    file_business(node)


def _answers(node: Province) -> bool:
    try:
        return health(node)["ready"] is True
    except OSError:
        return False


def test_the_children_end_when_the_parent_is_killed(prepared: Path, tmp_path: Path) -> None:
    with Province(copied(prepared, tmp_path / "node")) as node:
        pids = measure.tree(node.process.pid)
        node.process.kill()
        node.process.wait()
        assert until(lambda: not alive(pids), 12), alive(pids)


def kill_all(node: Province) -> None:
    """kill -9 of the parent and of everything that it started."""
    for pid in measure.tree(node.process.pid):
        kill(pid)
    node.process.wait()


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def test_a_province_killed_while_it_is_created_is_completed(tmp_path: Path) -> None:
    node = Province(tmp_path / "node", *FEW)
    for moment in (0.5, 0.9, 1.3):
        node.start()
        time.sleep(moment)
        kill_all(node)
    with node:
        file_business(node)
    aftermath = Aftermath(node.data)
    assert aftermath.faults({}) == []
    assert aftermath.faults({"440103-26-999999": {"received"}}), "the check sees nothing lost"


def test_kills_during_writes_lose_nothing_acknowledged(prepared: Path, tmp_path: Path) -> None:
    """Seven kills at random moments, of everything or of one process; then all is checked."""
    draw = random.Random(os.environ.get("PYTEST_SEED", time.time_ns()))
    node = Province(copied(prepared, tmp_path / "node"))
    with node:
        crowd = Crowd(node.url)
        crowd.start()
        try:
            for victim in ("all", WRITER, "all", WEB, WORKER, "parent", "all"):
                time.sleep(draw.uniform(0.5, 2.0))
                _strike(node, victim)
            # However slow the machine: with too little written there is nothing to lose.
            until(lambda: _enough(crowd), ENOUGH)
        finally:
            time.sleep(1.0)
            crowd.stop()
        assert until(lambda: not _undelivered(node.data), SWEEP), _undelivered(node.data)
    acknowledged = dict(crowd.acknowledged)
    assert Aftermath(node.data).faults(acknowledged) == []
    assert _enough(crowd), acknowledged
    assert crowd.interrupted, "no kill met a request"


def _enough(crowd: Crowd) -> bool:
    acknowledged = dict(crowd.acknowledged)
    finished = [number for number, done in acknowledged.items() if "decided" in done]
    return len(acknowledged) > 10 and len(finished) > 3


def _strike(node: Province, victim: str) -> None:
    """Kill, bring up again where the whole node is gone, and wait until it answers."""
    if victim == "all":
        kill_all(node)
    elif victim == "parent":
        pids = measure.tree(node.process.pid)
        kill(node.process.pid)
        node.process.wait()
        assert until(lambda: not alive(pids), 12), alive(pids)
    else:
        for pid in named(node, victim)[-1:]:
            kill(pid)
    if node.process.poll() is not None:
        node.start()
        node.await_ready()
    assert until(lambda: _answers(node), 60), node.log.read_text()[-1500:]


def _undelivered(data: Path) -> list[str]:
    """Decided cases whose certificate is still to come."""
    database = sqlite3.connect(f"file:{data}/lingnan.sqlite3?mode=ro", uri=True, timeout=20)
    try:
        sql = "SELECT number FROM matters_case WHERE state = 'decided'"
        return [str(row[0]) for row in database.execute(sql)]
    finally:
        database.close()
