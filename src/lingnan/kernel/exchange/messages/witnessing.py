"""Messages in the evidence of this node."""

from collections.abc import Mapping
from typing import Any

from lingnan.kernel.exchange.messages.calls import unavailable
from lingnan.kernel.trust.evidence.api import Entry, EvidenceUnavailable, InvalidEntry
from lingnan.kernel.trust.evidence.asynchronous import AsyncClient


class EvidenceWitness:
    """As `calls.Witness`: through the node's one writer."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def write(self, kind: str, payload: Mapping[str, Any], reference: str) -> None:
        try:
            await self._client.append([Entry(kind, payload, reference=reference)])
        except (EvidenceUnavailable, InvalidEntry) as problem:
            raise unavailable(f"the exchange cannot be written down: {problem}") from problem
