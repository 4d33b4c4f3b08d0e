"""What a file holds, looked at before it is taken: nothing that acts, hides or bursts.

The bytes are read by patterns and never run through a viewer. A pattern may refuse a harmless
file that speaks of what it must not hold; its sender may print it anew. Structure: ISO 32000-1
(7.3.5 names, 7.3.8 streams, 7.5.7 object streams), PNG (ISO/IEC 15948, unverified), JPEG (ITU-T
T.81 B).
"""

import re
import struct
import zlib
from collections.abc import Iterator

PIXELS = 100_000_000
INFLATED = 64 * 1024 * 1024
# Of a pixel stream only the beginning is looked at: pages scanned well are large.
GLIMPSE = 64 * 1024
STREAMS, NESTED = 50_000, 8

EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
# Legacy Office documents, and the part of newer ones that holds macros.
MACROS = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"vbaProject.bin")
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08")
FOREIGN = (*ARCHIVES, b"%PDF-", b"<script", b"<html", b"<?php", b"\x7fELF", b"MZ\x90\x00")
# What a PDF must not hold: name → why it is refused.
NAMES = {
    b"JavaScript": "script", b"Launch": "action", b"ImportData": "action",
    b"SubmitForm": "action", b"GoToE": "action", b"RichMedia": "action",
    b"EmbeddedFile": "embedded", b"EmbeddedFiles": "embedded", b"XFA": "form",
    b"Encrypt": "encrypted",
}  # fmt: skip
NAME = re.compile(rb"/((?:[A-Za-z0-9._-]|#[0-9A-Fa-f]{2})+)")
STREAM = re.compile(rb"stream\r?\n")
HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
SIZE = re.compile(rb"/(?:Width|Height)\s+(\d{1,9})")


class Refused(Exception):
    """Why a file is not taken: a key of the words in `files`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def inspect(content: bytes, media_type: str) -> None:
    """Raises Refused."""
    _known_bad(content)
    if _is_zip(content):
        raise Refused("archive")
    {"application/pdf": _pdf, "image/png": _png, "image/jpeg": _jpeg}[media_type](content)


def _known_bad(content: bytes) -> None:
    if EICAR in content:
        raise Refused("virus")
    if any(mark in content for mark in MACROS):
        raise Refused("macro")


def _is_zip(content: bytes) -> bool:
    """Whether an archive ends where the file ends, so that it opens as one too."""
    start = max(0, len(content) - 65_557)
    at = content.find(b"PK\x05\x06", start)
    while at >= 0:
        if at + 22 <= len(content):
            (comment,) = struct.unpack_from("<H", content, at + 20)
            if at + 22 + comment == len(content):
                return True
        at = content.find(b"PK\x05\x06", at + 1)
    return False


# --- PDF ------------------------------------------------------------------------------------


def _pdf(content: bytes) -> None:
    _names(content)
    room = INFLATED
    for head, packed in _streams(content):
        kind = {_plain(name) for name in NAME.findall(head)}
        if b"Image" in kind:
            _image_size(head)
            inflated = _inflate(packed, GLIMPSE)[0]
        else:
            inflated, more = _inflate(packed, room)
            room -= len(inflated)
            if more:
                raise Refused("bomb")
        if b"ObjStm" in kind and not inflated:
            raise Refused("unreadable")
        _known_bad(inflated)
        _names(inflated)
    after = content[content.rfind(b"%%EOF") + 5 :] if b"%%EOF" in content else b""
    if any(mark in after for mark in ARCHIVES):
        raise Refused("archive")


def _names(text: bytes) -> None:
    for found in NAME.finditer(text):
        reason = NAMES.get(_plain(found[1]))
        if reason:
            raise Refused(reason)


def _plain(name: bytes) -> bytes:
    """A name without its escapes: /J#61vaScript is /JavaScript."""
    return HEX.sub(lambda found: bytes([int(found[1], 16)]), name) if b"#" in name else name


def _streams(content: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """(dictionary, its bytes) of everything that may be a stream.

    What begins inside another is looked at too, a few times: a viewer may see it otherwise.
    """
    view, end, within, count = memoryview(content), -1, 0, 0
    for found in STREAM.finditer(content):
        before = max(0, found.start() - 4096)
        start = content.rfind(b"obj", before, found.start())
        head = content[max(start, before) : found.start()]
        if not head.rstrip().endswith(b">>"):
            continue
        if end < found.end():
            at = content.find(b"endstream", found.end())
            end, within = at if at >= 0 else len(content), 0
        within, count = within + 1, count + 1
        if within > NESTED or count > STREAMS:
            raise Refused("unreadable")
        yield head, view[found.end() : end]


def _inflate(packed: bytes | memoryview, most: int) -> tuple[bytes, bool]:
    """The first bytes of what was deflated, and whether there are more; nothing if it was not."""
    machine = zlib.decompressobj()
    try:
        found = machine.decompress(packed, max(1, most))
    except zlib.error:
        return b"", False
    return found, bool(machine.unconsumed_tail) and len(found) >= most


def _image_size(head: bytes) -> None:
    sizes = [int(number) for number in SIZE.findall(head)]
    if len(sizes) >= 2 and sizes[0] * sizes[1] > PIXELS:
        raise Refused("bomb")


# --- images ---------------------------------------------------------------------------------


def _pixels(width: int, height: int) -> None:
    if width * height > PIXELS:
        raise Refused("bomb")
    if not width or not height:
        raise Refused("unreadable")


def _after(rest: bytes) -> None:
    """A telephone may put more pictures behind the first; nobody puts an archive there."""
    low = rest.lower()
    if any(mark in rest or mark in low for mark in FOREIGN):
        raise Refused("archive")


def _png(content: bytes) -> None:
    at, first, packed = 8, True, 0
    while True:
        if at + 12 > len(content):
            raise Refused("unreadable")
        size, kind = struct.unpack_from(">I4s", content, at)
        if first:
            if kind != b"IHDR" or size != 13:
                raise Refused("unreadable")
            _pixels(*struct.unpack_from(">II", content, at + 8))
            first = False
        if kind in (b"zTXt", b"iTXt", b"iCCP"):
            _text(content[at + 8 : at + 8 + size])
        packed += size if kind == b"IDAT" else 0
        at += 12 + size
        if kind == b"IEND":
            break
    if not packed:
        raise Refused("unreadable")
    _after(content[at:])


def _text(chunk: bytes) -> None:
    """A compressed remark may burst where its pixels do not."""
    for start in (chunk.find(b"\x00") + 2, chunk.rfind(b"\x00") + 1):
        if _inflate(chunk[start:], GLIMPSE * 16)[1]:
            raise Refused("bomb")


# Frame headers that carry the size: all SOFn but DHT, JPG and DAC.
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
ALONE = {0x01, *range(0xD0, 0xD8)}


def _jpeg(content: bytes) -> None:
    at, sized = 2, False
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            raise Refused("unreadable")
        mark = content[at + 1]
        if mark == 0xFF:
            at += 1
        elif mark in ALONE:
            at += 2
        elif mark == 0xDA:
            break
        else:
            (size,) = struct.unpack_from(">H", content, at + 2)
            if mark in FRAMES and at + 9 <= len(content):
                height, width = struct.unpack_from(">HH", content, at + 5)
                _pixels(width, height)
                sized = True
            at += 2 + size
    end = content.find(b"\xff\xd9", at)
    if not sized or end < 0:
        raise Refused("unreadable")
    _after(content[end + 2 :])
