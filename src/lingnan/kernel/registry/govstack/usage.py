"""Who has used a person's data, as GovStack's `myPersonalDataUsage` tells it: from the evidence."""

from __future__ import annotations

from typing import Any

from lingnan.kernel.registry import reading
from lingnan.kernel.registry.govstack.shapes import Reference, Usage
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime import keys
from lingnan.kernel.trust.api import Actor, body_titles, node_evidence

MOST = 200
READ = "record.uses"


def of_record(model: type[Record], who: Actor, ref: str) -> list[Usage] | None:
    """The newest 200 uses of a person's data, newest first; None where no such person is in sight.

    That this was read is itself written down first. As on the person's own page, a reader is
    named by post and mark, not by name.
    """
    if model.record.subject != "person":
        return None
    key = _key(model, ref)
    rows = reading.having(model, who, {"key": key}, 1, READ) if key is not None else []
    if not rows:
        return None
    entries = node_evidence.reader().by_subject("person", rows[0].key, None, MOST)
    bodies = body_titles()
    return [_usage(entry, entry.payload, bodies, ref) for entry in entries if entry.payload]


def _key(model: type[Record], ref: str) -> int | None:
    return keys.unveil(ref, reading.context_of(model))


def _usage(entry: Any, payload: dict[str, Any], bodies: dict[str, str], ref: str) -> Usage:
    body = str(payload.get("body") or payload.get("consumer") or "")
    return Usage(
        id=str(entry.seq),
        readerId=_mark(str(payload.get("actor", "")), body, str(payload.get("role", ""))),
        readerInstitutionId=body,
        readerInstitutionName=bodies.get(body, body),
        readerApplicationName=str(payload.get("resource") or payload.get("record_type") or ""),
        searchDateTime=entry.at,
        refrences=[Reference(ReferenceID=ref)],
    )


def _mark(signature: str, body: str, role: str) -> str:
    """`name (body/role mark)` without the name."""
    _name, opened, rest = signature.rpartition(" (")
    return rest.rstrip(")") if opened else "/".join(part for part in (body, role) if part)
