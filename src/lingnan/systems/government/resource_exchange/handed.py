"""Files that another body has handed over: its data officer is told that they are there."""

from lingnan.kernel.exchange.api import handing
from lingnan.systems.government.resource_exchange.files import acts


def handed_files(arrived: handing.HandedIn) -> None:
    """Raises ValueError on what is no batch of files."""
    if arrived.kind != acts.KIND:
        raise ValueError(f"no such thing is taken here: {arrived.kind}")
    acts.announce(arrived)


def not_handed(kind: str, number: str, why: str) -> None:
    """The data officer who gave it is told; begun anew, it is another handover."""
    if kind == acts.KIND:
        acts.returned(number, why)
