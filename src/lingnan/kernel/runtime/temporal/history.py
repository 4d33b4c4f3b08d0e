"""Reading the past: what held on a day, as it was known on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from lingnan.kernel.runtime.temporal.models import Temporal, VersionRow


@dataclass(frozen=True)
class Moment:
    """A day on which something held, and the instant up to which it was known (None: now)."""

    valid: date
    known: datetime | None = None


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


def held_rows(model: type[Temporal], moment: Moment) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """What held at a moment: rows of records never changed since, and versions of the others.

    No key stands in both. Records that had ended by then are in neither.
    """
    known = {} if moment.known is None else {"recorded_at__lte": moment.known}
    versions = model.Version.objects.filter(key=OuterRef("key"))
    unchanged = model.objects.filter(ended=False, valid_from__lte=moment.valid, **known)
    covering = _covering(model.Version.objects.all(), moment.valid).filter(**known)
    later = covering.filter(key=OuterRef("key"), version__gt=OuterRef("version"))
    return unchanged.exclude(Exists(versions)), covering.exclude(Exists(later)).exclude(ended=True)


def _covering(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    return rows.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


OWN = {"id", "version", "valid_from", "valid_to", "recorded_at", "changed_by", "reason"}


def stated_fields(model: type[Temporal]) -> list[str]:
    """The fields that a version states, without those about the version itself."""
    return [f.name for f in model.Version._meta.concrete_fields if f.name not in OWN]


def statements(record: Temporal) -> list[Statement]:
    """Every version of a record, newest first, with what it says otherwise than what held before.

    Before means on the first day of its own interval, by the versions written before it.
    """
    rows: list[Any] = list(record.Version.objects.filter(key=record.key).order_by("version"))
    names = stated_fields(type(record))
    found: list[Statement] = []
    for place, after in enumerate(rows):
        before = holding(rows[:place], after.valid_from) if place else None
        differences = tuple(
            Difference(name, getattr(before, name, None), getattr(after, name))
            for name in names
            if place and getattr(before, name, None) != getattr(after, name)
        )
        found.append(Statement(after, differences))
    return found[::-1]


def holding(versions: Sequence[Any], day: date) -> Any:
    """The version that holds on a day, else the one that holds next; None where none does.

    `versions` by ascending number: the later number wins.
    """
    for version in reversed(versions):
        if version.valid_from <= day and (version.valid_to is None or day < version.valid_to):
            return version
    begins = [version.valid_from for version in versions if version.valid_from > day]
    return holding(versions, min(begins)) if begins else None


@dataclass(frozen=True)
class Period:
    """An interval of valid time over which one version holds."""

    start: date
    until: date | None
    version: Any


def course(versions: Sequence[Any], known: datetime | None = None) -> list[Period]:
    """What held when, by what was known at an instant: intervals in order, each with its version.

    Days on which nothing held are left out; `versions` by ascending number.
    """
    told = [v for v in versions if known is None or v.recorded_at <= known]
    edges = {day for v in told for day in (v.valid_from, v.valid_to) if day is not None}
    found: list[Period] = []
    for start, until in pairwise([*sorted(edges), None]):
        version = holding(told, start) if start else None
        if version is None or start is None or version.valid_from > start:
            continue
        if found and found[-1].version is version and found[-1].until == start:
            found[-1] = Period(found[-1].start, until, version)
        else:
            found.append(Period(start, until, version))
    return found
