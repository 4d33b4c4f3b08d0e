"""Passwords of sources: sealed under a key made for them alone, never shown again."""

import base64
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from lingnan.kernel.trust.keystore.files import alone
from lingnan.kernel.trust.keystore.wrapping import WrappingKey


def seal(secret: str, number: str) -> str:
    """Sealed for one source; "" for none. Raises KeyStoreUnavailable."""
    if not secret:
        return ""
    return base64.b64encode(_key().wrap(secret.encode(), _name(number))).decode()


def unseal(sealed: str, number: str) -> str:
    """Raises KeyStoreUnavailable; KeyDamaged also for another source's."""
    if not sealed:
        return ""
    return _key().unwrap(base64.b64decode(sealed), _name(number)).decode()


def _name(number: str) -> bytes:
    return b"source\0" + number.encode()


def _key() -> WrappingKey:
    return _made(Path(settings.DATA) / "keys", settings.WRAPPING_KEY)


@lru_cache(maxsize=4)
def _made(folder: Path, path: Path) -> WrappingKey:
    with alone(folder):
        return WrappingKey.read_or_make(path).for_purpose("sources")
