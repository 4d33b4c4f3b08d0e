"""Reading a record for the other members as soon as one member's grant has made it."""

import logging
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from lingnan.kernel.matters import events, filing, prefill, procedure, told
from lingnan.kernel.matters.definition import Matter, matter_of
from lingnan.kernel.matters.joint import submission
from lingnan.kernel.matters.models import Application, Case, facts_of, locked
from lingnan.kernel.trust.api import SYSTEM, Account, actor_of

logger = logging.getLogger(__name__)


def settle() -> int:
    """One round over the applications that wait for a record. Not inside a transaction."""
    done = 0
    rows = Application.objects.filter(awaiting=True).select_related("definition", "joint")
    waiting = [one for one in rows.order_by("reference") if one.joint is not None]
    numbers = {one.joint.number for one in waiting if one.joint}
    granted = set(
        Case.objects.filter(joint__in=numbers, decision__outcome="granted").values_list(
            "joint", "matter"
        )
    )
    for application in waiting:
        number = application.joint.number if application.joint else ""
        if not any((number, maker) in granted for maker in application.awaits.values()):
            continue
        try:
            done += _settle(application)
        except Exception:
            # One holder that cannot answer must not hold up the others.
            logger.exception("a record for %s could not be read", application.case_number)
    return done


def _settle(application: Application) -> int:
    case = Case.objects.filter(number=application.case_number or None).first()
    if case is not None and case.state in procedure.FINISHED:
        application.awaiting = False
        application.save(update_fields=["awaiting"])
        return 0
    matter, done = matter_of(application.definition), 0
    for resource, maker in list(application.awaits.items()):
        result = _made(application, maker)
        if result is None:
            continue
        read = prefill.read_one(
            matter, resource, application.body, application.subject, application.reference, SYSTEM
        )
        if read["state"] == "found":
            _enter(application, matter, resource, _meant(read, result))
            done += 1
    return done


def _made(application: Application, maker: str) -> Mapping[str, Any] | None:
    """What the grant of the maker wrote; None while there is none."""
    assert application.joint is not None
    granted = Case.objects.filter(
        joint=application.joint.number, matter=maker, decision__outcome="granted"
    )
    case = granted.select_related("decision").order_by("-key").first()
    return case.decision.result if case is not None else None


def _meant(read: dict[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    """Of several records the one that the grant made: it bears what the grant wrote."""
    written = set(map(str, result.values()))

    def alike(row: Mapping[str, Any]) -> int:
        return len(written & set(map(str, row["values"].values())))

    rows = read["rows"]
    return read | {"chosen": max(range(len(rows)), key=lambda index: alike(rows[index]))}


def _enter(application: Application, matter: Matter, resource: str, read: dict[str, Any]) -> None:
    with transaction.atomic():
        number = application.case_number
        case = locked(number) if number else None
        current = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
        current.awaits = {r: m for r, m in current.awaits.items() if r != resource}
        current.awaiting = bool(current.awaits)
        current.reads = [r for r in current.reads if r["resource"] != resource] + [read]
        before = current.answers
        fresh = {n: a for n, a in before.items() if not _of(matter, n, resource)}
        current.answers = prefill.fill(matter, current.reads, fresh, current.awaits)
        current.save(update_fields=["awaits", "awaiting", "reads", "answers"])
        application.awaits, application.awaiting = current.awaits, current.awaiting
        if case is None:
            _file_deferred(current)
            return
        case.application, case.declared = current, current.answers
        case.about = filing.about(matter, facts_of(case))
        case.save(update_fields=["declared", "about"])
        differs = sorted(
            name
            for name, answer in current.answers.items()
            if _of(matter, name, resource)
            and before.get(name, {}).get("value") not in ("", answer["value"])
        )
        data = {"resource": resource, "evidence": read["evidence"], "differs": differs}
        events.append(case, "record_read", SYSTEM, data)
        told.follow_reads(case, matter)


def _file_deferred(application: Application) -> None:
    """File in the applicant's name what was to be filed as soon as the records are there."""
    applicant = actor_of(Account.objects.get(key=application.account))
    if applicant is not None and not application.awaits:
        submission.file(application, applicant)


def _of(matter: Matter, name: str, resource: str) -> bool:
    return any(f.name == name and f.resource == resource for f in matter.form.fields())
