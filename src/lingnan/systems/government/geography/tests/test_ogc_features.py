"""OGC API - Features - Part 1 (OGC 17-069r4) over HTTP, by its abstract test suite (annex A)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from shapely import box
from shapely.geometry import shape

from lingnan.kernel.maps import api as maps
from lingnan.kernel.runtime.api import keys
from lingnan.standards import ogc_features as ogc
from lingnan.systems.government.geography import actions

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
BASE = "/api/geography/ogc"
NAMES = ("cities", "counties", "addresses")
NUMBERS = range(1, 8)
FEATURES_JSON = "application/geo+json"


@pytest.fixture(autouse=True)
def doors() -> Iterator[None]:
    """Seven doors of Liwan on one line, the last without a point."""
    columns: dict[str, list[Any]] = {
        "key": sorted(keys.new_key() for _ in NUMBERS),
        "code": [f"440103901-00000{n}" for n in NUMBERS],
        "text": [f"试验东路{n}号" for n in NUMBERS],
        "number": [f"{n}号" for n in NUMBERS],
        "longitude": [108.5 + n / 1000 if n < 7 else None for n in NUMBERS],
        "latitude": [23.108 if n < 7 else None for n in NUMBERS],
        "floor_area": [62.5 for _ in NUMBERS],
    }
    same = {"division": "440103", "township": "", "street": "试验东路", "kind": "premises"}
    columns |= {name: [value] * len(NUMBERS) for name, value in same.items()}
    assert actions.load([columns], "a test") == len(NUMBERS)
    yield


def get(path: str = "", status: int = 200, **query: str) -> Any:
    answer = Client().get(f"{BASE}{path}", query)
    assert answer.status_code == status, answer.content[:300]
    if status == 400:
        assert {"code", "description"} <= set(answer.json())
    return answer.json()


def items(collection: str, **query: Any) -> Any:
    return get(f"/collections/{collection}/items", **query)


def ids(document: Any) -> list[str]:
    return [feature["id"] for feature in document["features"]]


def rels(document: Any) -> dict[str, dict[str, str]]:
    assert all({"href", "rel", "type"} <= set(link) for link in document["links"])
    return {link["rel"]: link for link in document["links"]}


def followed(link: dict[str, str]) -> Any:
    answer = Client().get(link["href"])
    assert answer.status_code == 200 and answer.headers["Content-Type"] == link["type"], link
    return answer.json()


# A.2.2 General tests: /conf/core/root-op, root-success, api-definition-op, conformance-op.


def test_root_success() -> None:
    links = rels(get())
    assert {"self", "service-desc", "conformance", "data"} <= set(links)
    for link in links.values():
        followed(link)


def test_api_definition_success_and_oas_definition() -> None:
    found = followed(rels(get())["service-desc"])
    assert found["openapi"].startswith("3.0") and found["servers"][0]["url"].endswith("/ogc")
    for name in NAMES:
        assert f"/collections/{name}/items" in found["paths"]
    for path, operations in found["paths"].items():
        assert {"200", "400"} <= set(operations["get"]["responses"]), path
        inside = {one["name"] for one in operations["get"]["parameters"] if one["in"] == "path"}
        assert inside == set(re.findall(r"{(\w+)}", path))
    names = [operation["get"]["operationId"] for operation in found["paths"].values()]
    assert len(names) == len(set(names))


def test_conformance_success() -> None:
    classes = get("/conformance")["conformsTo"]
    assert classes[:3] == list(ogc.CONFORMS)


@pytest.mark.parametrize(
    "path",
    ["", "/api", "/conformance", "/collections", "/collections/cities", "/collections/cities/items",
     "/collections/cities/items/440100"],
)  # fmt: skip
def test_query_param_unknown(path: str) -> None:
    get(path, 400, unheard="1")


def test_only_get_is_answered() -> None:
    for path in ("", "/collections/cities/items"):
        assert Client().post(f"{BASE}{path}").status_code == 405


# A.2.4 Feature collections: /conf/core/fc-md-op, fc-md-success, sfc-md-op, sfc-md-success.


def test_fc_md_success() -> None:
    found = get("/collections")
    assert [one["id"] for one in found["collections"]] == list(NAMES)
    for one in found["collections"]:
        links = rels(one)
        assert links["items"]["type"] == FEATURES_JSON and one["crs"] == [ogc.CRS84]
        west, south, east, north = one["extent"]["spatial"]["bbox"][0]
        assert west < east and south < north
        assert followed(links["self"]) == one
    assert "temporal" not in found["collections"][2]["extent"]
    get("/collections/none", 404)
    get("/collections/none/items", 404)


def test_the_extent_holds_the_features() -> None:
    for name in ("cities", "counties"):
        extent = box(*get(f"/collections/{name}")["extent"]["spatial"]["bbox"][0])
        for one in items(name, limit="1000")["features"]:
            assert one["geometry"] is None or extent.contains(shape(one["geometry"])), one["id"]


# A.2.5 Features: /conf/core/fc-op, fc-bbox-*, fc-limit-*, fc-time-*, fc-response, fc-links.


def test_fc_response_and_links() -> None:
    found = items("cities", limit="1000")
    assert found["type"] == "FeatureCollection" and {"self", "collection"} <= set(rels(found))
    assert found["numberMatched"] == found["numberReturned"] == len(found["features"]) == 21
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found["timeStamp"])
    assert "next" not in rels(found) and ids(followed(rels(found)["self"])) == ids(found)
    answer = Client().get(f"{BASE}/collections/cities/items")
    assert answer.headers["Content-Type"] == FEATURES_JSON
    assert "numberMatched" not in items("addresses")


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "x", "", "1.5", "٣", "1" * 30])
def test_fc_limit_definition(limit: str) -> None:
    get("/collections/cities/items", 400, limit=limit)


def test_fc_limit_response_and_paging() -> None:
    assert items("cities")["numberReturned"] == 10
    for name, query in (
        ("cities", {}), ("counties", {"datetime": "2011-06-30"}),
        ("addresses", {"division": "440103"}), ("addresses", {"bbox": "108,23,109,24"}),
    ):  # fmt: skip
        whole = ids(items(name, limit="1000", **query))
        document = items(name, limit="5", **query)
        found = ids(document)
        while "next" in rels(document):
            assert document["numberReturned"] == 5
            document = followed(rels(document)["next"])
            found += ids(document)
        assert found == whole and len(set(found)) == len(found), name


@pytest.mark.parametrize(
    "bbox",
    ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "113,24,114,23", "113,23,nan,24", "113,23,inf,24",
     "113,23,181,24", "113,-91,114,24", "1,2,9,3,4,5"],
)  # fmt: skip
def test_fc_bbox_definition(bbox: str) -> None:
    get("/collections/cities/items", 400, bbox=bbox)


def test_fc_bbox_response_by_geometry_not_envelope() -> None:
    features = items("counties", limit="1000")["features"]
    areas = {one["id"]: shape(one["geometry"]) for one in features if one["geometry"]}
    assert len(areas) == 122 and all(area.is_valid for area in areas.values())
    envelopes_only = 0
    for west, south in ((113.2, 23.1), (114.0, 22.5), (111.0, 21.5), (116.6, 23.3), (113.0, 24.7)):
        asked = box(west, south, west + 0.15, south + 0.15)
        text = f"{west},{south},{west + 0.15},{south + 0.15}"
        wanted = {name for name, area in areas.items() if area.intersects(asked)}
        assert set(ids(items("counties", limit="1000", bbox=text))) == wanted
        near = {name for name, area in areas.items() if box(*area.bounds).intersects(asked)}
        envelopes_only += len(near - wanted)
        high = text.split(",")
        heights = ",".join([*high[:2], "0", *high[2:], "100"])
        assert set(ids(items("counties", limit="1000", bbox=heights))) == wanted
    assert envelopes_only, "some county's envelope reaches where the county does not"


def test_a_box_over_the_antimeridian_goes_round_the_world() -> None:
    assert ids(items("cities", bbox="170,-90,-170,90")) == []
    assert len(ids(items("cities", limit="1000", bbox="100,0,-170,90"))) == 21


def test_doors_within_a_box() -> None:
    found = items("addresses", bbox="108.5015,23.1,108.5045,23.2")
    assert [one["properties"]["number"] for one in found["features"]] == ["2号", "3号", "4号"]
    assert all(one["geometry"]["type"] == "Point" for one in found["features"])
    assert "floor_area" not in str(found)


def test_the_lines_are_those_by_which_points_are_located() -> None:
    features = items("counties", limit="1000", datetime="2026-03-02")["features"]
    for one in features[::7]:
        point = shape(one["geometry"]).representative_point()
        assert maps.locate(point.x, point.y) == one["properties"]["code"]


@pytest.mark.parametrize(
    "moment",
    ["", "..", "soon", "2011", "2011-13-01", "2011-02-30", "2011-06-30/", "a/b", "2012/2011",
     "2012-01-01/2011-01-01", "2011-06-30T00:00:00", "2011-01-01/2011-02-01/2011-03-01"],
)  # fmt: skip
def test_fc_time_definition(moment: str) -> None:
    if moment == "2011-06-30/":  # an open end may be an empty text, too
        assert items("counties", datetime=moment)["numberMatched"] > 0
        return
    get("/collections/counties/items", 400, datetime=moment)


def test_fc_time_response() -> None:
    assert items("counties", datetime="2011-06-30")["numberMatched"] == 121
    assert items("counties", datetime="2026-03-02T00:00:00Z")["numberMatched"] == 122
    assert items("counties", datetime="2026-03-02/..")["numberMatched"] == 122
    everything = items("counties")["numberMatched"]
    assert items("counties", datetime="../..")["numberMatched"] == everything
    names = {"code": "440183"}
    assert items("counties", datetime="2014-02-11", **names)["numberMatched"] == 1
    assert items("counties", datetime="2014-02-12", **names)["numberMatched"] == 0
    assert items("counties", datetime="2014-02-11T15:59:59Z", **names)["numberMatched"] == 1
    assert items("counties", datetime="2014-02-11T16:00:00Z", **names)["numberMatched"] == 0
    assert items("counties", datetime="2014-02-11/2020-01-01", **names)["numberMatched"] == 1
    assert items("counties", datetime="../2014-02-11", code="440118")["numberMatched"] == 0


def test_what_is_no_more_says_that_its_lines_are_not_held() -> None:
    one = items("counties", code="440183")["features"][0]
    assert one["geometry"] is None and one["properties"]["geometry_of"] is None
    assert one["properties"]["ends"] == "2014-02-12" and one["properties"]["successors"] == [
        "440118"
    ]
    today = items("counties", code="440118")["features"][0]
    assert today["geometry"] and today["properties"]["geometry_of"] == "2026-03-02"
    assert "Lines of today" in today["properties"]["geometry_note"]


def test_filters_by_declared_properties_only() -> None:
    assert items("counties", parent="440100", datetime="2026-03-02")["numberMatched"] == 11
    assert ids(items("counties", name_zh="荔湾区")) == ["440103"]
    assert items("counties", code="none")["features"] == []
    get("/collections/counties/items", 400, level="county")
    get("/collections/addresses/items", 400, floor_area="62.5")
    get("/collections/addresses/items", 400, after="none")
    answer = Client().get(f"{BASE}/collections/cities/items?code=440100&code=440200")
    assert answer.status_code == 400


# A.2.6 Feature: /conf/core/f-op, f-success.


def test_f_success() -> None:
    for name in NAMES:
        for one in items(name, limit="3")["features"]:
            found = get(f"/collections/{name}/items/{one['id']}")
            links = rels(found)
            assert {"self", "collection", "alternate"} <= set(links) and found["id"] == one["id"]
            assert found["geometry"] == one["geometry"] and found["type"] == "Feature"
            assert followed(links["self"])["id"] == one["id"]
            assert Client().get(links["alternate"]["href"]).status_code == 200
    get("/collections/cities/items/none", 404)
    get("/collections/addresses/items/440103901-000009", 404)
    get("/collections/none/items/440100", 404)


# A.3 GeoJSON: /conf/geojson/definition, content; RFC 7946.


def test_geojson_rings_are_closed_and_wound_as_they_must_be() -> None:
    for one in items("cities", limit="1000")["features"]:
        assert one["geometry"]["type"] == "MultiPolygon"
        for polygon in shape(one["geometry"]).geoms:
            assert polygon.exterior.is_ccw and not any(hole.is_ccw for hole in polygon.interiors)


@given(st.text(max_size=40))
def test_no_text_breaks_the_parameters(text: str) -> None:
    for read in (ogc.bbox, ogc.limit, ogc.period):
        try:
            read(text)
        except ogc.InvalidParameter:
            continue
