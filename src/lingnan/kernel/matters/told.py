"""What happens when a record changes on which a case rests, from its filing on.

Its body is told over the exchange, gets a task, and the applicant need not file it again.
"""

import logging
from typing import Any

from lingnan.kernel.duty.api import Task, tasks
from lingnan.kernel.exchange.api import ExchangeFailure, Told, follow, unfollow
from lingnan.kernel.matters import events, notices
from lingnan.kernel.matters.definition import Matter, matter_of
from lingnan.kernel.matters.models import Case, CaseEvent, locked
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import SYSTEM, Actor

logger = logging.getLogger(__name__)
LISTENER = "matters"
TASK = "record-changed"
CHECK = Title("核对已变更的登记", "Check what has changed on record")
CHECK_ENDED = Title("核对已终止的登记", "Check a record that has ended")
CHANGED, ENDED = "record_changed", "record_ended"
TOLD = (CHANGED, ENDED)
# A body has dealt with what it was told before one of these.
DEALT_WITH = ("change_noted", "record_read_anew")


def follow_reads(case: Case, matter: Matter) -> None:
    """From here on the body is told of changes to what it has read for the case."""
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
                aim=matter.title,
            )
        except ExchangeFailure as refused:
            # Some resources answer without records to follow; the case is none the worse.
            logger.info("%s is not followed for %s: %s", read["resource"], case.number, refused)


def follow_no_more(case: Case, actor: Actor) -> None:
    """The case has ended without a grant: what its records say concerns its body no more."""
    unfollow(case.number, LISTENER)
    tasks.withdraw(case.number, actor.signature, [TASK])


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
    events.append(case, ENDED if change.gone else CHANGED, SYSTEM, data)
    if not Task.objects.filter(reference=case.number, code=TASK, done_at=None).exists():
        title = CHECK_ENDED if change.gone else CHECK
        tasks.open_task(case.number, TASK, title, case.about, case.body, "reviewer")
    titles = {field.name: field.title for field in matter.form.fields()}
    if change.gone:
        notices.record_ended(case, [(titles[f], str(b)) for f, b, _after in rows])
    else:
        notices.record_changed(case, [(titles[f], str(b), str(a)) for f, b, a in rows])


def _known(case: Case, telling: int) -> bool:
    return any(event.data.get("telling") == telling for event in changes_of(case))


def _relied_on(case: Case, matter: Matter, change: Told) -> list[tuple[str, Any, Any]]:
    """(field, before, after) of the fields whose answer was what the record said before.

    A subject may have several records; what the case does not rest on does not concern it.
    """
    if change.gone:
        return _ended(case, matter, change)
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


def _ended(case: Case, matter: Matter, change: Told) -> list[tuple[str, Any, Any]]:
    """(field, before, None) of the fields that the record answered until it ended.

    All of them have to agree: another record of the same subject may share some values.
    """
    now = standing_values(case)
    fields = [
        field
        for field in matter.form.fields()
        if field.resource == change.resource
        and field.element in change.elements
        and case.declared.get(field.name, {}).get("source") == "record"
    ]
    if any(now.get(f.name) != change.elements[f.element][0] for f in fields):
        return []
    return [(f.name, now.get(f.name), None) for f in fields]


def standing_values(case: Case) -> dict[str, Any]:
    """What each answer says by now: as declared, and as records have changed since."""
    values = {name: answer.get("value") for name, answer in case.declared.items()}
    happened = case.events.filter(kind__in=(CHANGED, "record_read_anew"))
    for event in happened.order_by("number"):
        values |= {row["field"]: row["after"] for row in event.data["changes"]}
    return values


def changes_of(case: Case) -> list[CaseEvent]:
    """What the body was told: of changes, and of ends (whose values are None afterwards)."""
    return list(case.events.filter(kind__in=TOLD).order_by("number"))


def waiting(case: Case) -> list[CaseEvent]:
    """The changes that its body has not dealt with yet."""
    dealt = case.events.filter(kind__in=DEALT_WITH).order_by("-number").first()
    since = dealt.number if dealt else 0
    return [event for event in changes_of(case) if event.number > since]
