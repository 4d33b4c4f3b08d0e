"""This node's evidence: where it is kept, and this process's way to its one writer."""

import os
import threading
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from lingnan.kernel.trust.evidence import api as evidence
from lingnan.kernel.trust.evidence.api import Entry, Reader, Receipt, Subject

_writers: dict[int, Any] = {}
_opening = threading.Lock()


def _writer() -> Any:
    """The client of the node's writing process; a writer of our own only where none is named,
    so that no web process ever claims the store from a writer that is starting again."""
    with _opening:
        pid = os.getpid()
        if pid not in _writers:
            _writers[pid] = (
                evidence.Together(evidence.Client(settings.EVIDENCE_SOCKET))
                if settings.EVIDENCE_SOCKET
                else evidence.open_writer(settings.EVIDENCE_STORE)
            )
        return _writers[pid]


def ready() -> bool:
    """Whether this process can write evidence now."""
    try:
        writer = _writer()
    except evidence.EvidenceUnavailable:
        return False
    return writer.ping() if isinstance(writer, evidence.Together) else True


def close() -> None:
    """Let go of the store, so that another process may write."""
    with _opening:
        writer = _writers.pop(os.getpid(), None)
        if writer is not None:
            writer.close()


def entry(
    kind: str,
    payload: dict[str, Any],
    subjects: Iterable[tuple[str, int]] = (),
    reference: str = "",
) -> Entry:
    """One entry at system time. `subjects` are (holder system, internal key)."""
    return Entry(
        kind=kind,
        payload=payload,
        subjects=tuple(Subject(holder, key) for holder, key in subjects),
        at=timezone.now().isoformat(timespec="milliseconds"),
        reference=reference or None,
    )


def write(entries: Sequence[Entry], request: str | None = None) -> list[Receipt]:
    """Durable before it returns. Raises EvidenceUnavailable: then nothing may be answered.

    Asked again with the same `request` (32 hexadecimal digits), nothing is written twice.
    """
    return list(_writer().append(list(entries), request=request))


@lru_cache(maxsize=1)
def reader() -> Reader:
    return evidence.open_reader(settings.EVIDENCE_STORE)
