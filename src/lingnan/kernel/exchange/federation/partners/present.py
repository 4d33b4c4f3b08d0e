"""Other instances as the gateway sees them at this moment."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from lingnan.kernel.exchange.federation.partners import directories
from lingnan.kernel.exchange.messages.calls import Offering, Run
from lingnan.kernel.exchange.messages.directory import Directory, Peer
from lingnan.kernel.exchange.messages.directory_text import NotADirectory
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.standards.xroad import Identifier


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

    def __init__(self, known: Mapping[str, Known], offering: Offering, run: Run) -> None:
        self._known, self.offering, self._run = known, offering, run

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

    def gate_of(self, provider: Identifier) -> Peer:
        """Through which node a provider abroad is reached: the founder's, which answers itself.
        Raises Refused."""
        found = self._known.get(provider.instance)
        if found is None:
            raise directories.refused(provider.instance)
        if found.directory.home_of(provider).server != found.gate.server:
            raise Refused("UnknownMember", f"{provider} does not answer beyond its instance")
        return found.gate
