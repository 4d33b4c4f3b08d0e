"""Un-merge: two records made two again by two officials, the last merge first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from lingnan.kernel.registry.linkage.merging import OWN, Refused, both_of, held_in, lead
from lingnan.kernel.registry.linkage.models import Merge
from lingnan.kernel.runtime.api import action


@dataclass(frozen=True)
class Outlook:
    """What an un-merge would do to the survivor.

    since   fields stated anew since the merge: (field, value at the merge, value now); they stay
    back    fields that the merge took: (field, value now, value that it goes back to)
    """

    since: tuple[tuple[str, Any, Any], ...]
    back: tuple[tuple[str, Any, Any], ...]


def outlook(merge: Merge, survivor: Any) -> Outlook:
    """What is learnt since and what goes back, before anything is done."""
    at_merge = survivor.Version.objects.filter(key=survivor.key, version=merge.after).first()
    names = [] if at_merge is None else [f.name for f in survivor._meta.concrete_fields]
    since = tuple(
        (name, getattr(at_merge, name), getattr(survivor, name))
        for name in names
        if name not in OWN and getattr(at_merge, name) != getattr(survivor, name)
    )
    stay = {name for name, _then, _now in since}
    fields = {name: type(survivor)._meta.get_field(name) for name in merge.before}
    back = tuple(
        (name, getattr(survivor, name), fields[name].to_python(text))
        for name, text in merge.before.items()
        if name not in stay
    )
    return Outlook(since, back)


def ask(merge: Merge, *, account: int, by: str, reason: str) -> Merge:
    """Ask that a merge be undone, which a second official confirms. Raises Refused."""
    if not reason.strip():
        raise Refused("reason")
    with transaction.atomic():
        held = held_in(merge, "done")
        survivor, other = both_of(held)
        _fit(held, survivor, other)
        held.state, held.undo_account, held.undo_asked_by = "undoing", account, by
        held.undo_reason, held.undo_version = reason.strip()[:400], survivor.version
        held.save()
    return held


def confirm(merge: Merge, *, account: int, by: str) -> list[str]:
    """Make them two again; returns the survivor's fields stated since, to be looked through.

    The other is as it was. Of the survivor each field that the merge took goes back, unless it
    was stated anew since: what was learnt after the merge stays with the survivor. Raises
    Refused: by who asked, or when the survivor has changed since it was asked.
    """
    with transaction.atomic():
        held = held_in(merge, "undoing")
        if held.undo_account == account:
            raise Refused("own")
        survivor, other = both_of(held)
        _fit(held, survivor, other)
        if survivor.version != held.undo_version:
            raise Refused("changed_undo")
        found, model = outlook(held, survivor), type(survivor)
        with action(by=by, reason=held.undo_reason) as act:
            if found.back:
                act.change(survivor, **{name: value for name, _now, value in found.back})
            act.change(other, ended=False)
        lead(model, other.key, other.key)
        held.state, held.undone_by = "undone", by
        held.save()
    return [name for name, _then, _now in found.since]


def keep(merge: Merge) -> None:
    """Leave merged what somebody asked to undo."""
    with transaction.atomic():
        held = held_in(merge, "undoing")
        held.state = "done"
        held.save()


def _fit(held: Merge, survivor: Any, other: Any) -> None:
    """The last merge is undone first: of one that stands on this one, and of the survivor's."""
    if survivor.ended or other.version != held.other_version or _later(held):
        raise Refused("later_merge")


def _later(held: Merge) -> bool:
    """Whether the survivor took fields in a later merge: going back would give it theirs."""
    there = Merge.objects.filter(record_type=held.record_type, survivor=held.survivor)
    return there.filter(state__in=("done", "undoing"), after__gt=held.after).exists()
