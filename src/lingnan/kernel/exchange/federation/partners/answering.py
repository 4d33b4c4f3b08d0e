"""A question of another instance's body, under an arrangement: what is not covered is refused.

The rest is the exchange's own: the agreement that follows from the arrangement, the person's
consent and its count, the rate, the evidence for whom it is about before anything is told.
"""

from typing import Any

from lingnan.kernel.exchange import agreements, gateway, pseudonyms, rates, use_text
from lingnan.kernel.exchange.catalogue import Resource
from lingnan.kernel.exchange.federation.partners import (
    concluding,
    documents,
    matching,
    questions,
)
from lingnan.kernel.exchange.federation.partners.documents import Said
from lingnan.kernel.exchange.federation.partners.matching import NoMatch, NoRegister
from lingnan.kernel.exchange.federation.partners.models import Arrangement, Asked
from lingnan.kernel.exchange.federation.partners.questions import Question
from lingnan.kernel.exchange.use import Answer, Denied, ExchangeFailure, Unavailable, Use
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import EvidenceUnavailable, node_evidence

DENIED = "exchange.denied"
NOBODY = "no single person or firm of these particulars has allowed this, or none is on record"
"""The same words for each of these, so that nobody learns who is on record."""


def answered(question: Question, resource: Resource) -> dict[str, Any]:
    """What is told of the subject. Raises Denied, Unavailable, both written down before; ValueError
    on what is no question."""
    found = question.found
    key: int | None = None
    try:
        said = questions.covered(found, question)
        key = _found(resource, said, question)
        answer = _told(resource, said, question, key)
    except ExchangeFailure as failure:
        _refused(question, resource, found, key, failure)
        raise
    _noted(question, resource, "answered", "", answer.evidence)
    rows = [dict(row["values"]) for row in answer.rows]
    return {"rows": rows, "evidence": answer.evidence, "as_of": answer.as_of}


def _found(resource: Resource, said: Said, question: Question) -> int:
    """Whom it is about; one that is not found is counted, too. Raises Denied, Unavailable."""
    try:
        return matching.key_of(resource, question.subject)
    except NoRegister:
        raise Unavailable("no register of this node finds such subjects") from None
    except NoMatch as none:
        rates.take(agreements.covering(_use(said, question, ())), 1)
        raise Denied(NOBODY, none.why) from None


def _told(resource: Resource, said: Said, question: Question, key: int) -> Answer:
    """By the exchange: the pseudonym under which it is asked is told to nobody. Raises Denied,
    Unavailable."""
    given = pseudonyms.give(resource.subject, said.consumer(question.client.member), [key])
    use = _use(said, question, (given[key],))
    agreement = agreements.covering(use)
    if said.consent and not agreement.consent:
        raise Denied(f"the agreement {agreement.number} is not as arranged", "consent")
    try:
        # Shown no consents of another node: they are of this one's people.
        return gateway.answer_shown(use, None, {})[0][0]
    except Denied as denied:
        if denied.term or resource.subject != "person":
            raise
        # Counted as who is not found is, so that the count does not tell them apart.
        rates.take(agreement, 1)
        raise Denied(NOBODY, "consent") from denied


def _use(said: Said, question: Question, subjects: tuple[str, ...]) -> Use:
    return Use(
        resource=said.resource, consumer=said.consumer(question.client.member),
        purpose=said.purpose, basis=said.ground, case=question.case, actor=question.actor,
        subjects=subjects, elements=question.elements, aim=_aim(said),
    )  # fmt: skip


def _aim(said: Said) -> Title | None:
    """What the purpose is called, as both sides have signed it."""
    return use_text.aim(said.purpose_title)


def _refused(
    question: Question, resource: Resource, one: Arrangement | None, key: int | None,
    failure: ExchangeFailure,
) -> None:  # fmt: skip
    """In the evidence: of whom it is about where that is known, who then sees it. Raises
    Unavailable where it cannot be written."""
    said = documents.read(one.document) if one is not None else None
    member = question.client.member
    payload: dict[str, Any] = {
        "resource": resource.code, "purpose": question.purpose, "case": question.case,
        "consumer": f"{question.client.instance}/{member}", "basis": said.ground if said else "",
        "agreement": question.arrangement, "actor": question.actor,
        "elements": list(question.elements)[:40], "why": failure.detail[:200],
        "term": failure.term, "legal_time": legal_time.now().isoformat(),
    }  # fmt: skip
    if said is not None and said.purpose == question.purpose:
        payload |= use_text.beside(_aim(said))
    subjects = [(resource.subject, key)] if key is not None else []
    entry = node_evidence.entry(DENIED, payload, subjects, question.case)
    try:
        receipt = node_evidence.write([entry])[0]
    except EvidenceUnavailable as down:
        raise Unavailable("evidence cannot be written") from down
    why = failure.term or ("arrangement" if failure.code == Denied.code else failure.detail)
    _noted(question, resource, failure.code, why, int(receipt.seq))


def _noted(
    question: Question, resource: Resource, outcome: str, why: str, evidence: int
) -> None:  # fmt: skip
    Asked.objects.create(
        arrangement=question.arrangement, partner=question.client.instance, way="in",
        body=str(question.client)[:100], about=matching.about(resource.subject, question.subject),
        case=question.case, actor=question.actor, outcome=outcome, why=why[:200],
        evidence=evidence, at=legal_time.now(),
    )  # fmt: skip


def open_now(number: str) -> bool:
    """Whether an arrangement still lets an answer leave."""
    one = Arrangement.objects.filter(number=number).first()
    return one is not None and concluding.is_open(one)
