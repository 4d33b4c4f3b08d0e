"""An aggregate use whose holder is at another node: the question travels, its table comes back.

The holder reckons, withholds, and compares with what it has told before; nothing else leaves it.
Both nodes write down what was asked.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from lingnan.kernel.exchange import remote
from lingnan.kernel.exchange.afar import DENIED
from lingnan.kernel.exchange.aggregates.values import BadQuestion, Question, Table
from lingnan.kernel.exchange.elsewhere import Elsewhere
from lingnan.kernel.exchange.use import Denied, Unavailable
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import EvidenceUnavailable, node_evidence

SERVICE, COUNTED, PATIENCE = "aggregate", "exchange.counted", 30.0


def asked(home: Elsewhere, question: Question) -> Table:
    """As `asking.ask`: what the holder releases."""
    body = {"question": question.plain(), "agreement": True}
    try:
        said = remote.asked(home, SERVICE, body, question, PATIENCE)
    except Denied as denied:
        _written(DENIED, question, home, {"why": denied.detail[:200]})
        raise
    if "bad" in said:
        raise BadQuestion(str(said["bad"])[:20])
    table = _read(home, question, said)
    there = {"withheld": table.withheld, "there_evidence": table.evidence, "digest": digest(table),
             "there_agreement": table.agreement}  # fmt: skip
    return Table.read(table.plain() | {"evidence": _written(COUNTED, question, home, there)})


def digest(table: Table) -> str:
    """SHA-256, in hexadecimal, of canonical JSON of what a table tells; without its evidence and
    by which agreement."""
    apart = ("evidence", "agreement")
    said = {name: value for name, value in table.plain().items() if name not in apart}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _read(home: Elsewhere, question: Question, said: Mapping[str, Any]) -> Table:
    try:
        table = Table.read(said)
    except (KeyError, TypeError, ValueError) as fault:
        raise Unavailable(f"{home.system} does not answer as agreed") from fault
    asked_ = (question.by, question.total, question.rounded)
    if (table.by, table.total, table.rounded) != asked_ or type(table.evidence) is not int:
        raise Unavailable(f"{home.system} answers another question than asked")
    return table


def _written(kind: str, question: Question, home: Elsewhere, more: Mapping[str, Any]) -> int:
    """The number of the entry here. Raises Unavailable."""
    payload = {
        "resource": question.resource, "consumer": question.consumer, "purpose": question.purpose,
        "basis": question.basis, "agreement": f"at {home.system}", "case": question.case,
        "actor": question.actor, "by": list(question.by), "total": question.total,
        "where": {code: list(one) for code, one in question.where}, "elements": [],
        "rounded": question.rounded, "at": home.server,
        "legal_time": legal_time.now().isoformat(), **more,
    }  # fmt: skip
    try:
        entry = node_evidence.entry(kind, payload, (), question.case)
        return int(node_evidence.write([entry])[0].seq)
    except EvidenceUnavailable as down:
        raise Unavailable("evidence cannot be written") from down
