"""Acts on a case's time: special procedures and extension (行政许可法 Art. 42, 45)."""

from datetime import date

from django.db import transaction

from lingnan.kernel.duty.api import Clock, clocks
from lingnan.kernel.matters import events, notices
from lingnan.kernel.matters.cases import NotAllowed
from lingnan.kernel.matters.definition import matter_of
from lingnan.kernel.matters.models import Case, facts_of, locked
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor


def _handles(case: Case, actor: Actor, *roles: str) -> None:
    if actor.kind != "official" or actor.body != case.body or actor.role not in roles:
        raise NotAllowed("not-your-post")


def suspend(number: str, actor: Actor, kind: str, reason: str, until: date) -> Case:
    """Art. 45: the time of a special procedure is not counted and is told in writing."""
    with transaction.atomic():
        case = locked(number)
        _handles(case, actor, "reviewer", "head")
        matter = matter_of(case.definition)
        if kind not in matter.suspensions or not reason.strip():
            raise NotAllowed("no-special-procedure")
        if until <= legal_time.today():
            raise NotAllowed("until-passed")
        data = {"kind": kind, "reason": reason, "until": until.isoformat()}
        events.check(case, "suspended")
        clocks.pause(
            Clock.objects.get(reference=number, code="decision"),
            actor.signature,
            "《行政许可法》（2019-04-23）第四十五条",
            reason,
            until,
        )
        events.append(case, "suspended", actor, data)
        notices.suspended(case, matter.suspensions[kind], until)
        return case


def resume(number: str, actor: Actor) -> Case:
    with transaction.atomic():
        case = locked(number)
        _handles(case, actor, "reviewer", "head")
        events.check(case, "resumed")
        clocks.resume(Clock.objects.get(reference=number, code="decision"), actor.signature)
        events.append(case, "resumed", actor)
        notices.resumed(case)
        return case


def extend(number: str, actor: Actor, reason: str) -> Case:
    """Once, by the head of the body, with the reason told to the applicant."""
    with transaction.atomic():
        case = locked(number)
        _handles(case, actor, "head")
        extension = matter_of(case.definition).limit("extension", facts_of(case))
        if extension is None or not reason.strip():
            raise NotAllowed("no-extension")
        days = int(extension["days"])
        events.check(case, "extended")
        clocks.extend(
            Clock.objects.get(reference=number, code="decision"),
            days,
            actor.signature,
            extension["basis"],
            reason,
        )
        events.append(case, "extended", actor, {"days": days, "reason": reason})
        notices.extended(case, days, reason)
        return case
