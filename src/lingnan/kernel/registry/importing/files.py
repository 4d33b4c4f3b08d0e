"""The uploaded file: kept in the node's files as it comes, told by its content, opened as rows."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from lingnan.kernel.registry.importing import sheets, texts, work
from lingnan.kernel.registry.importing.arrows import ArrowSource, opened
from lingnan.kernel.registry.importing.models import SentFile
from lingnan.kernel.registry.importing.sheets import SheetSource, Unfit
from lingnan.kernel.registry.importing.texts import TextSource

Row = tuple[int, Sequence[Any], str]
ENDINGS = {".csv": "csv", ".txt": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".parquet": "parquet"}
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
# Control characters of which a text has none; UTF-16 is told by its mark before.
BINARY = bytes(set(range(32)) - {0, 9, 10, 13, 27, 12, 11, 8, 26})
FIRST = 60


class Source(Protocol):
    """A file as rows; `share` tells how much of it is read, 0 to 1."""

    share: float

    def rows(self) -> Iterator[Row]: ...


def store(pieces: Iterable[bytes]) -> tuple[str, str, int]:
    """Write a file piece by piece: (reference, SHA-256, bytes). Raises Unfit; then none is kept."""
    ref, digest, size = secrets.token_hex(16), hashlib.sha256(), 0
    work.folder(ref).mkdir(parents=True, mode=0o700)
    try:
        with work.source(ref).open("wb") as file:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                if size > settings.IMPORT_LIMIT:
                    raise Unfit("too_large")
                file.write(piece)
    except BaseException:
        work.remove(ref)
        raise
    return ref, digest.hexdigest(), size


def kind_of(path: Path, name: str) -> str:
    """csv, xlsx or parquet: by the content, which the name must not belie. Raises Unfit."""
    with path.open("rb") as file:
        head = file.read(texts.SAMPLE)
    if not head.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise Unfit("empty")
    if head.startswith(OLD_EXCEL):
        raise Unfit("old_excel")
    found = _by_content(head)
    named = ENDINGS.get(Path(name).suffix.lower())
    if named is None:
        raise Unfit("ending")
    if named != found:
        raise Unfit(f"is_{found}" if found else "binary")
    if found == "xlsx":
        sheets.inspect(path)
    if found == "parquet":
        opened(path).close()
    return found


def _by_content(head: bytes) -> str:
    if head.startswith(b"PK"):
        return "xlsx"
    if head.startswith(b"PAR1"):
        return "parquet"
    wide = texts.detect(head) == "utf-16"
    odd = 0 if wide else len(head) - len(head.translate(None, BINARY))
    return "" if odd * 50 > len(head) or head.startswith(b"%PDF-") else "csv"


def reading_of(path: Path, kind: str, delimiters: Sequence[str] = ()) -> dict[str, Any]:
    """How a file is read, as found: encoding and delimiter of a text."""
    if kind != "csv":
        return {}
    with path.open("rb") as file:
        sample = file.read(texts.SAMPLE)
    encoding = texts.detect(sample)
    text = sample.decode("utf-16" if encoding == "utf-16" else encoding, "replace")
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    scores = {
        sign: min((line.count(sign) for line in lines), default=0) for sign in texts.DELIMITERS
    }
    most = {sign: sum(line.count(sign) for line in lines) for sign in texts.DELIMITERS}
    delimiter = max(texts.DELIMITERS, key=lambda sign: (scores[sign], most[sign]))
    return {"encoding": encoding, "delimiter": delimiter}


def source_of(one: SentFile) -> Source:
    path = work.source(one.ref)
    if one.kind == "xlsx":
        return SheetSource(path)
    if one.kind == "parquet":
        return ArrowSource(path)
    return TextSource(path, one.reading["encoding"], one.reading["delimiter"])


def first_rows(one: SentFile, most: int = FIRST) -> list[Row]:
    """The rows at the top. Raises Unfit: nothing there, too many columns, broken off."""
    found = list(islice(source_of(one).rows(), most))
    if not any(cells for _number, cells, _fault in found):
        raise Unfit("empty")
    if max(len(cells) for _number, cells, _fault in found) > sheets.COLUMNS:
        raise Unfit("columns")
    return found


def is_blank(cells: Sequence[Any]) -> bool:
    """Whether a row says nothing; most rows are told by their first cell."""
    if cells and isinstance(cells[0], str) and cells[0] and not cells[0].isspace():
        return False
    return not any(cell is not None and str(cell).strip() for cell in cells)
