"""The door of the seals: whose seal, sealing a document, checking one."""

from .key import SealKey
from .pades import Problem, SealReport, seal_pdf, verify_pdf

__all__ = [
    "Problem",
    "SealKey",
    "SealReport",
    "seal_pdf",
    "verify_pdf",
]
