"""The layers of the map and the register: each with where it comes from."""

from collections.abc import Iterable, Mapping
from typing import Any

from lingnan.kernel.runtime.api import action
from lingnan.systems.government.geography.models import Layer


def load(rows: Iterable[Mapping[str, Any]], by: str) -> int:
    """Take over the origins that a jurisdiction declares; returns how many. Raises
    ValidationError on a value that does not fit, TypeError on a name that is no field."""
    count = 0
    with action(by=by, reason="origins.toml") as act:
        for row in rows:
            act.create(Layer, **row)
            count += 1
    return count


def layers() -> list[Layer]:
    """Every layer whose origin is on record, in the order in which they were declared."""
    return list(Layer.objects.filter(ended=False).order_by("key"))


def of_collection(name: str) -> list[Layer]:
    """The layers of which a collection of the API is made."""
    return [one for one in layers() if name in one.collections.split()]
