"""Writing the evidence store: sequence, hash and commit groups of entries in one transaction."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from . import merkle
from .database import Database, SqliteDatabase
from .entry import (
    ERASED,
    Entry,
    InvalidEntry,
    Prepared,
    Receipt,
    leaf_of,
    prepare,
    request_digest,
    system_now,
)
from .reader import Reader

REMEMBERED = 100_000
"""A repeated request is recognised while its entries are among the last so many."""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Group:
    """What one caller wants written together; `erase` are entries whose payload goes with it."""

    entries: tuple[Prepared, ...]
    request: str | None = None
    erase: tuple[int, ...] = ()


class Store(Protocol):
    """The one writer's view of a store; after `EvidenceUnavailable` nothing was written."""

    def commit(self, groups: Sequence[Group]) -> list[list[Receipt]]: ...

    def append(self, batch: Sequence[Entry]) -> list[Receipt]: ...

    def erasure(self, seqs: Sequence[int], reason: str, at: str) -> Group: ...

    def erase(self, seqs: Sequence[int], reason: str) -> Receipt: ...

    def size(self) -> int: ...

    def close(self) -> None: ...


@dataclass
class _Draft:
    """The rows of one transaction while it is put together."""

    frontier: merkle.Frontier
    entries: list[tuple[Any, ...]] = field(default_factory=list)
    payloads: list[tuple[Any, ...]] = field(default_factory=list)
    subjects: list[tuple[Any, ...]] = field(default_factory=list)
    nodes: list[tuple[Any, ...]] = field(default_factory=list)
    requests: list[tuple[Any, ...]] = field(default_factory=list)
    erase: list[tuple[int]] = field(default_factory=list)


class SqlStore(Reader):
    """A store opened for writing over a claimed database."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._turn = threading.RLock()
        self._frontier: merkle.Frontier | None = None

    def append(self, batch: Sequence[Entry]) -> list[Receipt]:
        """Write a batch in one transaction, durable on return. Raises `InvalidEntry` too."""
        return self.commit([Group(tuple(prepare(entry) for entry in batch))])[0]

    def erase(self, seqs: Sequence[int], reason: str) -> Receipt:
        """Erase payloads, salts and subject rows; the erasing is an entry of its own."""
        return self.commit([self.erasure(seqs, reason, system_now())])[0][0]

    def erasure(self, seqs: Sequence[int], reason: str, at: str) -> Group:
        """The group that erases these entries. Raises `InvalidEntry` where that is not possible."""
        wanted = sorted(set(seqs))
        kinds = dict(self._where_in("SELECT seq, kind FROM entries WHERE seq IN", wanted))
        if not wanted or len(kinds) != len(wanted):
            raise InvalidEntry("There is no such entry to erase.")
        if ERASED in kinds.values():
            raise InvalidEntry("The record of an erasure stays.")
        entry = Entry(ERASED, {"entries": wanted, "reason": reason}, at=at)
        return Group((prepare(entry, reserved=True),), erase=tuple(wanted))

    def commit(self, groups: Sequence[Group]) -> list[list[Receipt]]:
        """Write the groups in one transaction, durable on return; receipts group by group.

        A group whose request was written before is not written again: it gets the same receipts.
        """
        with self._turn:
            frontier, self._frontier = self._frontier, None
            with self._database.transaction():
                draft = _Draft(frontier.copy() if frontier else self._load_frontier())
                known = self._known(groups)
                answers = [self._place(draft, group, known) for group in groups]
                self._write(draft)
            self._frontier = draft.frontier
            if draft.erase:
                self._database.tidy()
            return answers

    def _load_frontier(self) -> merkle.Frontier:
        size = self.size()
        return merkle.Frontier(size, merkle.peaks(size, self._hashes))

    def _known(self, groups: Sequence[Group]) -> dict[str, list[Receipt]]:
        requests = [group.request for group in groups if group.request]
        sql = "SELECT request, first, count FROM requests WHERE request IN"
        return {
            request: [
                Receipt(seq, bytes(leaf), at)
                for seq, leaf, at in self._database.rows(
                    "SELECT seq, leaf_hash, at FROM entries WHERE seq >= ? AND seq < ?"
                    " ORDER BY seq",
                    (first, first + count),
                )
            ]
            for request, first, count in self._where_in(sql, requests)
        }

    def _where_in(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        found = []
        for start in range(0, len(values), _CHUNK):
            chunk = values[start : start + _CHUNK]
            found += self._database.rows(f"{sql} ({', '.join('?' * len(chunk))})", chunk)
        return found

    def _place(self, draft: _Draft, group: Group, known: dict[str, list[Receipt]]) -> list[Receipt]:
        if group.request in known:
            return known[group.request]
        first = draft.frontier.size + 1
        receipts = [_sequence(draft, entry) for entry in group.entries]
        draft.erase += [(seq,) for seq in group.erase]
        if group.request and receipts:
            digest = request_digest(group.request, first, len(receipts))
            draft.requests.append((first, group.request, len(receipts), digest))
            known[group.request] = receipts
        return receipts

    def _write(self, draft: _Draft) -> None:
        if not draft.entries:
            return
        many, size = self._database.many, draft.frontier.size
        many("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", draft.entries)
        many("INSERT INTO payloads VALUES (?, ?, ?, ?)", draft.payloads)
        many("INSERT INTO heads VALUES (?, ?, ?)",
             [(size, draft.frontier.root(), draft.entries[-1][1])])  # fmt: skip
        if draft.subjects:
            many("INSERT INTO subjects VALUES (?, ?, ?)", draft.subjects)
        if draft.nodes:
            many("INSERT INTO nodes VALUES (?, ?, ?)", draft.nodes)
        if draft.requests:
            many("INSERT INTO requests VALUES (?, ?, ?, ?)", draft.requests)
            many("DELETE FROM requests WHERE first <= ?", [(size - REMEMBERED,)])
        if draft.erase:
            many("DELETE FROM payloads WHERE seq = ?", draft.erase)
            many("DELETE FROM subjects WHERE seq = ?", draft.erase)


class SqliteStore(SqlStore):
    """A store in its own SQLite file; raises `EvidenceLocked` when another process writes it."""

    def __init__(self, path: Path) -> None:
        super().__init__(SqliteDatabase(path, write=True))


class PostgresStore(SqlStore):
    """A store in the schema `evidence` of a PostgreSQL database; raises as `SqliteStore` does."""

    def __init__(self, dsn: str) -> None:
        from .postgres import PostgresDatabase

        super().__init__(PostgresDatabase(dsn, write=True))


def _sequence(draft: _Draft, entry: Prepared) -> Receipt:
    seq = draft.frontier.size + 1
    leaf = leaf_of(seq, entry.kind, entry.at, entry.commitment)
    draft.nodes += draft.frontier.push(leaf)
    draft.entries.append((seq, entry.at, entry.kind, entry.commitment, leaf))
    draft.payloads.append((seq, entry.salt, entry.payload, entry.reference))
    draft.subjects += [(holder, key, seq) for holder, key in entry.subjects]
    return Receipt(seq, leaf, entry.at)
