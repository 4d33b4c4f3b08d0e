"""The directory of an instance: read as it was written, and nothing that is not one."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.exchange.messages import directory_text
from lingnan.kernel.exchange.messages.directory import Directory, Peer
from lingnan.kernel.exchange.messages.directory_text import NotADirectory
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.standards.xroad import Identifier
from tests.messages.nodes import MARKET, POLICE, POPULATION, directory, keeper

CITY, PROVINCE = keeper("440100"), keeper("440000")
KNOWN = directory(
    CITY.peer(MARKET), PROVINCE.peer(POLICE, url="https://10.0.0.1:8443"),
    homes={POPULATION: PROVINCE.server}, names={MARKET: "越秀区市场监督管理局"},
)  # fmt: skip
PART = st.text("abcXYZ019-_", min_size=1, max_size=8)
MEMBER = st.builds(Identifier, st.just("CN-GD"), PART, PART)
PEER = st.builds(
    Peer, PART, st.just("https://node.example:8443"),
    st.dictionaries(st.from_regex(r"[0-9a-f]{64}", fullmatch=True), st.binary(max_size=8),
                    max_size=2),
    st.frozensets(MEMBER, max_size=3),
)  # fmt: skip


def same(one: Directory, other: Directory) -> bool:
    return (one.instance, one.version, one.issued, one.expires, one.homes, one.names,
            one.gate) == (
        other.instance, other.version, other.issued, other.expires, other.homes, other.names,
        other.gate,
    ) and sorted(one.peers, key=str) == sorted(other.peers, key=str)  # fmt: skip


@given(st.lists(PEER, max_size=3, unique_by=lambda p: p.server), st.data())
def test_it_is_read_as_it_was_written(peers: list[Peer], data: st.DataObject) -> None:
    keys = [keyid for peer in peers for keyid in peer.keys]
    if len(set(keys)) != len(keys):
        return
    servers = [peer.server for peer in peers]
    at = st.dictionaries(MEMBER, st.sampled_from(servers), max_size=3) if servers else st.just({})
    issued = datetime(2026, 3, 2, tzinfo=UTC)
    one = Directory(
        "CN-GD", 7, issued, issued + timedelta(days=1), peers, data.draw(at), {MARKET: "名称"},
        data.draw(st.sampled_from(["", *servers])),
    )  # fmt: skip
    said = json.loads(json.dumps(directory_text.plain(one)))
    assert same(directory_text.read(said), one)
    assert directory_text.plain(directory_text.read(said)) == said


def changed(**parts: Any) -> dict[str, Any]:
    return directory_text.plain(KNOWN) | parts


def of_city(**parts: Any) -> dict[str, Any]:
    nodes = directory_text.plain(KNOWN)["nodes"]
    return changed(nodes=[nodes[0], nodes[1] | parts])


@pytest.mark.parametrize(
    "said",
    [
        {},
        changed(version=0),
        changed(version=True),
        changed(instance="CN-GX"),
        changed(issued="2026-03-02"),
        changed(expires="2026-03-02T00:00:00"),
        changed(expires="1999-01-01T00:00:00+00:00"),
        changed(nodes={}),
        changed(nodes=["x"]),
        changed(homes={str(POPULATION): "CN-GD/GOV/nobody/node"}),
        changed(homes={f"{POPULATION}/x/y": PROVINCE.server}),
        changed(names={str(MARKET): 1}),
        changed(gate="CN-GD/GOV/nobody/node"),
        changed(gate=[CITY.server]),
        of_city(url="http://127.0.0.1:1"),
        of_city(url="https://user@127.0.0.1:1"),
        of_city(url="https://127.0.0.1:1/path"),
        of_city(members=["CN-GX/GOV/x"]),
        of_city(members=["CN-GD/GOV/%78"]),
        of_city(members="x"),
        of_city(keys={"ab": "AA=="}),
        of_city(keys={"a" * 64: "?"}),
        of_city(server=CITY.server, keys={PROVINCE.keyid: "AA=="}),
    ],
)
def test_what_is_none_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(NotADirectory):
        directory_text.read(said)


def test_of_an_older_node_that_names_no_gate_it_is_read() -> None:
    said = directory_text.plain(KNOWN)
    del said["gate"]
    assert directory_text.read(said).gate == ""


def test_it_says_where_a_subsystem_is_and_who_speaks() -> None:
    assert KNOWN.home_of(POPULATION).server == PROVINCE.server
    assert KNOWN.signer(CITY.keyid)[0].speaks_for(replace(MARKET, subsystem="online_services"))
    assert not KNOWN.signer(CITY.keyid)[0].speaks_for(POLICE)
    with pytest.raises(Refused):
        KNOWN.home_of(replace(POPULATION, subsystem="credit"))
    with pytest.raises(Refused):
        KNOWN.signer("0" * 64)
