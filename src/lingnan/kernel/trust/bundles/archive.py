"""The ZIP file of a bundle, byte for byte as this software writes it (ETSI EN 319 162-1 §4.4).

Files are stored, not compressed, in their order, without dates or anything beside them. A file is
accepted only if packing what was read gives the same bytes: no two readers can see different
content, and unpacking takes no more room than the file has.
"""

import io
import re
import zipfile
from collections.abc import Sequence

MIMETYPE = b"application/vnd.etsi.asic-e+zip"
LARGEST = 16 * 1024 * 1024
MOST = 2_000
_NAME = re.compile(r"(?:[a-z0-9]+|META-INF)(?:/[a-z0-9]+(?:\.[a-z]+)?)?", re.ASCII)
File = tuple[str, bytes]


class BadArchive(ValueError):
    """It is no such file, or another could read something else in it."""


def pack(files: Sequence[File]) -> bytes:
    """The archive of these files, `mimetype` first."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name, content in (("mimetype", MIMETYPE), *files):
            # The epoch of ZIP: a date would say nothing that is proven.
            told = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            told.create_system = 3
            told.external_attr = 0o644 << 16
            archive.writestr(told, content)
    return written.getvalue()


def unpack(data: bytes) -> list[File]:
    """The files but `mimetype`, in their order. Raises `BadArchive`, whatever the bytes are."""
    if len(data) > LARGEST:
        raise BadArchive("too large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            if len(listed) > MOST or sum(one.file_size for one in listed) > len(data):
                raise BadArchive("larger inside than outside")
            if any(one.compress_type != zipfile.ZIP_STORED for one in listed):
                raise BadArchive("compressed")
            files = [(one.filename, archive.read(one)) for one in listed]
    except BadArchive:
        raise
    except Exception as problem:  # the reader fails in many ways on what it cannot read
        raise BadArchive(str(problem)) from problem
    names = [name for name, _ in files]
    if not files or files[0] != ("mimetype", MIMETYPE):
        raise BadArchive("not the mimetype of a bundle, first")
    if len(set(names)) != len(names) or not all(map(_NAME.fullmatch, names)):
        raise BadArchive("names that there may not be")
    if pack(files[1:]) != data:
        raise BadArchive("packed in another way")
    return files[1:]
