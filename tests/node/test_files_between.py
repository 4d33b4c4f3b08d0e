"""Files of one node's body handed to a body at another, whose processes are killed meanwhile.

What was sent has come or was refused; nothing acknowledged is lost, nothing is there twice.
"""

import http.client
import json
import random
import signal
import socket
import threading
import time
from contextlib import closing
from typing import Any

import pytest

from tests.node.pair import MARKET, Node, Pair

SECONDS, MEGABYTES = 90, 200
FIRE = "gd-440000-fire"
AGREED = """
import django; django.setup()
from lingnan.kernel.exchange.api import conclude
conclude("XY-FILES", "legal_persons.businesses_of_person", "gd-440000-fire", "a_test",
         "《行政许可法》（2019-04-23）第三十三条", ["business.scope"], "a test", uses=["files"])
"""
GIVEN = """
import hashlib, json, os, sys, django; django.setup()
from lingnan.kernel.exchange.api import handing
system, number, *sizes = sys.argv[1:]
files = [(f"{at}.bin", "application/octet-stream", int(size)) for at, size in enumerate(sizes)]
one = handing.offering.begin(system, "files", number, files, sender="gd-440000-market",
    receiver="gd-440000-fire", purpose="a_test", agreement="XY-FILES", case="A-1", by="a test")
digests = []
for at, (_name, _media, size) in enumerate(files):
    digest, offset = hashlib.sha256(), 0
    while offset < size:
        piece = os.urandom(min(8 << 20, size - offset))
        digest.update(piece)
        offset = handing.offering.write(one, at, offset, piece)
    digests.append(digest.hexdigest())
handing.offering.close(one)
print(json.dumps(digests))
"""
STATES = """
import json, django; django.setup()
from lingnan.kernel.exchange.models import Handover
print(json.dumps({one.number: [one.state, one.problem, one.acknowledged, bool(one.receipt)]
                  for one in Handover.objects.filter(kind="files")}))
"""
CAME = """
import hashlib, json, django; django.setup()
from lingnan.kernel.duty.models import Task
from lingnan.kernel.exchange.api import handing
from lingnan.kernel.exchange.models import HandedIn, Incoming
def digest(one, at):
    with handing.store.file_of("kept", one.ref, at).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
print(json.dumps({
    "came": {one.number: [digest(one, at) for at in range(len(one.files))]
             for one in HandedIn.objects.filter(kind="files")},
    "rows": HandedIn.objects.filter(kind="files").count(),
    "tasks": Task.objects.filter(code="files_came").count(),
    "incoming": {one.number: [one.state, one.problem] for one in Incoming.objects.all()},
    "left": len(list(handing.store.folders("in"))),
}))
"""
END = """
import django; django.setup()
from lingnan.kernel.exchange.api import agreements
from lingnan.kernel.exchange.models import Agreement
agreements.end(Agreement.objects.get(number="XY-FILES"), "a test")
"""


def given(node: Node, number: str, *sizes: int, system: str = "resource_exchange") -> list[str]:
    found: list[str] = json.loads(node.python(GIVEN, system, number, *map(str, sizes)))
    return found


