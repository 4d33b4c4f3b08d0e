"""An entry as a file of a bundle: canonical JSON, bytes in hexadecimal; and read back.

There are three kinds: of today, in its parts, those not shown as digests; of before, whole but its
subjects; and closed, of which only the head is told.
"""

import json
from collections.abc import Sequence
from typing import Any

from lingnan.kernel.trust.evidence.disclosing import Own, Part, Parts
from lingnan.kernel.trust.evidence.entry import Closed, Disclosed, Shown, ShownEntry, canonical

DIGEST = 32
STATEMENT, README = "holder/statement.json", "holder/readme.txt"
_README = """本存证包共有 {count} 条存证记录，其中 {closed} 条只显示抬头：编号、时间和种类。
只显示抬头的记录写入较早，当时的写法不能只出示与一人有关的部分，所以内容不在本包中。
它们仍然证明：该种类的一条记录在该时间写入，此后没有改动。
This bundle holds {count} entries of the evidence; of {closed} only the head is shown: number, time,
kind. Those were written earlier, in a way in which no part can be shown without the rest, so what
they say is not in here. They still prove that an entry of this kind was written then and was not
changed since.
核验 · To verify: upload the bundle on the page /verify/, or ./lingnan verify FILE.
"""
"""For people who open the archive."""


class Unreadable(ValueError):
    """It is no entry as `told` writes it, or a part of it does not give its digest."""


def told(entry: Shown) -> bytes:
    """The file of an entry."""
    head: dict[str, Any] = {"at": entry.at, "kind": entry.kind, "seq": entry.seq}
    if isinstance(entry, Closed):
        return canonical(head | {"commitment": entry.commitment.hex()}).encode()
    if isinstance(entry, Disclosed):
        return canonical(head | _of_parts(entry.parts)).encode()
    shown = {
        "payload": json.loads(entry.payload),
        "reference": entry.reference,
        "salt": entry.salt.hex(),
        "subjects": entry.subjects.hex(),
    }
    return canonical(head | shown).encode()


def _of_parts(parts: Parts) -> dict[str, Any]:
    own = parts.own and {
        "digest": parts.own.digest.hex(),
        "index": parts.own.index,
        "path": [step.hex() for step in parts.own.path],
    }
    return {
        "count": parts.count,
        "fields": [_of_part(one) for one in parts.fields],
        "own": own,
        "reference": _of_part(parts.reference),
        "subjects": parts.subjects.hex(),
    }


def _of_part(part: Part) -> Any:
    if not part.shown:
        return part.digest.hex()
    return {"digest": part.digest.hex(), "salt": part.salt.hex(), "value": part.value}


def read(content: bytes) -> Shown:
    """An entry from its file. Raises `Unreadable`, and the parsers' errors."""
    said = json.loads(content)
    head = (int(said["seq"]), str(said["at"]), str(said["kind"]))
    if "commitment" in said:
        found: Shown = Closed(*head, _bytes(said["commitment"]))
    elif "fields" in said:
        found = Disclosed(*head, _parts(said))
    else:
        payload, salt = canonical(said["payload"]), _bytes(said["salt"])
        found = ShownEntry(*head, payload, said["reference"], salt, _bytes(said["subjects"]))
    if told(found) != content:
        raise Unreadable("written in another way")
    if isinstance(found, Disclosed) and not found.parts.holds:
        raise Unreadable("a part that does not give its digest")
    return found


def _parts(said: dict[str, Any]) -> Parts:
    own = said["own"]
    mark = own and Own(
        _bytes(own["digest"]), int(own["index"]), tuple(_bytes(step) for step in own["path"])
    )
    fields = tuple(_part(one) for one in said["fields"])
    names = [one.value[0] for one in fields if one.shown]
    if len(set(names)) != len(names):
        raise Unreadable("a member twice")
    return Parts(fields, _part(said["reference"]), int(said["count"]), _bytes(said["subjects"]),
                 mark)  # fmt: skip


def _part(said: Any) -> Part:
    if isinstance(said, str):
        return Part(_bytes(said))
    return Part(_bytes(said["digest"]), _bytes(said["salt"]), said["value"])


def _bytes(text: str) -> bytes:
    found = bytes.fromhex(text)
    if len(found) != DIGEST:
        raise Unreadable("not of 32 bytes")
    return found


def statement(name: str, kind: str, code: str, at: str) -> bytes:
    """What the signing body says: that the marks in the entries are those of this person (kind
    person) or firm (organisation, with its code)."""
    return canonical({"at": at, "code": code, "kind": kind, "name": name}).encode()


def readme(entries: Sequence[Shown]) -> bytes:
    """What the bundle of one person or firm shows; of how many entries it shows the head only."""
    closed = sum(isinstance(one, Closed) for one in entries)
    return _README.format(count=len(entries), closed=closed).encode()


def holder_of(content: bytes) -> str:
    """The name in a statement. Raises `Unreadable`, and the parsers' errors."""
    said = json.loads(content)
    texts = [said[name] for name in ("name", "kind", "code", "at")]
    if not all(isinstance(one, str) for one in texts) or statement(*texts) != content:
        raise Unreadable("written in another way")
    return str(said["name"])
