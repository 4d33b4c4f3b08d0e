"""How long a comparison is kept: the file, what was found, and what was counted."""

from datetime import timedelta

from lingnan.kernel.registry.importing import work
from lingnan.kernel.registry.linkage.models import Comparison
from lingnan.kernel.runtime.api import legal_time

# The platform's own term, of no law: long enough to work a result off, not to keep a copy of it.
DAYS = 30


def remove(one: Comparison) -> None:
    """The files away, and of the entry all but who brought a file, when and why."""
    rows = Comparison.objects.filter(pk=one.ref)
    rows.update(state="removed", reading={}, mapping={}, counts={}, ended_at=legal_time.now())
    work.remove(one.ref)


def remove_old() -> int:
    """Remove what was sent more than so many days ago; returns how many."""
    before = legal_time.now() - timedelta(days=DAYS)
    old = list(Comparison.objects.filter(at__lt=before).exclude(state="removed"))
    for one in old:
        remove(one)
    return len(old)
