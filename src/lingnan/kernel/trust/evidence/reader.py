"""Reading the evidence store: what happened to a subject, in a case, of a kind; and its proofs."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from . import disclosing, merkle, verify
from . import tally as tallies
from .closing import Closing
from .database import Database, Row
from .entry import (
    SALT_LENGTH,
    Closed,
    Disclosed,
    EvidenceUnavailable,
    Head,
    ShownEntry,
    StoredEntry,
    Subject,
    commitment,
    subjects_digest,
)

_COLUMNS = "e.seq, e.at, e.kind, e.commitment, p.payload, p.reference"
_TABLES = "entries e LEFT JOIN payloads p ON p.seq = e.seq"
_LAST = (1 << 63) - 1


class Reader(Closing):
    """Reads a store, newest entries first; many may read while one process writes.

    Lists are paged by `before_seq` (the smallest `seq` of the page before). Every method raises
    `EvidenceUnavailable` when the store cannot be read.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def close(self) -> None:
        self._database.close()

    def by_seq(self, seq: int) -> StoredEntry | None:
        """One entry by its number in the log."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM {_TABLES} WHERE e.seq = ?", (seq,))
        return _stored(rows[0]) if rows else None

    def by_subject(
        self, holder: str, key: int, before_seq: int | None = None, limit: int = 50,
        kinds: Collection[str] = (),
    ) -> list[StoredEntry]:  # fmt: skip
        """Entries that concern one subject, optionally of some kinds only."""
        return self._list(
            f"{_TABLES} JOIN subjects s ON s.seq = e.seq", "s.seq",
            [("s.holder = ?", holder), ("s.key = ?", key)], kinds, before_seq, limit,
        )  # fmt: skip

    def by_reference(
        self, reference: str, before_seq: int | None = None, limit: int = 50,
        kinds: Collection[str] = (),
    ) -> list[StoredEntry]:  # fmt: skip
        """Entries written with this reference, such as a case number."""
        tables = "payloads p JOIN entries e ON e.seq = p.seq"
        chosen = [("p.reference = ?", reference)]
        return self._list(tables, "p.seq", chosen, kinds, before_seq, limit)

    def entries(
        self, kind: str | None = None, before_seq: int | None = None, limit: int = 50
    ) -> list[StoredEntry]:
        """The log itself, optionally of one kind."""
        kinds = () if kind is None else (kind,)
        return self._list(_TABLES, "e.seq", [], kinds, before_seq, limit)

    def of_kinds(
        self, kinds: Collection[str], before_seq: int | None = None, limit: int = 50
    ) -> list[StoredEntry]:
        """The entries of several kinds."""
        return self._list(_TABLES, "e.seq", [], kinds, before_seq, limit)

    def tally(
        self, kind: str, saying: Mapping[str, str], by: Sequence[str], since: str,
        limit: int = 100_000,
    ) -> Counter[tuple[str, ...]]:  # fmt: skip
        """How many entries of a kind since a moment say so, by what their payload says."""
        return tallies.tally(self._database, kind, saying, by, since, limit)

    def subjects(self, seq: int) -> list[Subject]:
        """Whom one entry concerns; empty when it has been erased."""
        sql = "SELECT holder, key FROM subjects WHERE seq = ?"
        return sorted(Subject(*row) for row in self._database.rows(sql, (seq,)))

    def shown(self, seq: int) -> ShownEntry | Disclosed | None:
        """What may be shown of an entry: all but its subjects. None where there is none, where it
        was erased, and of an entry of before, whose one salt binds the subjects with the
        payload."""
        sql = "SELECT e.at, e.kind, p.payload, p.reference, p.salt FROM entries e"
        sql += " JOIN payloads p ON p.seq = e.seq WHERE e.seq = ?"
        with self._database.transaction():
            rows, concerns = self._database.rows(sql, (seq,)), self.subjects(seq)
        if not rows or len(rows[0][4]) == SALT_LENGTH:
            return None
        at, kind, payload, reference, salt = rows[0]
        if len(salt) == disclosing.SEED:
            pairs = [(one.holder, one.key) for one in concerns]
            made = disclosing.parts(bytes(salt), payload, reference, pairs)
            return Disclosed(seq, at, kind, made)
        own, others = bytes(salt[:SALT_LENGTH]), bytes(salt[SALT_LENGTH:])
        told = subjects_digest(others, tuple((one.holder, one.key) for one in concerns))
        return ShownEntry(seq, at, kind, payload, reference, own, told)

    def disclosed(
        self, seq: int, names: Collection[str], own: Collection[Subject]
    ) -> Disclosed | Closed | None:
        """What is shown of an entry to the one of `own` whom it concerns: these members of its
        payload, not its reference. None where it concerns none of them; nothing but its head of
        an entry of before, or that was erased."""
        concerned = self.subjects(seq)
        whose = [(one.holder, one.key) for one in own if one in concerned]
        stored, shown = self.by_seq(seq), self.shown(seq)
        if stored is None or not whose:
            return None
        if not isinstance(shown, Disclosed):
            return Closed(seq, stored.at, stored.kind, stored.commitment)
        rows = self._database.rows("SELECT salt FROM payloads WHERE seq = ?", (seq,))
        pairs = [(one.holder, one.key) for one in concerned]
        return shown.only(names, False, disclosing.about(bytes(rows[0][0]), pairs, whose))

    def subjects_between(self, first: int, last: int) -> dict[int, list[Subject]]:
        """Whom the entries from `first` to `last` concern, by entry; without those of nobody."""
        sql = "SELECT seq, holder, key FROM subjects WHERE seq >= ? AND seq <= ? ORDER BY seq"
        found: dict[int, list[Subject]] = {}
        for seq, holder, key in self._database.rows(sql, (first, last)):
            found.setdefault(seq, []).append(Subject(holder, key))
        return found

    def committed(self, seq: int) -> bool | None:
        """Whether payload, reference and subjects give the entry's commitment; None: erased."""
        sql = (
            "SELECT e.commitment, p.salt, p.payload, p.reference FROM entries e"
            " JOIN payloads p ON p.seq = e.seq WHERE e.seq = ?"
        )
        rows = self._database.rows(sql, (seq,))
        if not rows:
            return None
        stored, salt, payload, reference = rows[0]
        subjects = tuple((one.holder, one.key) for one in self.subjects(seq))
        return commitment(bytes(salt), payload, reference, subjects) == bytes(stored)

    def head(self) -> Head:
        """The newest head; of an empty log size 0, the root of RFC 9162 §2.1.1, and no time."""
        rows = self._database.rows("SELECT size, root, at FROM heads ORDER BY size DESC LIMIT 1")
        if not rows:
            return Head(0, merkle.EMPTY_ROOT, "")
        size, root, at = rows[0]
        return Head(size, bytes(root), at)

    def size(self) -> int:
        """How many entries the log has."""
        return self.head().size

    def root(self, size: int | None = None) -> bytes:
        """The Merkle root now, or as it was at `size` (ValueError when the log is shorter)."""
        head = self.head()
        if size is None or size == head.size:
            return head.root
        if not 0 <= size < head.size:
            raise ValueError("The log is not that long.")
        return merkle.root(size, self._hashes)

    def inclusion(self, seq: int, size: int | None = None) -> list[bytes]:
        """Proof for `merkle.verify_inclusion(leaf, seq - 1, size, …)`; ValueError out of range."""
        return merkle.inclusion_proof(seq - 1, self._within(size), self._hashes)

    def consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """Proof for `merkle.verify_consistency(old, size, …)`; ValueError out of range."""
        return merkle.consistency_proof(old, self._within(size), self._hashes)

    def verify_newest(self, count: int) -> list[verify.Fault]:
        """Check the newest entries upon the stored tree; `verify` recomputes everything."""
        return verify.verify_newest(self._database, self._hashes, count)

    def verify(self, known: Iterable[Head] = ()) -> list[verify.Fault]:
        """Recompute everything; `known` are heads kept elsewhere that the log must still extend."""
        return verify.verify(self._database, known)

    def _within(self, size: int | None) -> int:
        newest = self.size()
        if size is not None and size > newest:
            raise ValueError("The log is not that long.")
        return newest if size is None else size

    def _hashes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        if level:
            sql = "SELECT hash FROM nodes WHERE level = ? AND position >= ? AND position < ?"
            sql += " ORDER BY position"
            rows = self._database.rows(sql, (level, first, first + count))
        else:
            sql = "SELECT leaf_hash FROM entries WHERE seq > ? AND seq <= ? ORDER BY seq"
            rows = self._database.rows(sql, (first, first + count))
        if len(rows) != count:
            raise EvidenceUnavailable("The evidence store lacks hashes of its own log.")
        return [bytes(row[0]) for row in rows]

    def _list(
        self,
        tables: str,
        seq: str,
        chosen: Sequence[tuple[str, object]],
        kinds: Collection[str],
        before_seq: int | None,
        limit: int,
    ) -> list[StoredEntry]:
        terms = [*chosen, (f"{seq} < ?", _LAST if before_seq is None else before_seq)]
        where = " AND ".join(term for term, _ in terms)
        values: list[Any] = [value for _, value in terms]
        if kinds:
            where += f" AND e.kind IN ({', '.join('?' * len(kinds))})"
            values += kinds
        sql = f"SELECT {_COLUMNS} FROM {tables} WHERE {where} ORDER BY {seq} DESC LIMIT ?"
        return [_stored(row) for row in self._database.rows(sql, [*values, limit])]


def _stored(row: Row) -> StoredEntry:
    seq, at, kind, commitment, payload, reference = row
    content = None if payload is None else json.loads(payload)
    return StoredEntry(seq, at, kind, bytes(commitment), content, reference)
