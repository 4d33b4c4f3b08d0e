"""What a package brings that this node has not got yet: the case, its people, papers, evidence.

What is here already stays as it is: it was written once, and a package that says otherwise is
refused.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lingnan.kernel.runtime.api import keys
from lingnan.systems.government.justice_network.models import (
    Case,
    CaseEvent,
    Document,
    Evidence,
    Keeping,
    Measure,
    MeasureEnd,
    Suspect,
)
from lingnan.systems.government.justice_network.packages import BadPackage, Opened
from lingnan.systems.government.justice_network.rules import stages

Row = Mapping[str, Any]


def moment(text: str) -> datetime:
    """A moment with its time zone. Raises BadPackage."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as fault:
        raise BadPackage("shape") from fault
    if found.tzinfo is None:
        raise BadPackage("shape")
    return found


def case_of(opened: Opened) -> Case:
    """The case of a package, entered where this node has not got it. Raises BadPackage."""
    try:
        case = _case(opened.said)
        people = {one["number"]: _person(case, one) for one in opened.said["persons"]}
        for one in opened.said["measures"]:
            _measure(people[one["person"]], one)
        for one in opened.said["documents"]:
            _document(case, one, opened.parts[one["sha256"]])
        for one in opened.said["evidence"]:
            _evidence(case, one)
    except (KeyError, TypeError, AttributeError) as fault:
        raise BadPackage("shape") from fault
    return case


def _case(said: Row) -> Case:
    told = said["case"]
    found = Case.objects.filter(number=told["number"]).first()
    if found is not None:
        if (found.opened_by, found.cause) != (told["opened_by"], told["cause"]):
            raise BadPackage("other_case")
        return found
    if told["stage"] not in stages.STAGES:
        raise BadPackage("shape")
    made = Case.objects.create(
        key=keys.new_key(), number=told["number"][:40], cause=told["cause"][:80],
        division=told["division"], opened_by=told["opened_by"],
        opened_at=moment(told["opened_at"]), synthetic=bool(told["synthetic"]),
    )  # fmt: skip
    CaseEvent.objects.create(
        case=made, kind="arrived", stage=told["stage"], body=said["from"],
        by=said["sent_by"][:200], at=moment(said["sent_at"]),
    )  # fmt: skip
    return made


def _person(case: Case, one: Row) -> Suspect:
    found = Suspect.objects.filter(number=one["number"]).first()
    if found is not None:
        if found.case_id != case.key:
            raise BadPackage("other_case")
        return found
    return Suspect.objects.create(
        key=keys.new_key(), case=case, number=one["number"][:44], name=one["name"][:60],
        identity_number=one["identity_number"][:18], unknown=bool(one["unknown"]),
        charge=one["charge"][:80], charge_basis=one["charge_basis"][:200],
        added_at=case.opened_at,
    )  # fmt: skip


def _measure(suspect: Suspect, one: Row) -> None:
    begun = moment(one["from"])
    rows = Measure.objects.filter(suspect=suspect, kind=one["kind"], started_at=begun)
    measure = rows.first() or Measure.objects.create(
        key=keys.new_key(), suspect=suspect, kind=one["kind"], basis=one["basis"][:200],
        place=one["place"][:100], body=one["body"][:40], by=one["body"], started_at=begun,
    )  # fmt: skip
    if one["until"] and not MeasureEnd.objects.filter(measure=measure).exists():
        MeasureEnd.objects.create(measure=measure, why="", by=one["body"], at=moment(one["until"]))


def _document(case: Case, one: Row, content: bytes) -> None:
    found = Document.objects.filter(number=one["number"]).first()
    if found is not None:
        if (found.sha256, found.case_id) != (one["sha256"], case.key):
            raise BadPackage("other_content")
        return
    if one["volume"] not in ("file", "verdict") or one["size"] != len(content):
        raise BadPackage("shape")
    Document.objects.create(
        key=keys.new_key(), case=case, number=one["number"][:60], title=one["title"][:100],
        volume=one["volume"], media=one["media"][:60], content=content, sha256=one["sha256"],
        body=one["body"][:40], by=one["by"][:200], made_at=moment(one["made_at"]),
    )  # fmt: skip


def _evidence(case: Case, one: Row) -> None:
    found = Evidence.objects.filter(number=one["number"]).first()
    if found is not None:
        if (found.sha256, found.case_id) != (one["sha256"], case.key):
            raise BadPackage("other_content")
        return
    if one["kind"] not in dict(Evidence.KINDS):
        raise BadPackage("shape")
    made = Evidence.objects.create(
        key=keys.new_key(), case=case, number=one["number"][:60], kind=one["kind"],
        name=one["name"][:100], about=one["about"][:600], quantity=one["quantity"][:40],
        travels=bool(one["travels"]), sha256=one["sha256"], body=one["body"][:40],
        by=one["by"][:200], collected_at=moment(one["collected_at"]),
    )  # fmt: skip
    for step in one["keeping"]:
        Keeping.objects.create(
            evidence=made, kind=step["kind"], body=step["body"][:40], place=step["place"][:100],
            seal=step["seal"][:40], text=step["text"][:300], by=step["by"][:200],
            at=moment(step["at"]),
        )  # fmt: skip
