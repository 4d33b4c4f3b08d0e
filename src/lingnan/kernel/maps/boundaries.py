"""Loading the boundary files of a jurisdiction."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from lingnan.kernel.maps.models import Boundary, BoundaryFile
from lingnan.kernel.maps.projection import UNITS, path, project
from lingnan.kernel.maps.reading import coverage_faults
from lingnan.kernel.runtime.api import read_json

logger = logging.getLogger(__name__)

COARSE = 0.01  # degrees: what a map of the whole province shows at a screen's width
LEVELS = ("province", "city", "county")


class UnfitBoundaries(ValueError):
    """A file is not a collection of areas of one known level, each unit once."""


def load(file: Path) -> int:
    """Load a GeoJSON file of one level; what stood for that level is replaced.

    The collection says its `level` and `valid_from` (the day since which its units are the ones in
    force); each feature its code, names and parent. Returns how many units were written: 0 when the
    file is the one loaded before. Raises UnfitBoundaries; then nothing is changed.
    """
    content = file.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if BoundaryFile.objects.filter(digest=digest).exists():
        return 0
    try:
        collection = read_json(content)
        level, since = collection["level"], _day(collection["valid_from"])
        rows = _rows(level, since, collection["features"])
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UnfitBoundaries(f"{file.name}: {error}") from error
    with transaction.atomic():
        Boundary.objects.filter(level=level).delete()
        Boundary.objects.bulk_create(rows)
        BoundaryFile.objects.update_or_create(level=level, defaults={"digest": digest})
    return len(rows)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _rows(level: str, since: date | None, features: Sequence[Mapping[str, Any]]) -> list[Boundary]:
    import shapely
    from shapely.geometry import shape

    codes = [feature["properties"]["code"] for feature in features]
    shapes = [shape(feature["geometry"]) for feature in features]
    if level not in LEVELS or len(set(codes)) < len(codes) or not codes:
        raise ValueError("unknown level, no unit, or a unit twice")
    for code, one in zip(codes, shapes, strict=True):
        if one.geom_type not in ("Polygon", "MultiPolygon") or not one.is_valid:
            raise ValueError(f"{code} is not a valid area: {shapely.is_valid_reason(one)}")
    for fault in coverage_faults(dict(zip(codes, shapes, strict=True))):
        logger.warning("boundaries of level %s: %s", level, fault)
    coarse = shapely.coverage_simplify(shapes, COARSE)
    return [
        _row(level, since, feature["properties"], fine, rough)
        for feature, fine, rough in zip(features, shapes, coarse, strict=True)
    ]


def _row(
    level: str, since: date | None, known: Mapping[str, Any], fine: Any, rough: Any
) -> Boundary:
    import shapely

    inside = shapely.maximum_inscribed_circle(fine, tolerance=0.002)
    x, y = project(*inside.coords[0])
    west, south, east, north = fine.bounds
    left, top = project(west, north)
    right, bottom = project(east, south)
    return Boundary(
        code=known["code"],
        level=level,
        parent=known["parent"],
        name_zh=known["name_zh"],
        name_en=known["name_en"],
        valid_from=since,
        geometry=fine.wkb,
        path=path(fine),
        coarse=path(rough),
        x=x,
        y=y,
        room=int(inside.length * UNITS),
        west=left,
        north=top,
        east=right,
        south=bottom,
    )
