"""The door of the seals: whose seal, sealing a document, checking one."""

from .checking import verify_pdf
from .key import SealKey
from .lasting import Lasting, StampUnavailable
from .pades import seal_many, seal_pdf
from .report import Check, Outcome, Problem, SealReport

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
