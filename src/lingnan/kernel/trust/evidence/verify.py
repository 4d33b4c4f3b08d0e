"""Recomputing a store: leaf hashes, commitments, the tree, and what stands beside them."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from . import merkle
from .database import Database, Row
from .entry import ERASED, EvidenceUnavailable, Head, commitment, leaf_of, request_digest

_PAGE = 500
_FAULTS = 1_000
_ORPHANS = (
    ("payloads", "SELECT seq FROM payloads EXCEPT SELECT seq FROM entries"),
    ("subjects", "SELECT seq FROM subjects EXCEPT SELECT seq FROM payloads"),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written; `seq` is the entry, size or position concerned."""

    table: str
    seq: int
    problem: str


@dataclass
class _Check:
    """The state of one pass over the log."""

    faults: list[Fault] = field(default_factory=list)
    tree: merkle.Frontier = field(default_factory=merkle.Frontier)
    erased: set[int] = field(default_factory=set)
    recorded: set[int] = field(default_factory=set)
    heads: dict[int, Row] = field(default_factory=dict)
    known: dict[int, bytes] = field(default_factory=dict)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    at: object = None

    def add(self, table: str, seq: object, problem: str) -> None:
        if len(self.faults) < _FAULTS:
            self.faults.append(Fault(table, seq if isinstance(seq, int) else 0, problem))


def verify(database: Database, known: Iterable[Head] = ()) -> list[Fault]:
    """Check every row against the log; no faults means nothing written was changed or removed.

    Whoever can rewrite the whole store consistently is found out only by `known` heads that were
    kept elsewhere. Never raises: an unreadable store is a fault.
    """
    check = _Check(known={head.size: head.root for head in known})
    try:
        with database.transaction():
            for problem in database.faults():
                check.add("store", 0, problem)
            _follow(database, check)
            _rest(database, check)
    except (EvidenceUnavailable, OverflowError) as problem:
        check.add("store", 0, str(problem))
    return check.faults


def verify_newest(database: Database, read: merkle.Read, count: int) -> list[Fault]:
    """Check the newest entries against the log, so that it takes no longer as the log grows.

    The tree of what stands before them is taken from its stored nodes; the newest entries are
    hashed anew upon it and must arrive at the heads that were written. Never raises.
    """
    check = _Check()
    try:
        with database.transaction():
            size = database.rows("SELECT MAX(size) FROM heads")[0][0] or 0
            start = max(0, size - count)
            check.tree = merkle.Frontier(start, merkle.peaks(start, read))
            _follow(database, check, start)
            for seq in sorted(check.erased - check.recorded):
                check.add("payloads", seq, "missing, and no erasure is recorded")
            if check.tree.size != size:
                check.add("heads", size, "the heads do not end with the log")
    except (EvidenceUnavailable, OverflowError) as problem:
        check.add("store", 0, str(problem))
    return check.faults


def _follow(database: Database, check: _Check, seq: int = -(1 << 63)) -> None:
    """Walk the log page by page from its first leaf, or from after an entry."""
    if 0 in check.known and check.known.pop(0) != merkle.EMPTY_ROOT:
        check.add("heads", 0, "the log does not extend a known head")
    while True:
        page = database.rows(
            "SELECT e.seq, e.at, e.kind, e.commitment, e.leaf_hash, p.salt, p.payload, p.reference"
            " FROM entries e LEFT JOIN payloads p ON p.seq = e.seq"
            " WHERE e.seq > ? ORDER BY e.seq LIMIT ?",
            (seq, _PAGE),
        )
        if not page:
            break
        subjects = _subjects(database, page[0][0], page[-1][0])
        _load_heads(database, check, len(page))
        for row in page:
            _entry(check, row, subjects.get(row[0], ()))
        seq = page[-1][0]


