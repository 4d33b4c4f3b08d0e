"""The door of the evidence store: write what happened, read it again, prove it."""

from pathlib import Path

from .client import Client
from .database import connect
from .entry import (
    ERASED,
    Closed,
    Disclosed,
    Entry,
    EvidenceLocked,
    EvidenceUnavailable,
    Head,
    InvalidEntry,
    Receipt,
    Shown,
    ShownEntry,
    StoredEntry,
    Subject,
    system_now,
)
from .merkle import verify_consistency, verify_inclusion
from .reader import Reader
from .store import SqlStore
from .together import Together
from .verify import Fault
from .writer import Evidence, Writer

__all__ = [
    "ERASED",
    "Client",
    "Closed",
    "Disclosed",
    "Entry",
    "Evidence",
    "EvidenceLocked",
    "EvidenceUnavailable",
    "Fault",
    "Head",
    "InvalidEntry",
    "Reader",
    "Receipt",
    "Shown",
    "ShownEntry",
    "StoredEntry",
    "Subject",
    "Together",
    "Writer",
    "open_reader",
    "open_writer",
    "system_now",
    "verify_consistency",
    "verify_inclusion",
]


def open_writer(location: Path | str, socket: Path | None = None) -> Client | Writer:
    """The way to write to the store at a file path or a postgresql:// address.

    Where a writer process answers on `socket` this is its client; otherwise this process claims
    the store and becomes the writer. Raises `EvidenceLocked` when another process has claimed it
    and no socket answers, `EvidenceUnavailable` when the store cannot be opened.
    """
    if socket is not None:
        client = Client(socket)
        if client.ping():
            return client
        client.close()
    return Writer(SqlStore(connect(location, write=True)))


def open_reader(location: Path | str) -> Reader:
    """Read-only access; connects at the first question, so the store may not exist yet."""
    return Reader(connect(location))
