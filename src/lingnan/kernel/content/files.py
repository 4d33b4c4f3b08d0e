"""Storing and opening files by their hash. What a file says it is, it must be."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.content import inspection
from lingnan.kernel.content.models import StoredFile
from lingnan.kernel.runtime.api import legal_time

LIMIT = 8 * 1024 * 1024
# Media type: (endings of the name, first bytes).
KINDS: dict[str, tuple[tuple[str, ...], tuple[bytes, ...]]] = {
    "application/pdf": ((".pdf",), (b"%PDF-",)),
    "image/png": ((".png",), (b"\x89PNG\r\n\x1a\n",)),
    "image/jpeg": ((".jpg", ".jpeg"), (b"\xff\xd8\xff",)),
}


PRINTED = _("Print it to a new PDF file without it, and choose that file.")
# Why a file was not taken, and what its sender can do.
WORDS = {
    "empty": (_("The file is empty."), ""),
    "too_large": (_("The file is larger than 8 MB."), ""),
    "kind": (_("Please choose a PDF, PNG or JPEG file."), ""),
    "lies": (_("The file is not what its name says."), _("Choose a real PDF, PNG or JPEG file.")),
    "script": (_("The file holds a program (JavaScript)."), PRINTED),
    "action": (_("The file wants to start or send something when it is opened."), PRINTED),
    "embedded": (_("Other files are hidden in this file."), PRINTED),
    "form": (_("The file is an XFA form, which shows different things to different readers."),
             PRINTED),
    "encrypted": (_("The file is locked with a password or with rights."),
                  _("Choose the file without the lock.")),
    "archive": (_("An archive or a program is attached to this file."),
                _("Take the photograph or make the PDF file anew.")),
    "bomb": (_("The picture or page is too large to be opened safely."),
             _("Make it smaller and choose it again.")),
    "virus": (_("The file is marked as harmful."), _("Have your computer checked.")),
    "macro": (_("The file holds an Office document, which may hold macros."), PRINTED),
    "unreadable": (_("The file is damaged and cannot be read."), _("Make the file anew.")),
}  # fmt: skip


class FileRefused(Exception):
    """A file was not taken: `why` is a key of WORDS, `said` tells the sender in full."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    @property
    def said(self) -> str:
        fault, remedy = WORDS[self.why]
        return f"{fault} {remedy}".strip()


@dataclass(frozen=True)
class Upload:
    """A file as it arrived."""

    name: str
    content: bytes


def media_type_of(upload: Upload) -> str:
    """The media type by name and content both. Raises FileRefused."""
    if not upload.content:
        raise FileRefused("empty")
    if len(upload.content) > LIMIT:
        raise FileRefused("too_large")
    ending = Path(upload.name).suffix.lower()
    by_name = next((kind for kind, (ends, _) in KINDS.items() if ending in ends), None)
    if by_name is None:
        raise FileRefused("kind")
    if not upload.content.startswith(KINDS[by_name][1]):
        raise FileRefused("lies")
    try:
        inspection.inspect(upload.content, by_name)
    except inspection.Refused as refused:
        raise FileRefused(refused.reason) from refused
    return by_name


def keep_upload(upload: Upload) -> StoredFile:
    return keep(upload.content, media_type_of(upload))


def keep(content: bytes, media_type: str) -> StoredFile:
    """Store a content durably; the same content is stored once."""
    mark = hashlib.sha256(content).hexdigest()
    _write(_path(mark), content)
    about = {"size": len(content), "media_type": media_type, "stored_at": legal_time.now()}
    return StoredFile.objects.get_or_create(sha256=mark, defaults=about)[0]


def read(sha256: str) -> bytes:
    """The content. Raises FileNotFoundError; OSError when the bytes no longer match."""
    content = _path(sha256).read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise OSError(f"stored file {sha256} does not match its hash")
    return content


def _path(mark: str) -> Path:
    if len(mark) != 64 or not all(c in "0123456789abcdef" for c in mark):
        raise FileNotFoundError(mark)
    return Path(settings.DATA) / "files" / mark[:2] / mark


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except OSError:
        # On a full disk half a file would take the room that others need.
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