def _subjects(database: Database, first: int, last: int) -> dict[int, tuple[Row, ...]]:
    rows = database.rows(
        "SELECT seq, holder, key FROM subjects WHERE seq >= ? AND seq <= ?", (first, last)
    )
    found = defaultdict(list)
    for seq, holder, key in rows:
        found[seq].append((holder, key))
    return {seq: tuple(pairs) for seq, pairs in found.items()}


def _load_heads(database: Database, check: _Check, count: int) -> None:
    size = check.tree.size
    sql = "SELECT size, root, at FROM heads WHERE size > ? AND size <= ?"
    check.heads.update({row[0]: row for row in database.rows(sql, (size, size + count))})


def _entry(check: _Check, row: Row, subjects: tuple[Row, ...]) -> None:
    seq, at, kind, committed, leaf, salt, payload, reference = row
    committed, leaf = _bytes(committed), _bytes(leaf)
    if seq != check.tree.size + 1:
        check.add("entries", seq, "out of sequence")
    if not isinstance(kind, str) or not isinstance(at, str):
        check.add("entries", seq, "not text")
    elif leaf_of(seq, kind, at, committed) != leaf:
        check.add("entries", seq, "leaf hash differs")
    if payload is None:
        check.erased.add(seq)
        if subjects:
            check.add("subjects", seq, "subjects of an erased entry")
    else:
        _payload(check, seq, committed, (_bytes(salt), payload, reference), subjects)
        if kind == ERASED:
            _recorded(check, payload)
    check.at = at
    for level, position, node in check.tree.push(leaf):
        check.nodes[level, position] = node
    _head(check)


def _payload(
    check: _Check, seq: int, committed: bytes, stored: Row, subjects: tuple[Row, ...]
) -> None:
    salt, payload, reference = stored
    try:
        matches = commitment(salt, payload, reference, tuple(sorted(subjects))) == committed
    except (TypeError, ValueError):
        matches = False
    if not matches:
        check.add("payloads", seq, "payload, reference or subjects differ from the commitment")


def _recorded(check: _Check, payload: str) -> None:
    try:
        check.recorded.update(int(seq) for seq in json.loads(payload)["entries"])
    except (ValueError, KeyError, TypeError):
        return  # the commitment has already been found to differ


def _head(check: _Check) -> None:
    size = check.tree.size
    stored = check.heads.pop(size, None)
    if stored and (_bytes(stored[1]), stored[2]) != (check.tree.root(), check.at):
        check.add("heads", size, "head differs from the log")
    if size in check.known and check.known.pop(size) != check.tree.root():
        check.add("heads", size, "the log does not extend a known head")


def _rest(database: Database, check: _Check) -> None:
    """What the walk could not see: erasures, the last head, nodes, orphans and requests."""
    for seq in sorted(check.erased - check.recorded):
        check.add("payloads", seq, "missing, and no erasure is recorded")
    for seq in sorted(check.recorded - check.erased):
        check.add("payloads", seq, "still present after its erasure")
    size = check.tree.size
    last = database.rows("SELECT MIN(size), MAX(size) FROM heads")[0]
    if (last[1] or 0) != size or (last[0] is not None and last[0] < 1):
        check.add("heads", size, "the heads do not end with the log")
    for known in check.known:
        check.add("heads", known, "the log does not reach a known head")
    for table, sql in _ORPHANS:
        for (seq,) in database.rows(f"{sql} LIMIT {_FAULTS}"):
            check.add(table, seq, "belongs to no entry")
    _nodes(database, check)
    _requests(database, check)


def _nodes(database: Database, check: _Check) -> None:
    for level, position, node in database.rows("SELECT level, position, hash FROM nodes"):
        if check.nodes.pop((level, position), None) != _bytes(node):
            check.add("nodes", position, "node differs from the log")
    for _, position in check.nodes:
        check.add("nodes", position, "node is missing")


def _requests(database: Database, check: _Check) -> None:
    sql = "SELECT first, request, count, digest FROM requests"
    for first, request, count, digest in database.rows(sql):
        if _bytes(digest) != request_digest(request, first, count):
            check.add("requests", first, "request differs")


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else b""
