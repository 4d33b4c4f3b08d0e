"""What the gate judges of what it passes on between a node of its instance and another instance.

The arrangement alone: bodies, resource, elements, purpose, days, so many a day. Whom it is about,
and whether that person has consented, is judged where it is answered.
"""

from dataclasses import dataclass
from typing import NoReturn

from lingnan.kernel.exchange import rates
from lingnan.kernel.exchange.federation.partners import concluding, documents, matching, questions
from lingnan.kernel.exchange.federation.partners.documents import Said
from lingnan.kernel.exchange.federation.partners.models import Asked
from lingnan.kernel.exchange.federation.partners.questions import Question
from lingnan.kernel.exchange.messages.calls import unavailable
from lingnan.kernel.exchange.messages.refusals import Refused, bad_request
from lingnan.kernel.exchange.use import Denied
from lingnan.kernel.runtime.api import legal_time, read_json
from lingnan.kernel.trust.api import EvidenceUnavailable, node_evidence
from lingnan.standards.xroad import Identifier, Service

PASSED, STOPPED = "partner.passed", "partner.stopped"


@dataclass(frozen=True)
class Passed:
    """A question that may go on; `node` is the node of this instance that asks or answers."""

    question: Question
    said: Said
    partner: str
    way: str
    node: str
    evidence: int


def judged(client: Identifier, service: Service, body: bytes, way: str, node: str) -> Passed:
    """By the arrangement that a question names; counted, and written down before it goes on.

    way: in, asked of this instance; out, asked by it. Raises Refused, which is written down, too.
    """
    question = _read(client, service, body)
    partner = (client if way == "in" else service.provider).instance
    try:
        said = questions.covered(question.found, question)
        _count(said, client.member)
    except Denied as denied:
        _stop(question, partner, way, node, denied)
    evidence = _witness(PASSED, question, partner, way, node)
    return Passed(question, said, partner, way, node, evidence)


def demand(client: Identifier, service: Service, body: bytes, node: str) -> None:
    """That an arrangement covers what an information system of the gate's own asks abroad. Raises
    Refused, which is written down."""
    question = _read(client, service, body)
    try:
        questions.covered(question.found, question)
    except Denied as denied:
        _stop(question, service.provider.instance, "out", node, denied)


def open_now(passed: Passed) -> bool:
    """Whether the arrangement still lets an answer through."""
    found = passed.question.found
    return found is not None and concluding.is_open(found)


def note(passed: Passed, outcome: str, why: str = "") -> None:
    """How it went, for the lists of what was asked."""
    _noted(passed.question, passed.partner, passed.way, outcome, why, passed.evidence)


def _read(client: Identifier, service: Service, body: bytes) -> Question:
    try:
        return Question.read(client, service, read_json(body))
    except (ValueError, KeyError, TypeError) as problem:
        raise bad_request(f"not a question under an arrangement: {problem}") from problem


def _stop(question: Question, partner: str, way: str, node: str, denied: Denied) -> NoReturn:
    evidence = _witness(STOPPED, question, partner, way, node, denied.detail)
    _noted(question, partner, way, "denied", denied.term or denied.detail, evidence)
    raise Refused("AccessDenied", denied.detail, 403) from denied


def _count(said: Said, body: str) -> None:
    """Under the number of the agreement that the giver's gate has for this body, so that what it
    answers itself and what it passes on are counted together. Raises Denied."""
    place = sorted(said.bodies).index(body) + 1
    rates.count(f"{said.number}-{place}", f"{said.per_day} uses/day", 1)


def _witness(
    kind: str, question: Question, partner: str, way: str, node: str, why: str = ""
) -> int:
    """Raises Refused where it cannot be written down."""
    told = {
        "arrangement": question.arrangement, "partner": partner, "way": way, "node": node,
        "client": str(question.client), "service": str(question.service), "case": question.case,
        "actor": question.actor, "elements": list(question.elements)[:40],
        "legal_time": legal_time.now().isoformat(),
    } | ({"why": why[:200]} if why else {})  # fmt: skip
    entry = node_evidence.entry(kind, told, [], question.case)
    try:
        return int(node_evidence.write([entry])[0].seq)
    except EvidenceUnavailable as down:
        raise unavailable("the exchange cannot be written down") from down


def _noted(
    question: Question, partner: str, way: str, outcome: str, why: str, evidence: int
) -> None:
    found = question.found
    kind = documents.read(found.document).subject if found is not None else "person"
    Asked.objects.create(
        arrangement=question.arrangement, partner=partner, way=way,
        body=str(question.client)[:100] if way == "in" else question.client.member,
        about=matching.about(kind, question.subject), case=question.case, actor=question.actor,
        outcome=outcome, why=why[:200], evidence=evidence, at=legal_time.now(),
    )  # fmt: skip
