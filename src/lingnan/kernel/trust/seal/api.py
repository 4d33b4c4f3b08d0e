"""The door of the seals: whose seal, sealing a document, checking one."""

from .authority import Authority, SealKey, SealUnavailable
from .pades import Problem, SealReport, seal_pdf, verify_pdf

__all__ = [
    "Authority",
    "Problem",
    "SealKey",
    "SealReport",
    "SealUnavailable",
    "seal_pdf",
    "verify_pdf",
]
