"""A criminal case whose police are at one node and whose procuratorate is at another.

The package goes over, the receipt comes back; each node keeps the file as its own bodies see it.
"""

import json
import time
from typing import Any

from tests.node.pair import Node, Pair

SECONDS = 60
ACT = """
import json, sys, django; django.setup()
from lingnan.kernel.exchange.models import HandedIn, Handover
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Account, actor_of
from lingnan.systems.government.justice_network import (
    clocking, filing, ledger, measures, proceeding, receiving)
from lingnan.systems.government.justice_network.ledger import Hand
from lingnan.systems.government.justice_network.models import Case, Package
def hand(login):
    return Hand(actor_of(Account.objects.get(login=login)), legal_time.now())
officer, head = "440305-police-investigator", "440305-police-head"
prosecutor = "440305-procuratorate-prosecutor"
"""
SENT = (
    ACT
    + """
case = filing.open_case(hand(officer), "诈骗罪", "合成案情，人物和事实均为虚构。", synthetic=True)
suspect = filing.add_suspect(case, hand(officer), "合成丁", "999999199707070039", "诈骗罪",
                             "罪名见《退耕还林条例》（2016-02-06）；刑法条文未经核实")
measures.take(suspect, "detention", hand(officer), legal_time.now(), "看守所（合成）", "合成理由")
for term in clocking.running(case, measures.DUTIES):
    clocking.finish(term, hand(officer), "已办（合成）")
filing.add_document(case, hand(officer), "提请批准逮捕书", "file", "合成文书".encode())
filing.add_evidence(case, hand(officer), "thing", "手机", "合成证据", "1部", "保管室（合成）",
                    "封2026001", legal_time.now())
proceeding.begin(case, "request_arrest", hand(officer), "见所附文书（合成）")
proceeding.approve(case, hand(head), True, "")
print(case.number)
"""
)
SEEN = (
    ACT
    + """
def own(model):
    return model.objects.filter(system="justice_network")
case = Case.objects.filter(number=sys.argv[1]).first()
package = Package.objects.filter(case=case).order_by("key").first() if case else None
print(json.dumps({
    "stage": ledger.stage_of(case) if case else "",
    "package": package.number if package else "",
    "receipt": getattr(getattr(package, "receipt", None), "verdict", "") if package else "",
    "clocks": sorted(one.rule for one in clocking.running(case)) if case else [],
    "handed": list(own(Handover).values_list("kind", "state").order_by("id")),
    "came": list(own(HandedIn).values_list("kind", flat=True).order_by("id")),
}))
"""
)
RECEIVED = (
    ACT
    + """
package = Package.objects.get(number=sys.argv[1])
receiving.receive(package, hand(prosecutor), "received", (), "")
"""
)


def seen(node: Node, number: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(node.python(SEEN, number))
    return found


def until(node: Node, number: str, **wanted: Any) -> dict[str, Any]:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        found = seen(node, number)
        if all(found[name] == value for name, value in wanted.items()):
            return found
        time.sleep(1)
    raise AssertionError((wanted, found))


def test_a_file_is_handed_to_a_body_at_another_node_and_its_receipt_comes_back(pair: Pair) -> None:
    police, procuratorate = pair.giver, pair.holder
    pair.there.cut = True
    try:
        number = police.python(SENT)
        assert seen(police, number)["handed"] == [["package", "waiting"]]
        time.sleep(6)
    finally:
        pair.there.cut = False
    there = until(procuratorate, number, came=["package"])
    assert there["package"] and there["receipt"] == ""
    assert "arrest_review" in there["clocks"], "the receiver's clock runs at the receiver's node"
    here = until(police, number, handed=[["package", "taken"]])
    assert here["receipt"] == "" and "arrest_review" not in here["clocks"]
    procuratorate.python(RECEIVED, there["package"])
    here = until(police, number, receipt="received", came=["receipt"])
    there = seen(procuratorate, number)
    assert here["stage"] == there["stage"] != "investigation", (here, there)
    assert there["receipt"] == "received" and there["came"] == ["package"]
    assert until(procuratorate, number, handed=[["receipt", "taken"]])
    for node, kind in ((procuratorate, "justice.arrived"), (police, "justice.receipt_came")):
        told = node.evidence(kind)[0].payload
        assert told and told["package"] == there["package"]
