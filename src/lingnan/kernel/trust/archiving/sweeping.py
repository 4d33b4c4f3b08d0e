"""Documents that earlier releases sealed: looked through once, and given over like those of today.

Each keeper's documents are gone through in the order of their references, some in each round. Where
it stands is written with what it gave over: killed at any moment, it goes on from there.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from time import monotonic

from django.apps import apps
from django.db import transaction
from django.db.models import Sum

from lingnan.kernel.trust.archiving import keeping
from lingnan.kernel.trust.archiving.models import ArchiveSweep

logger = logging.getLogger(__name__)
AT_ONCE = 25


@dataclass(frozen=True)
class Swept:
    """How many documents were looked at by now, how many of them were given over, and how many
    could not be read; `ended`: whether all were."""

    seen: int
    queued: int
    missing: int
    ended: bool


def sweep(budget: float = 2.0) -> int:
    """Go on for so many seconds; how many documents were given over."""
    until, queued = monotonic() + budget, 0
    for keeper in _keepers():
        while monotonic() < until:
            found = _batch(keeper)
            if found is None:
                break
            queued += found
    return queued


def swept() -> Swept:
    told = ArchiveSweep.objects.aggregate(Sum("seen"), Sum("queued"), Sum("missing"))
    ended = set(ArchiveSweep.objects.filter(ended_at__isnull=False).values_list("pk", flat=True))
    seen, queued, missing = (told[f"{name}__sum"] or 0 for name in ("seen", "queued", "missing"))
    return Swept(seen, queued, missing, ended.issuperset(_keepers()))


def _keepers() -> list[str]:
    """The rooms and systems of this node that keep sealed documents and can name them all."""
    labels = [one.label for one in apps.get_app_configs() if find_spec(f"{one.name}.sealed")]
    return [label for label in labels if hasattr(keeping.module(label), "references")]


def _batch(keeper: str) -> int | None:
    """The next of one keeper: how many were given over, None where it has no more."""
    row, _made = ArchiveSweep.objects.get_or_create(keeper=keeper)
    if row.ended_at is not None:
        return None
    # Files are read before the database is held for writing.
    names = keeping.module(keeper).references(row.after, AT_ONCE)
    read = [(name, keeping.module(keeper).read(name)) for name in names]
    with transaction.atomic():
        held = ArchiveSweep.objects.select_for_update().get(keeper=keeper)
        if held.after != row.after or held.ended_at is not None:
            return 0  # another worker has just done the same
        queued, missing = _given_over(keeper, read)
        held.after, held.seen = (names or [held.after])[-1], held.seen + len(names)
        held.queued, held.missing = held.queued + queued, held.missing + missing
        held.ended_at = None if names else datetime.now(UTC)
        held.save()
    return queued if names else None


def _given_over(keeper: str, read: list[tuple[str, bytes | None]]) -> tuple[int, int]:
    """How many of these documents were given over now, and how many cannot be read."""
    queued = missing = 0
    for name, pdf in read:
        if pdf is None:
            logger.error("the sealed document %s of %s is not there any more", name, keeper)
            missing += 1
        else:
            queued += keeping.entrust(pdf, keeper, name)
    return queued, missing
