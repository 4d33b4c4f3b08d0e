"""Consents across nodes: shown by the asking node, judged and counted by the holder's.

Whether one is revoked is asked of the giver's node at each use, and not pushed to the holder: a
pushed word can be lost, and then a holder would read what was taken back. A giver's node that
cannot be asked means denied. Its answer is signed over a number that is used once, and says that
the consent is of the very person asked about, which no other text binds to the holder's name.

The asking node need not be believed for any of it; that it alone is the giver's node, and so
signs for its own people, is what a holder accepts by registering its root.
"""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from lingnan.kernel.exchange import consenting, elsewhere, outward, pseudonyms
from lingnan.kernel.exchange.catalogue import Resource
from lingnan.kernel.exchange.models import Agreement, ForeignUse, GiverNode
from lingnan.kernel.exchange.outward import Question
from lingnan.kernel.exchange.use import Denied, Unavailable, Use
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import (
    Consent,
    EvidenceUnavailable,
    consents,
    node_evidence,
    superiors,
)
from lingnan.standards.xroad import Identifier, Service

SERVICE, ATTEMPTS, TRUST = "consents", 5, "trust"
IN_FORCE, DENIED = "in_force", "exchange.denied"
foreign = consents.foreign


# --- the asking node, which holds who the subjects are


def shown(use: Use, kind: str, keys: Mapping[str, int]) -> dict[str, Any]:
    """By subject, the consent under which it might be read, as the holder may ask to see it."""
    givers = pseudonyms.give(kind, TRUST, keys.values())
    rows = Consent.objects.filter(
        giver__in=list(givers.values()), resource=use.resource, purpose=use.purpose,
        basis=use.basis, body__in=superiors(use.consumer) or [use.consumer], revoked_at=None,
        ended=False, valid_until__gte=legal_time.today(),
    ).order_by("key")  # fmt: skip
    found = {one.giver: one for one in rows if set(use.elements) <= set(one.elements)}
    return {
        name: foreign.of_consent(found[givers[key]]).plain()
        for name, key in keys.items()
        if givers[key] in found
    }


# --- the holder's node


def taken(
    use: Use, resource: Resource, agreement: Agreement, known_as: Mapping[str, str],
    presented: Mapping[str, Any],
) -> list[str]:  # fmt: skip
    """The numbers of the consents of all subjects, judged, counted and confirmed. Raises Denied,
    after that is written down too; Unavailable where it cannot be."""
    judged: list[str] = []
    try:
        return _taken(use, resource, agreement, known_as, presented, judged)
    except Denied as denied:
        payload = {
            "resource": use.resource, "consumer": use.consumer, "purpose": use.purpose,
            "basis": use.basis, "agreement": agreement.number, "case": use.case,
            "actor": use.actor, "elements": list(use.elements), "consents": judged,
            "why": denied.detail, "legal_time": legal_time.now().isoformat(),
        }  # fmt: skip
        try:
            node_evidence.write([node_evidence.entry(DENIED, payload, [], use.case)])
        except EvidenceUnavailable as down:
            raise Unavailable("evidence cannot be written") from down
        raise


def _taken(
    use: Use, resource: Resource, agreement: Agreement, known_as: Mapping[str, str],
    presented: Mapping[str, Any], judged: list[str],
) -> list[str]:  # fmt: skip
    """The same; `judged` gets the numbers of what a registered node has signed."""
    nodes = {one.root: one for one in GiverNode.objects.filter(ended=False)}
    asking = consenting.asking_of(use, resource, agreement)
    found: list[tuple[GiverNode, dict[str, Any], str]] = []
    for name in use.subjects:
        try:
            told, root = foreign.consent_said(foreign.Shown.read(presented.get(name)), nodes)
        except foreign.NotGenuine as fault:
            raise Denied(f"no consent that counts here: {fault}") from None
        judged.append(str(told["number"])[:40])
        _fits(told, asking, resource)
        found.append((nodes[root], told, known_as[name]))
    with transaction.atomic():
        for node, told, _name in found:
            _count(node.root, told)
    for node, told, name in found:
        _confirmed(node, told, name, use, resource)
    return sorted({str(told["number"]) for _node, told, _name in found})


