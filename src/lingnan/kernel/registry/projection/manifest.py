"""What a copy consists of: one small file, replaced as a whole.

A reader opens only what the manifest names. Files are written under names of their own and never
changed; those that neither the newest manifest nor the one before it names are removed.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings

from lingnan.kernel.registry.records import Record

NAME = "manifest.json"
FORMAT = 1


class Busy(Exception):
    """Another process is making this copy."""


@dataclass(frozen=True)
class Part:
    """One file and its rows."""

    file: str
    rows: int


@dataclass(frozen=True)
class Manifest:
    """A copy as it stands.

    single       files in which each key stands once (together, too): what holds from `valid_from`
                 on, of records with one statement
    several      files of the statements of all other records, by key and version
    versions_to  all versions up to this id are in the copy (the watermark)
    loads_to     all rows up to this mark of a bulk load are
    rows         statements altogether
    made_at      when it was brought up to date, by the machine's clock (ISO 8601, UTC)
    legal_at     legal time at that instant (ISO 8601)
    """

    schema: str
    versions_to: int
    loads_to: int
    made_at: str
    legal_at: str
    single: tuple[Part, ...] = ()
    several: tuple[Part, ...] = ()
    previous: tuple[str, ...] = field(default_factory=tuple)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(part.rows for part in (*self.single, *self.several))

    @property
    def files(self) -> set[str]:
        return {part.file for part in (*self.single, *self.several)}

    @property
    def made(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    @property
    def legal(self) -> datetime:
        return datetime.fromisoformat(self.legal_at)

    @property
    def known_on(self) -> date:
        """The legal day up to which the copy knows."""
        return self.legal.date()


def folder(model: type[Record]) -> Path:
    """Where a record type's copy stands."""
    place = f"{model._meta.app_label}.{model._meta.model_name}"
    return Path(settings.DATA) / "projection" / place


def read(model: type[Record]) -> Manifest | None:
    """The newest manifest; None where no copy of this format was made yet."""
    try:
        told = json.loads((folder(model) / NAME).read_text())
    except FileNotFoundError:
        return None
    if told.pop("format") != FORMAT:
        return None
    told.pop("rows")
    parts = {name: tuple(Part(**one) for one in told.pop(name)) for name in ("single", "several")}
    return Manifest(**told | parts | {"previous": tuple(told["previous"])})


def write(model: type[Record], made: Manifest) -> Manifest:
    """Put a manifest in the place of the last one, durably, then remove what none names."""
    place, before = folder(model), read(model)
    made = replace(made, previous=tuple(sorted(before.files if before else ())))
    for name in made.files:
        _flush(place / name)
    draft = place / f"{NAME}.tmp"
    draft.write_text(json.dumps(asdict(made) | {"rows": made.rows}, indent=1))
    _flush(draft)
    draft.replace(place / NAME)
    _flush(place)
    for path in place.glob("*.parquet"):
        if path.name not in made.files and path.name not in made.previous:
            path.unlink(missing_ok=True)
    return made


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def building(model: type[Record]) -> Iterator[Path]:
    """The folder, for one process at a time. Raises Busy. The system frees a killed one's lock."""
    place = folder(model)
    place.mkdir(parents=True, exist_ok=True)
    with (place / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(place.name) from None
        yield place
