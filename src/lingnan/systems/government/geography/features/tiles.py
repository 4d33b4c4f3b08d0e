"""The collections as vector tiles (OGC API - Tiles, 20-057), in the scheme of everybody's maps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lingnan.standards import ogc_features as ogc
from lingnan.standards import web_mercator
from lingnan.standards.vector_tiles import EXTENT, Feature, Layer, Point, encode
from lingnan.systems.government.geography.features import lines
from lingnan.systems.government.geography.features.collections import Collection
from lingnan.systems.government.geography.models import Address, Division

MVT = "application/vnd.mapbox-vector-tile"
CONFORMS = tuple(
    f"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}"
    for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt")
)
TILESETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
LAST = 18
# Doors of a square kilometre or so; the whole of a city would be no map.
FIRST = {"cities": 0, "counties": 0, "addresses": 15}
MOST_DOORS = 20_000
AROUND = 64 / EXTENT  # beyond the tile's edge, so that no line is seen along it
Asked = tuple[int, int, int]


def there(one: Collection, asked: Asked) -> bool:
    """Whether a collection has that tile: level, row, column."""
    return FIRST[one.id] <= asked[0] <= LAST and web_mercator.inside(*asked)


def tile(one: Collection, asked: Asked) -> bytes:
    """A tile of a collection; nothing where nothing lies in it. It must be `there`."""
    found = _doors(asked) if one.id == "addresses" else _units(one, asked)
    return encode([Layer(one.id, list(found))])


def _reach(asked: Asked) -> tuple[float, float, float, float]:
    west, south, east, north = web_mercator.bounds(*asked)
    wide, high = (east - west) * AROUND, (north - south) * AROUND
    return west - wide, south - high, east + wide, north + high


def _units(one: Collection, asked: Asked) -> Iterator[Feature]:
    """Today's units whose lines are known, cut to the tile."""
    from shapely import box

    level = {"cities": "city", "counties": "county"}[one.id]
    reach = box(*_reach(asked))
    areas = {c: area for c, area in lines.areas(level).items() if area.intersects(reach)}
    rows = Division.objects.filter(level=level, ends=None, code__in=areas).order_by("code")
    fine = (reach.bounds[2] - reach.bounds[0]) / EXTENT
    for row in rows:
        rings = list(_rings(areas[row.code].simplify(fine).intersection(reach), asked))
        if rings:
            said = {"code": row.code, "name_zh": row.name_zh, "name_en": row.name_en}
            yield Feature("area", rings, said, int(row.code))


def _rings(area: Any, asked: Asked) -> Iterator[Sequence[Point]]:
    """Rings of the polygons of a geometry, outer ones clockwise as seen; none without room."""
    from shapely.geometry.polygon import orient

    for part in getattr(area, "geoms", [area]):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        whole = orient(part, -1.0)
        outer = _ring(whole.exterior, asked)
        if outer:
            yield outer
            yield from filter(None, (_ring(hole, asked) for hole in whole.interiors))


def _ring(ring: Any, asked: Asked) -> list[Point]:
    """Whole numbers of a tile without points that say nothing; empty where it has no room."""
    found: list[Point] = []
    for x, y in ring.coords[:-1]:
        point = web_mercator.place(x, y, *asked, EXTENT)
        if not found or point != found[-1]:
            found.append(point)
    if len(found) > 1 and found[0] == found[-1]:
        found.pop()
    following = [*found[1:], *found[:1]]
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(found, following, strict=True))
    return found if len(found) > 2 and twice else []


def _doors(asked: Asked) -> Iterator[Feature]:
    west, south, east, north = _reach(asked)
    rows = Address.objects.filter(
        ended=False, longitude__range=(west, east), latitude__range=(south, north)
    ).order_by("longitude", "latitude", "key")
    for row in rows[:MOST_DOORS]:
        if row.longitude is not None and row.latitude is not None:
            at = web_mercator.place(row.longitude, row.latitude, *asked, EXTENT)
            yield Feature("point", [[at]], {"code": row.code, "text": row.text})


def tilesets(base: str, one: Collection) -> dict[str, Any]:
    """/req/tilesets-list/tileset-links."""
    url = f"{base}/collections/{one.id}/tiles"
    return {"links": [ogc.link(url, "self", ogc.JSON, one.title)], "tilesets": [_said(url, one)]}


def tileset(base: str, one: Collection) -> dict[str, Any]:
    """/req/tileset/success: what tiles there are, and by which address."""
    said = _said(f"{base}/collections/{one.id}/tiles", one)
    limits = [
        {
            "tileMatrix": str(level),
            "minTileRow": 0,
            "maxTileRow": (1 << level) - 1,
            "minTileCol": 0,
            "maxTileCol": (1 << level) - 1,
        }
        for level in range(FIRST[one.id], LAST + 1)
    ]
    return said | {"tileMatrixSetLimits": limits}


def _said(url: str, one: Collection) -> dict[str, Any]:
    here = f"{url}/{web_mercator.IDENTIFIER}"
    each = ogc.link(f"{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", "item", MVT)
    return {
        "title": one.title,
        "dataType": "vector",
        "crs": "http://www.opengis.net/def/crs/EPSG/0/3857",
        "tileMatrixSetURI": web_mercator.ADDRESS,
        "layers": [{"id": one.id, "dataType": "vector"}],
        "links": [
            ogc.link(here, "self", ogc.JSON, one.title),
            each | {"templated": True},
            ogc.link(web_mercator.ADDRESS, SCHEME, ogc.JSON),
        ],
    }
