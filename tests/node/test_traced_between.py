"""What operators of two real nodes see of what goes between: its way, its figures, who is away."""

import json
import signal
import time
from typing import Any

from lingnan.kernel.exchange.traffic import keeping
from tests.node.pair import MARKET, OPERATOR, Node, Pair
from tests.node.test_between_nodes import until

CLIENT = "CN-GD/GOV/gd-440000-data/exchange"
WHOLE = "各节点均有记载且一致，签名全部有效"
COUNTED = """
import json, django; django.setup()
from lingnan.kernel.exchange.models import Traffic
rows = Traffic.objects.filter(service__endswith="/exchange/trace", outcome="ok")
print(json.dumps([[one.way, one.consumer_node, one.provider_node, one.number] for one in rows]))
"""


def asked(node: Node, service: str, identity: str, **question: str) -> int:
    path = f"/r1/CN-GD/GOV/{MARKET}/exchange/{service}"
    status, _fields, _said = node.ask(path, CLIENT, question, **{"X-Road-Id": identity})
    return status


def counted(node: Node) -> int:
    rows: list[list[Any]] = json.loads(node.python(COUNTED))
    return sum(row[3] for row in rows)


def settled(node: Node) -> int:
    """The count once nothing of what came before is still to be written."""
    found = -1
    while (now := counted(node)) != found:
        found = now
        time.sleep(2 * keeping.EVERY)
    return found


def test_the_way_of_a_message_is_walked_by_what_both_nodes_wrote_down(pair: Pair) -> None:
    told = {"nonce": "1", "system": "legal_persons"}
    assert asked(pair.giver, "agreements", "way-of-a-test", **told) == 200
    for node in (pair.giver, pair.holder):
        operator = node.person(OPERATOR)
        page = operator.get("/operating/trace/way-of-a-test/")
        assert page.status == 200, page.message()
        for words in (
            "各节点均有记载且一致，签名全部有效",
            "有效，与留存内容相符",
            "该节点签名告知",
        ):
            assert words in page.main.text, page.main.text
        step = operator.get("/operating/trace/way-of-a-test/?step=5")
        assert "服务应答" in step.main.text and "用时" in step.main.text, step.main.text
    entry = pair.giver.evidence("message.sent")[0].payload
    assert entry and entry["took"] >= 0 and len(entry["base"]) == 64


def test_a_node_that_is_away_is_said_and_no_hop_is_made_up(pair: Pair) -> None:
    told = {"nonce": "2", "system": "legal_persons"}
    assert asked(pair.giver, "agreements", "way-without-answer", **told) == 200
    pair.there.cut = True
    try:
        page = pair.giver.person(OPERATOR).get("/operating/trace/way-without-answer/")
        assert "没有应答，缺少其记载" in page.main.text, page.main.text
        assert WHOLE not in page.main.text
    finally:
        pair.there.cut = False


def test_of_a_killed_gateway_some_seconds_of_figures_are_lost_and_no_evidence(
    pair: Pair,
) -> None:
    before = settled(pair.giver)
    for number in range(5):
        assert asked(pair.giver, "trace", f"kept-{number}", id="nothing") == 200
    until(lambda: counted(pair.giver) == before + 5, "not written down within some seconds")
    for number in range(5):
        assert asked(pair.giver, "trace", f"lost-{number}", id="nothing") == 200
    pair.giver.signal(signal.SIGKILL, "lingnan.node.gateway")
    until(lambda: asked(pair.giver, "trace", "after", id="nothing") == 200, "it is not up again")
    until(lambda: counted(pair.giver) > before + 5, "what came after is not counted")
    assert before + 5 < counted(pair.giver) <= before + 11, "nothing is counted twice"
    names = {one.reference for one in pair.giver.evidence("message.sent")}
    assert {f"{kind}-{n}" for kind in ("kept", "lost") for n in range(5)} <= names


def test_each_end_counts_between_which_nodes_it_went(pair: Pair) -> None:
    until(lambda: counted(pair.holder), "the holder has counted nothing")
    ends = {tuple(row[:3]) for row in json.loads(pair.holder.python(COUNTED))}
    assert ("in", pair.giver_server, pair.holder_server) in ends
    assert not [way for way, asks, _answers in ends if way == "in" and asks == pair.holder_server]
    page = pair.holder.person(OPERATOR).get("/operating/exchanges/?by=node&period=hour")
    assert "province" in page.main.text and "本节点" in page.main.text, page.main.text
    traffic = pair.giver.person(OPERATOR).get("/operating/traffic/?period=hour")
    assert "节点之间：查询报文链路" in traffic.main.text, traffic.main.text
