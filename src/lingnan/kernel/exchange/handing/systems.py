"""By a body's own information system, through this node's gateway: giving files and fetching what
came. A piece is a PUT with Content-Range (RFC 9110 §14.5), asked for with Range (§14.2).

POST  files                             {number, system, receiver, agreement, purpose, case, files}
GET   files/given/NUMBER                how far it is; the bytes that are there of each file
PUT   files/given/NUMBER/FILE           the next piece
POST  files/given/NUMBER/close          all is there: hand it over
GET   files/received                    the newest hundred
GET   files/received/ID/FILE            a stretch of a file, 16 MiB at most
"""

import json
import re
from typing import Any

from lingnan.kernel.exchange import elsewhere
from lingnan.kernel.exchange.handing import offering, store
from lingnan.kernel.exchange.handing.models import HandedIn, Handover
from lingnan.kernel.exchange.messages.calls import Answer, Call
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.kernel.runtime.api import read_json
from lingnan.kernel.trust.api import node_evidence

SERVICE, KIND = "files", "files"
ENDPOINTS = (
    ("POST", "/"), ("GET", "/given/{number}"), ("PUT", "/given/{number}/{file}"),
    ("POST", "/given/{number}/close"), ("GET", "/received"), ("GET", "/received/{id}/{file}"),
)  # fmt: skip
LONGEST, SHOWN = 16 * 1024 * 1024, 100
_PIECE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)")
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")


def answered(call: Call) -> Answer | dict[str, Any]:
    """Raises PermissionError, ValueError, NoRoom, Refused."""
    body = call.client.member
    if not elsewhere.speaks_here(body):
        raise PermissionError(f"this node does not speak for {body}")
    words = [one for one in call.called.path.split("/") if one]
    match call.method, words:
        case "POST", []:
            return _begun(body, call)
        case "GET", ["given", number]:
            return _standing(_own(body, number))
        case "PUT", ["given", number, file]:
            return _piece(_own(body, number), _number(file), call)
        case "POST", ["given", number, "close"]:
            one = _own(body, number)
            _witness("files.handed", call, one.number, {"receiver": one.receiver})
            offering.close(one)
            return _standing(_own(body, number))
        case "GET", ["received"]:
            rows = HandedIn.objects.filter(receiver=body).exclude(ref="").order_by("-id")
            return {"received": [_came(one) for one in rows[:SHOWN]]}
        case "GET", ["received", row, file]:
            return _stretch(body, _number(row), _number(file), call)
    raise Refused("UnknownService", f"{call.method} {call.called.path}: no such address", 404)


def _begun(body: str, call: Call) -> dict[str, Any]:
    said = read_json(call.body)
    if not isinstance(said, dict) or not isinstance(said.get("files"), list):
        raise ValueError("a handover is an object with its files")
    names = ("system", "number", "receiver", "agreement", "purpose")
    texts = {name: str(said.get(name, ""))[:80] for name in names}
    if lacking := [name for name, text in texts.items() if not text]:
        raise ValueError(f"{', '.join(lacking)}: missing")
    files = [_named(one) for one in said["files"]]
    number = f"{body}.{texts['number']}"[:60]
    _witness("files.begun", call, number, {
        "receiver": texts["receiver"], "agreement": texts["agreement"],
        "purpose": texts["purpose"], "files": len(files),
    })  # fmt: skip
    one = offering.begin(
        texts["system"], KIND, number, files, sender=body, receiver=texts["receiver"],
        purpose=texts["purpose"], agreement=texts["agreement"], case=str(said.get("case", ""))[:80],
        by=str(call.client),
    )  # fmt: skip
    return _standing(one)


def _named(said: Any) -> offering.Named:
    if not isinstance(said, dict) or type(said.get("size")) is not int:
        raise ValueError("a file is an object with name, media and size")
    return str(said.get("name", "")), str(said.get("media", "")), said["size"]


def _own(body: str, number: str) -> Handover:
    rows = Handover.objects.filter(sender=body, kind=KIND).exclude(ref="")
    found = rows.filter(number=f"{body}.{number}"[:60]).first()
    if found is None:
        raise PermissionError("no such handover of yours")
    return found


def _standing(one: Handover) -> dict[str, Any]:
    number = one.number.partition(".")[2]
    said = {"number": number, "state": one.state, "problem": one.problem, "size": one.size}
    if one.state == "filling":
        return said | {"have": offering.have(one)}
    return said | {"root": one.root, "acknowledged": one.acknowledged, "receipt": one.receipt}


def _piece(one: Handover, file: int, call: Call) -> Answer | dict[str, Any]:
    told = _PIECE.fullmatch(call.field("content-range"))
    if told is None or int(told[2]) + 1 - int(told[1]) != len(call.body):
        raise ValueError("Content-Range says where the piece goes: bytes FIRST-LAST/SIZE")
    try:
        return {"have": offering.write(one, file, int(told[1]), call.body)}
    except offering.WrongPlace as wrong:
        body = json.dumps({"have": wrong.have}).encode()
        return Answer(409, [("content-type", "application/json")], body)


def _came(one: HandedIn) -> dict[str, Any]:
    return {
        "id": one.pk, "number": one.number, "node": one.server, "sender": one.sender,
        "purpose": one.purpose, "agreement": one.agreement, "case": one.case, "files": one.files,
        "root": one.root, "at": one.at.isoformat(),
    }  # fmt: skip


def _stretch(body: str, row: int, file: int, call: Call) -> Answer:
    one = HandedIn.objects.filter(pk=row, receiver=body).exclude(ref="").first()
    if one is None or file >= len(one.files):
        raise PermissionError("nothing of this came for you")
    if not store.kept(one.ref):
        raise PermissionError("these files were removed by their receiver")
    size = int(one.files[file]["size"])
    asked = _RANGE.fullmatch(call.field("range") or "bytes=0-")
    first = int(asked[1]) if asked else size
    last = min(int(asked[2]) if asked and asked[2] else size - 1, size - 1, first + LONGEST - 1)
    if first > last:
        head = [("content-range", f"bytes */{size}"), ("content-type", "application/octet-stream")]
        return Answer(416, head, b"")
    if first == 0:
        _witness("handover.fetched", call, one.number, {"file": file, "sender": one.sender})
    with store.file_of(store.KEPT, one.ref, file).open("rb") as opened:
        opened.seek(first)
        data = opened.read(last + 1 - first)
    head = [("content-type", "application/octet-stream"), ("accept-ranges", "bytes"),
            ("content-range", f"bytes {first}-{last}/{size}")]  # fmt: skip
    return Answer(206, head, data)


def _witness(kind: str, call: Call, number: str, more: dict[str, Any]) -> None:
    """Before it is done. Raises EvidenceUnavailable."""
    told = {"number": number, "body": call.client.member, "actor": str(call.client)}
    node_evidence.write([node_evidence.entry(kind, told | more, reference=number)])


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise ValueError(f"{text[:20]} is no number")
    return int(text)
