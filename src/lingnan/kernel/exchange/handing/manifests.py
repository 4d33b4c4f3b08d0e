"""What is handed over in parts: its files in their order, cut into parts of one size. Pure.

The parts are cut through the files as if they stood one after the other, so that ten thousand small
ones cost no more messages than a large one. The root is that of RFC 9162 over the SHA-256 of each
part, in their order.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from lingnan.kernel.exchange.sets import tree

PART = 8 * 1024 * 1024
"""Bytes of a part: a node has no more of it in memory than the parts that are coming."""
SMALLEST, LARGEST = 4 * 1024, 16 * 1024 * 1024
MOST_FILES, MOST_PARTS = 2_000, 131_072
HASH = 32
TEXTS = {"system": 40, "kind": 20, "number": 60, "sender": 40, "receiver": 40}
MAY_BE_EMPTY = {"purpose": 80, "agreement": 40, "case": 80}
_MEDIA = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class File:
    """One file: its name without a folder, media type, bytes, SHA-256 (64 digits)."""

    name: str
    media: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """All that is said of what comes. `leaves`: the SHA-256 of each part, 32 bytes each."""

    system: str
    kind: str
    number: str
    sender: str
    receiver: str
    purpose: str
    agreement: str
    case: str
    files: tuple[File, ...]
    part: int
    leaves: bytes

    @cached_property
    def size(self) -> int:
        return sum(one.size for one in self.files)

    @property
    def count(self) -> int:
        """How many parts there are."""
        return len(self.leaves) // HASH

    @cached_property
    def root(self) -> str:
        return root_of(self.leaves)

    @property
    def key(self) -> dict[str, str]:
        return {"system": self.system, "kind": self.kind, "number": self.number}

    def leaf(self, number: int) -> bytes:
        return self.leaves[number * HASH : (number + 1) * HASH]

    def length(self, number: int) -> int:
        """Bytes of a part: the last one may be shorter."""
        return min(self.part, self.size - number * self.part)

    def plain(self) -> dict[str, Any]:
        """As it travels."""
        said = {name: getattr(self, name) for name in (*TEXTS, *MAY_BE_EMPTY)}
        return said | {
            "files": [asdict(one) for one in self.files],
            "part": self.part,
            "leaves": base64.b64encode(self.leaves).decode(),
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 of it in a fixed form: by this its parts name it."""
        text = json.dumps(self.plain(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def root_of(leaves: bytes) -> str:
    """The root over the SHA-256 of parts, 64 digits."""
    made = hashlib.sha256
    hashed = [made(b"\x00" + leaves[at : at + HASH]).digest() for at in range(0, len(leaves), HASH)]
    return tree.root(b"".join(hashed)).hex()


def parts_of(size: int, part: int) -> int:
    return -(-size // part)


def pieces(sizes: Sequence[int], start: int, length: int) -> Iterator[tuple[int, int, int]]:
    """Which files a stretch of the whole lies in: (file, offset in it, bytes), in their order."""
    begins = 0
    for number, size in enumerate(sizes):
        at, end = max(start, begins), min(start + length, begins + size)
        if at < end:
            yield number, at - begins, end - at
        begins += size


def read(said: Mapping[str, Any]) -> Manifest:
    """From what came. Raises ValueError, which says what is wrong."""
    texts = {name: _text(said, name, most, 1) for name, most in TEXTS.items()}
    texts |= {name: _text(said, name, most, 0) for name, most in MAY_BE_EMPTY.items()}
    listed, part = said.get("files"), said.get("part")
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_FILES:
        raise ValueError(f"a handover has 1 to {MOST_FILES} files")
    files = tuple(_file(one) for one in listed)
    if len({one.name for one in files}) != len(files):
        raise ValueError("two files have one name")
    if type(part) is not int or not SMALLEST <= part <= LARGEST:
        raise ValueError(f"a part has {SMALLEST} to {LARGEST} bytes")
    try:
        leaves = base64.b64decode(str(said.get("leaves", "")), validate=True)
    except (binascii.Error, ValueError) as problem:
        raise ValueError("the digests of the parts are not base64") from problem
    made = Manifest(**texts, files=files, part=part, leaves=leaves)
    expected = parts_of(made.size, part)
    if not 0 < expected <= MOST_PARTS or len(leaves) != expected * HASH:
        raise ValueError(f"there have to be {expected} parts, at least 1, at most {MOST_PARTS}")
    return made


def _file(said: Any) -> File:
    if not isinstance(said, dict):
        raise ValueError("a file is described by an object")
    name, media = _text(said, "name", 200, 1), _text(said, "media", 120, 1)
    demand_name(name)
    size, sha256 = said.get("size"), said.get("sha256")
    if type(size) is not int or size < 0:
        raise ValueError(f"{name}: its size is no number of bytes")
    if not _MEDIA.fullmatch(media):
        raise ValueError(f"{name}: {media} is no media type")
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        raise ValueError(f"{name}: no SHA-256")
    return File(name, media, size, sha256)


def demand_name(name: str) -> None:
    """Raises ValueError on a name that could lead out of a folder, or that shows as another."""
    if not name.isprintable() or name.strip(" .") != name or set(name) & set('/\\:*?"<>|'):
        raise ValueError(
            "a file's name has no slashes, dots or blanks at its ends, or signs unseen"
        )


def media_type(text: str) -> str:
    """A media type as it is kept; what is none is a stream of bytes."""
    plain = text.partition(";")[0].strip().lower()
    return plain if _MEDIA.fullmatch(plain) else "application/octet-stream"


def _text(said: Mapping[str, Any], name: str, most: int, least: int) -> str:
    found = said.get(name, "")
    if not isinstance(found, str) or not least <= len(found) <= most:
        raise ValueError(f"{name} is no text of {least} to {most} characters")
    if not all(one.isprintable() for one in found):
        raise ValueError(f"{name} holds signs that cannot be seen")
    return found
