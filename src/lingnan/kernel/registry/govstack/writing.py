"""Writing for a client: the register's own checks, rights, evidence and dual control."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from lingnan.kernel.registry.editing import proposals, writing
from lingnan.kernel.registry.editing.writing import Entered, Kind, Refused, Typed
from lingnan.kernel.registry.govstack import naming
from lingnan.kernel.registry.models import Proposal
from lingnan.kernel.registry.records import Record
from lingnan.kernel.trust.api import Actor

# Why, where the client does not say it.
BY_INTERFACE = {"new": "GovStack: create", "change": "GovStack: update", "end": "GovStack: delete"}
Done = tuple[list[Record], list[Proposal]]


def editable(model: type[Record], who: Actor) -> None:
    """Raises PermissionDenied for posts that do not enter records of this register."""
    if not writing.may_edit(model, who):
        raise PermissionDenied


def create(model: type[Record], who: Actor, told: Mapping[str, Any], reason: str) -> Done:
    """A new record, or the proposal of one. Raises Refused and Conflict."""
    values = naming.read(model, who, told)
    if "key" in values:
        raise Refused({naming.ID: [_("This is kept by the register itself.")]})
    return _do(model, who, [(None, _checked(model, who, "new", values, None, reason))])


def change(
    model: type[Record], who: Actor, rows: list[Any], told: Mapping[str, Any], reason: str
) -> Done:
    """Records changed all or none, or a proposal for each. Raises Refused and Conflict.

    What a record says already is no change of it.
    """
    values, entered = naming.read(model, who, told), list[tuple[Any, Entered]]()
    wanted = values.pop("key", None)
    for row in rows:
        if naming.ID in told and wanted != row.key:
            raise Refused({naming.ID: [_("This is kept by the register itself.")]})
        new = {name: v for name, v in values.items() if naming.plain(getattr(row, name)) != v}
        if new:
            entered.append((row, _checked(model, who, "change", new, row, reason)))
    return _do(model, who, entered)


def end(model: type[Record], who: Actor, row: Any) -> Done:
    """The record holds no more; it stays readable. Raises Refused and Conflict."""
    return _do(model, who, [(row, _checked(model, who, "end", {}, row, ""))])


def _checked(
    model: type[Record], who: Actor, kind: Kind, values: Mapping[str, Any], row: Any, reason: str
) -> Entered:
    texts = {name: _typed(model, name, value) for name, value in values.items()}
    typed = Typed(
        texts, reason=reason or BY_INTERFACE[kind], version=row.version if row is not None else 0
    )
    try:
        return writing.checked(model, who, kind, typed, row)
    except Refused as error:
        raise in_their_words(error) from None


def _typed(model: type[Record], name: str, value: Any) -> Any:
    """As a form would send it: days and numbers are checked from their texts."""
    return value if value is None or isinstance(value, bool) else str(value)


def in_their_words(error: Refused) -> Refused:
    """Errors by the names of the interface."""
    return Refused(
        {
            name if name.startswith("_") else naming.camel(name): said
            for name, said in error.errors.items()
        }
    )


def _do(model: type[Record], who: Actor, entered: list[tuple[Any, Entered]]) -> Done:
    """All that was entered or nothing of it."""
    made, proposed = list[Record](), list[Proposal]()
    try:
        with transaction.atomic():
            for row, entry in entered:
                if writing.needs_confirming(model, entry):
                    proposed.append(proposals.propose(model, who, entry, row))
                else:
                    made.append(writing.enter(model, who, entry, row))
    except Refused as error:
        raise in_their_words(error) from None
    return made, proposed
