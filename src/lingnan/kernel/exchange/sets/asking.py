"""The door of set uses: whether this node answers or another one is not the caller's matter."""

from collections.abc import Iterable, Iterator
from functools import partial

from lingnan.kernel.exchange import gateway, remote
from lingnan.kernel.exchange.models import UseSet
from lingnan.kernel.exchange.sets import across, answering, opening
from lingnan.kernel.exchange.sets.mapped import mapped
from lingnan.kernel.exchange.sets.opening import Opened
from lingnan.kernel.exchange.sets.values import DEADLINE, Part, SetUse
from lingnan.kernel.exchange.traffic import uses as counted
from lingnan.kernel.exchange.use import InsideTransaction
from lingnan.kernel.runtime.api import legal_time


def opened(use: SetUse, subjects: Iterable[str]) -> Opened:
    """Open a set, or the one that this `request` opened before; durable before it returns.

    Subjects are read once, in their order. Raises Denied (no agreement for sets, a subject that is
    not the consumer's, one asked twice, another set under the same request), Unavailable,
    InsideTransaction.
    """
    if gateway.inside_transaction():
        raise InsideTransaction
    with legal_time.hold(), mapped():
        home = remote.route_to(use.resource.split(".", 1)[0])
        if home is None:
            return counted.one(use, lambda asked: opening.opened(asked, subjects))
        return across.opened(home, use, subjects)


def parts(opened: Opened, start: int = 0, deadline: float = DEADLINE) -> Iterator[Part]:
    """The parts of a set, from one on; each is made when it is asked for. Raises as `part`."""
    step = opened.manifest.size * 16
    for number in range(start, opened.manifest.parts):
        names = opened.names[number * step : (number + 1) * step]
        yield part(opened.number, number, deadline, names)


def part(number: str, at: int, deadline: float = DEADLINE, names: bytes = b"") -> Part:
    """One part of a set, by the number of the set and its place from 0; the same again when it is
    asked for again. Raises Denied (the agreement covers it no more; no such part), Unavailable
    (holder or evidence down, too late), InsideTransaction."""
    if gateway.inside_transaction():
        raise InsideTransaction
    with legal_time.hold(), mapped():
        row = UseSet.objects.filter(pk=number).only("resource", "consumer").first()
        home = remote.route_to(row.resource.split(".", 1)[0]) if row is not None else None
        if home is None:
            said = partial(answering.part, number, at, deadline, names)
            return said() if row is None else counted.one(row, lambda _row: said())
        return across.part(home, number, at, deadline, names)
