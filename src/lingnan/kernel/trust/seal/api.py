"""The door of the seals: whose seal, sealing a document, checking one.

pyHanko is loaded by the first who seals or checks: a process that does neither does not carry it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .key import SealKey
from .lasting import Lasting, StampUnavailable
from .report import Check, Outcome, Problem, SealReport

if TYPE_CHECKING:
    from asn1crypto import x509

__all__ = [
    "Check",
    "Lasting",
    "Outcome",
    "Problem",
    "SealKey",
    "SealReport",
    "StampUnavailable",
    "seal_many",
    "seal_pdf",
    "verify_pdf",
]


def verify_pdf(pdf: bytes, trust_roots: Iterable[x509.Certificate]) -> SealReport:
    """Check the seal of a document; never raises. See `checking.verify_pdf`."""
    from . import checking

    return checking.verify_pdf(pdf, trust_roots)


def seal_pdf(
    pdf: bytes,
    key: SealKey,
    reason: str,
    location: str,
    contact: str,
    lasting: Lasting | None = None,
) -> bytes:
    """The document under a body's seal. Raises ValueError, `KeyStoreUnavailable` and
    `StampUnavailable`. See `pades.seal_pdf`."""
    from . import pades

    return pades.seal_pdf(pdf, key, reason, location, contact, lasting)


def seal_many(
    pdfs: Iterable[bytes],
    key: SealKey,
    reason: str,
    location: str,
    contact: str,
    lasting: Lasting | None = None,
) -> Iterator[bytes]:
    """Documents one after the other, each with a seal of its own; raises as `seal_pdf`."""
    for pdf in pdfs:
        yield seal_pdf(pdf, key, reason, location, contact, lasting)
