"""The clock of the whole: 45 working days, 15 more once (行政许可法 (2019-04-23) Art. 42(2)).

It measures the bodies, so two times are taken out of it:

- while a member waits for the correction that its body asked for: an application is accepted once
  all that was asked for is handed in (Art. 32(5)), and until then the applicant's time runs;
- while a member is in a special procedure that was announced in writing: its time is not counted
  in the limits "of this section", of which Art. 42(2) is one (Art. 45).

However many members hold it at once, it is paused once, and runs again when none does. A special
procedure holds it no longer than was announced.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from lingnan.kernel.duty.api import Clock, clocks
from lingnan.kernel.matters.models import Case, JointApplication
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor, node_evidence

CODE = clocks.named("joint", "联合办理", "Joint application")
HOLDING = frozenset({"correction", "suspended"})
CORRECTION = "《行政许可法》（2019-04-23）第三十二条"
SPECIAL = "《行政许可法》（2019-04-23）第四十五条"


@dataclass(frozen=True)
class Hold:
    """What holds the clock: the members' cases, and until when, where that was announced."""

    cases: tuple[str, ...]
    until: date | None

    @property
    def basis(self) -> str:
        return SPECIAL if self.until else CORRECTION


def locked(number: str) -> JointApplication:
    """The joint application, locked until the transaction ends: one act on its clock at a time."""
    return JointApplication.objects.select_for_update(of=("self",)).get(number=number)


def settle(number: str, actor: Actor) -> None:
    """Let the clock run or pause as the members stand now; again changes nothing.

    Part of the transaction of the act that moved a member, so that both are done or neither.
    """
    joint = locked(number)
    clock = Clock.objects.get(reference=number, code=CODE)
    reading, hold = clocks.read(clock), _hold(number)
    if reading.state == "paused" and (hold is None or hold.until != reading.expected_until):
        clocks.resume(clock, actor.signature)
        witness(joint, "joint.resumed", actor, {})
        reading = clocks.read(clock)
    # What has passed cannot be stopped any more.
    if hold is not None and reading.state == "running" and reading.left >= 0:
        reason = ", ".join(hold.cases)
        clocks.pause(clock, actor.signature, hold.basis, reason, hold.until)
        witness(joint, "joint.paused", actor, {"cases": list(hold.cases), "basis": hold.basis})


def _hold(number: str) -> Hold | None:
    held = Case.objects.filter(joint=number, state__in=HOLDING).order_by("key")
    states = dict(held.values_list("number", "state"))
    waiting = [case for case, state in states.items() if state == "correction"]
    if waiting:
        return Hold(tuple(waiting), None)
    ends = {
        case: reading.expected_until
        for case, readings in clocks.of_references(states).items()
        if (reading := readings["decision"]).state == "paused" and reading.expected_until
    }
    return Hold(tuple(ends), max(ends.values())) if ends else None


def witness(joint: JointApplication, kind: str, actor: Actor, data: dict[str, Any]) -> None:
    payload = {
        "joint": joint.number,
        "actor": actor.signature,
        "body": joint.body,
        "legal_time": legal_time.now().isoformat(),
        "data": data,
    }
    node_evidence.write([node_evidence.entry(kind, payload, reference=str(joint.number))])
