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
    if not path().exists():
        path().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(32))
    return path().read_text().strip()


def matches(header: str) -> bool:
    given = header.removeprefix("Bearer ")
    return path().exists() and hmac.compare_digest(given.encode(), read_or_make().encode())
