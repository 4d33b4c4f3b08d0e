"""Areas in degrees from the shapes that maps are drawn with."""

from __future__ import annotations

import hashlib
import re
import threading
from typing import Any

from lingnan.kernel.maps import api as maps

PRECISION = 4  # decimals of a degree: some 10 m; the drawing's own step is 55 m
PROVINCE = "440000"
_RING = re.compile(r"M(-?\d+),(-?\d+)l([^z]*)z")
_held: dict[str, tuple[str, dict[str, Any]]] = {}
_lock = threading.Lock()


def areas(level: str, cities: tuple[str, ...]) -> dict[str, Any]:
    """Code → area (shapely, CRS84 degrees) of the units in force today whose lines are known.

    The lines are those of the maps: simplified, to some 55 m, today's only. Built once for the
    lines that are loaded.
    """
    within = (PROVINCE,) if level == "city" else cities
    shapes = [shape for code in within for shape in maps.shapes(level, within=code)]
    said = "|".join(f"{shape.code}{shape.path}" for shape in shapes)
    digest = hashlib.sha256(said.encode()).hexdigest()
    with _lock:
        if _held.get(level, ("",))[0] != digest:
            _held[level] = (digest, {shape.code: _area(shape.path) for shape in shapes})
        return _held[level][1]


def _area(path: str) -> Any:
    """Rings laid over one another: what lies in an even number of them is a hole."""
    from shapely import GeometryCollection, Polygon, make_valid, set_precision

    whole: Any = GeometryCollection()
    for found in _RING.finditer(path):
        ring = make_valid(Polygon(_points(int(found[1]), int(found[2]), found[3])))
        whole = ring.symmetric_difference(whole)
    return _oriented(set_precision(whole, 10**-PRECISION))


def _oriented(area: Any) -> Any:
    """Polygons only, outer rings counter-clockwise (RFC 7946, 3.1.6)."""
    from shapely import MultiPolygon
    from shapely.geometry.polygon import orient

    parts = [part for part in getattr(area, "geoms", [area]) if part.geom_type == "Polygon"]
    return MultiPolygon([orient(part) for part in parts])


def _points(x: int, y: int, steps: str) -> list[tuple[float, float]]:
    west, north, wide, high = _scale()
    points = [(x, y)]
    for step in steps.split():
        dx, dy = step.split(",")
        x, y = x + int(dx), y + int(dy)
        points.append((x, y))
    return [(west + x / wide, north + y / high) for x, y in points]


def _scale() -> tuple[float, float, float, float]:
    """Degrees of the drawing's origin and units to a degree: the drawing is linear in both."""
    far = 10_000
    x0, y0 = maps.spot(0, 0)
    x1, y1 = maps.spot(far, far)
    wide, high = (x1 - x0) / far, (y1 - y0) / far
    return -x0 / wide, -y0 / high, wide, high
