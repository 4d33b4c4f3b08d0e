"""Reading a record anew for a case that is not decided, after it has changed."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from lingnan.kernel.duty.api import NotYours, Task, tasks
from lingnan.kernel.matters import events, filing, places, prefill, procedure, told
from lingnan.kernel.matters.cases import NotAllowed
from lingnan.kernel.matters.definition import Matter, matter_of
from lingnan.kernel.matters.models import Application, Case, facts_of, locked
from lingnan.kernel.trust.api import Actor

EVENT = "record_read_anew"


def read_anew(number: str, actor: Actor, task: Task) -> Case:
    """Read what has changed once more; the decision then rests on what it says now.

    Reads over the exchange, so it must not be called inside a transaction. Raises NotAllowed
    where a holder does not answer; nothing is changed then.
    """
    case = Case.objects.select_related("definition", "application").get(number=number)
    matter = matter_of(case.definition)
    if not actor.holds(task.role, task.body):
        raise NotYours
    if task.reference != number or task.code != told.TASK:
        raise NotAllowed("not-a-step")
    events.check(case, EVENT)
    wanted = {event.data["resource"] for event in told.waiting(case)}
    reads = [_read(case, matter, resource, actor) for resource in sorted(wanted)]
    if any(read["state"] not in ("found", "absent") for read in reads):
        raise NotAllowed("record-unread")
    with transaction.atomic():
        current = locked(number)
        tasks.finish(task, actor, "read-anew")
        for read in reads:
            _enter(current, matter, read, actor)
        return current


def may_read_anew(case: Case) -> bool:
    return procedure.may(case.state, EVENT)


def _read(case: Case, matter: Matter, resource: str, actor: Actor) -> dict[str, Any]:
    application = case.application
    before = next(read for read in application.reads if read["resource"] == resource)
    subject = before.get("subject") or case.applicant
    read = prefill.read_one(matter, resource, case.body, subject, application.reference, actor)
    named = {"subject": before["subject"]} if "subject" in before else {}
    return read | named | {"rows": _meant(case, matter, read)}


def _meant(case: Case, matter: Matter, read: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Of several records the one that says most of what the case has by now; [] where none."""
    waiting = [event for event in told.waiting(case) if event.kind == told.ENDED]
    if any(event.data["resource"] == read["resource"] for event in waiting):
        # What is left are other records; to rely on one of them is not for the reader to choose.
        return []
    now = told.standing_values(case)
    fields = [f for f in matter.form.fields() if f.resource == read["resource"]]

    def alike(row: Mapping[str, Any]) -> int:
        return sum(row["values"].get(f.element) == now.get(f.name) for f in fields)

    rows = sorted(read["rows"], key=alike, reverse=True)[:1]
    return [row for row in rows if alike(row)]


def _enter(case: Case, matter: Matter, read: dict[str, Any], actor: Actor) -> None:
    application = Application.objects.select_for_update(of=("self",)).get(pk=case.application_id)
    now = told.standing_values(case)
    others = [r for r in application.reads if r["resource"] != read["resource"]]
    application.reads = [*others, read]
    fresh = _answers(matter, read, case.declared)
    application.answers = application.answers | fresh
    application.save(update_fields=["reads", "answers"])
    case.application, case.declared = application, case.declared | fresh
    case.about = filing.about(matter, facts_of(case))
    case.save(update_fields=["declared", "about"])
    changes = [
        {"field": name, "before": now.get(name), "after": answer["value"]}
        for name, answer in fresh.items()
        if answer["value"] != now.get(name)
    ]
    data = {"resource": read["resource"], "evidence": read["evidence"], "changes": changes}
    events.append(case, EVENT, actor, data)


def _answers(
    matter: Matter, read: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """The answers that came from the record, as it says them now. What no record says any
    more stays to be seen, and is to be verified."""
    found = {}
    for field in matter.form.fields():
        known = before.get(field.name, {})
        if field.resource != read["resource"] or known.get("source") not in ("record", "gone"):
            continue
        if not read["rows"]:
            found[field.name] = known | {"source": "gone"}
            continue
        row = read["rows"][0]
        value = row["values"].get(field.element)
        found[field.name] = known | {
            "value": "" if value is None else value,
            "source": "record",
            "record": f"{row['record']}@{row['version']}",
            "as_of": row["as_of"],
            "read_on": read["as_of"][:10],
            "evidence": read["evidence"],
        }
        if "division" in known:
            found[field.name]["division"] = row["values"].get(places.DIVISION) or ""
    return found
