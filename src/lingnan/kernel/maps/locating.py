"""Which unit a point lies in."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

from lingnan.kernel.maps.drawing import held_on
from lingnan.kernel.maps.models import Boundary, BoundaryFile
from lingnan.kernel.runtime.api import legal_time

LOWEST = "county"
_index: dict[str, Index] = {}
_lock = threading.Lock()


class NoBoundaries(LookupError):
    """No boundaries are known for the day asked for."""


@dataclass(frozen=True)
class Index:
    """Every county's area in a tree; `since` the day from which they hold."""

    digest: str
    codes: list[str]
    parents: list[str]
    areas: list[Any]
    tree: Any
    since: date | None


def locate(
    longitude: float, latitude: float, level: str = LOWEST, on: date | None = None
) -> str | None:
    """The code of the unit that a point in WGS 84 degrees lies in, or None outside them all.

    Cities and the province are found through the county, so that the levels never disagree. On a
    shared line the lowest code wins. Boundaries are simplified (see the jurisdiction's files):
    within some 300 m of a line the answer may be the neighbour. Raises NoBoundaries for a day
    before the lines are known, ValueError for an unknown level and for
    numbers that are no place.
    """
    if level not in ("province", "city", LOWEST):
        raise ValueError(f"no such level: {level}")
    if not (isfinite(longitude) and isfinite(latitude)):
        raise ValueError("not a place")
    index = _county_index()
    day = on or legal_time.today()
    if not index.codes or (index.since is not None and day < index.since):
        raise NoBoundaries(day.isoformat())
    found = _covering(index, longitude, latitude)
    if found is None or level == LOWEST:
        return None if found is None else index.codes[found]
    city = index.parents[found]
    return city if level == "city" else _parent_of(city)


def _covering(index: Index, longitude: float, latitude: float) -> int | None:
    from shapely import Point

    # "covered_by" counts the line itself; rows stand in the order of codes, so the lowest wins.
    hits = index.tree.query(Point(longitude, latitude), predicate="covered_by")
    return int(min(hits)) if len(hits) else None


def inside(longitude: float, latitude: float, code: str) -> bool:
    """Whether a point lies in a county, city or province. Raises NoBoundaries, ValueError."""
    return any(locate(longitude, latitude, level) == code for level in (LOWEST, "city", "province"))


def bbox(code: str) -> tuple[float, float, float, float] | None:
    """West, south, east, north of a unit in degrees, or None if none is known."""
    from shapely import from_wkb

    rows = held_on(legal_time.today()).filter(code=code).order_by("-level")
    geometry = rows.values_list("geometry", flat=True).first()
    if geometry is None:
        return None
    west, south, east, north = from_wkb(bytes(geometry)).bounds
    return west, south, east, north


def _parent_of(city: str) -> str | None:
    rows = Boundary.objects.filter(level="city", code=city)
    return rows.values_list("parent", flat=True).first()


def _county_index() -> Index:
    """Built once in a process, and anew when another file has been loaded."""
    digest = BoundaryFile.objects.filter(level=LOWEST).values_list("digest", flat=True).first()
    with _lock:
        found = _index.get(LOWEST)
        if found is None or found.digest != (digest or ""):
            found = _index[LOWEST] = _build(digest or "")
        return found


def _build(digest: str) -> Index:
    from shapely import STRtree, from_wkb, prepare

    rows = list(
        Boundary.objects.filter(level=LOWEST)
        .order_by("code")
        .values_list("code", "parent", "geometry", "valid_from")
    )
    areas = [from_wkb(bytes(row[2])) for row in rows]
    prepare(areas)
    since = max((row[3] for row in rows if row[3]), default=None)
    codes, parents = [row[0] for row in rows], [row[1] for row in rows]
    return Index(digest, codes, parents, areas, STRtree(areas), since)
