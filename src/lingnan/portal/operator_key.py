"""The operator's key of this node: kept in its data folder, for its command line."""

import hmac
import os
import secrets
from pathlib import Path

from django.conf import settings


def path() -> Path:
    return Path(settings.DATA) / "keys" / "operator.key"


def read_or_make() -> str:
    """The key, made at first use (mode 0600)."""
    if not _read():
        path().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Whole or not at all: an empty key would open the clock to everybody.
        draft = path().with_suffix(f".{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(32))
        draft.replace(path())
    return _read()


def _read() -> str:
    return path().read_text().strip() if path().exists() else ""


def matches(header: str) -> bool:
    """Whether an Authorization header bears the key; an absent or empty key opens nothing."""
    scheme, _, given = header.partition(" ")
    key = _read()
    bears = scheme.lower() == "bearer" and bool(key)
    return bears and hmac.compare_digest(given.strip().encode(), key.encode())
