"""Entering another instance and ending it. Each side enters the other; nothing is asked or answered
before arrangements are in force, and from the moment of the end nothing at all."""

import logging
import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from lingnan.kernel.exchange.federation import calling, own
from lingnan.kernel.exchange.federation import directories as own_directories
from lingnan.kernel.exchange.federation.calling import Failed
from lingnan.kernel.exchange.federation.own import Own
from lingnan.kernel.exchange.federation.partners import concluding, directories
from lingnan.kernel.exchange.federation.partners.models import Arrangement, Partner
from lingnan.kernel.exchange.messages import channels
from lingnan.kernel.exchange.messages.directory_text import NotADirectory
from lingnan.kernel.runtime.api import Title, action, legal_time
from lingnan.kernel.trust.api import node_evidence

logger = logging.getLogger(__name__)
INSTANCE = re.compile(r"[A-Z][A-Z0-9-]{1,19}")
NODE = re.compile(r"[a-z][a-z0-9-]{1,30}")
KINDS = tuple(kind for kind, _title in Partner.KINDS)


class NotEntered(ValueError):
    """`why`: address, founder, own, taken, kind, title, directory, or a hop of `calling`."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why, self.detail = why, detail


@dataclass(frozen=True)
class Introduction:
    """An instance as it is told to another by a way on which nobody else writes: where its
    directory is, `INSTANCE.NODE.ANCHOR` behind a `#`."""

    portal: str
    instance: str
    node: str
    anchor: str

    def __str__(self) -> str:
        return f"{self.portal}{directories.DIRECTORY}#{self.instance}.{self.node}.{self.anchor}"

    @classmethod
    def read(cls, text: str) -> "Introduction":
        """Raises NotEntered."""
        portal, found, rest = text.strip().partition(f"{directories.DIRECTORY}#")
        instance, node, anchor = [*rest.split("."), "", "", ""][:3]
        good = INSTANCE.fullmatch(instance) and NODE.fullmatch(node)
        whole = good and re.fullmatch(r"[0-9a-f]{64}", anchor) and rest.count(".") == 2
        if not found or not whole or not portal.startswith(("http://", "https://")):
            raise NotEntered("address", text[:80])
        return cls(portal, instance, node, anchor)


def introduction(here: Own, portal: str) -> Introduction:
    """This instance, for another. Raises NotEntered at a node that did not found it."""
    if not here.founded:
        raise NotEntered("founder")
    return Introduction(portal, here.instance, here.code, here.anchor)


def enter(here: Own, told: Introduction, kind: str, title: Title, by: str) -> Partner:
    """Know another instance from now on; the evidence first.

    Raises NotEntered (the hop that fails is named), EvidenceUnavailable, KeyStoreUnavailable.
    """
    _demand(here, told, kind, title)
    values: dict[str, Any] = {
        "kind": kind, "title_zh": title.zh, "title_en": title.en, "portal": told.portal,
        "node": told.node, "anchor": told.anchor, "why": "",
    }  # fmt: skip
    tried = Partner(instance=told.instance, **values)
    document = _reached(here, tried)
    _witness("partner.entered", tried, {"actor": by, "kind": kind, "portal": told.portal})
    before = Partner.objects.filter(instance=told.instance).first()
    with transaction.atomic(), action(by=by, reason="another instance is known") as act:
        if before is not None:
            made = act.change(before, **values, ended=False)
        else:
            made = act.create(Partner, instance=told.instance, **values)
    directories.keep(document, made, _own(here))
    return made


def end(partner: Partner, by: str, why: str) -> None:
    """From this moment nothing goes either way; the evidence first. What was arranged is over, too,
    and the other side is told so if both enter each other again. Raises EvidenceUnavailable."""
    if partner.ended:
        return
    _witness("partner.ended", partner, {"actor": by, "why": why[:200]})
    with transaction.atomic(), action(by=by, reason=f"partner ended: {why}"[:400]) as act:
        act.end(act.change(partner, why=why[:200]))
    for one in Arrangement.objects.filter(partner=partner.instance):
        concluding.over(one, by, why)


def refresh(here: Own) -> None:
    """The worker's round: every partner's directory, asked for anew."""
    known = _own(here)
    for partner in directories.partners():
        try:
            directories.fetch(partner, known)
        except (Failed, NotADirectory) as why:
            logger.warning("the directory of %s was not renewed: %s", partner.instance, why)


def _demand(here: Own, told: Introduction, kind: str, title: Title) -> None:
    if not here.founded:
        raise NotEntered("founder")
    if told.instance == here.instance or told.anchor == here.anchor:
        raise NotEntered("own", told.instance)
    if directories.in_force(told.instance) is not None:
        raise NotEntered("taken", told.instance)
    if Partner.objects.filter(anchor=told.anchor, ended=False).exists():
        raise NotEntered("taken", told.anchor)
    if kind not in KINDS:
        raise NotEntered("kind", kind)
    if not 0 < len(title.zh) <= 40 or not 0 < len(title.en) <= 60:
        raise NotEntered("title")


def _reached(here: Own, tried: Partner) -> object:
    """The partner's directory as it told it, after its gateway has shown that it is its own."""
    try:
        said = calling.get(tried.portal, directories.DIRECTORY)
        if said.status != 200:
            raise Failed("answer", f"{tried.portal}: {said.status}")
        gate = directories.gate(tried, directories.read(said.body, tried, _own(here)))
        context = channels.of_client(own.channel(), gate.root)
        calling.channel(gate.url, context, gate.code, speak=False)
    except Failed as failed:
        raise NotEntered(failed.hop, failed.detail) from None
    except NotADirectory as problem:
        raise NotEntered("directory", str(problem)) from None
    return said.body


def _own(here: Own) -> directories.Directory | None:
    return own_directories.known(here.instance, here.anchor)


def _witness(kind: str, partner: Partner, told: dict[str, str]) -> None:
    said = {"instance": partner.instance, "anchor": partner.anchor, **told}
    said |= {"legal_time": legal_time.now().isoformat()}
    node_evidence.write([node_evidence.entry(kind, said, [])])
