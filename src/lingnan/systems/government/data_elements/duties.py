"""A body owes conformance: a task with a clock while it has faults, taken back when it has none."""

from collections.abc import Mapping
from typing import Any

from lingnan.kernel.duty.api import Clock, Task, clocks, tasks
from lingnan.kernel.runtime.api import Title, definitions
from lingnan.kernel.trust.api import Holding
from lingnan.systems.government.data_elements.wording import bodies_by_function

CODE = clocks.named("data_elements", "数据元整改", "Conformance of data elements")
TITLE = Title("整改不符合标准的数据项", "Put right what does not conform to the data elements")
OFFICER, BY = "data_officer", "node"


def limit() -> Mapping[str, Any]:
    """The limit in force today. Raises LookupError."""
    found = definitions.published("supervision", "data_elements")
    if found is None:
        raise LookupError("no rule says how long a body has to conform")
    return dict(found.content)


def link(function: str) -> str:
    return f"/desk/data-elements/report/{function}/"


def settle(faults: Mapping[str, int]) -> None:
    """Tasks for bodies that have faults and none open; the end of those of bodies without."""
    bodies = bodies_by_function()
    for function, number in faults.items():
        if function not in bodies:
            continue
        body = bodies[function].code
        open_ = Task.objects.filter(code=CODE, body=body, done_at=None).first()
        if number and open_ is None:
            _begin(function, body, number)
        elif not number and open_ is not None:
            _end(open_)


def _begin(function: str, body: str, number: int) -> None:
    if not Holding.objects.filter(body=body, role=OFFICER, ended=False).exists():
        return
    rule = limit()
    times = Clock.objects.filter(reference__startswith=f"SJY-{function}-", code=CODE).count()
    reference = f"SJY-{function}-{times + 1}"
    clocks.start(reference, CODE, rule, str(rule["basis"]), body=body, about=CODE)
    about = f"{number} 项不符合"
    tasks.open_task(reference, CODE, TITLE, about, body, OFFICER, link(function))


def _end(task: Task) -> None:
    tasks.withdraw(task.reference, BY)
    for clock in Clock.objects.filter(reference=task.reference, code=CODE):
        clocks.stop(clock, BY)
