"""Two nodes of one instance, as `up`, `invite` and `join` make them: messages, events, faults.

What is asked here goes over their real gateways: TLS, signatures, evidence at both.
"""

import json
import random
import signal
import socket
import ssl
import subprocess
import time
from contextlib import suppress
from typing import Any

import pytest

from tests.node.pair import MARKET, OPERATOR, SERVICE, Node, Pair

pytestmark = pytest.mark.sqlite_only("brings up nodes of its own, on SQLite")
FIRE = "gd-440103-fire"
SECONDS = 60
FOLLOW = """
import django; django.setup()
from lingnan.kernel.exchange.api import follow, introduce
from lingnan.kernel.trust.api import Account
subject = introduce(Account.objects.get(login="resident-440103").subject, to="gd-440103-fire")
follow("legal_persons.businesses_of_person", "gd-440103-fire", subject, "a_test",
       "《行政许可法》（2019-04-23）第三十三条", ["business.scope"], "SP-1", "trust_services")
"""
AGREED = """
import django; django.setup()
from lingnan.kernel.exchange.api import conclude
conclude("N2-L", "legal_persons.businesses_of_person", "gd-440000-fire", "a_test",
         "《行政许可法》（2019-04-23）第三十三条", ["business.scope"], "a test")
"""
RENAMED = """
import sys, django; django.setup()
from lingnan.kernel.runtime.api import action
from lingnan.systems.government.legal_persons.models import IndividualBusiness
row = IndividualBusiness.objects.get(credit_code="92440191MA0000000X")
with action(by="a test", reason="another scope") as act:
    act.change(row, scope=sys.argv[1])
"""
COUNTED = """
import json, django; django.setup()
from lingnan.kernel.exchange.models import Arrived, Following, Telling
print(json.dumps({
    "states": list(Telling.objects.values_list("state", flat=True)),
    "told": sorted(Telling.objects.filter(state="done").values_list("id", flat=True)),
    "arrived": sorted(int(one) for one in Arrived.objects.values_list("event", flat=True)),
    "following": list(Following.objects.values_list("state", flat=True)),
}))
"""


