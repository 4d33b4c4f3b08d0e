"""What officials open of credit outside the registers' own pages: evidence first."""

from collections.abc import Sequence

from lingnan.kernel.runtime.api import keys
from lingnan.kernel.trust.api import Actor, node_evidence
from lingnan.systems.government.credit.models import CreditEvent, Listing, Objection, Repair

Row = CreditEvent | Listing | Objection | Repair


def witness(kind: str, rows: Sequence[Row], who: Actor) -> None:
    """Write down who opens or lists records; whom they are about sees it."""
    if not rows:
        return
    context = f"credit.{rows[0]._meta.model_name}"
    subjects = [(context, row.key) for row in rows]
    subjects += [("pseudonym", keys.shortened(row.person)) for row in rows if row.person]
    subjects += [("pseudonym", keys.shortened(name)) for name in _firms(rows)]
    payload = {
        "record_type": context,
        "body": who.body,
        "role": who.role,
        "actor": who.signature,
        "elements": sorted(rows[0].record.elements),
    }
    node_evidence.write([node_evidence.entry(kind, payload, subjects)])


def _firms(rows: Sequence[Row]) -> list[str]:
    """The firms that rows are about, by this system's pseudonym."""
    return [row.organisation for row in rows if isinstance(row, CreditEvent | Listing)
            if row.organisation]  # fmt: skip