def _fits(told: Mapping[str, Any], asking: consents.Asking, resource: Resource) -> None:
    """Whether the signed text covers the use, under the agreement as it stands here."""
    same = all(told[name] == getattr(asking, name) for name in ("resource", "purpose", "basis"))
    bodies = superiors(asking.body) or [asking.body]
    apart = set(told["separate"])
    needed = {consents.HANDING_ON, *asking.sensitive} if resource.subject == "person" else set()
    if not same or told["body"] not in bodies or told["giver_kind"] != resource.subject:
        raise Denied("the consent is for another use")
    if told["terms"] != asking.terms:
        raise Denied("the consent was given under another text of the agreement")
    if not set(asking.elements) <= set(told["elements"]) or not needed <= apart:
        raise Denied("the consent does not cover these elements")
    given = datetime.fromisoformat(told["given_at"])
    if date.fromisoformat(told["valid_until"]) < legal_time.today() or given > legal_time.now():
        raise Denied("the consent is not in force")


def _count(root: str, told: Mapping[str, Any]) -> None:
    """Count one use; too often is denied, whatever the other node says. Raises Denied."""
    number, today = str(told["number"])[:40], legal_time.today()
    window = consents.window(str(told["period"]), today)
    rows = ForeignUse.objects.filter(root=root, consent=number, window=window)
    for _attempt in range(ATTEMPTS):
        ordinal = rows.count() + 1
        if ordinal > told["most"]:
            raise Denied("the consent is used up for this period")
        try:
            with transaction.atomic():
                ForeignUse.objects.create(
                    root=root, consent=number, window=window, ordinal=ordinal, at=legal_time.now()
                )
        except IntegrityError:
            continue  # somebody took this number at the same moment
        return
    raise Denied("too many uses of the consent at once")


def _confirmed(
    node: GiverNode, told: Mapping[str, Any], name: str, use: Use, resource: Resource
) -> None:
    """Ask the giver's node whether it is in force, and of whom it is. Raises Denied.

    It has half the time, so that whoever asked is still there for the answer.
    """
    nonce = secrets.token_hex(16)
    question = {
        "nonce": nonce, "number": told["number"], "system": resource.system, "subject": name,
        "resource": use.resource, "consumer": use.consumer, "purpose": use.purpose,
        "case": use.case, "actor": use.actor, "elements": list(use.elements),
    }  # fmt: skip
    try:
        body = _asked(node.server, resource.system, question, use)
        said, root = foreign.said(foreign.Shown.read(body.get("answer")), [node.root])
    except (Unavailable, foreign.NotGenuine):
        raise Denied("the giver's node cannot be asked whether the consent holds") from None
    if root != node.root or said.get("nonce") != nonce:
        raise Denied("the giver's node cannot be asked whether the consent holds")
    if said.get("number") != told["number"] or said.get("state") != IN_FORCE:
        raise Denied("the giver's node says that the consent does not hold")


def _asked(server: str, system: str, question: dict[str, Any], use: Use) -> dict[str, Any]:
    """As the holder of the system, which alone is told. Raises Unavailable."""
    there, holder = elsewhere.node(server), elsewhere.home_here(system)
    if there is None or holder is None:
        raise Unavailable("the directory names no such node")
    asked = Question(holder, Service(there.services, SERVICE), question, use.case, use.actor)
    said = outward.ask(asked, use.deadline / 2)
    if said.status != 200 or said.refused:
        raise Unavailable(said.refused or f"it answered {said.status}")
    return said.body


# --- the giver's node


