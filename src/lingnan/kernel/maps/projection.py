"""From degrees to drawing units and SVG path data.

Equirectangular about 23 degrees north, which no part of Guangdong leaves by more than three:
2000 units to a degree of latitude (a unit is 55 m), y down. One projection for all maps, so that
shapes and spots of different levels lie right on one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import cos, radians
from typing import Any

UNITS = 2000
STANDARD_PARALLEL = 23.0
ORIGIN = (109.0, 26.0)  # north-west of the province, so that units are positive
_NARROWING = cos(radians(STANDARD_PARALLEL))


def project(longitude: float, latitude: float) -> tuple[int, int]:
    """Drawing units of a point in degrees."""
    west, north = ORIGIN
    x = (longitude - west) * _NARROWING * UNITS
    return round(x), round((north - latitude) * UNITS)


def grid() -> dict[str, float]:
    """What a page needs to turn drawing units back into degrees: origin, units to a degree."""
    west, north = ORIGIN
    return {"west": west, "north": north, "x": _NARROWING * UNITS, "y": UNITS}


def path(geometry: Any) -> str:
    """SVG path data of a polygon or several: one absolute start, then steps."""
    return "".join(
        _ring(ring.coords)
        for polygon in getattr(geometry, "geoms", [geometry])
        for ring in (polygon.exterior, *polygon.interiors)
    )


def _ring(points: Iterable[Sequence[float]]) -> str:
    """Nothing for a ring that shrinks to fewer than three points."""
    stops: list[tuple[int, int]] = []
    for longitude, latitude in ((point[0], point[1]) for point in points):
        stop = project(longitude, latitude)
        if not stops or stop != stops[-1]:
            stops.append(stop)
    if stops and stops[0] == stops[-1]:
        stops.pop()
    if len(stops) < 3:
        return ""
    steps = (f"{after[0] - before[0]},{after[1] - before[1]}" for before, after in pairwise(stops))
    return f"M{stops[0][0]},{stops[0][1]}l{' '.join(steps)}z"
