"""Finding records by what a client says of them: by exact values, or in a numbered list.

A register of millions is never gone through for one: what is asked for names an indexed field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.registry import reading
from lingnan.kernel.registry.choosing import Choosing
from lingnan.kernel.registry.editing.entry import WHOLE
from lingnan.kernel.registry.editing.writing import Refused
from lingnan.kernel.registry.govstack import naming
from lingnan.kernel.registry.records import Record
from lingnan.kernel.trust.api import Actor

# Rows that can be reached by page numbers, and records that one call changes.
REACHED, CHANGED = 1000, 100
QUERY = "query."
ORDERS = {"": "", "ascending": "", "asc": "", "descending": "-", "desc": "-"}


class Ambiguous(Exception):
    """More than one record is what was described."""


def findable(model: type[Record]) -> frozenset[str]:
    """Fields by whose value alone a record is found quickly."""
    columns: Any = model._meta.concrete_fields
    indexed = (column.name for column in columns if column.db_index or column.unique)
    kept = {"valid_from", "recorded_at", "ended", "version", model.record.scope}
    return frozenset({*indexed, *model.record.search} - kept) | {"key"}


def one(model: type[Record], who: Actor, told: Mapping[str, Any], kind: str) -> Any | None:
    """The record described, its opening in the evidence. Raises Refused and Ambiguous."""
    found = several(model, who, told, 2, kind)
    if len(found) > 1:
        raise Ambiguous
    return found[0] if found else None


def several(
    model: type[Record], who: Actor, told: Mapping[str, Any], most: int, kind: str
) -> list[Any]:
    """Up to `most` records described. Raises Refused."""
    exact = exactly(model, who, told)
    return reading.having(model, who, exact, most, kind)


def exactly(model: type[Record], who: Actor, told: Mapping[str, Any]) -> dict[str, Any]:
    """What a client says of a record, as clean values by field. Raises Refused."""
    exact = naming.compared(model, naming.read(model, who, told))
    if not findable(model) & set(exact):
        named = sorted(set(naming.fields(model, who).values()) & findable(model))
        said = {"fields": "、".join([naming.ID, *map(naming.camel, named)])}
        raise Refused({WHOLE: [_("Name one of these fields: %(fields)s") % said]})
    return exact


def listing(model: type[Record], who: Actor, asked: Mapping[str, str]) -> reading.Reading:
    """What a list is asked for, from the parameters of its address. Raises Refused."""
    exact = naming.read(
        model, who, {k.removeprefix(QUERY): v for k, v in asked.items() if k.startswith(QUERY)}
    )
    search, field = asked.get("search", "").strip(), asked.get("filter", "").strip()
    by = naming.fields(model, who).get(field, "") if field else ""
    errors: dict[str, list[str]] = {}
    if field and not by:
        errors["filter"] = [_("This register has no such field.")]
    if search and by:
        # GovStack: search for a text in one field. It is the field's whole value.
        exact, search = exact | {by: search}, ""
    for name in exact:
        if name not in findable(model) and name not in model.record.filters:
            errors[naming.camel(name)] = [_("This register is not searched by that field.")]
        elif name in model.record.masked:
            errors[naming.camel(name)] = [
                _("A number of a person does not belong in an address: send it with `read`.")
            ]
    ordering = asked.get("ordering", "").strip()
    sort = _sort(model, ordering, naming.fields(model, who), by)
    if sort is None:
        errors["ordering"] = [_("This register cannot be sorted so.")]
    if errors:
        raise Refused(errors)
    return reading.Reading(search, None, Choosing(sort=sort or ""), naming.compared(model, exact))


def _sort(model: type[Record], ordering: str, known: Mapping[str, str], by: str) -> str | None:
    """`descending`, `firstName` or `-firstName` → the registry's order; None where there is none.

    A mere direction is that of the field named by `filter`, else of the first sortable field.
    """
    if ordering in ORDERS:
        first = by if by in model.record.sorts else next(iter(model.record.sorts), "")
        return ORDERS[ordering] + first if ordering and first else ("" if not ordering else None)
    bare = known.get(ordering.removeprefix("-"), "")
    if bare not in model.record.sorts:
        return None
    return f"-{bare}" if ordering.startswith("-") else bare
