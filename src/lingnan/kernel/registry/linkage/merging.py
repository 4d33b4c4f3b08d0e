"""Merge: two records made one by two officials; `unmerging` makes them two again.

The other record is ended, never deleted; its key leads to the survivor from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from lingnan.kernel.registry.linkage.following import survivors
from lingnan.kernel.registry.linkage.living import Known, against
from lingnan.kernel.registry.linkage.models import Merge, MergedKey
from lingnan.kernel.registry.reading import context_of
from lingnan.kernel.registry.records import Record, record_type
from lingnan.kernel.runtime.api import action, legal_time

OWN = frozenset({"key", "version", "valid_from", "recorded_at", "ended"})


class Refused(Exception):
    """A merge or un-merge that is not done; `code` says why, for pages to put into words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def kind_of(model: type[Record]) -> str:
    return model.record.subject or context_of(model)


def known(record: Any) -> Known:
    """What bears on whether two are one, by the declaration's fields."""
    linkage = type(record).record.linkage
    if linkage is None:
        return Known("", None, "")
    said = {
        name: getattr(record, field) if field else None
        for name, field in (("n", linkage.number), ("b", linkage.birth), ("s", linkage.sex))
    }
    return Known(said["n"] or "", said["b"], said["s"] or "")


def conflicts(survivor: Any, other: Any) -> list[str]:
    """Fields in which two differ and of which either may be taken.

    What must be unique stays the survivor's, since the other keeps its own: whose number is
    right survives.
    """
    fields = [f for f in type(survivor)._meta.concrete_fields if f.name not in OWN and not f.unique]
    return [f.name for f in fields if getattr(survivor, f.name) != getattr(other, f.name)]


def propose(
    survivor: Any, other: Any, chosen: Sequence[str], *, account: int, by: str, reason: str
) -> Merge:
    """Ask for a merge, which a second official confirms. Raises Refused."""
    _fit(survivor, other, chosen)
    if not reason.strip():
        raise Refused("reason")
    return Merge.objects.create(
        record_type=context_of(type(survivor)), survivor=survivor.key, other=other.key,
        chosen=list(chosen), reason=reason.strip()[:400], account=account, proposed_by=by,
        other_version=other.version, after=survivor.version, at=legal_time.now(),
    )  # fmt: skip


def _fit(survivor: Any, other: Any, chosen: Sequence[str]) -> None:
    if survivor.key == other.key or type(survivor) is not type(other):
        raise Refused("same_record")
    if survivor.ended or other.ended:
        raise Refused("ended")
    reasons = against(known(survivor), known(other))
    if reasons:
        raise Refused(reasons[0])
    if set(chosen) - set(conflicts(survivor, other)):
        raise Refused("chosen")


def confirm(merge: Merge, *, account: int, by: str) -> Merge:
    """Make two records one. Raises Refused: by the proposer, or when a record has changed."""
    if merge.account == account:
        raise Refused("own")
    with transaction.atomic():
        held = held_in(merge, "proposed")
        survivor, other = both_of(held)
        if (survivor.version, other.version) != (held.after, held.other_version):
            raise Refused("changed")
        _fit(survivor, other, held.chosen)
        _join(held, survivor, other, by)
    return held


def _join(held: Merge, survivor: Any, other: Any, by: str) -> None:
    fields = {name: type(survivor)._meta.get_field(name) for name in held.chosen}
    held.before = {name: field.value_to_string(survivor) for name, field in fields.items()}
    taken = {name: getattr(other, name) for name in held.chosen}
    with action(by=by, reason=held.reason) as act:
        if taken:
            survivor = act.change(survivor, **taken)
        other = act.end(other)
    lead(type(survivor), other.key, survivor.key)
    held.after, held.other_version = survivor.version, other.version
    held.state, held.confirmed_by = "done", by
    held.save()


def drop(merge: Merge) -> None:
    with transaction.atomic():
        held = held_in(merge, "proposed")
        held.state = "dropped"
        held.save()


def held_in(merge: Merge, state: str) -> Merge:
    held = Merge.objects.select_for_update().filter(pk=merge.pk, state=state).first()
    if held is None:
        raise Refused("state")
    return held


def both_of(held: Merge) -> tuple[Any, Any]:
    model = record_type(*held.record_type.split("."))
    rows = {row.key: row for row in model.objects.filter(key__in=[held.survivor, held.other])}
    if len(rows) != 2:
        raise Refused("gone")
    return rows[held.survivor], rows[held.other]


def lead(model: type[Record], key: int, into: int) -> None:
    """A key leads to another, which never leads back. Raises Refused."""
    kind = kind_of(model)
    if key != into and survivors(kind, [into])[into] == key:
        raise Refused("circle")
    MergedKey.objects.create(kind=kind, key=key, into=into, at=legal_time.now())
