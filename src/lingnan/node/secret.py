"""The node's own secret: made once, kept in its data folder."""

import contextlib
import os
import secrets
from pathlib import Path


def secret_key(data: Path) -> str:
    """Read `keys/node.secret`, making it first where it is absent (mode 0600)."""
    path = data / "keys" / "node.secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(48))
            stream.flush()
            os.fsync(stream.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()
