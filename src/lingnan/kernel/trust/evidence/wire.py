"""The writer's socket: frames of a 4-byte big-endian length and that many bytes of JSON.

Requests: `{"op": "append", "request": id, "entries": [[kind, at, payload, subjects, reference]]}`,
`{"op": "erase", "request": id, "seqs": […], "reason": text}`, `{"op": "ping"}`.
Answers: `{"ok": true, "receipts": [[seq, leaf hash in hex, at]]}`, or
`{"ok": false, "error": "invalid" | "unavailable", "message": text}`.
"""

import json
import struct
from collections.abc import Sequence
from typing import Any

from .entry import Entry, InvalidEntry, Receipt, Subject

HEADER = struct.Struct(">I")
FRAME_LIMIT = 64 * 1024 * 1024


def frame(message: dict[str, Any]) -> bytes:
    """One message as bytes. Raises `InvalidEntry` when it cannot be JSON or is too long."""
    try:
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError) as problem:
        raise InvalidEntry(f"Not JSON: {problem}") from problem
    if len(body) > FRAME_LIMIT:
        raise InvalidEntry("The batch is too long: write it in parts.")
    return HEADER.pack(len(body)) + body


def entries_out(entries: Sequence[Entry]) -> list[list[Any]]:
    """Entries as a message carries them."""
    return [
        [
            entry.kind, entry.at, dict(entry.payload),
            [[subject.holder, subject.key] for subject in entry.subjects], entry.reference,
        ]
        for entry in entries
    ]  # fmt: skip


def entries_in(rows: Any) -> list[Entry]:
    """Entries from a message. Raises `InvalidEntry`."""
    try:
        return [
            Entry(kind, payload, tuple(Subject(*pair) for pair in subjects), at, reference)
            for kind, at, payload, subjects, reference in rows
        ]
    except (TypeError, ValueError) as problem:
        raise InvalidEntry(f"Not a batch of entries: {problem}") from problem


def receipts_out(receipts: Sequence[Receipt]) -> dict[str, Any]:
    """The answer to an append."""
    rows = [[receipt.seq, receipt.leaf_hash.hex(), receipt.at] for receipt in receipts]
    return {"ok": True, "receipts": rows}


def receipts_in(message: dict[str, Any]) -> list[Receipt]:
    """Receipts from an answer."""
    return [Receipt(seq, bytes.fromhex(leaf), at) for seq, leaf, at in message["receipts"]]
