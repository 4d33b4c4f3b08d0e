"""The outbox: what an act changed is written down in the act's own transaction.

Whoever tells others of it takes the rows afterwards. An act that is rolled back has told
nobody; a process killed after the commit is made up for in the next round.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from lingnan.kernel.runtime.models import Outgoing
from lingnan.kernel.runtime.temporal.models import Temporal

# What every row of a record type has beside what it says.
OWN = frozenset({"id", "key", "version", "valid_from", "valid_to", "recorded_at"})


@dataclass(frozen=True)
class Changed:
    """A change of a record, by reference: the versions hold the values.

    topic   the record type's label, "population.resident"
    before  the version that was held; None where the record is new
    after   the version that is held now, from `start` until `until` (None: open)
    fields  names of the columns in which the two differ; `ended` is one
    """

    topic: str
    key: int
    before: int | None
    after: int
    fields: tuple[str, ...]
    start: date
    until: date | None

    @classmethod
    def of(cls, row: Outgoing) -> "Changed":
        said = row.payload
        return cls(
            topic=row.topic,
            key=row.key,
            before=said["before"],
            after=said["after"],
            fields=tuple(said["fields"]),
            start=date.fromisoformat(said["from"]),
            until=date.fromisoformat(said["to"]) if said["to"] else None,
        )


def differing(model: type[Temporal], before: Any, after: Any) -> list[str]:
    """Columns in which two statements of one record differ; all that are filled, of a new one."""
    names = [f.attname for f in model._meta.concrete_fields if f.name not in OWN]
    if before is None:
        return [name for name in names if getattr(after, name) not in (None, "", False)]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def announce(
    model: type[Temporal], before: Any, after: Any, until: date | None, at: datetime
) -> None:
    """Write down that a record says something else. Call inside the action that changes it.

    `before` is the statement that was held, None for a new record; `after` holds until a day,
    or for good. Nothing is written for a record type that announces nothing, nor where nothing
    differs.
    """
    fields = differing(model, before, after) if model.announces else []
    if not fields:
        return
    payload = {
        "before": None if before is None else before.version,
        "after": after.version,
        "fields": fields,
        "from": after.valid_from.isoformat(),
        "to": until.isoformat() if until else None,
    }
    Outgoing.objects.create(
        topic=model._meta.label_lower, key=after.key, payload=payload, recorded_at=at
    )


def waiting(topics: Sequence[str], limit: int) -> list[tuple[int, int]]:
    """(number, record's key) of rows of these topics that nobody has taken, oldest first."""
    rows = Outgoing.objects.filter(taken_at=None, topic__in=topics).order_by("id")
    return list(rows.values_list("id", "key")[:limit])


def locked(number: int) -> Outgoing | None:
    """A row that is still to be taken, locked until the transaction ends."""
    rows = Outgoing.objects.select_for_update()
    return rows.filter(id=number, taken_at=None).first()


def taken(row: Outgoing, kept: bool) -> None:
    """Mark a row as spread; one that nobody follows is not kept."""
    if not kept:
        row.delete()
        return
    row.taken_at = timezone.now()
    row.save(update_fields=["taken_at"])


def drop(topics: Sequence[str]) -> int:
    """Delete what waits of topics that nobody can follow; returns how many rows."""
    return Outgoing.objects.filter(taken_at=None, topic__in=topics).delete()[0]
