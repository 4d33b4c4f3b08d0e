"""What happens when a record changes that a granted case rests on.

Its body is told over the exchange, gets a task, and the applicant need not file it again.
"""

import logging
from typing import Any

from lingnan.kernel.duty.api import tasks
from lingnan.kernel.exchange.api import ExchangeFailure, Told, follow
from lingnan.kernel.matters import events, notices
from lingnan.kernel.matters.definition import Matter, matter_of
from lingnan.kernel.matters.models import Case, CaseEvent, locked
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import SYSTEM

logger = logging.getLogger(__name__)
LISTENER = "matters"
TASK = "record-changed"
CHECK = Title("核对已变更的登记", "Check what has changed on record")


def follow_reads(case: Case, matter: Matter) -> None:
    """From the grant on, the body is told of changes to what it has read for the case."""
    for read in case.application.reads:
        if read["state"] != "found":
            continue
        try:
            follow(
                read["resource"],
                case.body,
                read.get("subject") or case.applicant,
                matter.code,
                read["basis"],
                read["elements"],
                case.number,
                LISTENER,
            )
        except ExchangeFailure as refused:
            # Some resources answer without records to follow; the case is none the worse.
            logger.info("%s is not followed for %s: %s", read["resource"], case.number, refused)


def told(change: Told) -> None:
    """Enter a change in the case; the same telling again changes nothing."""
    case = locked(change.reference)
    matter = matter_of(case.definition)
    rows = _relied_on(case, matter, change)
    if not rows or _known(case, change.telling):
        return
    data = {
        "resource": change.resource,
        "evidence": change.evidence,
        "telling": change.telling,
        "from": change.valid_from,
        "changes": [{"field": f, "before": b, "after": a} for f, b, a in rows],
    }
    events.append(case, "record_changed", SYSTEM, data)
    tasks.open_task(case.number, TASK, CHECK, case.about, case.body, "reviewer")
    titles = {field.name: field.title for field in matter.form.fields()}
    notices.record_changed(case, [(titles[f], str(b), str(a)) for f, b, a in rows])


def _known(case: Case, telling: int) -> bool:
    happened = case.events.filter(kind="record_changed")
    return any(event.data.get("telling") == telling for event in happened)


def _relied_on(case: Case, matter: Matter, change: Told) -> list[tuple[str, Any, Any]]:
    """(field, before, after) of the fields whose answer was what the record said before.

    A subject may have several records; what the case does not rest on does not concern it.
    """
    now = standing_values(case)
    asked = {answer.get("value") for answer in case.declared.values()}
    found = []
    for field in matter.form.fields():
        if field.resource != change.resource or field.element not in change.elements:
            continue
        before, after = change.elements[field.element]
        # What the case itself has brought about is no news to it.
        news = after not in (None, before) and after not in asked
        if now.get(field.name) == before and news:
            found.append((field.name, before, after))
    return found


def standing_values(case: Case) -> dict[str, Any]:
    """What each answer says by now: as declared, and as records have changed since."""
    values = {name: answer.get("value") for name, answer in case.declared.items()}
    for event in changes_of(case):
        values |= {row["field"]: row["after"] for row in event.data["changes"]}
    return values


def changes_of(case: Case) -> list[CaseEvent]:
    return list(case.events.filter(kind="record_changed").order_by("number"))
