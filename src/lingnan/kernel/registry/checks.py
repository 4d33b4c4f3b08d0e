"""What must hold of the declarations before a node starts."""

from typing import Any

from django.core.checks import Error

from lingnan.kernel.registry.choosing import faults
from lingnan.kernel.registry.records import elements, record_types


def one_home(**kwargs: Any) -> list[Error]:
    """Each data element has one home (promise 1)."""
    try:
        elements()
    except (ValueError, LookupError) as error:
        return [Error(str(error), id="registry.E001")]
    return []


def choosable(**kwargs: Any) -> list[Error]:
    """Each filter has choices or is a day; lists are sorted by indexed fields only."""
    found = (fault for model in record_types() for fault in faults(model))
    return [Error(fault, id="registry.E002") for fault in found]
