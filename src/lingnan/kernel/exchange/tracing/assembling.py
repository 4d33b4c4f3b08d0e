"""The way of one message put together: what this node wrote down, and what the other hops tell."""

import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lingnan.kernel.exchange import elsewhere, outward
from lingnan.kernel.exchange.outward import Question
from lingnan.kernel.exchange.tracing import telling, verifying
from lingnan.kernel.exchange.use import Unavailable
from lingnan.standards.xroad import Identifier, Service

PATIENCE, AT_ONCE, FRESH = 4.0, 8, 120.0
"""Seconds to wait for a node; nodes asked together; seconds for which what was told is not asked
again (the pages of a trace are walked one after another)."""
OWN, TOLD, NOTHING, SILENT, REFUSED = "own", "told", "nothing", "silent", "refused"


@dataclass(frozen=True)
class Record:
    """One entry of a node about the message."""

    server: str
    kind: str
    at: datetime
    seq: int
    told: Mapping[str, Any]


@dataclass
class Traced:
    """A message. `heard`: by node, whether it is this one, told something, has nothing of it, was
    silent, or refused."""

    identity: str
    signature: str
    consumer: str = ""
    provider: str = ""
    relays: tuple[str, ...] = ()
    records: list[Record] = field(default_factory=list)
    heard: dict[str, str] = field(default_factory=dict)

    def of(self, kind: str, server: str = "") -> Record | None:
        """The record of a kind, where there is one: the last."""
        found = [r for r in self.records if r.kind == kind and server in ("", r.server)]
        return found[-1] if found else None

    @property
    def any(self) -> Mapping[str, Any]:
        """Whoever says it: client, service, method, digest are the same at every hop that is
        whole (`faults`)."""
        return self.records[0].told if self.records else {}

    @property
    def faults(self) -> list[str]:
        """What the hops do not say alike: names of what differs."""
        found = []
        for name in ("signature", "base", "digest", "client"):
            said = {str(r.told[name]) for r in self.records if r.told.get(name)}
            found += [name] if len(said) > 1 else []
        answers = {str(r.told["answer"]) for r in self.records if r.told.get("answer")}
        return [*found, "answer"] if len(answers) > 1 else found


def messages(identity: str) -> list[Traced]:
    """The messages of an X-Road-Id, as far as this node was a hop: a client may use one again."""
    here, _directory = elsewhere.present()
    server = here.server if here is not None else ""
    found: dict[str, Traced] = {}
    for one in telling.kept(identity):
        record = _record(server, one)
        name = verifying.signature_digest(str(record.told.get("signature", "")))
        traced = found.setdefault(name, Traced(identity, name, heard={server: OWN}))
        traced.records.append(record)
    for traced in found.values():
        _ends(traced, server)
    return list(found.values())


def whole(traced: Traced) -> Traced:
    """With what the other hops tell of it."""
    own, others = elsewhere.own_services(), _others(traced)
    if own is not None and others and traced.signature:
        known = {node.server: node for node in elsewhere.nodes()}
        asked = [(server, known[server].services) for server in others if server in known]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = pool.map(lambda pair: _asked(own, pair[0], pair[1], traced), asked)
            for (server, _services), (heard, records) in zip(asked, answers, strict=True):
                traced.heard[server] = heard
                traced.records += records
    return traced


def found_elsewhere(identity: str, server: str) -> Traced:
    """What another node tells of a message of which this one wrote nothing down: of one whose
    answer never came, say."""
    traced = Traced(identity, "", heard={server: SILENT})
    own, there = elsewhere.own_services(), elsewhere.node(server)
    if own is not None and there is not None:
        traced.heard[server], traced.records = _asked(own, server, there.services, traced)
    if traced.records:
        first = traced.records[0]
        traced.signature = verifying.signature_digest(str(first.told.get("signature", "")))
        traced.records = [r for r in traced.records
                          if r.told.get("signature") == first.told.get("signature")]  # fmt: skip
        _ends(traced, server)
    return traced


def _others(traced: Traced) -> list[str]:
    hops = [traced.consumer, *traced.relays, traced.provider]
    return [one for one in dict.fromkeys(hops) if one and traced.heard.get(one) != OWN]


_kept: dict[tuple[str, str, str], tuple[float, tuple[str, list[Record]]]] = {}


def _asked(
    own: Identifier, server: str, services: Identifier, traced: Traced
) -> tuple[str, list[Record]]:
    key, now = (traced.identity, traced.signature, server), time.monotonic()
    kept = _kept.get(key)
    if kept is not None and kept[0] > now:
        return kept[1]
    found = _told(own, server, services, traced)
    for old in [name for name, (until, _found) in list(_kept.items()) if until <= now]:
        _kept.pop(old, None)
    if found[0] in (TOLD, NOTHING):
        _kept[key] = (now + FRESH, found)
    return found


def _told(
    own: Identifier, server: str, services: Identifier, traced: Traced
) -> tuple[str, list[Record]]:
    question = {"id": traced.identity, "signature": traced.signature}
    try:
        said = outward.ask(Question(own, Service(services, telling.SERVICE), question), PATIENCE)
    except Unavailable:
        return SILENT, []
    if said.refused or said.status != 200:
        return (REFUSED if said.refused.endswith(".AccessDenied") else SILENT), []
    entries = said.body.get("entries")
    records = list(_read(server, entries if isinstance(entries, list) else []))
    return (TOLD if records else NOTHING), records


def _read(server: str, entries: Sequence[Any]) -> Iterable[Record]:
    """What is no entry is left out: it is another node's word."""
    for one in entries[: telling.MOST]:
        try:
            if one["kind"] in telling.KINDS and isinstance(one["told"], dict):
                yield _record(server, one)
        except (KeyError, TypeError, ValueError):
            continue


def _record(server: str, one: Mapping[str, Any]) -> Record:
    at = datetime.fromisoformat(str(one["at"]))
    if at.tzinfo is None:
        raise ValueError("a moment has its time zone")
    return Record(server, str(one["kind"]), at, int(one["seq"]), one["told"])


def _ends(traced: Traced, server: str) -> None:
    """Between which nodes it went, by what `server` wrote down, and through which."""
    for record in traced.records:
        node, to = str(record.told.get("node", "")), str(record.told.get("to", ""))
        if record.kind == "message.sent":
            traced.consumer, traced.provider = server, node
        elif record.kind == "message.relayed":
            traced.consumer, traced.provider = node, to
        else:
            traced.consumer, traced.provider = node, server
    _here, directory = elsewhere.present()
    if directory is None:
        return
    on_the_way: list[str] = []
    for end in (traced.consumer, traced.provider):
        if end in directory.servers:
            on_the_way += sorted(directory.way_to(directory.peer(end)))
    ends = {traced.consumer, traced.provider}
    traced.relays = tuple(one for one in dict.fromkeys(on_the_way) if one not in ends)
