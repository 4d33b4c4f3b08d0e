"""Signed messages between nodes: taken once, from whom they are, as they were signed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from lingnan.kernel.exchange.messages import signing
from lingnan.kernel.exchange.messages.directory import Directory
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.kernel.exchange.messages.seen import Seen
from lingnan.standards import xroad
from lingnan.standards.http_signatures import Message
from tests.messages.nodes import MARKET, POLICE, POPULATION, directory, keeper

CITY, PROVINCE, STRANGER = keeper("440100"), keeper("440000"), keeper("999999")
KNOWN: Directory = directory(
    CITY.peer(MARKET), PROVINCE.peer(POLICE), homes={POPULATION: PROVINCE.server}
)
BODY = b'{"subjects":["a"]}'


def plain(**fields: str) -> Message:
    told = {
        xroad.CLIENT: str(MARKET),
        xroad.ID: "0f0e",
        xroad.SERVER: PROVINCE.server,
        xroad.ISSUE: "case-1",
        "content-type": "application/json",
    }
    return Message(told | fields, "POST", path=f"/r1/{POPULATION}/identity", query="page=2")


def asked(message: Message | None = None) -> Message:
    return signing.signed_request(message or plain(), BODY, CITY.speaker)


def read(message: Message, body: bytes = BODY, seen: Seen | None = None) -> signing.Spoken:
    return signing.read_request(message, body, KNOWN, PROVINCE.server, seen or Seen(0))


def changed(message: Message, **fields: str | None) -> Message:
    told: dict[str, Any] = {**message.fields, **fields}
    return replace(message, fields={k: v for k, v in told.items() if v is not None})


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as found:
        call()
    return found.value.kind


def test_a_request_is_by_the_node_that_signed_it() -> None:
    found = read(asked())
    assert (found.peer.server, found.keyid) == (CITY.server, CITY.keyid)


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        (xroad.CLIENT, str(POLICE), "InvalidSignature"),
        (xroad.ID, "0f0f", "InvalidSignature"),
        (xroad.SERVER, CITY.server, "InvalidSignature"),
        (xroad.ISSUE, "case-2", "InvalidSignature"),
        (xroad.ISSUE, None, "InvalidSignature"),
        (xroad.USER, "CN1", "InvalidSignature"),
        ("content-range", "bytes 0-1/2", "InvalidSignature"),
        ("x-of-a-client", "1", "InvalidSignature"),
        (xroad.ISSUE, "案件一", "InvalidSignature"),
        ("content-type", "text/xml", "InvalidSignature"),
        ("content-digest", None, "InvalidSignature"),
        ("content-digest", "sha-512=:AAAA:", "InvalidBody"),
        ("signature", None, "InvalidSignature"),
        ("signature-input", "node=()", "InvalidSignature"),
    ],
)
def test_whatever_is_changed_added_or_left_out_is_found(
    field: str, value: str | None, kind: str
) -> None:
    assert refused(lambda: read(changed(asked(), **{field: value}))) == kind


@pytest.mark.parametrize(
    ("part", "value"), [("method", "PUT"), ("path", "/r1/A/B/C/D/E"), ("query", "page=3")]
)
def test_another_address_or_method_is_found(part: str, value: str) -> None:
    elsewhere: dict[str, Any] = {part: value}
    assert refused(lambda: read(replace(asked(), **elsewhere))) == "InvalidSignature"


def test_another_body_is_found() -> None:
    assert refused(lambda: read(asked(), BODY + b" ")) == "InvalidBody"


def test_a_message_is_taken_once() -> None:
    message, seen = asked(), Seen(0)
    read(message, seen=seen)
    assert refused(lambda: read(message, seen=seen)) == "Replayed"
    read(asked(), seen=seen)


def test_what_was_taken_before_a_restart_is_not_taken_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The sender's clock may be ahead by as much as is borne."""
    restarted = signing.now()
    monkeypatch.setattr(signing, "now", lambda: restarted + signing.AHEAD - 1)
    before = asked()
    assert refused(lambda: read(before, seen=Seen(restarted))) == "Restarted"
    monkeypatch.setattr(signing, "now", lambda: restarted + signing.AHEAD + 1)
    read(asked(), seen=Seen(restarted))


@pytest.mark.parametrize("later", [-signing.AHEAD - 2, signing.GOOD_FOR + signing.BEHIND + 2])
def test_an_old_message_or_a_wrong_clock_is_refused(
    later: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, moment = asked(), signing.now()
    monkeypatch.setattr(signing, "now", lambda: moment + later)
    assert refused(lambda: read(message)) == "Expired"


def test_a_message_for_another_node_is_refused() -> None:
    told = asked(plain(**{xroad.SERVER: STRANGER.server}))
    assert refused(lambda: read(told)) == "InvalidSecurityServer"


def test_a_node_speaks_for_its_own_members_only() -> None:
    told = asked(plain(**{xroad.CLIENT: str(POLICE)}))
    assert refused(lambda: read(told)) == "AccessDenied"
    below = asked(plain(**{xroad.CLIENT: f"{MARKET}/online_services"}))
    read(below)


def test_a_key_that_the_directory_does_not_name_is_refused() -> None:
    told = signing.signed_request(plain(), BODY, STRANGER.speaker)
    assert refused(lambda: read(told)) == "UnknownSigner"
    posing = replace(STRANGER.speaker, keyid=CITY.keyid)
    told = signing.signed_request(plain(), BODY, posing)
    assert refused(lambda: read(told)) == "InvalidSignature"


def answered(request: Message, by: Any = PROVINCE, **fields: str) -> Message:
    told = {xroad.ID: request.fields[xroad.ID], xroad.HASH: "h", "content-type": "application/json"}
    plain_answer = Message(told | fields, status=200, request=request)
    return signing.signed_answer(plain_answer, b"{}", by.speaker)


def test_an_answer_is_bound_to_its_request() -> None:
    request, other = asked(), asked()
    answer = answered(request)
    peer = KNOWN.peer(PROVINCE.server)
    signing.read_answer(answer, b"{}", KNOWN, peer)
    moved = replace(answer, request=other)
    wrong = [
        lambda: signing.read_answer(moved, b"{}", KNOWN, peer),
        lambda: signing.read_answer(replace(answer, status=404), b"{}", KNOWN, peer),
        lambda: signing.read_answer(changed(answer, **{xroad.ERROR: "x"}), b"{}", KNOWN, peer),
        lambda: signing.read_answer(answered(request, by=CITY), b"{}", KNOWN, peer),
    ]
    assert {refused(one) for one in wrong} == {"InvalidSignature"}
    assert refused(lambda: signing.read_answer(answer, b"[]", KNOWN, peer)) == "InvalidBody"
    strange = answered(request, **{xroad.ID: "other"})
    found = refused(lambda: signing.read_answer(strange, b"{}", KNOWN, peer))
    assert found == "InconsistentResponse"


def test_nonces_end_and_do_not_pile_up() -> None:
    seen = Seen(0)
    for number in range(1000):
        assert not seen.again(f"n-{number}", number + 10, now=number)
    assert len(seen._ends) <= 11
    assert seen.again("n-999", 2000, now=1000)


def test_an_unfit_key_in_the_directory_signs_nothing() -> None:
    told = asked()
    peer = replace(CITY.peer(MARKET), keys={CITY.keyid: b"rubbish"})
    spoiled = directory(peer, homes={})
    call = lambda: signing.read_request(told, BODY, spoiled, PROVINCE.server, Seen(0))  # noqa: E731
    assert refused(call) == "InvalidSignature"
