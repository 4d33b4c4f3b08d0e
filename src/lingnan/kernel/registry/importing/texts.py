"""Rows of a text file: any usual encoding, mixed or broken, any usual delimiter.

A line that no encoding reads, or whose quotes do not close, spoils its own row only.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

ENCODINGS = ("utf-8", "gb18030", "utf-16")
DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon"}
BLOCK = 1 << 20
# A row of more lines, or a line of more characters, is a quote that was never closed.
LINES, LONGEST = 64, 1 << 17
SAMPLE = 1 << 18
CHINESE = re.compile("[\u3000-\u9fff]")
Row = tuple[int, list[str], str]


class TooLong(Exception):
    """A row went on for too many lines."""


def detect(sample: bytes) -> str:
    """The encoding of a file by its beginning: "utf-8", "gb18030" or "utf-16"."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8"
    lines = [line for line in sample.split(b"\n")[:-1] or [sample] if not line.isascii()]
    read = sum(_reads(line, "utf-8") for line in lines)
    others = sum(not _reads(line, "utf-8") and _reads(line, "gb18030") for line in lines)
    return "utf-8" if read >= others else "gb18030"


def _reads(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def decoded(line: bytes, encoding: str) -> str:
    """One line by its file's encoding, else by the other; else with U+FFFD where it is lost.

    What is GB 18030 is hardly ever UTF-8; but UTF-8 that lost a byte often reads as GB 18030,
    with other characters: a line most of which is Chinese in UTF-8 is taken for that.
    """
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        text = line.decode("utf-8", "replace")
    if len(CHINESE.findall(text)) >= text.count("\ufffd"):
        return text
    try:
        return line.decode("gb18030")
    except UnicodeDecodeError:
        return line.decode(encoding, "replace")


class Lines:
    """The lines of a file as text, with the bytes read so far."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self.file, self.encoding = file, encoding
        self.read = 0
        self.lost = False

    def __iter__(self) -> Iterator[str]:
        source = self._wide() if self.encoding == "utf-16" else self._narrow()
        first = True
        for text in source:
            yield from text[1:].split("\n") if first and text[:1] == "\ufeff" else text.split("\n")
            first = False

    def _wide(self) -> Iterator[str]:
        """Texts that end where a line ends, without its newline."""
        head = self.file.read(2)
        self.file.seek(0)
        # Chosen by hand for a file without a mark, it is what Windows writes.
        order = "utf-16-be" if head == codecs.BOM_UTF16_BE else "utf-16-le"
        decoder = codecs.getincrementaldecoder(order)("replace")
        rest = ""
        while block := self.file.read(BLOCK):
            self.read += len(block)
            rest, texts = self._ended(rest + decoder.decode(block))
            yield from texts
        rest += decoder.decode(b"", final=True)
        if rest:
            yield self._seen(rest)

    def _ended(self, text: str) -> tuple[str, list[str]]:
        text = self._seen(text)
        head, newline, rest = text.rpartition("\n")
        if newline:
            return rest, [head]
        return (rest, []) if len(rest) <= 2 * BLOCK else ("", [rest])

    def _narrow(self) -> Iterator[str]:
        rest = b""
        while block := self.file.read(BLOCK):
            self.read += len(block)
            block = rest + block
            head, newline, rest = block.rpartition(b"\n")
            if newline:
                yield self._block(head)
            elif len(rest) > 2 * BLOCK:
                yield self._block(rest)
                rest = b""
        if rest:
            yield self._block(rest)

    def _block(self, block: bytes) -> str:
        """A block of whole lines; line by line where its encoding does not read it at once."""
        if self.encoding == "utf-8":
            try:
                return self._seen(block.decode("utf-8"))
            except UnicodeDecodeError:
                pass
        return self._seen("\n".join(decoded(one, self.encoding) for one in block.split(b"\n")))

    def _seen(self, text: str) -> str:
        self.lost = self.lost or "\ufffd" in text or "\x00" in text
        return text


class TextSource:
    """The rows of a delimited file: (number, cells, fault), numbered as a spreadsheet does."""

    def __init__(self, path: Path, encoding: str, delimiter: str) -> None:
        self.path, self.encoding, self.delimiter = path, encoding, delimiter
        self.size = max(1, path.stat().st_size)
        self.share = 0.0

    def rows(self) -> Iterator[Row]:
        with self.path.open("rb") as file:
            lines = Lines(file, self.encoding)
            for number, (cells, fault) in enumerate(records(lines, self.delimiter), 1):
                if number % 1000 == 0:
                    self.share = lines.read / self.size
                if lines.lost and not fault:
                    fault = _lost(cells)
                yield number, cells, fault
        self.share = 1.0


def _lost(cells: list[str]) -> str:
    if any("\ufffd" in cell for cell in cells):
        return "unreadable"
    return "nought" if any("\x00" in cell for cell in cells) else ""


class _Feed:
    """Hands lines to the parser and remembers those of the row at hand."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.again: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= LINES:
            raise TooLong
        line = self.again.popleft() if self.again else next(self.lines)
        if len(line) > LONGEST:
            self.taken.append(line[:LONGEST])
            raise TooLong
        self.taken.append(line)
        return line + "\n"


def records(lines: Lines, delimiter: str) -> Iterator[tuple[list[str], str]]:
    """The records of a file. One that breaks off spoils its first line; the rest is read anew."""
    feed = _Feed(iter(lines))
    while True:
        parser = csv.reader(feed, delimiter=delimiter, strict=True)
        try:
            for cells in parser:
                feed.taken.clear()
                yield cells, ""
            if not feed.taken:
                return
        except (csv.Error, TooLong):
            pass
        spoiled, rest = feed.taken[0], feed.taken[1:]
        feed.taken.clear()
        feed.again.extendleft(reversed(rest))
        yield spoiled.split(delimiter), "quotes"
