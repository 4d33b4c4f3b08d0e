"""The cost of one case, beside the bare workflow engine persisting the same tasks."""

import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import scratch
from benchmarks.figure import Figure

FIGURES = ("case.plain", "case.with_certificate", "case.plain.rate", "case.with_certificate.rate")
PLAIN, SEALED, BARE = 100, 50, 200


def measure() -> list[Figure]:
    """Received, accepted, inspected by two officers, decided: four transactions, two tasks."""
    scratch.bring_up()
    from lingnan.kernel.matters import decisions

    bare = _bare()
    ready = scratch.applications(PLAIN + SEALED + 4)
    deliver = decisions.deliver
    _cases(ready[:2])
    decisions.deliver = lambda number: None  # type: ignore[assignment,return-value]
    plain = _cases(ready[2 : PLAIN + 2])
    decisions.deliver = deliver
    sealed = _cases(ready[PLAIN + 4 :])
    size = "4 transactions, evidence of each event"
    return [
        Figure("case.plain", plain * 1000, "ms", size, bare * 1000),
        Figure("case.with_certificate", sealed * 1000, "ms", f"{size}, sealed PDF", bare * 1000),
        Figure("case.plain.rate", 1 / plain, "cases/s", size, 1 / bare),
        Figure("case.with_certificate.rate", 1 / sealed, "cases/s", size, 1 / bare),
    ]


def _cases(ready: list[Any]) -> float:
    """Seconds for one case, the median of them all."""
    from lingnan.kernel.runtime.api import legal_time

    posts = [scratch.actor(f"440103-fire-{role}") for role in ("clerk", "inspector", "head")]
    resident = scratch.actor("owner-440103")
    times = []
    for application in ready:
        start = time.perf_counter()
        # As the middleware does for each request: legal time is read once.
        with legal_time.hold():
            _case(application, resident, *posts)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _case(application: Any, resident: Any, clerk: Any, inspector: Any, head: Any) -> None:
    from lingnan.kernel.matters import applications, cases, decisions
    from lingnan.kernel.trust.api import colleagues

    number = applications.submit(application, resident).number
    cases.accept(number, clerk, _task(number, "formal-check"))
    beside = list(colleagues(inspector))[:1]
    task = _task(number, "inspect")
    cases.finish_step(number, inspector, task, "meets", "疏散通道畅通。", beside)
    decisions.decide(number, head, _task(number, "decide"), "granted", "符合要求。", [])


def _task(number: str, code: str) -> Any:
    from lingnan.kernel.duty.api import Task

    return Task.objects.get(reference=number, code=code, done_at=None)


def _bare() -> float:
    """Seconds for one case of SpiffWorkflow alone: its JSON in one table, a commit for a task."""
    from lxml import etree
    from SpiffWorkflow.bpmn.parser import BpmnParser
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

    from lingnan.kernel.matters import definition

    found = definition.find("fire_safety_permit")
    assert found is not None
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.ElementTree(etree.fromstring(found[1].process.encode())))
    specification = parser.get_spec("fire_safety_permit")
    serializer = BpmnWorkflowSerializer()
    with tempfile.TemporaryDirectory(prefix="lingnan-bench-") as folder:
        database = _database(Path(folder) / "bare.sqlite3")
        times = []
        for number in range(BARE):
            start = time.perf_counter()
            _engine(specification, serializer, database, number)
            times.append(time.perf_counter() - start)
        database.close()
    return statistics.median(times)


def _database(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE workflows (number INTEGER PRIMARY KEY, state TEXT)")
    return database


def _engine(specification: Any, serializer: Any, database: sqlite3.Connection, number: int) -> None:
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
    from SpiffWorkflow.util.task import TaskState

    workflow = BpmnWorkflow(specification)
    next(iter(workflow.get_tasks(state=TaskState.READY))).data["route"] = "inspection"
    workflow.do_engine_steps()
    state = serializer.serialize_json(workflow)
    database.execute("INSERT INTO workflows VALUES (?, ?)", (number, state))
    for name, outcome in (("inspect", "meets"), ("decide", "granted")):
        sql = "SELECT state FROM workflows WHERE number = ?"
        workflow = serializer.deserialize_json(database.execute(sql, (number,)).fetchone()[0])
        task = next(t for t in workflow.get_tasks(state=TaskState.READY) if t.task_spec.manual)
        task.data[name] = outcome
        task.run()
        workflow.do_engine_steps()
        state = serializer.serialize_json(workflow)
        database.execute("UPDATE workflows SET state = ? WHERE number = ?", (state, number))
