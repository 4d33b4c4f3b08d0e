"""A node's own voice, and the directory that an instance signs."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lingnan.kernel.exchange.messages import directory_text, signing, voices
from lingnan.kernel.exchange.messages.directory import Directory, Peer
from lingnan.kernel.exchange.messages.directory_text import NotADirectory
from lingnan.kernel.exchange.messages.seen import Seen
from lingnan.kernel.trust.api import consents
from tests.messages.nodes import MARKET, POLICE, POPULATION, keeper
from tests.messages.test_signing import BODY, plain

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
HERE = "CN-GD/GOV/gd-440000-data/node"
PROVINCE = keeper("440000")


def directory(version: int = 3) -> Directory:
    keyid, key = voices.public(HERE)
    peers = (
        Peer(HERE, "https://127.0.0.1:1", {keyid: key}, frozenset({MARKET})),
        PROVINCE.peer(POLICE),
    )
    issued = datetime.now(UTC)
    homes = {POPULATION: PROVINCE.server}
    return Directory("CN-GD", version, issued, issued + timedelta(hours=24), peers, homes)


def roots() -> list[str]:
    return [consents.foreign.root_digest()]


def test_what_a_node_signs_is_believed_by_the_directory_that_names_it() -> None:
    known = voices.believed(voices.published(directory()), roots(), None, "CN-GD")
    message = signing.signed_request(plain(), BODY, voices.own(HERE))
    spoken = signing.read_request(message, BODY, known, PROVINCE.server, Seen(0))
    assert spoken.peer.server == HERE
    assert voices.own(HERE).keyid == voices.public(HERE)[0]


def test_a_directory_is_its_instances_alone() -> None:
    told = voices.published(directory())
    assert voices.believed(told, roots(), None, "CN-GD").homes == {POPULATION: PROVINCE.server}
    for refused in (["0" * 64], []):
        with pytest.raises(NotADirectory):
            voices.believed(told, refused, None, "CN-GD")
    with pytest.raises(NotADirectory, match="CN-GD"):
        voices.believed(told, roots(), None, "CN-GX")


def test_whom_an_older_one_named_does_not_come_back() -> None:
    known = voices.believed(voices.published(directory(4)), roots(), None, "CN-GD")
    with pytest.raises(NotADirectory, match="older"):
        voices.believed(voices.published(directory(3)), roots(), known, "CN-GD")
    assert voices.believed(voices.published(directory(5)), roots(), known, "CN-GD").version == 5


@pytest.mark.parametrize("part", ["document", "signature", "chain"])
def test_an_altered_one_is_refused(part: str) -> None:
    told = voices.published(directory())
    other = voices.published(replace(directory(), version=9))
    mixed: dict[str, Any] = told | {part: other[part]}
    if part == "chain":
        mixed["chain"] = ""
    with pytest.raises(NotADirectory):
        voices.believed(mixed, roots(), None, "CN-GD")


def test_a_key_for_something_else_names_nobody() -> None:
    said = directory_text.plain(directory())
    by_consents = consents.foreign.signed(said).plain()
    with pytest.raises(NotADirectory):
        voices.believed(by_consents, roots(), None, "CN-GD")
    told = voices.published(directory())
    with pytest.raises(consents.foreign.NotGenuine):
        consents.foreign.said(consents.foreign.Shown.read(told, voices.LONGEST), roots())


@pytest.mark.parametrize("told", [None, [], {}, {"document": "{}"}, "x"])
def test_rubbish_is_no_directory(told: Any) -> None:
    with pytest.raises(NotADirectory):
        voices.believed(told, roots(), None, "CN-GD")


def test_the_text_is_what_was_signed() -> None:
    told = voices.published(directory())
    assert json.loads(told["document"])["instance"] == "CN-GD"
