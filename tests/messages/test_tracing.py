"""The way of one message: county, city that passes on, province; each asked for what it wrote."""

import asyncio
import json
import threading
from dataclasses import dataclass
from typing import Any

import pytest

from lingnan.kernel.exchange import elsewhere, outward
from lingnan.kernel.exchange.outward import Question, Said
from lingnan.kernel.exchange.tracing import assembling, keys, steps, telling, verifying
from lingnan.kernel.exchange.tracing.assembling import Traced
from lingnan.kernel.exchange.use import Unavailable
from lingnan.kernel.trust.evidence.api import StoredEntry
from lingnan.standards.xroad import Identifier
from tests.messages.passing import Log
from tests.messages.test_relaying import CITY, COUNTY, OTHER, PROVINCE, Through, known


@dataclass(frozen=True)
class Here:
    server: str


class World:
    """Three nodes with their evidence; `at`: whose eyes are used; `silent`: who is away."""

    def __init__(self) -> None:
        self.through, self.at, self.silent = Through(), COUNTY.server, set[str]()
        self.turn = threading.Lock()
        asyncio.run(self.through.ask(b"who?"))
        self.identity = self.through.sent.entries[0][2]
        self.logs = {COUNTY.server: self.through.sent, CITY.server: self.through.city_log,
                     PROVINCE.server: self.through.seen, OTHER.server: Log()}  # fmt: skip

    def by_reference(
        self, reference: str, before: int | None = None, limit: int = 50, kinds: Any = ()
    ) -> list[StoredEntry]:
        rows = enumerate(self.logs[self.at].entries, 1)
        found = [
            StoredEntry(seq, f"2026-03-02T04:00:0{seq}+00:00", kind, b"", dict(told), name)
            for seq, (kind, told, name) in rows
            if name == reference and kind in kinds
        ]
        return found[::-1][:limit]

    def of_kinds(self, kinds: Any, limit: int = 50) -> list[StoredEntry]:
        return self.by_reference(self.identity, limit=limit, kinds=kinds)

    def reader(self) -> "World":
        return self

    def ask(self, question: Question, deadline: float) -> Said:
        server = server_of(question.service.provider)
        if server in self.silent or server is None:
            raise Unavailable("away")
        with self.turn:
            self.at, before = server, self.at
            try:
                said = telling.answer(dict(question.body), question.client)
            finally:
                self.at = before
        return Said(200, json.loads(json.dumps(said)))


def services(server: str) -> Identifier:
    return Identifier("CN-GD", "GOV", server.split("/")[2], "exchange")


def server_of(asks: Identifier) -> str | None:
    return next((s for s in known().servers if services(s) == asks), None)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(elsewhere, "present", lambda: (Here(made.at), known()))
    monkeypatch.setattr(elsewhere, "own_services", lambda: services(made.at))
    monkeypatch.setattr(elsewhere, "server_of", server_of)
    nodes = [elsewhere.Node(server, services(server), "") for server in known().servers]
    monkeypatch.setattr(elsewhere, "nodes", lambda: nodes)
    monkeypatch.setattr(elsewhere, "node", lambda server: next(
        (one for one in nodes if one.server == server), None))  # fmt: skip
    monkeypatch.setattr(keys, "signer", lambda keyid: (
        known().signer(keyid)[0].server, known().signer(keyid)[1]))  # fmt: skip
    monkeypatch.setattr(telling, "node_evidence", made)
    monkeypatch.setattr(outward, "ask", made.ask)
    assembling._kept.clear()
    return made


def traced(world: World) -> Traced:
    (one,) = assembling.messages(world.identity)
    return assembling.whole(one)


@pytest.mark.parametrize("eyes", [COUNTY, CITY, PROVINCE])
def test_each_hop_sees_the_whole_way_with_every_signature_verified_anew(
    world: World, eyes: Any
) -> None:
    world.at = eyes.server
    found = traced(world)
    assert (found.consumer, found.relays, found.provider) == (
        COUNTY.server, (CITY.server,), PROVINCE.server
    )  # fmt: skip
    assert set(found.heard.values()) == {assembling.OWN, assembling.TOLD} and not found.faults
    walked = steps.steps(found)
    assert [one.code for one in walked] == list(steps.CODES) and all(one.known for one in walked)
    assert [one.verdict.verdict for one in walked if one.verdict] == [
        verifying.WHOLE, verifying.WHOLE, verifying.WHOLE,
        verifying.DIGEST,  # the answer has a field of the service's own
    ]  # fmt: skip
    signers = [one.verdict.server for one in walked if one.verdict]
    assert signers == [COUNTY.server] * 3 + [PROVINCE.server]
    assert {one.status for one in walked if one.status} == {200}


