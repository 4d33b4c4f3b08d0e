"""What officials open outside the registers' own pages: evidence first."""

from collections.abc import Sequence

from lingnan.kernel.registry.api import Record
from lingnan.kernel.runtime.api import keys
from lingnan.kernel.trust.api import Actor, node_evidence


def witness(kind: str, rows: Sequence[Record], who: Actor) -> None:
    """Write down who opens ("record.opened") or lists ("record.listed") records of one type."""
    if not rows:
        return
    context = f"legal_persons.{rows[0]._meta.model_name}"
    subjects = [(context, row.key) for row in rows]
    about = rows[0].record.concerns
    people = [getattr(row, about) for row in rows] if about else []
    subjects += [("pseudonym", keys.shortened(name)) for name in people if name]
    payload = {
        "record_type": context,
        "body": who.body,
        "role": who.role,
        "actor": who.signature,
        "elements": sorted(rows[0].record.elements),
    }
    node_evidence.write([node_evidence.entry(kind, payload, subjects)])
