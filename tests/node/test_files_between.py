"""Files of one node's body handed to a body at another, whose processes are killed meanwhile.

What was sent has come or was refused; nothing acknowledged is lost, nothing is there twice.
"""

import json
import random
import signal
import threading
import time
from typing import Any

import pytest

from tests.node.pair import Node, Pair

pytestmark = pytest.mark.sqlite_only("brings up nodes of its own, on SQLite")
SECONDS, MEGABYTES = 90, 200
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
