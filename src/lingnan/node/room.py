"""How much room a province needs on disk, said before it is made."""

import shutil
from pathlib import Path

# Bytes for each resident with household, dwelling, firms, words and the columnar copy, and for
# a province that has nobody: measured on SQLite as docs/performance.md says. While it is made,
# its largest index is sorted beside it; the log of a batch is small.
PER_RESIDENT = 580
SORTED = 60
EMPTY = 100_000_000


class NoRoom(Exception):
    """The disk has less room than the province needs."""


def needed(residents: int) -> int:
    """Bytes on disk while a province of so many residents is made."""
    return EMPTY + (PER_RESIDENT + SORTED) * residents


def statement(residents: int, folder: Path) -> str:
    """What will be needed and what is free, in a line. Raises NoRoom when it is too little."""
    need, free = needed(residents), shutil.disk_usage(folder).free
    said = f"needs about {_shown(need)} of disk; {_shown(free)} are free in {folder}"
    if free < need:
        raise NoRoom(f"a province of {residents:,} residents {said}: choose fewer (--residents)")
    return said


def _shown(size: int) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.0f} MB"
