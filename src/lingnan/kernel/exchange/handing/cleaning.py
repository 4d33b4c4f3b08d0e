"""What is left over in the store: of what expired, was given up, or never became a record."""

import time
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from lingnan.kernel.exchange.handing import ending, receiving, store
from lingnan.kernel.exchange.handing.limits import forgotten
from lingnan.kernel.exchange.handing.models import HandedIn, Handover, Incoming

EVERY = 3600.0
GRACE = timedelta(days=1)
_next = [0.0]


def run() -> int:
    """Once an hour. Returns how many were ended or removed."""
    if time.monotonic() < _next[0]:
        return 0
    _next[0] = time.monotonic() + EVERY
    return clean()


def clean() -> int:
    """End what was forgotten, let what is dead come back, and remove files that no record names."""
    now, done = timezone.now(), receiving.expire() + ending.return_due()
    stale = Handover.objects.filter(state="filling", begun_at__lt=now - forgotten())
    done += stale.update(state="dropped", problem="never completed", finished_at=now)
    open_ = {receiving.ref_of(one) for one in Incoming.objects.filter(state="open")}
    going = set(
        Handover.objects.exclude(state__in=("taken", "dropped", "returned")).values_list(
            "ref", flat=True
        )
    )
    came = set(HandedIn.objects.exclude(ref="").values_list("ref", flat=True))
    for place, named in ((store.OUT, going), (store.IN, open_), (store.KEPT, came | open_ | going)):
        for folder in store.folders(place):
            if folder.name not in named and _old(folder):
                store.remove(place, folder.name)
                done += 1
    return done


def _old(folder: Path) -> bool:
    """Whether it was there before whoever makes its record could still be at it."""
    try:
        changed = folder.stat().st_mtime
    except FileNotFoundError:
        return False
    return time.time() - changed > GRACE.total_seconds()
