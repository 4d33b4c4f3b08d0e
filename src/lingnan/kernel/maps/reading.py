"""Areas that somebody sends as GeoJSON: read, or refused with what is wrong and where.

Nothing is mended silently: where lines cross themselves a repair is made and shown, to be sent by
whoever finds it right. A ring that turns the wrong way is no fault (RFC 7946, 3.1.6); it is noted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

# Positions of one area. The province's own county file has some 32,000.
MOST = 100_000
WHY = {
    "type": "not a Polygon or MultiPolygon, nor a Feature or FeatureCollection of such",
    "number": "a position is not two finite numbers",
    "few": "a ring has fewer than four positions",
    "unclosed": "a ring does not end where it begins",
    "range": "a position lies outside 180 degrees of longitude or 90 of latitude",
    "swapped": "longitude and latitude seem to be exchanged: longitude comes first",
    "crossing": "the boundary crosses or touches itself",
    "many": f"more than {MOST} positions",
    "nothing": "there is no area in it",
}
_WHERE = re.compile(r"\[(\S+) (\S+)\]")
# China, generously: a point whose numbers lie in it only the other way round is turned round.
_WEST, _EAST, _SOUTH, _NORTH = 73.0, 136.0, 3.0, 54.0


class UnfitArea(ValueError):
    """What is wrong (`code` of WHY), where (degrees or None), and a repair as GeoJSON or None."""

    def __init__(
        self, code: str, where: tuple[float, float] | None = None, repair: Any = None
    ) -> None:
        at = f" at {where[0]:g}, {where[1]:g}" if where else ""
        super().__init__(WHY[code] + at)
        self.code, self.where, self.repair = code, where, repair


@dataclass(frozen=True)
class Sent:
    """An area in WGS 84 degrees (shapely), and what was noted of it."""

    geometry: Any
    notes: list[str] = field(default_factory=list)


def read_area(said: Any) -> Sent:
    """The area of a GeoJSON object. Raises UnfitArea."""
    from shapely import is_valid_reason, make_valid, to_geojson, unary_union
    from shapely.geometry import MultiPolygon, Polygon

    polygons: list[Any] = []
    notes: list[str] = []
    count = 0
    for rings in _polygons(said, 0):
        checked = [_ring(ring) for ring in rings]
        count += sum(map(len, checked))
        if count > MOST:
            raise UnfitArea("many")
        made = Polygon(checked[0], checked[1:])
        if not made.exterior.is_ccw and not notes:
            notes.append("an outer ring turns clockwise")
        polygons.append(made)
    if not polygons:
        raise UnfitArea("nothing")
    for made in polygons:
        if not made.is_valid:
            found = _WHERE.search(is_valid_reason(made))
            where = (float(found[1]), float(found[2])) if found else None
            repaired = json.loads(to_geojson(make_valid(MultiPolygon(polygons))))
            raise UnfitArea("crossing", where, repaired)
    return Sent(unary_union(polygons), notes)


def _polygons(said: Any, depth: int) -> Iterator[Sequence[Any]]:
    """The rings of every polygon. Raises UnfitArea."""
    kind = said.get("type") if isinstance(said, Mapping) else None
    if kind == "Polygon":
        yield _rings(said.get("coordinates"))
    elif kind == "MultiPolygon" and isinstance(said.get("coordinates"), list):
        yield from (_rings(rings) for rings in said["coordinates"])
    elif kind == "Feature" and depth < 2:
        yield from _polygons(said.get("geometry"), depth + 1)
    elif kind == "FeatureCollection" and depth == 0 and isinstance(said.get("features"), list):
        for one in said["features"]:
            yield from _polygons(one, 1)
    else:
        raise UnfitArea("type")


def _rings(said: Any) -> Sequence[Any]:
    if not isinstance(said, list) or not said or not all(isinstance(r, list) for r in said):
        raise UnfitArea("type")
    return said


def _ring(said: Sequence[Any]) -> list[tuple[float, float]]:
    points = [_point(one) for one in said]
    if len(points) < 4:
        raise UnfitArea("few", points[0] if points else None)
    if points[0] != points[-1]:
        raise UnfitArea("unclosed", points[-1])
    return points


def _point(said: Any) -> tuple[float, float]:
    try:
        x, y = float(said[0]), float(said[1])
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        raise UnfitArea("number") from None
    if not (isfinite(x) and isfinite(y)):
        raise UnfitArea("number")
    if _SOUTH <= x <= _NORTH and _WEST <= y <= _EAST:
        raise UnfitArea("swapped", (x, y))
    if abs(x) > 180 or abs(y) > 90:
        raise UnfitArea("range", (x, y))
    return x, y


def coverage_faults(named: Mapping[str, Any]) -> list[str]:
    """Where areas that should lie edge to edge overlap or leave gaps, in words, widest first."""
    from shapely import STRtree, unary_union

    codes, shapes = list(named), list(named.values())
    found: list[tuple[float, str]] = []
    for first, second in STRtree(shapes).query(shapes, predicate="intersects").T:
        if first < second:
            common = shapes[first].intersection(shapes[second])
            if common.area > 0:
                at = common.representative_point()
                words = f"{codes[first]} and {codes[second]} overlap at {at.x:.4f}, {at.y:.4f}"
                found.append((common.area, words))
    whole = unary_union(shapes)
    for part in getattr(whole, "geoms", [whole]):
        for hole in part.interiors:
            x, y = hole.representative_point().coords[0]
            found.append((hole.envelope.area, f"a gap at {x:.4f}, {y:.4f}"))
    return [words for _size, words in sorted(found, reverse=True)]
