"""The bytes of what is handed over, in the node's data folder: `handing/`

out/REF/N   files that this node's bodies give, until they are acknowledged
in/REF/N    files that are coming, with `have`: 32 bytes for each part, its SHA-256 once it is on
            the disk. So a part is there or not whatever was killed when, and in any order
kept/REF/N  files that have come, checked

A part is acknowledged after both are on the disk (fsync); what is kept is moved there in one step.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path

from django.conf import settings

from lingnan.kernel.exchange.handing import manifests
from lingnan.kernel.exchange.handing.manifests import HASH, File, Manifest

OUT, IN, KEPT = "out", "in", "kept"
RESERVE = 256 * 1024 * 1024
"""Bytes of the disk that stay free for records and evidence."""
PIECE = 1024 * 1024
FULL = frozenset({ENOSPC, EDQUOT, EFBIG})


class NoRoom(Exception):
    """The disk of this node is full: later, perhaps."""


def base() -> Path:
    return Path(settings.DATA) / "handing"


def folder(place: str, ref: str) -> Path:
    if not ref.isascii() or not ref.isalnum() or len(ref) > 32:
        raise ValueError("not a folder of the store")
    return base() / place / ref


def file_of(place: str, ref: str, number: int) -> Path:
    return folder(place, ref) / str(number)


def room(needed: int) -> None:
    """Raises NoRoom where so many bytes more would not leave the reserve."""
    if shutil.disk_usage(settings.DATA).free - RESERVE < needed:
        raise NoRoom(f"the disk of this node has no room for {needed} bytes now")


class Changed(Exception):
    """A file of this node's own is gone, or shorter than it was."""


@contextmanager
def telling_no_room() -> Iterator[None]:
    """A full disk is said as NoRoom."""
    try:
        yield
    except OSError as fault:
        if fault.errno in FULL:
            raise NoRoom("the disk of this node is full") from fault
        raise


def begin(place: str, ref: str) -> None:
    made = folder(place, ref)
    made.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sync(made.parent)


def write(place: str, ref: str, number: int, offset: int, data: bytes) -> None:
    """Bytes of a file, on the disk when it returns. Raises NoRoom."""
    with telling_no_room():
        _write(file_of(place, ref, number), offset, data)


def _write(path: Path, offset: int, data: bytes | memoryview) -> None:
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        view, at = memoryview(data), offset
        while view:
            done = os.pwrite(opened, view, at)
            view, at = view[done:], at + done
        os.fsync(opened)
    finally:
        os.close(opened)


def size_of(place: str, ref: str, number: int) -> int:
    """Bytes of a file as it is; 0 where there is none yet."""
    with suppress(FileNotFoundError):
        return file_of(place, ref, number).stat().st_size
    return 0


def stretch(place: str, ref: str, sizes: Sequence[int], start: int, length: int) -> bytes:
    """A stretch of the files as if they stood one after the other. Raises OSError where it is not
    there any more."""
    found = []
    for number, offset, count in manifests.pieces(sizes, start, length):
        with file_of(place, ref, number).open("rb") as file:
            file.seek(offset)
            data = file.read(count)
        if len(data) != count:
            raise OSError(f"file {number} of {ref} is shorter than it was")
        found.append(data)
    return found[0] if len(found) == 1 else b"".join(found)


def stream(place: str, ref: str, sizes: Sequence[int], start: int, length: int) -> Iterator[bytes]:
    """The same piece by piece. Raises Changed."""
    for number, offset, count in manifests.pieces(sizes, start, length):
        try:
            with file_of(place, ref, number).open("rb", buffering=0) as file:
                file.seek(offset)
                while count:
                    piece = file.read(min(PIECE, count))
                    if not piece:
                        raise Changed(f"file {number} is shorter than it was")
                    count -= len(piece)
                    yield piece
        except OSError as fault:
            raise Changed(f"file {number} cannot be read") from fault


def take_part(ref: str, manifest: Manifest, number: int, data: bytes) -> None:
    """A part of what comes, whose digest was seen to be right. Raises NoRoom."""
    sizes = [one.size for one in manifest.files]
    view, at = memoryview(data), 0
    with telling_no_room():
        for file, offset, count in manifests.pieces(sizes, number * manifest.part, len(data)):
            _write(file_of(IN, ref, file), offset, view[at : at + count])
            at += count
        _write(folder(IN, ref) / "have", number * HASH, manifest.leaf(number))


def missing(ref: str, manifest: Manifest) -> list[tuple[int, int]]:
    """The parts that are not there: (first, one after the last) of each stretch."""
    try:
        have = (folder(IN, ref) / "have").read_bytes()
    except FileNotFoundError:
        have = b""
    found: list[tuple[int, int]] = []
    for number in range(manifest.count):
        if have[number * HASH : (number + 1) * HASH] == manifest.leaf(number):
            continue
        if found and found[-1][1] == number:
            found[-1] = (found[-1][0], number + 1)
        else:
            found.append((number, number + 1))
    return found


def digests(place: str, ref: str, count: int) -> Iterator[tuple[int, Iterator[bytes]]]:
    """Each file with what it holds, piece by piece."""
    for number in range(count):
        yield number, _read(file_of(place, ref, number))


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as file:
        while piece := file.read(PIECE):
            yield piece


def differs(place: str, ref: str, files: Sequence[File]) -> str:
    """The name of the first file that is not what it is said to be; empty where all are."""
    for one, (_number, content) in zip(files, digests(place, ref, len(files)), strict=True):
        digest, size = hashlib.sha256(), 0
        with suppress(FileNotFoundError):
            for piece in content:
                digest.update(piece)
                size += len(piece)
        if size != one.size or digest.hexdigest() != one.sha256:
            return one.name
    return ""


def empties(place: str, ref: str, files: Sequence[File]) -> None:
    """Files without a byte come in no part."""
    for number, one in enumerate(files):
        if one.size == 0:
            _write(file_of(place, ref, number), 0, b"")


def keep(place: str, ref: str) -> None:
    """Move what is complete to what is kept, in one step; done before, nothing happens."""
    old, new = folder(place, ref), folder(KEPT, ref)
    new.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not old.exists():
        if new.exists():
            return
        raise FileNotFoundError(ref)
    (old / "have").unlink(missing_ok=True)
    _sync(old)
    old.rename(new)
    _sync(new.parent)
    _sync(old.parent)


def kept(ref: str) -> bool:
    return folder(KEPT, ref).exists()


def remove(place: str, ref: str) -> None:
    shutil.rmtree(folder(place, ref), ignore_errors=True)


def folders(place: str) -> Iterable[Path]:
    """Those that are there, whoever they belong to."""
    there = base() / place
    return sorted(there.iterdir()) if there.exists() else []


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
