"""Agreements: no use without one that covers it."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from lingnan.kernel.exchange import limited, telling, terms, volumes
from lingnan.kernel.exchange.covering import covering
from lingnan.kernel.exchange.models import Agreement
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import consents, node_evidence, superiors

__all__ = ["change", "conclude", "covering", "end", "holds", "resources_open_to"]

FIELDS = (
    "number", "resource", "consumer", "purpose", "basis", "elements", "valid_until", "consent",
    "uses", "rows", "subjects", "rate", "volume", "onward",
)  # fmt: skip


def conclude(
    number: str,
    resource: str,
    consumer: str,
    purpose: str,
    basis: str,
    elements: Sequence[str],
    by: str,
    valid_until: date | None = None,
    consent: bool = False,
    **limits: Any,
) -> Agreement:
    """Put an agreement into force from today's legal date.

    With `consent` each use needs the consent of whom it is about, and the text is signed.
    `limits`: uses, rows, subjects, rate, volume, onward (`models.Agreement`). Raises NotATerm.
    """
    limited.check(resource, limits)
    volumes.demand_own(limits.get("volume", ""))
    values: dict[str, Any] = {
        "number": number,
        "resource": resource,
        "consumer": consumer,
        "purpose": purpose,
        "basis": basis,
        "elements": list(elements),
        "valid_until": valid_until,
        "consent": consent,
        **limits,
    }
    if consent:
        values |= _signed(Agreement(**values))
        _witness("agreement.concluded", number, by, values)
    with action(by=by, reason=f"agreement {number}") as act:
        return act.create(Agreement, **values)


def change(agreement: Agreement, by: str, **values: Any) -> Agreement:
    """Another text from today on, signed anew; who consented to the old one is asked again.

    The evidence first; who has to hear of it is told in the same writing, so that nobody can be
    forgotten. Raises EvidenceUnavailable, NotATerm.
    """
    before = terms.digest(agreement)
    stated = {name: getattr(agreement, name) for name in FIELDS} | values
    limited.check(agreement.resource, {name: stated[name] for name in limited.LIMITS})
    volumes.demand_own(stated["volume"])
    changed = Agreement(**stated)
    if changed.consent:
        stated |= _signed(changed)
    _witness("agreement.changed", agreement.number, by, stated)
    with action(by=by, reason=f"agreement {agreement.number} changed") as act:
        found = act.change(agreement, **stated)
        telling.changed(found, must=terms.digest(found) != before)
    return found


def end(agreement: Agreement, by: str) -> Agreement:
    """From now on nothing is read by it; the evidence first. Ended twice, it stays ended."""
    if agreement.ended:
        return agreement
    _witness("agreement.ended", agreement.number, by, {})
    with action(by=by, reason=f"agreement {agreement.number} ended") as act:
        found = act.end(agreement)
        telling.ended(found)
    return found


def _signed(agreement: Agreement) -> dict[str, str]:
    made = consents.signing.sign(terms.document(agreement))
    return {
        "document": made.document,
        "signature": made.signature,
        "certificate": made.certificate,
    }


def _witness(kind: str, number: str, by: str, values: Mapping[str, Any]) -> None:
    said = {name: values[name] for name in FIELDS if name in values}
    until = said.get("valid_until")
    said |= {"valid_until": until.isoformat() if until else None} if said else {}
    payload = {"agreement": number, "actor": by, "legal_time": legal_time.now().isoformat()} | said
    node_evidence.write([node_evidence.entry(kind, payload, (), number)])


def holds(row: Any) -> bool:
    """Whether a version of an agreement (or its present text) is what was signed, unchanged."""
    if not row.document:
        return False
    whole = consents.signing.holds(row.document, row.signature, row.certificate)
    told = json.loads(row.document)
    same = all(told[name] == getattr(row, name) for name in (*terms.DECISIVE, "number"))
    limits = {name: told[name] for name in limited.LIMITS if name in told}
    same = same and limits == terms.limits(row, tuple(limited.LIMITS))
    return bool(whole and same and told["elements"] == sorted(set(row.elements)))


def resources_open_to(consumer: str) -> set[str]:
    """The codes of the resources that a body may ask for today, for whatever purpose."""
    return set(_open_to(consumer).values_list("resource", flat=True))


def ways_open_to(consumer: str, system: str) -> set[str]:
    """In which kinds of use a body may ask a system today."""
    found = _open_to(consumer).filter(resource__startswith=f"{system}.")
    return {way for uses in found.values_list("uses", flat=True) for way in uses}


def allowing(consumer: str, way: str) -> list[Agreement]:
    """The agreements under which a body may ask today in a kind of use, by number."""
    return [one for one in _open_to(consumer).order_by("number") if way in one.uses]


def _open_to(consumer: str) -> QuerySet[Agreement]:
    today = legal_time.today()
    in_time = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    return Agreement.objects.filter(
        in_time,
        consumer__in=superiors(consumer) or [consumer],
        ended=False,
        valid_from__lte=today,
    )
