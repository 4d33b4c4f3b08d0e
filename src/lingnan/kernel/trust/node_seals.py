"""The seals of this node's bodies: the authority in the data folder, opened once."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from lingnan.kernel.trust.models import Body
from lingnan.kernel.trust.seal.api import Authority, SealKey, SealReport, seal_pdf, verify_pdf


@lru_cache(maxsize=1)
def authority() -> Authority:
    return Authority.open(Path(settings.DATA) / "keys" / "seals")


def key_of(body: Body) -> SealKey:
    """The body's seal, issued at first use; kept in memory after."""
    return authority().ensure(body.name_zh, body.code)


def seal(pdf: bytes, body: Body, reason: str) -> bytes:
    return seal_pdf(pdf, key_of(body), reason, body.division, body.code)


def verify(pdf: bytes) -> SealReport:
    return verify_pdf(pdf, [authority().root])
