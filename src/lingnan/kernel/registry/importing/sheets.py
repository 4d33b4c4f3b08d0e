"""Rows of an Excel workbook (ECMA-376), read as it stands, never computed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lingnan.kernel.registry.importing.values import Formula

COLUMNS = 500
# Unpacked bytes: of the whole, and of the texts, which a reader keeps in memory.
UNPACKED, TEXTS, RATIO = 3 << 30, 200 << 20, 400
SMALL = 10 << 20
TEXT_PART = "xl/sharedStrings.xml"


class Unfit(Exception):
    """A file that cannot be read: `code` is a key of words.FILES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def inspect(path: Path) -> None:
    """Refuse what unpacks to too much, or declares entities. Raises Unfit."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist():
                raise Unfit("no_workbook")
            total = sum(part.file_size for part in parts)
            texts = sum(part.file_size for part in parts if part.filename == TEXT_PART)
            packed = max(1, sum(part.compress_size for part in parts))
            if total > UNPACKED or texts > TEXTS or (total > SMALL and total / packed > RATIO):
                raise Unfit("bomb")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _plain(archive, part)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise Unfit("damaged") from error
    except RuntimeError as error:  # a part locked with a password
        raise Unfit("locked") from error


def _plain(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with archive.open(part) as opened:
        if b"<!DOCTYPE" in opened.read(4096):
            raise Unfit("bomb")


class SheetSource:
    """The rows of a workbook's first sheet that shows something."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.share = 0.0

    def rows(self) -> Iterator[tuple[int, list[Any], str]]:
        """(number, cells, fault); Raises Unfit where the workbook breaks off."""
        from openpyxl import load_workbook

        inspect(self.path)
        with self.path.open("rb") as file:  # by its name openpyxl would judge the ending
            try:
                book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
                yield from self._rows(book)
            except Unfit:
                raise
            except Exception as error:  # openpyxl lets every fault of a file through
                raise Unfit("damaged") from error
        self.share = 1.0

    def _rows(self, book: Any) -> Iterator[tuple[int, list[Any], str]]:
        shown = [one for one in book.worksheets if one.sheet_state == "visible"]
        if not shown:
            raise Unfit("empty")
        sheet = shown[0]
        most = sheet.max_row or 0
        sheet.reset_dimensions()  # what a file says of its size need not be so
        for number, cells in enumerate(sheet.iter_rows(), 1):
            if number % 1000 == 0:
                self.share = min(0.99, number / most) if most else 0.5
            yield number, _values(cells), ""


def _values(cells: Any) -> list[Any]:
    shown = cells[: COLUMNS + 1]
    found = [Formula(one.value) if one.data_type == "f" else one.value for one in shown]
    while found and found[-1] is None:
        found.pop()
    return found
