"""What the counter may see, and that it is written down before it is shown."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404

from lingnan.kernel.registry.api import Record, visible_to
from lingnan.kernel.runtime.api import keys
from lingnan.kernel.trust.api import Actor, node_evidence
from lingnan.systems.government.population.acts.events import person_of
from lingnan.systems.government.population.models import (
    Correction,
    FormerIdentity,
    Household,
    Resident,
)

HOUSEHOLD, RESIDENT = "population.household", "population.resident"


def prefix(who: Actor) -> str:
    """The significant digits of a post's division."""
    code = who.division
    while code.endswith("00"):
        code = code[:-2]
    return code


def ref(row: Record) -> str:
    """What addresses call a resident or a household: never its key."""
    return keys.veil(row.key, f"population.{row._meta.model_name}")


def household(who: Actor, text: str) -> Household:
    """A household of the post's division. Raises Http404."""
    key = keys.unveil(text, HOUSEHOLD)
    if key is None:
        raise Http404
    found = Household.objects.filter(key=key, division__startswith=prefix(who)).first()
    if found is None:
        raise Http404
    return found


def resident(who: Actor, text: str) -> Resident:
    """A resident of the post's division, also one whose record has ended. Raises Http404."""
    key = keys.unveil(text, RESIDENT)
    if key is None:
        raise Http404
    found = Resident.objects.filter(key=key, division__startswith=prefix(who)).first()
    if found is None:
        raise Http404
    return found


def found(who: Actor, number: str) -> Resident | None:
    """Who has a number, or had it once, in the post's division."""
    rows = Resident.objects.filter(division__startswith=prefix(who))
    one = rows.filter(resident_number=number).first()
    former = FormerIdentity.objects.filter(kind="number", value=number).first()
    if one is None and former is not None:
        row = Correction.objects.filter(person=former.person, before=number).first()
        one = rows.filter(key=row.subject).first() if row else None
    return one


def home(who: Actor, number: str) -> Household | None:
    """A household of the post's county by its number."""
    rows: Any = visible_to(Household, who).filter(number=number.strip())
    row: Household | None = rows.first()
    return row


def witness(kind: str, who: Actor, rows: Sequence[Resident], **more: str) -> None:
    """Write down whose records an official opens here; each of them sees it."""
    if not rows:
        return
    payload = {
        "record_type": RESIDENT,
        "body": who.body,
        "role": who.role,
        "actor": who.signature,
        "elements": sorted(Resident.record.elements),
    }
    subjects = [("person", row.key) for row in rows]
    node_evidence.write([node_evidence.entry(kind, payload | more, subjects)])


__all__ = ["found", "home", "household", "person_of", "prefix", "ref", "resident", "witness"]