def counted(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(node.python(COUNTED))
    return found


def until(true: Any, what: str) -> Any:
    """What is true at last; a gateway that was killed comes up again by itself."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        with suppress(OSError, ValueError, subprocess.SubprocessError, AssertionError):
            if found := true():
                return found
        time.sleep(0.3)
    raise AssertionError(what)


def test_joining_named_every_hop_and_took_seconds(pair: Pair) -> None:
    for words in (
        "this node's gateway: registry",
        "the other portal",
        f"joined: CN-GD/GOV/{MARKET}/registry",
    ):
        assert words in pair.joining, pair.joining
    told = pair.giver.evidence("federation.joined")[0].payload
    assert told and told["server"] == pair.holder_server
    assert pair.holder.evidence("federation.belongs")


def test_an_invitation_is_for_one_node_and_a_failing_hop_is_named(pair: Pair) -> None:
    url = pair.giver.command("invite", "elsewhere", "--for", "gd-440000-tax").split()[2]
    word, _dot, anchor = url.rpartition(".")
    other = f"{word[:-3]}abc.{anchor}"
    for address, why in (
        (url, "another name"),
        (other, "no such invitation"),
        (f"{word}.{'0' * 64}", "another name"),
        (url.replace(str(pair.giver.port), "1"), "cannot be reached"),
        ("http://127.0.0.1:1/", "not that of an invitation"),
        (url.replace("127.0.0.1", "no-such-host.invalid"), "known to nobody"),
    ):
        with pytest.raises(AssertionError) as failed:
            pair.holder.command("join", address)
        assert why in str(failed.value), (address, failed.value)
    with pytest.raises(AssertionError, match="another node has joined"):
        pair.giver.command("invite", "registry", "--for", "gd-440000-tax")


def test_operators_read_the_directory_and_the_founder_invites(pair: Pair) -> None:
    page = pair.holder.person(OPERATOR).get("/operating/nodes/")
    for words in ("province", "registry", "广东省市场监督管理局", "legal_persons", "1 个单位"):
        assert words in page.main.text, page.main.text
    assert "邀请" not in page.main.text, "only the founder invites"
    operator = pair.giver.person(OPERATOR)
    form = operator.get("/operating/nodes/").form(act="invite")
    refused = operator.send(form, {"name": "registry", "bodies": "gd-440000-tax"})
    assert refused.status == 422 and "已有节点使用" in refused.main.text
    page = operator.send(refused.form(act="invite"), {"name": "tax-1", "bodies": "gd-440000-tax"})
    assert page.status == 200 and "/exchange/join/" in page.content.decode(), page.message()
    told = pair.giver.evidence("federation.invited")[0].payload
    assert told and told["node"].endswith("/tax-1")


def test_an_information_system_asks_as_it_would_ask_x_road(pair: Pair) -> None:
    """By the node's own socket; only for bodies for which the node speaks."""
    status, fields, said = pair.giver.ask(f"/r1/CN-GD/GOV/{MARKET}/legal_persons/listMethods",
                                          f"CN-GD/GOV/{FIRE}/lingnan", {})  # fmt: skip
    assert status == 200 and fields["x-road-service"].endswith("/listMethods"), said
    codes = {one["service_code"] for one in said["service"]}
    assert "businesses_of_person" in codes
    status, fields, said = pair.giver.ask(SERVICE, f"CN-GD/GOV/{MARKET}/legal_persons", {})
    assert fields["x-road-error"] == "Server.ClientProxy.AccessDenied", said
    status, fields, said = pair.giver.ask("/r1/CN-GD/GOV/nobody/x/y", f"CN-GD/GOV/{FIRE}", {})
    assert fields["x-road-error"] == "Server.ClientProxy.UnknownMember", said


def _port(node: Node) -> int:
    return node.port + 1


def test_without_a_certificate_of_the_instance_nobody_speaks_to_a_gateway(pair: Pair) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", _port(pair.holder)), timeout=9) as plain,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        channel = context.wrap_socket(plain)
        channel.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        if not channel.recv(1):
            raise ConnectionResetError


def test_rubbish_and_slow_callers_hold_nothing(pair: Pair) -> None:
    """Many that say nothing or nonsense: who has something to say is answered meanwhile."""
    idle = [socket.create_connection(("127.0.0.1", _port(pair.holder))) for _ in range(60)]
    for number, one in enumerate(idle):
        one.sendall(random.Random(number).randbytes(40) if number % 2 else b"\x16\x03\x01")
    status, _fields, said = pair.giver.ask(
        f"/r1/CN-GD/GOV/{MARKET}/legal_persons/listMethods", f"CN-GD/GOV/{FIRE}/lingnan", {}
    )
    assert status == 200, said
    for one in idle:
        one.close()


def test_what_is_altered_replayed_or_not_for_it_is_refused_without_an_answer(pair: Pair) -> None:
    """Straight at the provider's gateway over G's own channel: unsigned, so from nobody."""
    program = f"""
import asyncio, django; django.setup()
from lingnan.kernel.exchange.federation import own, directories
from lingnan.kernel.exchange.messages import channels
from lingnan.kernel.exchange.messages.carrying import Channel, Connections
here = own.membership()
peer = directories.known(here.instance, here.anchor).peer({pair.holder_server!r})
certified = own.channel()
async def main():
    connections = Connections()
    channel = Channel(channels.Callers(certified).of(peer), peer.code)
    fields = {{"x-road-client": "CN-GD/GOV/{FIRE}", "x-road-id": "1",
              "x-road-security-server": peer.server}}
    told = await connections.fetch("POST", peer.url + {SERVICE!r}, fields, b"{{}}", channel)
    print(told[0], told[1]["x-road-error"], "signature" in told[1])
    await connections.close()
asyncio.run(main())
"""
    assert pair.giver.python(program) == "500 Server.ServerProxy.InvalidSignature False"


def test_nothing_told_is_lost_or_done_twice_while_processes_are_killed(pair: Pair) -> None:
    """Gateways, webs, workers and writers of evidence of both nodes are killed at random while
    changes are told: in the end every change was acted on once."""
    chance = random.Random(20261130)
    pair.holder.python(AGREED)
    pair.giver.python(FOLLOW)
    until(lambda: counted(pair.giver)["following"] == ["following"], "not followed")
    changes, parts = 12, ("lingnan.node.gateway", "lingnan.node.worker", "evidence.serve")
    for number in range(changes):
        node = chance.choice((pair.giver, pair.holder))
        node.signal(signal.SIGKILL, chance.choice(parts))
        until(
            lambda name=f"餐饮服务{number}": pair.holder.python(RENAMED, name) == "", "not written"
        )
        if number == changes // 2:
            pair.back.cut = True
            time.sleep(2)
            pair.back.cut = False
    wait = until(lambda: _all_told(pair, changes), f"{counted(pair.holder)} {counted(pair.giver)}")
    assert wait["told"] == counted(pair.giver)["arrived"]
    assert len(set(wait["told"])) == changes


def _all_told(pair: Pair, changes: int) -> dict[str, Any]:
    found = counted(pair.holder)
    return found if found["states"] == ["done"] * changes else {}
