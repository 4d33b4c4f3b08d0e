"""How much room a province needs on disk, said before it is made."""

import shutil
from pathlib import Path

# Bytes of the database for each resident with household, dwelling and firms; and for a province
# that has nobody. Measured on SQLite as docs/performance.md says; the log that SQLite writes
# beside the database while the province is made is as large again.
PER_RESIDENT = 480
EMPTY = 12_000_000
BESIDE = 2


class NoRoom(Exception):
    """The disk has less room than the province needs."""


def needed(residents: int) -> int:
    """Bytes on disk while a province of so many residents is made."""
    return (EMPTY + PER_RESIDENT * residents) * BESIDE


def statement(residents: int, folder: Path) -> str:
    """What will be needed and what is free, in a line. Raises NoRoom when it is too little."""
    need, free = needed(residents), shutil.disk_usage(folder).free
    said = f"needs about {_shown(need)} of disk; {_shown(free)} are free in {folder}"
    if free < need:
        raise NoRoom(f"a province of {residents:,} residents {said}: choose fewer (--residents)")
    return said


def _shown(size: int) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.0f} MB"
