"""Sets and aggregates between two real nodes: cut off, killed, revoked; seen at both.

A body at G asks H, which holds businesses, about ten thousand synthetic people whom G knows; a body
of H asks G, which holds residents, for figures.
"""

import json
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.node.pair import MARKET, RESIDENT, Node, Pair
from tests.node.test_between_nodes import until

OFFICER = "440000-market-data_officer"
FIRE, BASIS, COUNT, PARTS = "gd-440103-fire", "《某条例》第一条", 10_000, 3
AGREED = """
import sys, django; django.setup()
from lingnan.kernel.exchange.api import conclude
number, resource, consumer, elements, *uses = sys.argv[1:]
conclude(number, resource, consumer, "set_test", "《某条例》第一条", elements.split(), "a test",
         uses=uses)
"""
NAMED = """
import json, django; django.setup()
from lingnan.kernel.exchange.api import give, keys_of
from lingnan.kernel.trust.api import Account
key = keys_of([Account.objects.get(login="resident-440103").subject])
keys = [*range(10**15, 10**15 + 9_999), *key.values()]
print(json.dumps(list(give("person", "legal_persons", keys[-2:]).values())))
"""
RECORDED = """
import sys, django; django.setup()
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.systems.government.legal_persons.models import IndividualBusiness
with action(by="a test", reason="the holder's records") as act:
    for n, operator in enumerate(sys.argv[1:]):
        act.create(IndividualBusiness, credit_code=f"92440191MA000000{n}S", name=f"隔岸{n}号店",
                   operator=operator, operator_name="某人", scope="餐饮服务",
                   premises="隔岸一号", division="440103", registered_on=legal_time.today())
"""
ENDED = """
import sys, django; django.setup()
from lingnan.kernel.exchange.api import Agreement, agreements
agreements.end(Agreement.objects.get(number=sys.argv[1], ended=False), "a test")
"""
# Dies of SIGKILL before it sends its second part (`sending`), or having told one (`telling`); or
# waits then, in a folder, for leave to go on.
ASKED = """
import json, os, pathlib, signal, sys, time, django; django.setup()
from lingnan.kernel.exchange.api import (
    ExchangeFailure, SetUse, give, keys_of, opened, part, parts)
from lingnan.kernel.exchange.sets import across
from lingnan.kernel.trust.api import Account
request, dies, only = sys.argv[1:]
key = keys_of([Account.objects.get(login="resident-440103").subject])
keys = [*range(10**15, 10**15 + 9_999), *key.values()]
use = SetUse("legal_persons.businesses_of_person", "gd-440103-fire", "set_test", "《某条例》第一条",
             "", "a test", ("business.name",), request)
def die():
    os.kill(os.getpid(), signal.SIGKILL)
send = across._send
def sending(home, made, at, *more):
    die() if at == 1 and dies == "sending" else send(home, made, at, *more)
across._send = sending
told = {"names": [], "entries": [], "root": "", "failure": "", "term": ""}
try:
    made = opened(use, give("person", "gd-440103-fire", keys).values())
    told["root"] = made.manifest.root
    for one in ([part(made.number, int(only))] if only else parts(made)):
        told["names"] += [a.values()["business.name"] for a in one.answers() if a.found]
        told["entries"].append(one.evidence)
        dies == "telling" and die()
        folder = pathlib.Path(dies)
        if dies.startswith("/") and not (folder / "told").exists():
            (folder / "told").touch()
            while not (folder / "go").exists():
                time.sleep(0.05)
except ExchangeFailure as failure:
    told |= {"failure": failure.code, "term": failure.term}
print(json.dumps(told))
"""
COUNTED = """
import json, sys, django; django.setup()
from lingnan.kernel.exchange.api import BadQuestion, Question, ask
question = Question("population.identity", "gd-440000-market", "set_test", "《某条例》第一条", "",
                    "a test", tuple(sys.argv[1:]))
try:
    print(json.dumps(ask(question).plain()))
except BadQuestion as bad:
    print(json.dumps({"bad": bad.field}))
"""
LOOKED = """
import json, sys, django; django.setup()
from lingnan.kernel.exchange.sets import index
from lingnan.kernel.registry.reading import PSEUDONYM
from lingnan.kernel.runtime.keys import shortened
whom = [(PSEUDONYM, shortened(sys.argv[1]))]
print(json.dumps([[e.seq, index.proof(e.seq, whom).holds] for e in index.looked(whom, None, 9)]))
"""


def ask(node: Node, request: str, dies: str = "", only: str = "") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(node.python(ASKED, request, dies, only))
    return found


def entries(node: Node, kind: str, request_root: str) -> list[dict[str, Any]]:
    """What a node wrote of the set with this root, or of its parts."""
    sets = [e.payload or {} for e in node.evidence("exchange.set")]
    number = next(one["set"] for one in sets if one["root"] == request_root)
    return [e.payload for e in node.evidence(kind) if e.payload and e.payload["set"] == number]


@pytest.fixture(scope="module")
def known(pair: Pair) -> list[str]:
    """H's names of a synthetic person and of the resident, each with a business on record at H."""
    names: list[str] = json.loads(pair.giver.python(NAMED))
    pair.holder.python(RECORDED, *names)
    return names


