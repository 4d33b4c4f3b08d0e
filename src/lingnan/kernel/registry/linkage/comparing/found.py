"""The working file of a comparison: its rows and what was found of them, on disk.

It stands beside the uploaded file and is written by one process; a comparison that broke off is
begun anew, so no answer is there twice.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lingnan.kernel.registry.importing import work
from lingnan.kernel.registry.importing.checking import Problem
from lingnan.kernel.registry.linkage.scoring import Scored

KINDS = ("certain", "several", "possible", "none", "bad")
# So many answers of a row are kept, the best ones: who looks at more has no row that says much.
ANSWERS = 5
SCHEMA = """
CREATE TABLE rows (row INTEGER PRIMARY KEY, kind TEXT NOT NULL DEFAULT 'none',
    answers INTEGER NOT NULL DEFAULT 0, said TEXT NOT NULL, problems TEXT NOT NULL);
CREATE TABLE answers (row INTEGER NOT NULL, record INTEGER NOT NULL, weight REAL NOT NULL,
    levels TEXT NOT NULL, PRIMARY KEY (row, record)) WITHOUT ROWID;
"""
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;"
JUDGED = """
UPDATE rows SET (answers, kind) = (
    SELECT count(*), CASE WHEN count(*) = 0 THEN 'none'
        ELSE CASE sum(weight >= :propose) WHEN 0 THEN 'possible' WHEN 1 THEN 'certain'
        ELSE 'several' END END
    FROM answers WHERE answers.row = rows.row
) WHERE kind != 'bad'
"""
BEYOND = """
DELETE FROM answers WHERE (row, record) IN (
    SELECT row, record FROM (SELECT row, record, row_number() OVER (
        PARTITION BY row ORDER BY weight DESC, record) AS place FROM answers) WHERE place > ?)
"""


@dataclass(frozen=True)
class Answer:
    """A record that a row may be: its key, the weight, and which level each field is at.

    `merged` says that what was compared was, or was too, a record that went into this one since.
    """

    record: int
    weight: float
    levels: Mapping[str, str]
    merged: bool = False


@dataclass(frozen=True)
class Row:
    """A row of the file: `said` are the values that were compared, `answers` how many there are."""

    number: int
    kind: str
    answers: int
    said: Mapping[str, str]
    problems: list[Problem]


def place(ref: str) -> Path:
    return work.folder(ref) / "found.sqlite3"


class Found:
    """Use as a context manager; `anew` forgets what is there."""

    def __init__(self, ref: str, anew: bool = False) -> None:
        self.path = place(ref)
        if anew:
            for path in work.folder(ref).glob("found.sqlite3*"):
                path.unlink(missing_ok=True)
        self.anew = anew

    def __enter__(self) -> Found:
        self.file = sqlite3.connect(self.path, isolation_level=None)
        if self.anew:
            self.path.chmod(0o600)
            self.file.executescript(PRAGMAS + SCHEMA)
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def take_rows(self, rows: Iterable[Row]) -> None:
        self.file.execute("BEGIN")
        self.file.executemany(
            "INSERT INTO rows (row, kind, said, problems) VALUES (?, ?, ?, ?)",
            ((r.number, r.kind, _text(r.said), _problems(r.problems)) for r in rows),
        )
        self.file.execute("COMMIT")

    def take(self, found: Iterable[Scored]) -> None:
        """Pairs of a row's number and a record's key; one that is there already stays."""
        self.file.execute("BEGIN")
        self.file.executemany(
            "INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?)",
            ((one.left, one.right, one.weight, _text(one.levels)) for one in found),
        )
        self.file.execute("COMMIT")

    def judge(self, propose: float) -> dict[str, int]:
        """Say of each row what it is, keep its best answers, and count rows by kind."""
        self.file.execute("BEGIN")
        self.file.execute(JUDGED, {"propose": propose})
        self.file.execute(BEYOND, [ANSWERS])
        self.file.execute("CREATE INDEX rows_of_kind ON rows (kind, row)")
        self.file.execute("COMMIT")
        counted = dict(self.file.execute("SELECT kind, count(*) FROM rows GROUP BY kind"))
        return {kind: counted.get(kind, 0) for kind in KINDS}

    def page(self, kind: str, after: int, most: int) -> list[Row]:
        """Rows after one, in the file's order; of one kind or ("") of all."""
        which, said = ("kind = ? AND", [kind]) if kind else ("", [])
        query = f"SELECT row, kind, answers, said, problems FROM rows WHERE {which} row > ?"
        rows = self.file.execute(f"{query} ORDER BY row LIMIT ?", [*said, after, most])
        return [_row(*one) for one in rows]

    def one(self, number: int) -> Row | None:
        found = self.page("", number - 1, 1)
        return found[0] if found and found[0].number == number else None

    def answers(self, rows: Sequence[Row]) -> dict[int, list[Answer]]:
        """The answers of neighbouring rows by their numbers, the likeliest first."""
        found: dict[int, list[Answer]] = {row.number: [] for row in rows}
        if not rows:
            return found
        query = (
            "SELECT row, record, weight, levels FROM answers WHERE row BETWEEN ? AND ? "
            "ORDER BY row, weight DESC, record"
        )
        for row, record, weight, levels in self.file.execute(
            query, [rows[0].number, rows[-1].number]
        ):
            if row in found:
                found[row].append(Answer(record, weight, json.loads(levels)))
        return found

    def batches(self, most: int) -> Iterator[list[Row]]:
        after = 0
        while rows := self.page("", after, most):
            yield rows
            after = rows[-1].number


def _text(said: Mapping[str, str]) -> str:
    return json.dumps(dict(said), ensure_ascii=False)


def _problems(said: Sequence[Problem]) -> str:
    return json.dumps([(one.field, one.code, one.more) for one in said], ensure_ascii=False)


def _row(number: int, kind: str, answers: int, said: str, problems: str) -> Row:
    found = [Problem(*one) for one in json.loads(problems)]
    return Row(number, kind, answers, json.loads(said), found)
