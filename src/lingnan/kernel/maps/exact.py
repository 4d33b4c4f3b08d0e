"""The boundaries as exact as the jurisdiction's files give them, beside the simplified drawings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lingnan.kernel.maps.drawing import held_on
from lingnan.kernel.maps.models import Boundary, BoundaryFile
from lingnan.kernel.runtime.api import Title, legal_time


@dataclass(frozen=True)
class Area:
    """A unit's territory: `geometry` is shapely's, in WGS 84 degrees, longitude first."""

    code: str
    title: Title
    parent: str
    geometry: Any
    since: date | None


def areas(level: str, on: date | None = None, within: str = "") -> list[Area]:
    """The units of a level ("province", "city", "county") on a day, by default today, by code.

    Every point of the file and no other. Empty for a day for which no line is known.
    """
    rows = held_on(on or legal_time.today()).filter(level=level).order_by("code")
    return [_area(row) for row in (rows.filter(parent=within) if within else rows)]


def area(code: str, on: date | None = None) -> Area | None:
    """One unit, by the finest level that has the code; None where no line is known."""
    rows = held_on(on or legal_time.today()).filter(code=code)
    levels = {row.level: row for row in rows}
    row = next((levels[one] for one in ("county", "city", "province") if one in levels), None)
    return _area(row) if row is not None else None


def digest(level: str) -> str:
    """Which file of a level is loaded; empty for none."""
    rows = BoundaryFile.objects.filter(level=level)
    return rows.values_list("digest", flat=True).first() or ""


def _area(row: Boundary) -> Area:
    from shapely import from_wkb

    return Area(row.code, row.title, row.parent, from_wkb(bytes(row.geometry)), row.valid_from)