def agree(pair: Pair, number: str) -> None:
    pair.holder.python(AGREED, number, "legal_persons.businesses_of_person", FIRE,
                       "business.name", "set")  # fmt: skip


def test_killed_on_either_side_it_goes_on_where_it_was(pair: Pair, known: list[str]) -> None:
    agree(pair, "SB-1")
    before = len(pair.holder.evidence("exchange.set"))
    with pytest.raises(AssertionError):
        ask(pair.giver, "killed", "sending")
    after = len(pair.holder.evidence("exchange.set"))
    assert after == before, "no set before all of it has come"
    with pytest.raises(AssertionError):
        ask(pair.giver, "killed", "telling")
    pair.holder.signal(signal.SIGKILL, "lingnan.node.gateway")
    told = until(lambda: _answered(ask(pair.giver, "killed")), "the gateway came up again")
    assert {"隔岸0号店", "隔岸1号店"} <= set(told["names"])
    for node in (pair.giver, pair.holder):
        (opened,) = entries(node, "exchange.set", told["root"])
        assert (opened["count"], opened["parts"]) == (COUNT, PARTS)
        parts = entries(node, "exchange.set_part", told["root"])
        assert sorted(one["part"] for one in parts) == [0, 1, 2], "each is bound once"
    theirs, mine = (
        {one["part"]: one["digest"] for one in entries(node, "exchange.set_part", told["root"])}
        for node in (pair.holder, pair.giver)
    )
    assert theirs == mine


def _answered(told: dict[str, Any]) -> dict[str, Any] | None:
    return None if told["failure"] else told


def test_a_cut_is_unavailable_and_resumed(pair: Pair, known: list[str]) -> None:
    whole = ask(pair.giver, "cut")
    pair.there.cut = True
    try:
        assert ask(pair.giver, "cut", only="1")["failure"] == "unavailable"
    finally:
        pair.there.cut = False
    again = until(lambda: _answered(ask(pair.giver, "cut", only="1")), "the way is open")
    assert again["entries"] == whole["entries"][1:2], "told again, it is not written again"


def test_the_person_sees_it_at_their_own_node_and_the_holder_finds_it(
    pair: Pair, known: list[str]
) -> None:
    root = ask(pair.giver, "seen")["root"]
    seq = next(e.seq for e in pair.giver.evidence("exchange.set")
               if e.payload and e.payload["root"] == root)  # fmt: skip
    resident = pair.giver.person(RESIDENT)
    assert f"{COUNT:,}" in resident.get("/looked/").main.text
    page = resident.get(f"/looked/sets/{seq}/")
    assert page.status == 200 and root in page.main.text, page.message()
    found = json.loads(pair.holder.python(LOOKED, known[1]))
    assert found and all(holds for _seq, holds in found)
    assert json.loads(pair.holder.python(LOOKED, "f" * 32)) == []


def test_revoked_in_mid_stream_the_next_part_is_refused_and_written_at_both(
    pair: Pair, known: list[str], tmp_path: Path
) -> None:
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask, pair.giver, "revoked", str(tmp_path))
        until((tmp_path / "told").exists, "a part was told")
        pair.holder.python(ENDED, "SB-1")
        (tmp_path / "go").touch()
        told = asking.result()
    assert len(told["entries"]) == 1
    assert (told["failure"], told["term"]) == ("denied", "agreement")
    denied = pair.giver.evidence("exchange.denied")[0].payload
    assert denied and (denied["consumer"], denied["part"]) == (FIRE, 1)
    answered = pair.holder.evidence("message.answered")[0].payload
    assert answered and answered["failure"] == "denied"


def test_figures_are_reckoned_and_withheld_at_the_holder(pair: Pair) -> None:
    elements = "person.sex person.birth_date person.residence_division"
    pair.giver.python(AGREED, "SB-2", "population.identity", MARKET, elements, "aggregate")
    table = until(lambda: json.loads(pair.holder.python(COUNTED, "sex")), "the copy is made")
    assert table["rows"] and table["cells"][-1][-1] >= 600
    theirs, mine = (node.evidence("exchange.counted")[0] for node in (pair.giver, pair.holder))
    assert theirs.payload and mine.payload and table["evidence"] == mine.seq
    assert mine.payload["there_evidence"] == theirs.seq
    small = json.loads(pair.holder.python(COUNTED, "division", "sex"))
    assert any(None in row for row in small["cells"])
    assert not any(0 < (one or 0) < 10 for row in small["cells"] for one in row)
    officer = pair.holder.person(OFFICER)
    assert "SB-2" in officer.get("/desk/consents/figures/").main.text
    page = officer.get("/desk/consents/figures/population/SB-2/")
    page = officer.send(page.form(act="show"), {"by": "sex"})
    mine = pair.holder.evidence("exchange.counted")[0]
    assert page.status == 200 and mine.payload, page.message()
    for told in ("SB-2", pair.giver_server, str(mine.seq), str(mine.payload["there_evidence"])):
        assert told in page.main.text, page.main.text
    refused = pair.holder.python(COUNTED, "sex", "nothing")
    assert json.loads(refused) == {"bad": "by"}
