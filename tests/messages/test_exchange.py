"""One exchange through both gateways: what an X-Road client sees, and what is kept of it."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from lingnan.kernel.exchange.messages import signing
from lingnan.standards import xroad
from lingnan.standards.http_signatures import Message
from tests.messages import nodes, passing
from tests.messages.nodes import MARKET, POLICE, POPULATION
from tests.messages.passing import CITY, PROVINCE, Pair, pair

SERVICE = f"/r1/{POPULATION}/identity"


def ask(both: Pair, *args: Any, **kwargs: Any) -> tuple[int, dict[str, str], bytes]:
    return asyncio.run(both.ask(*args, **kwargs))


def kind(found: tuple[int, dict[str, str], bytes]) -> str:
    """The error, told the same in field and body."""
    told = json.loads(found[2])
    assert set(told) == {"type", "message", "detail"}
    assert told["type"] == found[1][xroad.ERROR]
    return str(told["type"])


def test_an_x_road_client_is_answered_as_by_a_security_server() -> None:
    both = pair()
    status, fields, body = ask(
        both, body=b"name", x_road_id="m-1", x_road_userid="CN1", x_road_issue="case-1"
    )
    assert (status, body) == (200, b"echo:name")
    assert fields["content-type"] == "text/plain" and fields["x-own"] == "1"
    assert fields[xroad.ID] == "m-1"
    assert fields[xroad.CLIENT] == f"{MARKET}/online_services"
    assert fields[xroad.SERVICE] == f"{POPULATION}/identity"
    assert fields[xroad.REQUEST_ID] and fields[xroad.HASH]
    assert not {"signature", "signature-input", "content-digest", xroad.ERROR} & set(fields)
    (call,) = both.offer.identity.calls
    assert (call.field(xroad.USER), call.field(xroad.ISSUE), call.body) == (
        "CN1",
        "case-1",
        b"name",
    )
    assert "signature" not in dict(call.fields)


def test_both_sides_keep_what_proves_it_and_no_content() -> None:
    both = pair()
    ask(both, body="张三".encode(), x_road_id="m-1", x_road_issue="case-1")
    assert both.received.kinds == ["message.received", "message.answered"]
    assert both.sent.kinds == ["message.sent"]
    (_kind, theirs, reference), ours = both.received.entries[-1], both.sent.entries[0][1]
    assert reference == "m-1" and theirs["issue"] == "case-1"
    assert theirs["input"] == ours["input"] and theirs["answer"] == ours["answer"]
    assert (theirs["node"], ours["node"]) == (CITY.server, PROVINCE.server)
    assert "张三" not in json.dumps([theirs, ours], ensure_ascii=False)


def test_what_only_reads_is_written_down_once() -> None:
    both = pair()
    ask(both, method="GET", body=b"")
    assert both.received.kinds == ["message.answered"]


def test_an_answer_of_the_service_goes_through_as_it_is() -> None:
    status, fields, body = ask(pair(), f"{SERVICE}/nobody")
    assert (status, body) == (404, b"echo:{}")
    assert xroad.ERROR not in fields


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/r1/CN-GD/GOV", 400, "Client.BadRequest"),
        ("/r2/CN-GD/GOV/A/B/C", 400, "Client.BadRequest"),
        ("/r1/CN-GX/GOV/gd-440000-police/population/identity", 500,
         "Server.ClientProxy.UnknownMember"),
        (f"/r1/{POLICE}/nothing/identity", 500, "Server.ClientProxy.UnknownMember"),
        (f"/r1/{POPULATION}/nothing", 500, "Server.ServerProxy.UnknownService"),
        (f"{SERVICE}/broken", 503, "Server.ServerProxy.NetworkError"),
    ],
)  # fmt: skip
def test_errors_say_on_which_side_and_what(path: str, status: int, told: str) -> None:
    found = ask(pair(), path)
    assert (found[0], kind(found)) == (status, told)


def test_who_has_no_agreement_or_is_no_client_is_refused() -> None:
    both = pair()
    found = ask(both, x_road_client=f"{POLICE}/x")
    assert kind(found) == "Server.ServerProxy.AccessDenied"
    assert kind(ask(both, x_road_client="CN-GD/GOV/gd-1")) == "Server.ClientProxy.AccessDenied"
    assert kind(ask(both, x_road_client="")) == "Client.BadRequest"
    assert both.offer.identity.calls == []


def test_nothing_is_passed_on_that_cannot_be_written_down() -> None:
    both = pair()
    both.received.down = True
    assert kind(ask(both)) == "Server.ServerProxy.ServiceFailed"
    assert both.offer.identity.calls == []
    both = pair()
    both.sent.down = True
    found = ask(both)
    assert kind(found) == "Server.ClientProxy.ServiceFailed" and b"echo" not in found[2]


def test_after_the_directory_expired_nothing_goes() -> None:
    known = nodes.directory(
        CITY.peer(MARKET), PROVINCE.peer(), homes={POPULATION: PROVINCE.server}, hours=-1
    )
    assert kind(ask(pair(known))) == "Server.ClientProxy.OutdatedGlobalConf"


Spoil = Callable[[Message, bytes], tuple[Message, bytes]]
SPOILT: dict[str, Spoil] = {
    "InvalidBody": lambda request, body: (request, body + b" "),
    "InvalidSignature": lambda request, body: (replace(request, query="all=1"), body),
    "UnknownSigner": lambda request, body: (
        signing.signed_request(request, body, nodes.keeper("999999").speaker),
        body,
    ),
}


@pytest.mark.parametrize("what", SPOILT)
def test_what_is_altered_on_the_way_is_refused_and_never_served(what: str) -> None:
    both = pair()
    both.wire.spoil = SPOILT[what]
    assert kind(ask(both)) == f"Server.ServerProxy.{what}"
    assert both.offer.identity.calls == [] and both.received.entries == []


def test_a_message_sent_again_is_not_served_again() -> None:
    both = pair()
    ask(both)
    assert both.wire.last
    request, body = both.wire.last
    again = passing.asked(both.provider, request.method, request.path, request.fields, body)
    assert kind(asyncio.run(again)) == "Server.ServerProxy.Replayed"
    assert len(both.offer.identity.calls) == 1


def test_a_provider_that_came_up_anew_is_asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = signing.now()
    both = pair(since=moment)
    times = iter([moment, moment, *[moment + signing.AHEAD + 2] * 20])
    monkeypatch.setattr(signing, "now", lambda: next(times))
    assert ask(both)[0] == 200
    assert len(both.offer.identity.calls) == 1


def test_metadata_is_answered_by_the_provider() -> None:
    both = pair()
    listed = json.loads(ask(both, f"/r1/{POPULATION}/listMethods", "GET", b"")[2])
    assert listed["service"][0]["endpoint_list"] == [{"method": "POST", "path": "/"}]
    own = ask(both, f"/r1/{POPULATION}/allowedMethods", "GET", b"", x_road_client=str(POLICE))
    assert json.loads(own[2]) == {"service": []}
    described = ask(both, f"/r1/{POPULATION}/getOpenAPI", "GET", b"", query="serviceCode=identity")
    assert json.loads(described[2]) == {"openapi": "3.0.0"}
    nameless = ask(both, f"/r1/{POPULATION}/getOpenAPI", "GET", b"")
    assert (nameless[0], kind(nameless)) == (400, "Client.BadRequest")


def test_the_members_are_listed_in_both_forms() -> None:
    both = pair()
    told = json.loads(ask(both, "/listClients", "GET", b"", accept="application/json")[2])
    assert [one["name"] for one in told["member"]] == ["广东省公安厅", "越秀区市场监督管理局"]
    _status, fields, body = ask(both, "/listClients", "GET", b"")
    assert fields["content-type"].startswith("text/xml")
    assert "<ns1:subsystemCode>population</ns1:subsystemCode>" in body.decode()
    other = ask(both, "/listClients", "GET", b"", query="xRoadInstance=EE")
    assert other[0] == 400
