"""A question of one of this instance's bodies to another instance, under an arrangement.

What the arrangement does not cover is not even sent. Both sides write it down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lingnan.kernel.exchange import elsewhere, outward
from lingnan.kernel.exchange.federation import own
from lingnan.kernel.exchange.federation.partners import concluding, directories, documents
from lingnan.kernel.exchange.federation.partners.models import Arrangement, Asked
from lingnan.kernel.exchange.messages import enveloping
from lingnan.kernel.exchange.outward import Question
from lingnan.kernel.exchange.use import Denied, ExchangeFailure, Stale, Unavailable
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor, node_evidence
from lingnan.standards.xroad import Identifier, Service

ASKED = "partner.asked"
CLIENT, PATIENCE = "lingnan", 15.0
FAILURES: dict[str, type[ExchangeFailure]] = {
    kind.code: kind for kind in (Denied, Unavailable, Stale)
}


@dataclass(frozen=True)
class Told:
    """What the other side said: one row of values by element each, the number of its evidence, and
    of ours."""

    rows: Sequence[Mapping[str, Any]]
    theirs: int
    evidence: int
    as_of: str


def may_ask(body: str) -> list[Arrangement]:
    """The arrangements under which a body of this node may ask now."""
    rows = Arrangement.objects.filter(state="in_force").order_by("number")
    try:
        here = own.membership()
    except own.NotNamed:
        return []
    return [
        one
        for one in rows
        if one.giver != here.instance
        and directories.in_force(one.partner) is not None
        and concluding.is_open(one)
        and body in documents.read(one.document).bodies
        and elsewhere.speaks_here(body)
    ]


def homes(one: Arrangement) -> dict[Identifier, str]:
    """Who answers under it on the other side, by name; what is at its gate first."""
    partner = directories.in_force(one.partner)
    known = directories.known(partner) if partner is not None else None
    if partner is None or known is None:
        return {}
    gate, system = directories.gate(partner, known).server, documents.read(one.document).system
    found = [home for home in known.homes if home.subsystem == system]
    found.sort(key=lambda home: (known.homes[home] != gate, home))
    return {home: known.names.get(home, home.member) for home in found}


def ask(
    one: Arrangement, who: Actor, case: str, elements: Sequence[str], subject: Mapping[str, str],
    of: Identifier | None = None,
) -> Told:  # fmt: skip
    """Ask about one subject, `of` one of those who answer, or the first; the evidence first.

    Raises Denied, Unavailable, Stale, of which the text names the node; EvidenceUnavailable.
    """
    said, here = documents.read(one.document), own.membership()
    covered = who.body in said.bodies and set(elements) <= set(said.elements) and elements
    if directories.in_force(one.partner) is None or not concluding.is_open(one) or not covered:
        raise Denied(f"{here.server}: the arrangement {one.number} does not cover this")
    found = homes(one)
    home = of if of in found else next(iter(found), None)
    if home is None:
        raise Unavailable(f"{here.server}: nobody of {one.partner} answers for {said.system}")
    asked = {
        "arrangement": one.number, "purpose": said.purpose, "case": case, "actor": who.signature,
        "elements": list(elements), "subject": dict(subject),
    }  # fmt: skip
    evidence = _witness(one, who, case, elements)
    client = own.member(here.instance, who.body, CLIENT)
    service = Service(home, said.resource.partition(".")[2])
    try:
        answer = outward.ask(Question(client, service, {"ask": asked}, case), PATIENCE)
        told = _answer(answer, here.server, _server(one, home))
    except ExchangeFailure as failure:
        _noted(one, who, case, subject, failure.code, failure.detail, evidence, 0)
        raise
    _noted(one, who, case, subject, "answered", "", evidence, told["evidence"])
    return Told(told["rows"], told["evidence"], evidence, told["as_of"])


def _server(one: Arrangement, home: Identifier) -> str:
    partner = directories.in_force(one.partner)
    known = directories.known(partner) if partner is not None else None
    return known.homes.get(home, "") if known is not None else ""


def _answer(said: outward.Said, here: str, there: str) -> dict[str, Any]:
    """Raises Denied, Unavailable, Stale as a node on the way said, or the one that was asked."""
    if said.refused:
        refusal = Denied if said.refused.endswith(".AccessDenied") else Unavailable
        message = str(said.body.get("message", said.refused))
        by = here if ".ClientProxy." in said.refused else there
        raise refusal(message if enveloping.hop_of(message) else f"{by}: {message}")
    if said.status != 200:
        kind = FAILURES.get(str(said.body.get("failure")), Unavailable)
        raise kind(f"{there}: {said.body.get('detail', f'it answered {said.status}')}")
    try:
        rows = [dict(row) for row in said.body["rows"]]
        return {"rows": rows, "evidence": int(said.body["evidence"]),
                "as_of": str(said.body["as_of"])[:40]}  # fmt: skip
    except (KeyError, TypeError, ValueError) as fault:
        raise Unavailable("the other side does not answer as agreed") from fault


def _witness(one: Arrangement, who: Actor, case: str, elements: Sequence[str]) -> int:
    payload = {
        "arrangement": one.number, "partner": one.partner, "body": who.body, "case": case,
        "actor": who.signature, "elements": list(elements),
        "legal_time": legal_time.now().isoformat(),
    }  # fmt: skip
    return int(node_evidence.write([node_evidence.entry(ASKED, payload, [], case)])[0].seq)


def _noted(
    one: Arrangement, who: Actor, case: str, subject: Mapping[str, str], outcome: str, why: str,
    evidence: int, theirs: int,
) -> None:  # fmt: skip
    Asked.objects.create(
        arrangement=one.number, partner=one.partner, way="out", body=who.body,
        about=str(subject.get("code", ""))[:40], case=case, actor=who.signature, outcome=outcome,
        why=why[:200], evidence=evidence, theirs=theirs, at=legal_time.now(),
    )  # fmt: skip
