"""Vector tiles over HTTP (OGC API - Tiles, OGC 20-057), read by a reader written apart."""

from typing import Any

import pytest
from django.test import Client
from shapely import Point, Polygon

from lingnan.kernel.maps import api as maps
from lingnan.standards import web_mercator
from lingnan.systems.government.geography.models import Address
from tests.tiles import fields, one, properties, rings

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
BASE = "/api/geography/ogc"
MVT = "application/vnd.mapbox-vector-tile"


def asked(path: str, **query: str) -> Any:
    return Client().get(f"{BASE}/collections/{path}", query)


def over(longitude: float, latitude: float, level: int) -> tuple[int, int, int]:
    """The tile over a point."""
    x, y = web_mercator.place(longitude, latitude, 0, 0, 0, 4096 << level)
    return level, y // 4096, x // 4096


def features(collection: str, tile: tuple[int, int, int]) -> list[tuple[dict[str, Any], bytes]]:
    answer = asked(f"{collection}/tiles/WebMercatorQuad/{'/'.join(map(str, tile))}")
    assert answer.status_code == 200 and answer.headers["Content-Type"] == MVT
    if not answer.content:
        return []
    layer = one(answer.content, 3)
    assert one(layer, 1).decode() == collection
    return [(properties(layer, f), f) for number, f in fields(layer) if number == 2]


@pytest.mark.parametrize("level", [7, 9, 11, 13])
@pytest.mark.parametrize("at", [(113.243, 23.125), (114.06, 22.55), (116.68, 23.36)])
def test_a_point_lies_in_the_county_that_the_map_names(at: tuple[float, float], level: int) -> None:
    (code,) = [area.code for area in maps.areas("county") if area.geometry.contains(Point(at))]
    tile = over(*at, level)
    here = Point(web_mercator.place(*at, *tile, 4096))
    found = [
        said["code"]
        for said, feature in features("counties", tile)
        if sum(Polygon(ring).contains(here) for ring in rings(feature)) % 2
    ]
    assert found == [code]


def test_outer_rings_run_clockwise_as_seen() -> None:
    """Vector Tile Specification 4.3.4.4: their area by the surveyor's formula is above nought."""
    for _said, feature in features("cities", over(113.3, 23.1, 7)):
        first = rings(feature)[0]
        following = [*first[1:], first[0]]
        pairs = zip(first, following, strict=True)
        assert sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) > 0


def test_doors_stand_where_they_are_and_only_near() -> None:
    door = Address.objects.filter(ended=False, longitude__isnull=False).order_by("key")[0]
    at = float(door.longitude or 0), float(door.latitude or 0)
    tile = over(*at, 16)
    place = web_mercator.place(*at, *tile, 4096)
    assert ({"code": door.code, "text": door.text}, [[place]]) in [
        (said, rings(feature)) for said, feature in features("addresses", tile)
    ]
    far = "/".join(map(str, over(*at, 14)))
    assert asked(f"addresses/tiles/WebMercatorQuad/{far}").status_code == 404


def test_the_open_sea_is_empty_and_what_is_no_tile_is_not_there() -> None:
    assert features("counties", (9, 0, 0)) == []
    for path in ("counties/tiles/WebMercatorQuad/3/8/0", "counties/tiles/WebMercatorQuad/99/0/0",
                 "nothing/tiles", "nothing/tiles/WebMercatorQuad", "counties/tiles/Other",
                 "counties/tiles/WebMercatorQuad/-1/0/0"):  # fmt: skip
        assert asked(path).status_code == 404, path
    for path in ("counties/tiles", "counties/tiles/WebMercatorQuad",
                 "counties/tiles/WebMercatorQuad/3/3/6"):  # fmt: skip
        assert asked(path, colour="red").status_code == 400, path


def test_the_documents_lead_to_the_tiles() -> None:
    for name in ("cities", "counties", "addresses"):
        links = {one["rel"]: one["href"] for one in asked(name).json()["links"]}
        sets = Client().get(links["http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"]).json()
        (listed,) = sets["tilesets"]
        to = {one["rel"]: one for one in listed["links"]}
        whole = Client().get(to["self"]["href"]).json()
        assert whole["tileMatrixSetURI"].endswith("WebMercatorQuad")
        level = whole["tileMatrixSetLimits"][0]["tileMatrix"]
        href = to["item"]["href"].replace("{tileMatrix}", level)
        href = href.replace("{tileRow}", "0").replace("{tileCol}", "0")
        assert Client().get(href).status_code == 200
    classes = Client().get(f"{BASE}/conformance").json()["conformsTo"]
    assert sum("ogcapi-tiles-1" in one for one in classes) == 5
