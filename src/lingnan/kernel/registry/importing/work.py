"""The working file of an import: what is checked so far, on disk and never in memory.

It stands beside the uploaded file. The database's checkpoint rules: what is here and goes
beyond it is of a chunk that broke off, and is done again.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from lingnan.kernel.registry.importing.checking import Problem

SCHEMA = """
CREATE TABLE IF NOT EXISTS seen (
    said TEXT PRIMARY KEY, row INTEGER NOT NULL, digest INTEGER NOT NULL, chunk INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bad (
    row INTEGER PRIMARY KEY, chunk INTEGER NOT NULL, cells TEXT NOT NULL, problems TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS plan (chunk INTEGER PRIMARY KEY, parts BLOB NOT NULL);
"""
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-128000;"
Seen = tuple[str, int, int]
Bad = tuple[int, Sequence[Any], list[Problem]]


def folder(ref: str) -> Path:
    """Where an import's files stand; `ref` is a reference made here."""
    return Path(settings.DATA) / "imports" / ref


def source(ref: str) -> Path:
    return folder(ref) / "file"


def clear(ref: str) -> None:
    """What was checked, away; the uploaded file stays."""
    for path in folder(ref).glob("work.sqlite3*"):
        path.unlink(missing_ok=True)
    (folder(ref) / "progress").unlink(missing_ok=True)


def clear_plan(ref: str) -> None:
    """What is taken in needs no plan any more; the refused rows stay for their sender."""
    with Work(ref) as kept:
        for table in ("seen", "plan"):
            kept.file.execute(f"DROP TABLE {table}")
        kept.file.execute("VACUUM")


def remove(ref: str) -> None:
    shutil.rmtree(folder(ref), ignore_errors=True)


class Work:
    """Use as a context manager."""

    def __init__(self, ref: str) -> None:
        self.path = folder(ref) / "work.sqlite3"

    def __enter__(self) -> Work:
        self.file = sqlite3.connect(self.path, isolation_level=None)
        self.path.chmod(0o600)
        self.file.executescript(PRAGMAS + SCHEMA)
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def back_to(self, chunk: int) -> bool:
        """Forget what goes beyond a chunk; False where that chunk is not here."""
        last = self.file.execute("SELECT coalesce(max(chunk), 0) FROM plan").fetchone()[0]
        if last < chunk:
            return False
        if last > chunk:
            self.file.execute("BEGIN")
            for table in ("seen", "bad", "plan"):
                self.file.execute(f"DELETE FROM {table} WHERE chunk > ?", (chunk,))
            self.file.execute("COMMIT")
        return True

    def known(self, said: Sequence[str]) -> dict[str, tuple[int, int]]:
        """What of these was said by a row before: text → (row, digest)."""
        found: dict[str, tuple[int, int]] = {}
        for start in range(0, len(said), 500):
            some = said[start : start + 500]
            marks = ",".join("?" * len(some))
            rows = self.file.execute(
                f"SELECT said, row, digest FROM seen WHERE said IN ({marks})", some
            )
            found |= {text: (row, digest) for text, row, digest in rows}
        return found

    def keep(
        self, chunk: int, seen: Sequence[Seen], bad: Sequence[Bad], parts: Sequence[Any]
    ) -> None:
        """One chunk, wholly or not at all."""
        self.file.execute("BEGIN")
        self.file.executemany(
            "INSERT INTO seen VALUES (?, ?, ?, ?)", ((*one, chunk) for one in sorted(seen))
        )
        self.file.executemany(
            "INSERT OR REPLACE INTO bad VALUES (?, ?, ?, ?)",
            ((row, chunk, _cells(cells), _problems(said)) for row, cells, said in bad),
        )
        text = json.dumps(parts, ensure_ascii=False, default=str)
        self.file.execute(
            "INSERT INTO plan VALUES (?, ?)", (chunk, zlib.compress(text.encode(), 1))
        )
        self.file.execute("COMMIT")

    def refuse(self, rows: Mapping[int, Sequence[Any]], problem: Problem) -> None:
        """Rows that were good and can no longer be taken in."""
        self.file.executemany(
            "INSERT OR REPLACE INTO bad VALUES (?, 0, ?, ?)",
            ((row, _cells(cells), _problems([problem])) for row, cells in rows.items()),
        )

    def plans(self) -> Iterator[tuple[int, list[Any]]]:
        """(chunk, parts) in order."""
        last = 0
        while True:
            row = self.file.execute(
                "SELECT chunk, parts FROM plan WHERE chunk > ? ORDER BY chunk LIMIT 1", (last,)
            ).fetchone()
            if row is None:
                return
            last = row[0]
            yield last, json.loads(zlib.decompress(row[1]))

    def any_bad(self) -> bool:
        return self.file.execute("SELECT 1 FROM bad LIMIT 1").fetchone() is not None

    def bad(self, most: int = -1, first: int = 0, last: int = 1 << 60) -> Iterator[Bad]:
        """Rows that are not taken, by their number: (row, cells, problems)."""
        query = (
            "SELECT row, cells, problems FROM bad WHERE row BETWEEN ? AND ? ORDER BY row LIMIT ?"
        )
        for row, cells, problems in self.file.execute(query, (first, last, most)):
            yield row, json.loads(cells), [Problem(*one) for one in json.loads(problems)]


def _cells(cells: Sequence[Any]) -> str:
    return json.dumps([None if one is None else _short(one) for one in cells], ensure_ascii=False)


def _short(cell: Any) -> str:
    text = str(cell)
    if hasattr(cell, "hour") and text.endswith(" 00:00:00"):
        text = text[:-9]
    return text.encode("utf-8", "replace").decode()[:32_000]


def _problems(said: list[Problem]) -> str:
    return json.dumps([(one.field, one.code, one.more) for one in said], ensure_ascii=False)
