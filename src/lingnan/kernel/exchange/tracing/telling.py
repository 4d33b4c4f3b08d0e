"""The service `trace`: to another node, what this one wrote down of messages of which it was a hop.

What is told was in the message that went through it, or is this node's own moment and verdict; of
the official who asked and of the case nothing is told again.
"""

from collections.abc import Mapping
from typing import Any

from lingnan.kernel.exchange import elsewhere
from lingnan.kernel.exchange.messages.directory import Directory
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.kernel.exchange.tracing import verifying
from lingnan.kernel.trust.api import node_evidence
from lingnan.standards.xroad import Identifier

SERVICE = "trace"
KINDS = ("message.sent", "message.relayed", "message.received", "message.answered")
TOLD = (
    "client", "service", "method", "node", "to", "digest", "input", "signature", "base", "fields",
    "status", "answer", "answer_input", "answer_signature", "answer_base", "answer_fields",
    "failure", "took",
)  # fmt: skip
MOST, LONGEST = 50, 200
NEWEST = 5_000
"""Messages that are looked through for one of which only the signature is known."""


def kept(identity: str, signature: str = "") -> list[dict[str, Any]]:
    """What this node wrote down under an X-Road-Id, oldest first: kind, moment, number in its log,
    payload. With the digest of a signature, of that message alone."""
    entries = node_evidence.reader().by_reference(identity[:LONGEST], limit=MOST, kinds=KINDS)
    found: list[dict[str, Any]] = [
        {"kind": one.kind, "at": one.at, "seq": one.seq, "told": one.payload}
        for one in reversed(entries)
        if one.payload is not None
    ]
    return [one for one in found if signature in ("", _of(one["told"]))]


def named_by(signature: str) -> str:
    """The X-Road-Id of the message whose signature has this digest, of the newest that this node
    wrote down; empty where it is none of these."""
    for one in node_evidence.reader().of_kinds(KINDS, limit=NEWEST):
        if one.payload is not None and one.reference and _of(one.payload) == signature:
            return one.reference
    return ""


def _of(told: Mapping[str, Any]) -> str:
    return verifying.signature_digest(str(told.get("signature", "")))


def answer(question: dict[str, Any], client: Identifier) -> dict[str, Any]:
    """To the node that asks, signed as any answer is. Raises PermissionError for who is no node."""
    asks = elsewhere.server_of(client)
    here, directory = elsewhere.present()
    if asks is None or here is None or directory is None:
        raise PermissionError(f"{client} does not ask for a node")
    identity, signature = str(question.get("id", "")), str(question.get("signature", ""))
    if not identity:
        raise ValueError("id says which message")
    found = [
        one
        for one in kept(identity, signature)
        if asks in hops(one["told"], here.server, directory)
    ]
    return {"node": here.server, "entries": [_told(one) for one in found]}


def hops(told: Mapping[str, Any], here: str, directory: Directory) -> set[str]:
    """The nodes through which a message went, by what one of them wrote down."""
    ends = {str(told.get("node", "")), str(told.get("to", "")) or here}
    found = {end for end in ends if end}
    for end in list(found):
        try:
            found |= directory.way_to(directory.peer(end))
        except Refused:
            # One that has left the instance is no hop of today's directory.
            continue
    return found


def _told(one: Mapping[str, Any]) -> dict[str, Any]:
    payload = one["told"]
    return {
        "kind": one["kind"], "at": one["at"], "seq": one["seq"],
        "told": {name: payload[name] for name in TOLD if name in payload},
    }  # fmt: skip
