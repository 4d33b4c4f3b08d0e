"""The queue of pairs as an official sees it: filtered by sight in the query, page by page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from lingnan.kernel.registry.linkage.deciding import reference, unveiled, witness
from lingnan.kernel.registry.linkage.models import Pair
from lingnan.kernel.registry.reading import context_of
from lingnan.kernel.registry.records import Record, in_sight
from lingnan.kernel.trust.api import Actor

PAGE = 25
ORDER = ("proposed", "undoing", "open", "unsure", "merged")
CURSOR = re.compile(r"([a-z]{4,10})_(-?\d{1,6}(?:\.\d{1,20})?(?:e-?\d{1,3})?)_([0-9A-Za-z-]{1,64})")


@dataclass(frozen=True)
class Page:
    """Pairs with both of their records, and after which the next page begins ("": none)."""

    rows: tuple[tuple[Pair, Any, Any], ...]
    next: str


@dataclass(frozen=True)
class Place:
    """A place in the queue, as it was when its page was shown."""

    state: str
    weight: float
    number: int


def page(model: type[Record], who: Actor, after: str = "") -> Page:
    """Pairs to be looked at, those that wait for a second official first; evidence first."""
    pairs = _after(model, who, _place(after))
    shown = pairs[:PAGE]
    asked = {key for pair in shown for key in (pair.left, pair.right)}
    rows = {row.key: row for row in in_sight(model, who, model.objects.filter(key__in=asked))}
    found = tuple(
        (p, rows[p.left], rows[p.right]) for p in shown if p.left in rows and p.right in rows
    )
    witness("record.listed", model, who, [row for one in found for row in one[1:]])
    return Page(found, _said(shown[-1]) if len(pairs) > PAGE else "")


def _after(model: type[Record], who: Actor, place: Place | None) -> list[Pair]:
    """One more than a page, state by state, so that each query follows the index."""
    found: list[Pair] = []
    for state in ORDER[ORDER.index(place.state) if place else 0 :]:
        rows = _seen(model, who).filter(state=state)
        if place is not None and place.state == state:
            beyond = Q(weight=place.weight, pk__gt=place.number)
            rows = rows.filter(Q(weight__lt=place.weight) | beyond)
        found += rows.order_by("-weight", "pk")[: PAGE + 1 - len(found)]
        if len(found) > PAGE:
            break
    return found


def _seen(model: type[Record], who: Actor) -> QuerySet[Pair]:
    """Pairs of which both records lie in an official's sight."""
    left, right = (
        in_sight(model, who, model.objects.filter(key=OuterRef(side))) for side in ("left", "right")
    )
    return Pair.objects.filter(Exists(left), Exists(right), record_type=context_of(model))


def _said(pair: Pair) -> str:
    return f"{pair.state}_{pair.weight!r}_{reference(pair)}"


def _place(said: str) -> Place | None:
    """What is no place begins at the top."""
    found = CURSOR.fullmatch(said)
    number = unveiled(found[3]) if found else None
    if found is None or number is None or found[1] not in ORDER:
        return None
    return Place(found[1], float(found[2]), number)
