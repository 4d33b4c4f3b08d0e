"""The archive of a bundle: a strict ZIP, `mimetype` first (ETSI EN 319 162-1 §4.4)."""

import re
from collections.abc import Sequence

from lingnan.kernel.trust import archives
from lingnan.kernel.trust.archives import BadArchive, File

MIMETYPE = b"application/vnd.etsi.asic-e+zip"
_NAME = re.compile(r"(?:[a-z0-9]+|META-INF)(?:/[a-z0-9]+(?:\.[a-z]+)?)?", re.ASCII)

__all__ = ["MIMETYPE", "BadArchive", "File", "pack", "unpack"]


def pack(files: Sequence[File]) -> bytes:
    """The archive of these files, `mimetype` first."""
    return archives.pack([("mimetype", MIMETYPE), *files])


def unpack(data: bytes) -> list[File]:
    """The files but `mimetype`, in their order. Raises `BadArchive`, whatever the bytes are."""
    files = archives.unpack(data, _NAME)
    if files[0] != ("mimetype", MIMETYPE):
        raise BadArchive("not the mimetype of a bundle, first")
    return files[1:]
