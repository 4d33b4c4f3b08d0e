"""What a resource is worth and how good it is, counted from evidence, forms and records."""

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Count

from lingnan.kernel.exchange.api import Resource, resources
from lingnan.kernel.matters.api import published
from lingnan.kernel.runtime.api import legal_time
from lingnan.systems.government.resource_exchange import usage
from lingnan.systems.government.resource_exchange.corrections.acts import declares
from lingnan.systems.government.resource_exchange.corrections.models import Correction
from lingnan.systems.government.resource_exchange.value.models import ResourceFigures

SAMPLE = 500
"""The newest records of a register whose elements are looked at."""
# Days within which something new is expected; unverified, a day of grace included where whole.
PROMISED = {
    "realtime": 1, "day": 2, "week": 8, "month": 32, "quarter": 93, "year": 367,
}  # fmt: skip


def recompute() -> int:
    """Count everything anew for today; how many resources. Raises EvidenceUnavailable."""
    spares = _spares()
    rows = Correction.objects.order_by("resource").values_list("resource")
    wrong = dict(rows.annotate(n=Count("id")))
    for code, resource in resources().items():
        uses = usage.of(resource)
        filled, newest = quality(resource)
        counted = [[*said, number] for said, number in sorted(uses.counts.items())]
        ResourceFigures.objects.update_or_create(
            resource=code, day=legal_time.today(),
            defaults={
                "uses": uses.total, "counted": counted, "filled": filled, "newest": newest,
                "spared": spared(code, uses.about, spares), "wrong": wrong.get(code, 0),
            },
        )  # fmt: skip
    return len(resources())


def _spares() -> Counter[tuple[str, str]]:
    """(resource, matter) → how many questions of its form the resource answers."""
    found: Counter[tuple[str, str]] = Counter()
    for _definition, matter in published():
        for field in matter.form.fields():
            if field.resource:
                found[(field.resource, matter.code)] += 1
    return found


def spared(code: str, counts: Counter[tuple[str, ...]], spares: Counter[tuple[str, str]]) -> int:
    """Questions that people did not have to answer: each use for a matter times its questions."""
    return sum(number * spares[(code, purpose)] for (_body, purpose), number in counts.items())


def quality(resource: Resource) -> tuple[float | None, date | None]:
    """(share of elements that say something, day of the newest entry) of its register."""
    declared = declares(resource)
    if declared is None:
        return None, None
    model: Any = declared[0]
    names = [
        model.record.elements[one] for one in resource.elements if one in model.record.elements
    ]
    if not names:
        return None, _newest(model)
    rows = list(model.objects.filter(ended=False).order_by("-key").values_list(*names)[:SAMPLE])
    values = [value for row in rows for value in row]
    filled = sum(value not in (None, "") for value in values)
    share = 100 * filled / len(values) if values else None
    return share, _newest(model)


def _newest(model: Any) -> date | None:
    """When its register was written last: the newest version, else the newest record."""
    row = model.Version.objects.order_by("-id").first()
    row = row or model.objects.order_by("-key").first()
    return row.recorded_at.astimezone(legal_time.CHINA).date() if row else None


def fresh(resource: Resource, newest: date | None) -> bool | None:
    """Whether it keeps the cycle it promises; None where it promises none, or is computed.

    What changes at once is written when something happens: then that it was written is enough.
    """
    if newest is None or resource.cycle in ("irregular", "realtime"):
        return None
    return (legal_time.today() - newest).days <= PROMISED[resource.cycle]