def states(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(node.python(STATES))
    return found


def settled(node: Node, numbers: list[str], *ends: str) -> dict[str, Any]:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        found = states(node)
        if all(found[number][0] in ends for number in numbers):
            return found
        time.sleep(1)
    raise AssertionError(found)


@pytest.fixture(scope="module")
def agreed(pair: Pair) -> Pair:
    pair.holder.python(AGREED)
    return pair


def test_whatever_is_killed_when_all_arrives_once_or_is_refused(agreed: Pair) -> None:
    market, fire = agreed.holder, agreed.giver
    chance = random.Random(20261130)
    stopping, killed = threading.Event(), []

    def kill() -> None:
        while not stopping.wait(chance.uniform(0.5, 3.0)):
            node, process = chance.choice((market, fire)), chance.choice(("gateway", "worker"))
            node.signal(signal.SIGKILL, f"lingnan.node.{process}")
            killed.append(process)

    sent = {"BIG": given(market, "BIG", 7, MEGABYTES << 20, 123_456)}
    killing = threading.Thread(target=kill)
    killing.start()
    try:
        for number in range(3):
            sent[f"F-{number}"] = given(market, f"F-{number}", chance.randrange(1, 9 << 20))
        given(market, "NOBODY", 1000, system="no_such_system")
        numbers = [*sent, "NOBODY"]
        while len(killed) < 8:
            time.sleep(0.5)
    finally:
        stopping.set()
        killing.join()
    here = settled(market, numbers, "taken", "refused")
    there = json.loads(fire.python(CAME))
    assert {n for n in numbers if here[n][0] == "refused"} == {"NOBODY"}
    assert there["came"] == sent and there["rows"] == there["tasks"] == len(sent)
    assert all(here[number][3] for number in sent), "each has its receipt"
    assert there["left"] == 0
    told = [one.payload["number"] for one in fire.evidence("handover.taken") if one.payload]
    assert set(told) == set(sent)


def asked(
    node: Node, body: str, method: str, path: str, content: bytes = b"", **fields: str
) -> tuple[int, dict[str, Any] | bytes]:
    """What a body's own information system is answered by its node's gateway."""
    connection = http.client.HTTPConnection("localhost", timeout=60)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.settimeout(60)
    connection.sock.connect(str(node.data / "run" / "gateway.sock"))
    owner = MARKET if body == MARKET else "gd-440000-data"
    head = {"X-Road-Client": f"CN-GD/GOV/{body}/archive"}
    head |= {name.replace("_", "-"): value for name, value in fields.items()}
    url = f"/r1/CN-GD/GOV/{owner}/exchange/files{path}"
    with closing(connection):
        connection.request(method, url, content, head)
        answer = connection.getresponse()
        said = answer.read()
    kind = answer.headers.get("Content-Type", "")
    return answer.status, json.loads(said) if "json" in kind else said


def test_an_information_system_gives_and_fetches_piece_by_piece(agreed: Pair) -> None:
    market, fire = agreed.holder, agreed.giver
    data = random.Random(5).randbytes(3_000_000)
    said = {"system": "resource_exchange", "number": "IS-1", "receiver": FIRE, "agreement":
            "XY-FILES", "purpose": "a_test",
            "files": [{"name": "a.bin", "media": "text/csv", "size": len(data)}]}  # fmt: skip
    status, begun = asked(market, MARKET, "POST", "", json.dumps(said).encode())
    assert status == 200 and isinstance(begun, dict) and begun["have"] == [0], begun
    half = len(data) // 2
    for first, last in ((0, half), (0, 10), (half, len(data))):
        told = f"bytes {first}-{last - 1}/{len(data)}"
        status, have = asked(market, MARKET, "PUT", "/given/IS-1/0", data[first:last],
                             Content_Range=told)  # fmt: skip
        assert isinstance(have, dict), have
        assert (status, have["have"]) == ((409, half) if last == 10 else (200, last))
    assert asked(market, MARKET, "PUT", "/given/IS-1/0", b"x")[0] == 400
    assert asked(market, "gd-440305-procuratorate", "GET", "/given/IS-1")[0] == 500
    assert asked(market, MARKET, "POST", "/given/IS-1/close")[0] == 200
    settled(market, [f"{MARKET}.IS-1"], "taken")
    status, standing = asked(market, MARKET, "GET", "/given/IS-1")
    assert isinstance(standing, dict) and standing["receipt"]["signature"], standing
    status, listed = asked(fire, FIRE, "GET", "/received")
    assert isinstance(listed, dict)
    came = next(one for one in listed["received"] if one["number"].endswith(".IS-1"))
    path = f"/received/{came['id']}/0"
    first, rest = (asked(fire, FIRE, "GET", path, Range=one) for one in ("bytes=0-9", "bytes=10-"))
    assert (first[0], rest[0]) == (206, 206)
    assert isinstance(first[1], bytes) and isinstance(rest[1], bytes)
    assert first[1] + rest[1] == data
    assert asked(fire, FIRE, "GET", path, Range="bytes=9000000-")[0] == 416
    assert asked(fire, "gd-440000-police", "GET", path)[0] == 500, "not what came for another"


def test_when_the_agreement_ends_half_way_no_more_comes_and_both_say_so(agreed: Pair) -> None:
    market, fire = agreed.holder, agreed.giver
    agreed.back.cut = True
    try:
        given(market, "ENDED", 30 << 20)
        market.python(END)
    finally:
        agreed.back.cut = False
    here = settled(market, ["ENDED"], "refused")
    assert "XY-FILES" in here["ENDED"][1]
    there = json.loads(fire.python(CAME))
    assert "ENDED" not in there["came"] and there["left"] == 0
