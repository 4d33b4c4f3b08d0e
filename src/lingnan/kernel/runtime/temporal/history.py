"""Reading the past: what held on a day, as it was known on a day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from lingnan.kernel.runtime.temporal.models import Temporal, VersionRow


@dataclass(frozen=True)
class Difference:
    """One field that a version states otherwise than the one before it."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Statement:
    """One version with what it changed."""

    version: VersionRow
    differences: tuple[Difference, ...]


def as_of(
    model: type[Temporal], key: int, valid: date, known: datetime | None = None
) -> Temporal | VersionRow | None:
    """The row of `key` that held on `valid`, as known at `known` (default: now)."""
    versions = model.Version.objects.filter(key=key)
    if not versions.exists():
        current = model.objects.filter(key=key, valid_from__lte=valid).first()
        return None if current is None or (known and current.recorded_at > known) else current
    held = versions.filter(Q(valid_to=None) | Q(valid_to__gt=valid), valid_from__lte=valid)
    if known is not None:
        held = held.filter(recorded_at__lte=known)
    row = held.order_by("-version").first()
    return None if row is None or row.ended else row


def statements(record: Temporal) -> list[Statement]:
    """Every version of a record, newest first, with its differences."""
    rows = list(record.Version.objects.filter(key=record.key).order_by("version"))
    own = {"id", "version", "valid_from", "valid_to", "recorded_at", "changed_by", "reason"}
    names = [f.name for f in record.Version._meta.concrete_fields if f.name not in own]
    found: list[Statement] = []
    for before, after in zip([None, *rows], rows, strict=False):
        differences = tuple(
            Difference(name, getattr(before, name, None), getattr(after, name))
            for name in names
            if before is not None and getattr(before, name) != getattr(after, name)
        )
        found.append(Statement(after, differences))
    return found[::-1]