def standing(question: Mapping[str, Any], asks: Identifier) -> dict[str, Any]:
    """The signed answer to a holder: whether it is in force for this subject and this use.

    A yes counts the use and writes it down for the giver first. Raises EvidenceUnavailable, and
    PermissionError where who asks is not the holder of what would be read.
    """
    system = str(question.get("system", ""))
    if not elsewhere.holds(asks, system):
        raise PermissionError(f"{asks} does not hold {system[:40]}")
    said = {name: str(question.get(name, ""))[:200] for name in (
        "nonce", "number", "system", "subject", "resource", "consumer", "purpose", "case", "actor",
    )}  # fmt: skip
    elements = [str(one)[:80] for one in question.get("elements", ())][:100]
    state = "unknown"
    one = Consent.objects.filter(number=said["number"], ended=False).first()
    held = pseudonyms.held_here(said["system"], [said["subject"]])
    if one is not None and held is not None:
        kind, keys = held
        key = keys[said["subject"]]
        own = pseudonyms.give(kind, TRUST, [key])[key] == one.giver
        state = _state(one, said, elements) if own else "unknown"
        if state == IN_FORCE:
            state = _counted(one)
        if own:
            state = _written(one, said, elements, (kind, key), state)
    answer = {"nonce": said["nonce"], "number": said["number"], "state": state}
    return foreign.signed(answer | {"at": legal_time.now().isoformat()}).plain()


def _state(one: Consent, said: Mapping[str, str], elements: list[str]) -> str:
    if one.revoked_at is not None:
        return "revoked"
    same = one.resource == said["resource"] and one.purpose == said["purpose"]
    below = one.body in (superiors(said["consumer"]) or [said["consumer"]])
    if not same or not below or not set(elements) <= set(one.elements):
        return "other"
    return IN_FORCE if one.valid_until >= legal_time.today() else "expired"


def _counted(one: Consent) -> str:
    try:
        consents.take({one.giver: one})
    except consents.NoConsent:
        return "used_up"
    return IN_FORCE


def _written(
    one: Consent, said: Mapping[str, str], elements: list[str], subject: tuple[str, int], state: str
) -> str:
    """Write the use down, or that it was refused, so that the giver sees it whoever asked."""
    names = ("resource", "consumer", "purpose", "case", "actor")
    payload = {name: said[name] for name in names} | {
        "consent": one.number, "elements": elements, "basis": one.basis, "state": state,
        "at_node_of": said["system"], "legal_time": legal_time.now().isoformat(),
    }  # fmt: skip
    kind = "consent.used" if state == IN_FORCE else "consent.denied"
    try:
        node_evidence.write([node_evidence.entry(kind, payload, [subject], one.number)])
    except EvidenceUnavailable:
        return "unwritten" if state == IN_FORCE else state
    return state


def register(server: str, by: str) -> GiverNode:
    """Let the consents of another node's people count here; the evidence first.

    Raises ValueError where the directory names no such node, or it is registered already.
    """
    there = elsewhere.node(server)
    if there is None:
        raise ValueError("no such node")
    root = there.root
    before = GiverNode.objects.filter(root=root).first()
    if before is not None and not before.ended:
        raise ValueError("registered already")
    payload = {"root": root, "node": server, "actor": by}
    payload["legal_time"] = legal_time.now().isoformat()
    node_evidence.write([node_evidence.entry("exchange.giver_registered", payload, [])])
    with action(by=by, reason="consents of another node count here") as act:
        if before is not None:
            return act.change(before, server=server, ended=False)
        return act.create(GiverNode, root=root, server=server)


def nodes() -> list[GiverNode]:
    """The nodes whose consents count here."""
    return list(GiverNode.objects.filter(ended=False).order_by("key"))


def stop(root: str, by: str) -> None:
    """From now on none of that node's consents counts here; the evidence first."""
    one = GiverNode.objects.filter(root=root, ended=False).first()
    if one is not None:
        payload = {"root": root, "actor": by, "legal_time": legal_time.now().isoformat()}
        node_evidence.write([node_evidence.entry("exchange.giver_stopped", payload, [])])
        with action(by=by, reason="consents of another node count no more") as act:
            act.end(one)
