"""Deciding a case: reasons, articles, parameters, the records read, the person who signs."""

import logging
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from lingnan.kernel.duty.api import Clock, Task, clocks, tasks
from lingnan.kernel.matters import cases, certificates, events, filing, notices, told, tolerance
from lingnan.kernel.matters.definition import Matter, StepOf, cite, hook, matter_of
from lingnan.kernel.matters.joint import missed
from lingnan.kernel.matters.models import Case, Decision, facts_of, locked
from lingnan.kernel.matters.remedies import REMEDIES
from lingnan.kernel.runtime.api import definitions, legal_time
from lingnan.kernel.trust.api import Actor

logger = logging.getLogger(__name__)


def decide(
    number: str,
    actor: Actor,
    task: Task,
    outcome: str,
    reasons: str,
    articles: Sequence[str],
    verified: bool = False,
) -> Case:
    """准予 or 不予. A refusal needs reasons and an article (行政许可法 Art. 38).

    `verified` says that the signer has verified what does not come from records. The owning
    system's record is written in the same transaction; the certificate follows, and a sweep
    issues it should the process die in between.
    """
    with transaction.atomic():
        case = locked(number)
        step = cases.step_of(case, task)
        matter = matter_of(case.definition)
        _check(case, matter, step, outcome, reasons, articles, verified)
        tasks.finish(task, actor, outcome)
        events.check(case, "decided")
        apply = hook(matter) if outcome == "granted" else None
        result = apply(case, actor) if apply is not None else {}
        _write(case, matter, actor, outcome, reasons, articles, result)
        _turn_clocks(case, matter, actor, outcome)
        notices.decided(case, outcome, reasons, REMEDIES)
        if outcome == "granted":
            told.follow_reads(case, matter)
        else:
            missed.tell(case, outcome)
            told.follow_no_more(case, actor)
        events.append(case, "decided", actor, {"step": step.code, "outcome": outcome})
        cases.after_decision(case, matter)
    try:
        deliver(number)
    except Exception:
        # The decision stands; the sweep seals again.
        logger.exception("certificate of %s could not be sealed yet", number)
    return Case.objects.get(number=number)


def _check(
    case: Case,
    matter: Matter,
    step: StepOf,
    outcome: str,
    reasons: str,
    articles: Sequence[str],
    verified: bool,
) -> None:
    """Raises NotAllowed where the law or the findings do not allow this decision."""
    if outcome not in ("granted", "refused"):
        raise cases.NotAllowed("unknown-outcome")
    if not step.decides:
        raise cases.NotAllowed("does-not-decide")
    grounds = {cite(row) for row in matter.grounds}
    if not reasons.strip():
        raise cases.NotAllowed("reasons-missing")
    if outcome == "refused" and (not articles or not set(articles) <= grounds):
        raise cases.NotAllowed("reasons-missing")
    for code, found in cases.done_steps(case):
        if matter.steps[code].forbids.get(found[code]) == outcome:
            raise cases.NotAllowed("contradicts-findings")
    if outcome == "granted" and cases.awaited(case):
        raise cases.NotAllowed("record-awaited")
    if outcome == "granted" and tolerance.outstanding(case):
        raise cases.NotAllowed("material-promised")
    if outcome == "granted" and cases.unverified(case) and not verified:
        raise cases.NotAllowed("unverified-answers")


def _turn_clocks(case: Case, matter: Matter, actor: Actor, outcome: str) -> None:
    """The decision's clock stops; that of delivery starts (行政许可法 Art. 44)."""
    decision = Clock.objects.get(reference=case.number, code="decision")
    clocks.stop(decision, actor.signature)
    limit = matter.limit("delivery", facts_of(case))
    if outcome == "granted" and limit is not None:
        basis = limit["basis"]
        clocks.start(case.number, "delivery", limit, basis, body=case.body, about=case.matter)


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
            "limit": matter.limit("decision", facts_of(case)),
            "verified": cases.unverified(case) if outcome == "granted" else [],
            "cards": cards.digest if cards else "",
            "materials": filing.filed_materials(case),
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
        for clock in Clock.objects.filter(reference=number, code="delivery"):
            clocks.stop(clock, actor.signature)
        events.append(case, "delivered", actor, {"certificate": sealed.number if sealed else ""})
    return case
