"""What must hold of the declarations before a node starts."""

from typing import Any

from django.core.checks import Error

from lingnan.kernel.registry.records import elements


def one_home(**kwargs: Any) -> list[Error]:
    """Each data element has one home (promise 1)."""
    try:
        elements()
    except (ValueError, LookupError) as error:
        return [Error(str(error), id="registry.E001")]
    return []
