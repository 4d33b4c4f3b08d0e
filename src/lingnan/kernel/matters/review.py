"""Routing inside a review, by SpiffWorkflow.

The engine holds nothing of its own: its state is rebuilt from the case's events each time,
and it evaluates only checked conditions; it cannot execute code of a model.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Never

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from lingnan.kernel.matters import conditions, process


class ConditionEngine(PythonScriptEngine):
    """Evaluates conditions; refuses every script and service call."""

    def validate(self, expression: str) -> None:
        conditions.parse(expression)

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> bool:
        return conditions.holds(expression, task.data)

    def execute(self, task: Any, script: str, external_context: Any = None) -> Never:
        raise process.BrokenModel("a model must not carry scripts")

    def call_service(self, task: Any, **kwargs: Any) -> Never:
        raise process.BrokenModel("a model must not call services")


@lru_cache(maxsize=256)
def specification(text: str) -> Any:
    """The engine's form of a checked model. Raises BrokenModel."""
    model = process.check(text)
    parser = BpmnParser()
    try:
        parser.add_bpmn_xml(etree.ElementTree(process.parse_xml(text)))
        return parser.get_spec(model.process)
    except SpiffWorkflowException as error:
        raise process.BrokenModel(str(error)) from error


def open_steps(
    text: str, facts: Mapping[str, Any], done: Sequence[tuple[str, Mapping[str, Any]]]
) -> list[str]:
    """The user tasks that are open once `done` (task id, its outcome data) have been done.

    `facts` are what the application declared (for example the chosen route). Raises
    BrokenModel when the events do not fit the model.
    """
    workflow = BpmnWorkflow(specification(text), script_engine=ConditionEngine())
    first = next(iter(workflow.get_tasks(state=TaskState.READY)), None)
    if first is not None:
        first.data.update(facts)
    workflow.do_engine_steps()
    for name, outcome in done:
        task = next((t for t in _ready(workflow) if t.task_spec.bpmn_id == name), None)
        if task is None:
            raise process.BrokenModel(f"{name} is not open at this point")
        task.data.update(outcome)
        task.run()
        workflow.do_engine_steps()
    return [task.task_spec.bpmn_id for task in _ready(workflow)]


def _ready(workflow: Any) -> list[Any]:
    return [t for t in workflow.get_tasks(state=TaskState.READY) if t.task_spec.manual]
