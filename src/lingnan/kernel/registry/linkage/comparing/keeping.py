"""How long a comparison is kept: the file, what was found, and what was counted."""

import time
from datetime import timedelta

from lingnan.kernel.registry.importing import work
from lingnan.kernel.registry.importing.models import Import
from lingnan.kernel.registry.linkage.models import Comparison
from lingnan.kernel.runtime.api import legal_time

# The platform's own term, of no law: long enough to work a result off, not to keep a copy of it.
DAYS = 30
# So long a file that is being sent may have no entry yet; in seconds of the machine's clock.
SENDING = 24 * 3600


def remove(one: Comparison) -> None:
    """The files away, and of the entry all but who brought a file, when and why."""
    # First the files: who is killed here finds an entry that is still to be removed.
    work.remove(one.ref)
    rows = Comparison.objects.filter(pk=one.ref)
    rows.update(state="removed", reading={}, mapping={}, counts={}, ended_at=legal_time.now())


def remove_old() -> int:
    """Remove what was sent more than so many days ago; returns how many."""
    before = legal_time.now() - timedelta(days=DAYS)
    old = list(Comparison.objects.filter(at__lt=before).exclude(state="removed"))
    for one in old:
        remove(one)
    return len(old) + _remove_unknown()


def _remove_unknown() -> int:
    """Files of which no entry knows: their sending broke off, or their worker came too late."""
    root, count = work.folder("any").parent, 0
    for path in root.iterdir() if root.is_dir() else ():
        if time.time() - path.stat().st_mtime < SENDING:
            continue
        known = Import.objects.filter(pk=path.name).exists()
        if not known and not _is_kept(path.name):
            work.remove(path.name)
            count += 1
    return count


def _is_kept(ref: str) -> bool:
    return Comparison.objects.filter(pk=ref).exclude(state="removed").exists()
