"""The node that serves people whose register is at another node.

Nobody is taken over in bulk: a person comes here with a document, an official compares the two,
and the register's node says who that is. What it tells is a name that this node alone knows, by
which both mean the same person from then on.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, transaction

from lingnan.kernel.exchange import elsewhere, outward, pseudonyms
from lingnan.kernel.exchange.elsewhere import Elsewhere, Node
from lingnan.kernel.exchange.introducing.models import Introduced
from lingnan.kernel.exchange.outward import Question
from lingnan.kernel.exchange.use import Denied, Unavailable
from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.kernel.trust.api import Actor, acting, node_evidence
from lingnan.standards.xroad import Identifier, Service

INTRODUCE, TRANSLATE = "introduce", "translate"
KIND, TRUST, CLIENT = "person", "trust", "lingnan"
PATIENCE = 6.0
MOST = 1000
"""Names that are translated by one question."""
FRESH = timedelta(minutes=10)


def identified(who: Actor, number: str, name: str) -> acting.Identified | None:
    """Whom an official has before them with a document, by the register of another node.

    None where no node has such a register, none has that person, or none answers. The number and
    the name are told to nodes that have a register of people, and to no other.
    """
    client = elsewhere.member(who.body, CLIENT) if elsewhere.speaks_here(who.body) else None
    for node in elsewhere.nodes() if client is not None else ():
        if not _registers(node.server, _tick()):
            continue
        said = _asked(node, client, INTRODUCE, {"number": number, "name": name}, who.signature)
        if said.get("name"):
            return _introduced(node, said, who)
    return None


def names_at(home: Elsewhere, wanted: Collection[int]) -> dict[int, str]:
    """By key, what a holder at another node calls those of `wanted` who were introduced here; the
    others are not in it. Raises Unavailable."""
    rows = list(Introduced.objects.filter(key__in=wanted).order_by("id"))
    found = {row.key: row.name for row in rows if row.server == home.server}
    others: dict[str, dict[int, str]] = {}
    for row in rows:
        if row.key not in found:
            others.setdefault(row.server, {})[row.key] = row.name
    for server, names in others.items():
        found |= _translated(server, names, home)
    return found


def known_as(home: Elsewhere, kind: str, key: int) -> str:
    """What a holder at another node calls one subject of this one, without asking anybody. Raises
    Denied of somebody whom a third node has introduced here."""
    rows = list(Introduced.objects.filter(key=key))
    found = next((row.name for row in rows if row.server == home.server), "")
    if rows and not found:
        raise Denied(f"{home.server} does not hold the register that introduced this person here")
    return found or pseudonyms.give(kind, home.system, [key])[key]


def _introduced(node: Node, said: Mapping[str, Any], who: Actor) -> acting.Identified:
    told = str(said["name"])[:32]
    key = _key(node.server, told, who)
    subject = pseudonyms.give(KIND, TRUST, [key])[key]
    return acting.Identified(subject, str(said.get("person", ""))[:60], bool(said.get("of_age")))


def _key(server: str, name: str, who: Actor) -> int:
    """The person's number here: of a first time, after it is written down."""
    rows = Introduced.objects.filter(server=server, name=name)
    known = rows.first()
    if known is not None:
        return int(known.key)
    key, now = keys.new_key(), legal_time.now()
    payload = {"by_node": server, "body": who.body, "actor": who.signature}
    payload["legal_time"] = now.isoformat()
    node_evidence.write([node_evidence.entry("exchange.introduced", payload, [(KIND, key)])])
    try:
        with transaction.atomic():
            Introduced.objects.create(
                kind=KIND, server=server, name=name, key=key, by=who.signature, at=now
            )
    except IntegrityError:
        return int(rows.get().key)
    return key


def _translated(server: str, names: Mapping[int, str], home: Elsewhere) -> dict[int, str]:
    node, own = elsewhere.node(server), elsewhere.own_services()
    if node is None or own is None:
        raise Unavailable(f"the directory names no node {server}")
    told: dict[str, str] = {}
    wanted = list(names.values())
    for start in range(0, len(wanted), MOST):
        some = wanted[start : start + MOST]
        question = {"names": some, "provider": str(home.provider)}
        said = _asked(node, own, TRANSLATE, question, "").get("names")
        if not isinstance(said, dict) or set(said) != set(some):
            raise Unavailable(f"{server} does not say whom {home.provider} knows")
        told |= {name: str(found)[:32] for name, found in said.items()}
    return {key: told[name] for key, name in names.items()}


@lru_cache(maxsize=64)
def _registers(server: str, tick: int) -> bool:
    """Whether a node has a register of people: asked without naming anybody."""
    node, own = elsewhere.node(server), elsewhere.own_services()
    if node is None or own is None:
        return False
    return _asked(node, own, INTRODUCE, {}, "").get("registers") is True


def _tick() -> int:
    return int(legal_time.now().timestamp() // FRESH.total_seconds())


def _asked(
    node: Node, client: Identifier | None, code: str, question: Mapping[str, Any], actor: str
) -> dict[str, Any]:
    """What a node says; nothing where it does not answer."""
    if client is None:
        return {}
    asked = Question(client, Service(node.services, code), question, "", actor)
    try:
        said = outward.ask(asked, PATIENCE)
    except Unavailable:
        return {}
    return said.body if said.status == 200 and not said.refused else {}
