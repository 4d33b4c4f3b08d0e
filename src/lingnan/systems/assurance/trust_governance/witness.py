"""What is done here stands in the evidence before it is done, as what it is about did."""

from collections.abc import Mapping
from typing import Any

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import SYSTEM, Actor, node_evidence


def write(
    kind: str,
    who: Actor,
    more: Mapping[str, Any],
    subjects: list[tuple[str, int]] | None = None,
    reference: str = "",
) -> int:
    """The number of the entry. Raises EvidenceUnavailable: then nothing may be done."""
    payload = {
        "body": who.body,
        "role": who.role,
        "actor": who.signature if who is not SYSTEM else SYSTEM.name,
        "legal_time": legal_time.now().isoformat(),
    }
    entry = node_evidence.entry(kind, payload | dict(more), subjects or [], reference)
    return int(node_evidence.write([entry])[0].seq)