def test_a_node_that_does_not_answer_is_said_and_the_rest_holds(world: World) -> None:
    world.silent = {PROVINCE.server}
    found = traced(world)
    assert found.heard[PROVINCE.server] == assembling.SILENT
    walked = {one.code: one for one in steps.steps(found)}
    assert not walked["served"].known and walked["served"].heard == assembling.SILENT
    assert walked["returned"].known and walked["relayed"].known
    world.silent = set()
    assert traced(world).heard[PROVINCE.server] == assembling.TOLD, "silence is not remembered"


def altered(world: World, node: Any, **changes: str) -> Traced:
    log = world.logs[node.server]
    log.entries = [(kind, {**told, **changes}, name) for kind, told, name in log.entries]
    return traced(world)


@pytest.mark.parametrize("name", ["digest", "client", "base"])
def test_a_hop_that_says_otherwise_is_found_out(world: World, name: str) -> None:
    found = altered(world, PROVINCE, **{name: "ab" * 32})
    assert name in found.faults
    received = next(one for one in steps.steps(found) if one.code == "received")
    assert received.verdict is not None
    assert received.verdict.verdict == (verifying.BROKEN if name == "base" else verifying.DIGEST)


def test_another_answer_than_was_sent_is_found_out(world: World) -> None:
    assert altered(world, PROVINCE, answer="cd" * 32).faults == ["answer"]


def test_another_message_of_the_same_id_is_not_mixed_with_it(world: World) -> None:
    fields = world.through.sent.entries[0]
    asyncio.run(world.through.ask(b"another"))
    kind, told, _other = world.through.sent.entries[1]
    world.through.sent.entries[1] = (kind, told, fields[2])
    both = assembling.messages(world.identity)
    assert len(both) == 2 and len({one.signature for one in both}) == 2
    assert all(len({r.told["signature"] for r in one.records}) == 1 for one in both)


def test_a_message_is_found_by_the_digest_of_its_signature(world: World) -> None:
    (one,) = assembling.messages(world.identity)
    assert telling.named_by(one.signature) == world.identity
    assert telling.named_by("0" * 32) == ""


def test_who_was_no_hop_hears_nothing_and_who_is_no_node_is_refused(world: World) -> None:
    world.at = PROVINCE.server
    question = {"id": world.identity}
    assert telling.answer(question, services(COUNTY.server))["entries"]
    assert telling.answer(question, services(CITY.server))["entries"], "the relay was a hop"
    assert telling.answer(question, services(OTHER.server))["entries"] == []
    with pytest.raises(PermissionError):
        telling.answer(question, Identifier("CN-GD", "GOV", "gd-440000-tax", "exchange"))
    with pytest.raises(ValueError, match="which message"):
        telling.answer({}, services(COUNTY.server))


def test_of_the_official_and_the_case_nothing_is_told_again(world: World) -> None:
    world.at = PROVINCE.server
    for _kind, told, _name in world.logs[PROVINCE.server].entries:
        assert "user" in told
    said = telling.answer({"id": world.identity}, services(COUNTY.server))
    for entry in said["entries"]:
        assert not {"user", "issue"} & set(entry["told"])


def test_of_a_lost_answer_the_node_that_was_asked_tells(world: World) -> None:
    world.logs[COUNTY.server] = Log()
    assert assembling.messages(world.identity) == []
    found = assembling.found_elsewhere(world.identity, PROVINCE.server)
    walked = {one.code: one for one in steps.steps(found)}
    assert walked["served"].known and not walked["returned"].known
    assert assembling.found_elsewhere(world.identity, OTHER.server).records == []


@pytest.mark.parametrize("rubbish", [None, {"entries": 5}, {"entries": [5, {"kind": "x"}]},
                                     {"entries": [{"kind": "message.sent", "told": {},
                                                   "at": "no time", "seq": 1}]}])  # fmt: skip
def test_rubbish_from_another_node_is_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, rubbish: Any
) -> None:
    monkeypatch.setattr(outward, "ask", lambda question, deadline: Said(200, rubbish or {}))
    found = traced(world)
    assert found.heard[PROVINCE.server] == assembling.NOTHING
    assert steps.steps(found)[-1].known
