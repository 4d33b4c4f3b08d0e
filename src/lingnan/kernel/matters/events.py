"""Appending to a case: the event, the state that follows from it, and its evidence."""

from typing import Any

from lingnan.kernel.matters import procedure
from lingnan.kernel.matters.joint import clock
from lingnan.kernel.matters.models import Case, CaseEvent
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor, node_evidence


def check(case: Case, kind: str) -> None:
    """Raises OutOfOrder when the event does not follow; for acts that write before it."""
    procedure.after(case.state, kind)


def append(case: Case, kind: str, actor: Actor, data: dict[str, Any] | None = None) -> CaseEvent:
    """Append an event to a locked case. Raises OutOfOrder; writes nothing then."""
    before, state = case.state, procedure.after(case.state, kind)
    number = case.events_count + 1
    payload = {
        "case": case.number,
        "matter": case.matter,
        "event": kind,
        "number": number,
        "state": state,
        "actor": actor.signature,
        "body": case.body,
        "legal_time": legal_time.now().isoformat(),
        "data": data or {},
        # By which power, so that the body can have its text shown.
        "power": actor.acting.number if actor.acting is not None else "",
    }
    entry = node_evidence.entry("case.event", payload, reference=case.number)
    receipt = node_evidence.write([entry])[0]
    event = CaseEvent.objects.create(
        case=case,
        number=number,
        kind=kind,
        at=legal_time.now(),
        by=actor.signature,
        by_name=actor.name,
        data=data or {},
        evidence=receipt.seq,
    )
    case.state, case.events_count = state, number
    if state in procedure.FINISHED and case.finished_on is None:
        case.finished_on = legal_time.today()
    case.save(update_fields=["state", "events_count", "finished_on"])
    if case.joint and before != state and clock.HOLDING & {before, state}:
        clock.settle(case.joint, actor)
    return event


def history(case: Case) -> list[CaseEvent]:
    return list(case.events.order_by("number"))
