"""Other instances as the gateway sees them at this moment."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from lingnan.kernel.exchange.federation.partners import directories
from lingnan.kernel.exchange.messages.calls import Offering, Run, Wire
from lingnan.kernel.exchange.messages.directory import Directory, Peer
from lingnan.kernel.exchange.messages.directory_text import NotADirectory


@dataclass(frozen=True)
class Known:
    """A partner's directory and its gate, as they were read; `version` of the partner's record."""

    directory: Directory
    gate: Peer
    version: int


def load() -> dict[str, Known]:
    """Those in force whose directory is believed."""
    found = {}
    for partner in directories.partners():
        known = directories.known(partner)
        with contextlib.suppress(NotADirectory):
            if known is not None:
                gate = directories.gate(partner, known)
                found[partner.instance] = Known(known, gate, partner.version)
    return found


class Partners:
    """As `calls.Abroad`."""

    def __init__(
        self, known: Mapping[str, Known], offering: Offering, run: Run, wire: Wire | None = None
    ) -> None:
        self._known, self.offering, self._run = known, offering, run
        self.wire = wire

    async def directory(self, instance: str) -> Directory:
        """Raises Refused."""
        found = self._known.get(instance)
        if found is None:
            raise directories.refused(instance)
        await self.demand(instance)
        found.directory.in_force(datetime.now(UTC))
        return found.directory

    async def demand(self, instance: str) -> None:
        """Asked of the database each time: what ended a moment ago lets nothing through any more.
        Raises Refused."""
        found = self._known.get(instance)
        now = await self._run(lambda: directories.in_force(instance))
        if found is None or now is None or now.version != found.version:
            raise directories.refused(instance)
