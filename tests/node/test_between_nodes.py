"""Two nodes of one instance, as `up`, `invite` and `join` make them: messages, events, faults.

What is asked here goes over their real gateways: TLS, signatures, evidence at both.
"""

import http.client
import json
import random
import signal
import socket
import ssl
import subprocess
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.node.pair import MARKET, OPERATOR, SERVICE, Node, Pair

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
    end, last = time.monotonic() + SECONDS, ""
    while time.monotonic() < end:
        try:
            if found := true():
                return found
        except (OSError, ValueError, subprocess.SubprocessError, AssertionError) as problem:
            last = repr(problem)
        time.sleep(0.3)
    raise AssertionError(f"{what} {last}")


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
    for words in ("province", "registry", "广东省市场监督管理局", "法人基础数据库", "13 个单位"):
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


ISSUED = """
import sys, django; django.setup()
from lingnan.kernel.trust.api import Algorithm, Name, key_authorities, key_certificates
from lingnan.kernel.trust.pki import profiles as key_profiles
from lingnan.kernel.trust.keystore.keys import PublicKey
from asn1crypto import pem
made = key_certificates.certify(
    key_authorities.province(), "permits-of-a-test", Name("permits", "消防审批系统"),
    PublicKey(Algorithm.P256, bytes.fromhex(sys.argv[1])), key_profiles.SYSTEM, "a test")
chain = key_authorities.chain(key_authorities.province())[:-1]
print("".join(pem.armor("CERTIFICATE", one.dump()).decode() for one in (made, *chain)))
"""


class Notices(BaseHTTPRequestHandler):
    """A department's own service."""

    asked: ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["X-Road-Client"]))
        content = json.dumps({"notice": "停业公告"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Quiet."""


def entered(node: Node, act: str, **values: str) -> None:
    operator = node.person(OPERATOR)
    page = operator.send(operator.get("/operating/gateway/").form(act=act), dict(values))
    assert page.status == 200 and values["title"] in page.main.text, page.message()


def test_a_departments_system_asks_anothers_service_by_x_roads_protocol(
    pair: Pair, tmp_path: Path
) -> None:
    """With a certificate of its own at G's gateway; the service stands behind H's."""
    key = ec.generate_private_key(ec.SECP256R1())
    form, spki = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    chain = pair.giver.python(ISSUED, key.public_key().public_bytes(form, spki).hex())
    entered(pair.giver, "client", body=FIRE, system="permits", title="消防审批系统",
            certificate=chain)  # fmt: skip
    server = ThreadingHTTPServer(("127.0.0.1", 0), Notices)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    entered(pair.holder, "address", body=MARKET, system="notices", code="latest",
            title="公告查询", url=f"http://127.0.0.1:{server.server_port}/v1", consumers=FIRE,
            basis="《行政许可法》（2019-04-23）第三十三条")  # fmt: skip
    own = tmp_path / "permits.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    own.write_text(private.decode() + chain)
    context = ssl.create_default_context(cadata=root_of(pair.giver))
    context.check_hostname = False
    context.load_cert_chain(own)

    def ask(client: str, path: str = "/today?n=3") -> tuple[int, Any, dict[str, Any]]:
        connection = http.client.HTTPSConnection(
            "127.0.0.1", pair.giver.port + 2, context=context, timeout=20
        )
        head = {"X-Road-Client": client, "X-Road-UserId": "4401-7", "X-Road-Id": "fire-77"}
        connection.request("GET", f"/r1/CN-GD/GOV/{MARKET}/notices/latest{path}", None, head)
        answer = connection.getresponse()
        said = json.loads(answer.read())
        connection.close()
        return answer.status, answer.headers, said

    mine = f"CN-GD/GOV/{FIRE}/permits"
    status, fields, said = until(lambda: answered(ask(mine)), "the service is not answered")
    assert said == {"notice": "停业公告"} and fields["X-Road-Id"] == "fire-77"
    assert fields["X-Road-Service"] == f"CN-GD/GOV/{MARKET}/notices/latest"
    assert fields["X-Road-Request-Hash"] and "Signature" not in fields
    assert Notices.asked[-1] == ("/v1/today?n=3", mine)
    for node, kind in ((pair.giver, "message.sent"), (pair.holder, "message.answered")):
        told = node.evidence(kind)[0].payload
        assert told and told["client"] == mine and told["user"] == "4401-7"
        assert "停业" not in json.dumps(told, ensure_ascii=False), "no content in the evidence"
    status, fields, said = ask(f"CN-GD/GOV/{FIRE}/another")
    assert status == 403 and fields["X-Road-Error"] == "Server.ClientProxy.AccessDenied"
    operator = pair.holder.person(OPERATOR)
    page = operator.get("/operating/gateway/")
    operator.post("/operating/gateway/", page, act="stop-address", service="notices.latest")
    until(lambda: ask(mine)[0] != 200, "what was withdrawn is still answered")
    server.shutdown()


def answered(found: tuple[int, Any, dict[str, Any]]) -> tuple[int, Any, dict[str, Any]]:
    assert found[0] == 200, found[2]
    return found


def root_of(node: Node) -> str:
    """The root of a node in PEM, as anybody may fetch it."""
    url = f"{node.url}/trust/authorities/root-g2.cer"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=9) as answer:
        return str(ssl.DER_cert_to_PEM_cert(answer.read()))


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
from lingnan.kernel.exchange.messages.connections import Channel, Connections
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
