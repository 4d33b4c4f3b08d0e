"""The node of a register of people: it introduces one to another node, and translates its names.

Whom it names to a node it names by a pseudonym for that node alone. The person sees that.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from lingnan.kernel.exchange import elsewhere, pseudonyms
from lingnan.kernel.exchange.introducing.asking import KIND, MOST, TRUST
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor, Body, acting, node_evidence
from lingnan.standards.xroad import Identifier

POLICE = "police"


def member_of(server: str) -> str:
    """As what a node is among those to whom pseudonyms are given."""
    return f"node:{hashlib.sha256(server.encode()).hexdigest()[:32]}"


def introduce(question: dict[str, Any], asks: Identifier) -> dict[str, Any]:
    """Who shows a document with this number and name at a counter of the police; without either,
    whether there is a register. People may prove who they are by their card (《居民身份证法》
    （2011-10-29）第十三条); that only the police ask so is a rule of this platform. Raises
    PermissionError, ValueError, EvidenceUnavailable."""
    if not question:
        return {"registers": acting.registers_people()}
    server = elsewhere.node_of(asks.member)
    police = Body.objects.filter(code=asks.member, function=POLICE, ended=False).exists()
    if server is None or not police:
        raise PermissionError(f"{asks} is no police body of another node")
    number, name = _text(question, "number", 18), _text(question, "name", 60)
    who = Actor(0, server.rpartition("/")[2], "official", body=asks.member, role="clerk")
    found = acting.identified_here(who, number, name)
    if found is None:
        return {}
    key = pseudonyms.resolve(KIND, TRUST, [found.subject])[found.subject]
    _witness([key], server, {"body": asks.member})
    told = pseudonyms.give(KIND, member_of(server), [key])[key]
    return {"name": told, "person": found.name, "of_age": found.of_age}


def translate(question: dict[str, Any], asks: Identifier) -> dict[str, Any]:
    """What a holder calls people whom this node has introduced to the asking one. Raises
    PermissionError, ValueError, EvidenceUnavailable."""
    server, provider = elsewhere.server_of(asks), str(question.get("provider", ""))
    if server is None:
        raise PermissionError(f"{asks} is no node")
    names = question["names"]
    if not isinstance(names, list) or not 0 < len(names) <= MOST:
        raise ValueError(f"names: a list of 1 to {MOST}")
    found = known_to(server, KIND, [str(one)[:32] for one in names])
    holder = next((one for one in elsewhere.systems() if str(one.provider) == provider), None)
    if found is None or holder is None:
        raise PermissionError("these people were not introduced, or nobody holds that system")
    given = pseudonyms.give(KIND, holder.system, found.values())
    _witness(found.values(), server, {"body": asks.member, "holder": provider})
    return {"names": {name: given[key] for name, key in found.items()}}


def known_to(server: str, kind: str, names: list[str]) -> dict[str, int] | None:
    """The keys behind the names by which another node knows people; None unless all are such."""
    try:
        return pseudonyms.resolve(kind, member_of(server), names)
    except pseudonyms.UnknownSubject:
        return None


def _witness(keys: Iterable[int], server: str, more: Mapping[str, Any]) -> None:
    payload = {"to_node": server, "legal_time": legal_time.now().isoformat(), **more}
    node_evidence.write(
        [node_evidence.entry("exchange.introduced", payload, [(KIND, key)]) for key in keys]
    )


def _text(question: dict[str, Any], name: str, most: int) -> str:
    found = question.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= most:
        raise ValueError(f"{name} is no text of 1 to {most} characters")
    return found
