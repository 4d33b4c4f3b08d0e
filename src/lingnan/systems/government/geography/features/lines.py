"""The exact areas of the units in force today, as GeoJSON has them."""

from __future__ import annotations

import threading
from typing import Any

from lingnan.kernel.maps import api as maps

_held: dict[str, tuple[str, dict[str, Any]]] = {}
_lock = threading.Lock()


def areas(level: str) -> dict[str, Any]:
    """Code → area (shapely, CRS84 degrees) of the units in force today whose lines are known.

    Every point of the jurisdiction's file. Built once for the file that is loaded.
    """
    digest = maps.digest(level)
    with _lock:
        if _held.get(level, ("",))[0] != digest:
            _held[level] = (digest, {a.code: _oriented(a.geometry) for a in maps.areas(level)})
        return _held[level][1]


def _oriented(area: Any) -> Any:
    """Outer rings counter-clockwise (RFC 7946, 3.1.6)."""
    from shapely import MultiPolygon, prepare
    from shapely.geometry.polygon import orient

    whole = MultiPolygon([orient(part) for part in getattr(area, "geoms", [area])])
    prepare(whole)
    return whole
