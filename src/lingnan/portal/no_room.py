"""Whether a failure means that a disk is full, whichever library met it."""

import errno

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
SAID = ("disk is full", "no space left", "file too large", "disk quota")
"""What SQLite, PostgreSQL and the operating system say of it."""


def of(error: BaseException) -> bool:
    """Whether it, or what it came of, is that there is no room."""
    seen: BaseException | None = error
    for _step in range(10):
        if seen is None:
            return False
        if isinstance(seen, OSError) and seen.errno in FULL:
            return True
        if not isinstance(seen, OSError) and any(word in str(seen).lower() for word in SAID):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
