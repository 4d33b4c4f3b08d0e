"""What must hold of the declarations before a node starts."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import Error

from lingnan.kernel.registry import rights
from lingnan.kernel.registry.choosing import faults
from lingnan.kernel.registry.importing import columns
from lingnan.kernel.registry.projection.layout import layout
from lingnan.kernel.registry.quality.expressions import fields
from lingnan.kernel.registry.records import Record, elements, record_types


def one_home(**kwargs: Any) -> list[Error]:
    """Each data element has one home (promise 1)."""
    try:
        elements()
    except (ValueError, LookupError) as error:
        return [Error(str(error), id="registry.E001")]
    return []


def projected(**kwargs: Any) -> list[Error]:
    """What is counted and what rules read stands in the columnar copy."""
    return [
        Error(fault, id="registry.E003") for model in record_types() for fault in _lacking(model)
    ]


def _lacking(model: type[Record]) -> Iterator[str]:
    record, name = model.record, model.__name__
    if record.projected:
        layout(model)
    read = [(dimension.field, "counted") for dimension in record.counted]
    read += [(field, rule.code) for rule in record.rules for field in sorted(fields(rule))]
    read += [(record.scope, "scope")] if record.projected and record.scope else []
    for dimension in record.counted:
        above = [d for d in record.counted if (d.field, d.kind) == (dimension.within, "division")]
        # The counties' table is bounded by the division that the reader sees.
        if dimension.kind == "township" and not (above and dimension.within == record.scope):
            yield f"{name}.{dimension.field} (counted) is not within its register's scope"
    for field, why in read:
        if field not in record.projected:
            yield f"{name}.{field} ({why}) is not projected"


def choosable(**kwargs: Any) -> list[Error]:
    """Each filter has choices or is a day; lists are sorted by indexed fields only."""
    found = (fault for model in record_types() for fault in faults(model))
    return [Error(fault, id="registry.E002") for fault in found]


def importable(**kwargs: Any) -> list[Error]:
    """Whoever may import has columns to import, the identifier and the division among them."""
    found = (fault for model in record_types() for fault in columns.faults(model))
    return [Error(fault, id="registry.E004") for fault in found]


def editable(**kwargs: Any) -> list[Error]:
    """What names a record is never withheld; who confirms, and what, is said together."""
    found = (fault for model in record_types() for fault in rights.faults(model))
    return [Error(fault, id="registry.E005") for fault in found]
