"""Deciding a case: reasons, articles, parameters, the records read, the person who signs."""

import logging
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from lingnan.kernel.duty.api import Clock, Task, clocks, tasks
from lingnan.kernel.matters import cases, certificates, events, notices
from lingnan.kernel.matters.definition import Matter, cite, hook, matter_of
from lingnan.kernel.matters.models import Case, Decision, locked
from lingnan.kernel.runtime.api import Title, definitions, legal_time
from lingnan.kernel.trust.api import Actor

logger = logging.getLogger(__name__)
REMEDIES = Title(
    "如不服本决定，可以自知道本决定之日起六十日内依法申请行政复议"
    "（《行政复议法》（2023-09-01）第二十条），"
    "也可以在六个月内依法向人民法院提起行政诉讼（《行政诉讼法》（2017-06-27）第四十六条）。",
    "You may apply for administrative reconsideration within sixty days of learning of this "
    "decision (Administrative Reconsideration Law (2023-09-01) Art. 20), or bring an action "
    "before the people's court within six months (Administrative Procedure Law (2017-06-27) "
    "Art. 46).",
)


def decide(
    number: str, actor: Actor, task: Task, outcome: str, reasons: str, articles: Sequence[str]
) -> Case:
    """准予 or 不予. A refusal needs reasons and an article (行政许可法 Art. 38).

    The owning system's record is written in the same transaction; the certificate follows,
    and a sweep issues it should the process die in between.
    """
    if outcome not in ("granted", "refused"):
        raise cases.NotAllowed("unknown-outcome")
    if not reasons.strip() or (outcome == "refused" and not articles):
        raise cases.NotAllowed("reasons-missing")
    with transaction.atomic():
        case = locked(number)
        step = cases.step_of(case, task)
        if not step.decides:
            raise cases.NotAllowed("does-not-decide")
        matter = matter_of(case.definition)
        if outcome == "refused" and not set(articles) <= {cite(row) for row in matter.grounds}:
            raise cases.NotAllowed("reasons-missing")
        tasks.finish(task, actor, outcome)
        apply = hook(matter) if outcome == "granted" else None
        result = apply(case, actor) if apply is not None else {}
        _write(case, matter, actor, outcome, reasons, articles, result)
        data = {"step": step.code, "outcome": outcome}
        events.append(case, "decided", actor, data)
        clocks.stop(Clock.objects.get(reference=number, code="decision"), actor.signature)
        notices.decided(case, outcome, reasons, REMEDIES)
        cases.after_decision(case, matter)
    try:
        deliver(number)
    except Exception:
        # The decision stands; the sweep seals again.
        logger.exception("certificate of %s could not be sealed yet", number)
    return Case.objects.get(number=number)


def _write(
    case: Case,
    matter: Matter,
    actor: Actor,
    outcome: str,
    reasons: str,
    articles: Sequence[str],
    result: dict[str, str],
) -> Decision:
    cards = definitions.published("supervision", clocks.DEFAULT_RULE)
    return Decision.objects.create(
        case=case,
        outcome=outcome,
        reasons=reasons,
        articles=list(articles) if outcome == "refused" else [cite(b) for b in matter.basis],
        parameters={
            "matter": matter.code,
            "definition": case.definition.number,
            "digest": case.definition.digest,
            "limits": matter.limits,
            "cards": cards.digest if cards else "",
            "materials": cases.filed_materials(case),
        },
        reads=_reads(case),
        declared=case.declared,
        result=result,
        signed_by=actor.signature,
        signed_name=actor.name,
        decided_at=legal_time.now(),
    )


def _reads(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "resource": read["resource"],
            "basis": read["basis"],
            "evidence": read["evidence"],
            "records": [f"{row['record']}@{row['version']}" for row in read["rows"]],
        }
        for read in case.application.reads
    ]


def deliver(number: str) -> Case:
    """送达: seal the certificate of a granted case, or hand over the refusal. Safe to repeat."""
    case = Case.objects.select_related("definition").get(number=number)
    if case.state != "decided":
        return case
    decision = Decision.objects.get(case=case)
    sealed = certificates.seal(case, decision) if decision.outcome == "granted" else None
    with transaction.atomic():
        case = locked(number)
        if case.state != "decided":
            return case
        if sealed is not None:
            certificates.keep(case, sealed)
        actor = certificates.DELIVERY
        events.append(case, "delivered", actor, {"certificate": sealed.number if sealed else ""})
    return case
