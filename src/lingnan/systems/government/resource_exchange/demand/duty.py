"""A holder owes an answer to a need: its clock and its task."""

from collections.abc import Mapping
from typing import Any

from lingnan.kernel.duty.api import Clock, Reading, Task, clocks, tasks
from lingnan.kernel.runtime.api import Title, definitions
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.resource_exchange.demand.models import Need

CODE = clocks.named("data_need", "数据需求答复", "Answer to a need of data")
ANSWER = Title("答复数据需求", "Answer a need of data")
OFFICER = "data_officer"


def limit() -> Mapping[str, Any]:
    """The limit in force today. Raises LookupError."""
    found = definitions.published("supervision", "data_needs")
    if found is None:
        raise LookupError("no rule says how long a holder has to answer a need")
    return dict(found.content)


def link(need: Need) -> str:
    return f"/desk/exchange/needs/{need.number}/"


def begin(need: Need) -> None:
    """Call it in the act's transaction. A holder that is named anew has a clock of its own."""
    rule = limit()
    times = Clock.objects.filter(reference=need.number).count()
    code = CODE if not times else f"{CODE}:{times + 1}"
    clocks.start(need.number, code, rule, str(rule["basis"]), body=need.holder, about=CODE)
    tasks.open_task(need.number, code, ANSWER, need.title, need.holder, OFFICER, link(need))


def end(need: Need, who: Actor, outcome: str) -> None:
    """Stop what runs for it and close its tasks; call it in the act's transaction."""
    for clock in Clock.objects.filter(reference=need.number):
        if clocks.read(clock).state != "stopped":
            clocks.stop(clock, who.signature[:200])
    for task in Task.objects.filter(reference=need.number, done_at=None):
        if who.holds(task.role, task.body):
            tasks.finish(task, who, outcome)
    tasks.withdraw(need.number, who.signature[:200])


def reading(need: Need) -> Reading | None:
    """How the clock stands that runs for a need; None where none runs."""
    for clock in Clock.objects.filter(reference=need.number):
        found = clocks.read(clock)
        if found.state == "running":
            return found
    return None
