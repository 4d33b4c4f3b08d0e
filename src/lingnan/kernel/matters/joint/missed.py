"""Telling those who wait for a record that it is not made: its matter ended without a grant.

They stay as they are, since what is filed again may still make the record.
"""

from lingnan.kernel.matters import events, notices, procedure
from lingnan.kernel.matters.definition import matter_of
from lingnan.kernel.matters.joint.definition import event_of
from lingnan.kernel.matters.models import Application, Case, JointApplication
from lingnan.kernel.trust.api import SYSTEM

KIND = "record_missed"


def tell(maker: Case, how: str) -> None:
    """Part of the act that refuses, does not accept or withdraws the maker, before its event.

    That event may lock the joint application, and whoever acts on a member locks the member first.
    """
    if not maker.joint:
        return
    parts = [part for part in _of(maker.joint) if maker.matter in part.awaits.values()]
    numbers = [part.case_number for part in parts if part.case_number]
    rows = Case.objects.select_for_update(of=("self",)).filter(number__in=numbers)
    held = {case.number: case for case in rows.order_by("key")}
    open_ = {number for number, case in held.items() if procedure.may(case.state, KIND)}
    for number in sorted(open_):
        data = {"maker": maker.matter, "case": maker.number, "how": how}
        events.append(held[number], KIND, SYSTEM, data)
    waiting = [p for p in parts if not p.case_number or p.case_number in open_]
    if waiting:
        titles = [matter_of(part.definition).title for part in waiting]
        notices.record_missed(maker, how, titles)


def _of(number: str) -> list[Application]:
    """The parts that wait, in the event's order."""
    joint = JointApplication.objects.select_related("definition").get(number=number)
    order = event_of(joint.definition).codes
    rows = joint.applications.filter(awaiting=True).select_related("definition")
    return sorted(rows, key=lambda part: order.index(part.definition.code))
