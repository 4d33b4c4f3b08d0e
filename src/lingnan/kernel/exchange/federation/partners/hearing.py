"""What a node that is not the gate knows of other instances: as the gate tells it, verified here.

It decides nothing: it asks and answers by what both sides have signed, and the gate judges each
message anew. What the gate tells no more is over here, too.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from lingnan.kernel.exchange import outward
from lingnan.kernel.exchange.federation import directories as own_directories
from lingnan.kernel.exchange.federation import own
from lingnan.kernel.exchange.federation.own import Own
from lingnan.kernel.exchange.federation.partners import concluding, directories, documents, sharing
from lingnan.kernel.exchange.federation.partners.documents import NotADocument, Said
from lingnan.kernel.exchange.federation.partners.models import Arrangement, Heard, Partner
from lingnan.kernel.exchange.messages.directory import Directory
from lingnan.kernel.exchange.messages.directory_text import NotADirectory
from lingnan.kernel.exchange.outward import Question
from lingnan.kernel.exchange.use import Unavailable
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import node_evidence
from lingnan.standards.xroad import Service

logger = logging.getLogger(__name__)
PATIENCE, BY = 10.0, "gate"
HEARD, OVER = "partner.heard", "partner.over"
KINDS = tuple(kind for kind, _title in Partner.KINDS)


def refresh(here: Own) -> None:
    """The worker's round at a node that did not found the instance. Raises EvidenceUnavailable; one
    that the gate does not answer goes on by what it knows, and the gate lets nothing through."""
    directory = own_directories.known(here.instance, here.anchor)
    if here.founded or directory is None or directory.gate in ("", here.server):
        return
    try:
        told = _told(here, directory)
    except Unavailable as down:
        logger.warning("the gate does not say what it knows of other instances: %s", down.detail)
        return
    known = {str(one["instance"]): one for one in _objects(told, "partners", "instance")}
    for row in Partner.objects.filter(ended=False).exclude(instance__in=known):
        _ended(row)
    for one in known.values():
        try:
            _partner(here, directory, one)
        except (NotADirectory, KeyError, ValueError) as problem:
            logger.warning("what the gate says of %s is not taken: %s", one["instance"], problem)
    _arrangements(here, directory, _objects(told, "arrangements", "document"))


def _told(here: Own, directory: Directory) -> dict[str, Any]:
    """Raises Unavailable."""
    had: dict[str, int] = {}
    for one in directories.partners():
        found = directories.known(one)
        had |= {one.instance: found.version} if found is not None else {}
    service = Service(own.services_of(directory.gate), sharing.SERVICE)
    question = Question(own.services_of(here.server), service, {"known": had})
    said = outward.ask(question, PATIENCE)
    if said.status != 200:
        raise Unavailable(str(said.body.get("message", said.refused or said.status)))
    return said.body


def _objects(told: Mapping[str, Any], name: str, key: str) -> list[dict[str, Any]]:
    rows = told.get(name)
    rows = rows if isinstance(rows, list) else []
    return [one for one in rows if isinstance(one, dict) and isinstance(one.get(key), str)]


def _partner(here: Own, directory: Directory, told: Mapping[str, Any]) -> None:
    """Raises KeyError, ValueError, NotADirectory."""
    if told["kind"] not in KINDS or told["instance"] == here.instance:
        raise ValueError("no kind of partner, or the own instance")
    names = ("kind", "title_zh", "title_en", "node", "anchor")
    values: dict[str, Any] = {name: str(told[name]) for name in names}
    values |= {"portal": here.parent, "why": ""}
    before = Partner.objects.filter(instance=told["instance"]).first()
    found = before
    if before is None or before.ended or any(getattr(before, k) != v for k, v in values.items()):
        _witness(HEARD, {"instance": told["instance"], "anchor": values["anchor"]})
        with action(by=BY, reason="the gate knows another instance") as act:
            if before is not None:
                found = act.change(before, **values, ended=False)
            else:
                found = act.create(Partner, instance=told["instance"], **values)
    assert found is not None
    if told.get("directory") is not None:
        directories.keep(told["directory"], found, directory)
    now = datetime.now(UTC)
    heard = {"tried_at": now, "heard_at": now, "problem": ""}
    Heard.objects.update_or_create(instance=found.instance, defaults=heard)


def _ended(one: Partner) -> None:
    _witness(OVER, {"instance": one.instance, "anchor": one.anchor})
    with action(by=BY, reason="the gate has ended it") as act:
        act.end(one)


def _arrangements(here: Own, directory: Directory, told: Iterable[Mapping[str, Any]]) -> None:
    """Those that the gate says are in force; all others are over here."""
    found = set()
    for one in told:
        try:
            row = _arrangement(here, one)
        except (NotADocument, KeyError, ValueError) as problem:
            logger.warning("an arrangement of the gate's is not taken: %s", problem)
            continue
        found.add(row.number)
        _agreed(here, directory, row)
    for row in Arrangement.objects.filter(state="in_force").exclude(number__in=found):
        concluding.over(row, BY, "", tell=False)


def _arrangement(here: Own, told: Mapping[str, Any]) -> Arrangement:
    """Raises KeyError, ValueError, NotADocument."""
    said, partner = documents.read(told["document"]), directories.in_force(str(told["partner"]))
    before = Arrangement.objects.filter(number=said.number).first()
    held = bool(told["held"])
    if before is not None and before.document == said.text and before.state == "in_force":
        if before.held_there == held:
            return before
        with action(by=BY, reason="suspended" if held else "resumed") as act:
            return act.change(before, held_there=held)
    if partner is None or before is not None:
        raise ValueError(f"{said.number}: nothing is exchanged with {told['partner']}, or it ended")
    _demand_signed(here, partner, said, told)
    _witness("arrangement.heard", {"arrangement": said.number, "partner": partner.instance})
    with action(by=BY, reason="an arrangement is in force") as act:
        return act.create(
            Arrangement, number=said.number, partner=partner.instance, giver=said.giver,
            document=said.text, ours=told["ours"], theirs=told["theirs"], state="in_force",
            held_there=held, signed_by=BY,
        )  # fmt: skip


def _demand_signed(here: Own, partner: Partner, said: Said, told: Mapping[str, Any]) -> None:
    """By both sides, each under its own root. Raises ValueError."""
    sides = {here.instance: here.anchor, partner.instance: partner.anchor}
    if {said.giver, said.asker} != set(sides) or dict(said.anchors) != sides:
        raise ValueError(f"{said.number} is not between the two")
    for name, anchor in (("ours", here.anchor), ("theirs", partner.anchor)):
        if not documents.signed_by(told[name], said.text, anchor):
            raise ValueError(f"{said.number} is not signed under {anchor}")


def _agreed(here: Own, directory: Directory, row: Arrangement) -> None:
    """The agreements that follow where this node answers for what it is about."""
    said = documents.read(row.document)
    holds = said.system in own_directories.holders(directory.homes, here.server)
    if row.giver != here.instance or not holds:
        return
    with transaction.atomic():
        if not concluding.of_arrangement(row):
            concluding.agreed(row)


def _witness(kind: str, told: Mapping[str, Any]) -> None:
    node_evidence.write([node_evidence.entry(kind, dict(told), [])])
