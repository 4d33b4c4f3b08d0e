"""Secrets that must be read again, sealed under a key that is made for them alone."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from lingnan.kernel.trust.keystore.files import alone
from lingnan.kernel.trust.keystore.wrapping import WrappingKey


def seal(secret: bytes, account: int, credential: int) -> bytes:
    """Sealed for one credential of one account. Raises `KeyStoreUnavailable`."""
    return _key(Path(settings.DATA) / "keys", settings.WRAPPING_KEY).wrap(
        secret, _name(account, credential)
    )


def unseal(sealed: bytes, account: int, credential: int) -> bytes:
    """Raises `KeyStoreUnavailable`; `KeyDamaged` also for another's."""
    return _key(Path(settings.DATA) / "keys", settings.WRAPPING_KEY).unwrap(
        bytes(sealed), _name(account, credential)
    )


def _name(account: int, credential: int) -> bytes:
    return b"credential\0%d\0%d" % (account, credential)


@lru_cache(maxsize=4)
def _key(folder: Path, path: Path) -> WrappingKey:
    with alone(folder):
        return WrappingKey.read_or_make(path).for_purpose("credentials")
