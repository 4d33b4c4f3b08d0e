"""Counting entries by what their payload says, without reading whom they concern."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from .database import Database
from .entry import canonical


def tally(
    database: Database,
    kind: str,
    saying: Mapping[str, str],
    by: Sequence[str],
    since: str,
    limit: int,
) -> Counter[tuple[str, ...]]:
    """How many entries of a kind since a moment, by the values of their payload's names `by`.

    Of payloads that say `saying` (name → value) only; at most the newest `limit` are counted.
    `since` is system time in UTC, in ISO 8601. Reads along the index of kinds.
    """
    # Payloads are canonical JSON: a pair of name and text stands in them in one way only.
    said = [f"%{_escaped(canonical({name: text})[1:-1])}%" for name, text in saying.items()]
    like = "".join(" AND p.payload LIKE ? ESCAPE '!'" for _ in said)
    sql = (
        "SELECT p.payload FROM entries e JOIN payloads p ON p.seq = e.seq"
        f" WHERE e.kind = ? AND e.seq >= ?{like} ORDER BY e.seq DESC LIMIT ?"
    )
    rows = database.rows(sql, [kind, _first_since(database, since), *said, limit])
    payloads = (json.loads(text) for (text,) in rows)
    found = (payload for payload in payloads if _says(payload, saying))
    return Counter(tuple(str(payload.get(name, "")) for name in by) for payload in found)


def _says(payload: Mapping[str, object], saying: Mapping[str, str]) -> bool:
    return all(payload.get(name) == text for name, text in saying.items())


def _escaped(text: str) -> str:
    for letter in "!%_":
        text = text.replace(letter, f"!{letter}")
    return text


def _first_since(database: Database, since: str) -> int:
    """The number of the first entry from a moment on, found by halving: entries come in order."""
    rows = database.rows("SELECT COALESCE(MAX(seq), 0) FROM entries")
    low, high = 1, int(rows[0][0]) + 1
    while low < high:
        middle = (low + high) // 2
        at = database.rows("SELECT at FROM entries WHERE seq >= ? ORDER BY seq LIMIT 1", (middle,))
        if at and at[0][0] < since:
            low = middle + 1
        else:
            high = middle
    return low
