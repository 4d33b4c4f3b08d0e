"""ZIP files byte for byte as this software writes them.

Files are stored, not compressed, in their order, without dates or anything beside them. A file is
accepted only if packing what was read gives the same bytes: no two readers can see different
content, and unpacking takes no more room than the file has.
"""

import io
import re
import zipfile
from collections.abc import Sequence

from django.utils.translation import gettext as _

LARGEST = 16 * 1024 * 1024
MOST = 2_000
File = tuple[str, bytes]


class BadArchive(ValueError):
    """It is no such file, or another could read something else in it; says which in words."""


def pack(files: Sequence[File]) -> bytes:
    """The archive of these files, in their order."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            # The epoch of ZIP: a date would say nothing that is proven.
            told = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            told.create_system = 3
            told.external_attr = 0o644 << 16
            archive.writestr(told, content)
    return written.getvalue()


def unpack(data: bytes, names: re.Pattern[str], largest: int = LARGEST) -> list[File]:
    """The files in their order, each of another name that `names` matches as a whole. Raises
    `BadArchive`, whatever the bytes are."""
    if len(data) > largest:
        raise BadArchive(_("the file is too large"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            if len(listed) > MOST or sum(one.file_size for one in listed) > len(data):
                raise BadArchive(_("what is inside is larger than the file"))
            if any(one.compress_type != zipfile.ZIP_STORED for one in listed):
                raise BadArchive(_("a file inside is compressed"))
            files = [(one.filename, archive.read(one)) for one in listed]
    except BadArchive:
        raise
    except Exception as problem:  # the reader fails in many ways on what it cannot read
        raise BadArchive(_("no ZIP archive, or damaged")) from problem
    found = [name for name, _content in files]
    if not found or len(set(found)) != len(found) or not all(map(names.fullmatch, found)):
        raise BadArchive(_("a file inside has a name that may not be there"))
    if pack(files) != data:
        raise BadArchive(_("it is packed in another way"))
    return files
