"""From a key that was merged away to the record that stands for it, and back."""

from collections.abc import Iterable
from functools import cache

from django.db import connection

from lingnan.kernel.registry.linkage.models import MergedKey
from lingnan.kernel.runtime import statements

STEPS = 64


def survivors(kind: str, keys: Iterable[int]) -> dict[int, int]:
    """Each key → the key that stands for it today: mostly itself."""
    standing = {key: key for key in keys}
    if not _any(kind):
        return standing
    for _step in range(STEPS):
        moved = _latest(kind, set(standing.values()))
        if not moved:
            return standing
        standing = {key: moved.get(now, now) for key, now in standing.items()}
    raise RuntimeError("merged keys lead round in a circle")


def _any(kind: str) -> bool:
    """Whether anybody of this kind was ever merged: asked at every use of the exchange."""
    return bool(statements.unchanged(_one_of_kind(), (kind,)))


@cache
def _one_of_kind() -> str:
    table = connection.ops.quote_name(MergedKey._meta.db_table)
    return f"SELECT 1 FROM {table} WHERE kind = %s LIMIT 1"


def merged_into(kind: str, key: int) -> list[int]:
    """All keys that a key stands for beside itself, in whatever order they were merged."""
    found: list[int] = []
    look = [key]
    while look:
        now = look.pop()
        asked = set(MergedKey.objects.filter(kind=kind, into=now).values_list("key", flat=True))
        direct = {one for one, into in _latest(kind, asked - {now}).items() if into == now}
        found += sorted(direct - set(found))
        look += sorted(direct)
    return found


def _latest(kind: str, keys: Iterable[int]) -> dict[int, int]:
    """The last word on each key that leads elsewhere."""
    rows = MergedKey.objects.filter(kind=kind, key__in=list(keys)).order_by("id")
    last = dict(rows.values_list("key", "into"))
    return {key: into for key, into in last.items() if key != into}
