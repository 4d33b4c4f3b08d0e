"""The room of maps: loading, drawing, locating."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lingnan.jurisdictions.guangdong as guangdong
from lingnan.kernel.maps import api as maps
from lingnan.kernel.maps.models import Boundary
from lingnan.kernel.maps.projection import path, project

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
COUNTY = Path(guangdong.__file__).parent / "boundaries" / "county.geojson"
# Landmarks by general knowledge, well inside their county.
KNOWN = [
    (113.3245, 23.1065, "440105", "广州塔 → 海珠区"),
    (113.2644, 23.1291, "440104", "广东省政府一带 → 越秀区"),
    (113.2370, 23.1080, "440103", "荔湾"),
    (114.0550, 22.5430, "440304", "深圳市民中心 → 福田区"),
    (113.7518, 23.0207, "441900", "东莞市区"),
    (113.3826, 22.5211, "442000", "中山市区"),
    (117.0260, 23.4200, "440523", "南澳岛"),
]


@pytest.mark.parametrize(("x", "y", "code", "what"), KNOWN)
def test_known_places_lie_in_their_county(x: float, y: float, code: str, what: str) -> None:
    assert maps.locate(x, y) == code, what
    assert maps.locate(x, y, "city") == f"{code[:4]}00"
    assert maps.locate(x, y, "province") == "440000"
    assert maps.inside(x, y, code) and not maps.inside(x, y, "440100" if code[3] != "1" else "1")


@pytest.mark.parametrize(
    ("x", "y"), [(114.5, 21.0), (0, 0), (-113.3, 23.1), (113.3, 91), (114.17, 22.30)]
)
def test_the_sea_and_other_provinces_are_in_none(x: float, y: float) -> None:
    for level in ("county", "city", "province"):
        assert maps.locate(x, y, level) is None


def test_what_is_no_place_is_said() -> None:
    for bad in (float("nan"), float("inf")):
        with pytest.raises(ValueError):
            maps.locate(bad, 23.1)
    with pytest.raises(ValueError):
        maps.locate(113.3, 23.1, "street")


def test_on_a_shared_line_the_lowest_code_wins_and_again() -> None:
    from shapely import from_wkb

    found = {
        code: from_wkb(bytes(geometry))
        for code, geometry in Boundary.objects.filter(
            level="county", code__in=["440103", "440104"]
        ).values_list("code", "geometry")
    }
    shared = found["440103"].intersection(found["440104"])
    corners = [point for line in getattr(shared, "geoms", [shared]) for point in line.coords]
    assert len(corners) > 3
    for x, y in corners:
        first = maps.locate(x, y)
        assert first is not None and first <= "440103"
        assert maps.locate(x, y) == first


def test_each_label_stands_in_its_own_unit() -> None:
    for row in Boundary.objects.filter(level="county"):
        left, top, right, bottom = row.west, row.north, row.east, row.south
        assert left < row.x < right and top < row.y < bottom and row.room > 0


def test_before_the_lines_are_known_nothing_is_drawn_or_found() -> None:
    earlier = date(2011, 6, 30)
    assert maps.shapes("county", earlier) == []
    with pytest.raises(maps.NoBoundaries):
        maps.locate(113.3245, 23.1065, on=earlier)
    assert len(maps.shapes("county", date(2018, 2, 9))) == 124
    assert len(maps.shapes("city", earlier)) == 21


def test_shapes_of_a_city_are_finer_and_its_own() -> None:
    whole = {one.code: one for one in maps.shapes("county")}
    city = maps.shapes("county", within="440100")
    assert len(whole) == 124 and len(city) == 11
    assert {one.parent for one in city} == {"440100"}
    assert sum(len(one.path) for one in city) > sum(len(whole[one.code].path) for one in city)
    assert [one.code for one in maps.shapes("county", within="441900")] == ["441900"]


def test_the_map_of_the_province_is_light_and_fits_its_box() -> None:
    cities = maps.shapes("city")
    assert sum(len(one.path) for one in cities) < 60_000
    west, north, width, height = (int(part) for part in maps.view_box(cities).split())
    for one in cities:
        assert west < one.box[0] and one.box[2] < west + width
        assert north < one.box[1] and one.box[3] < north + height
        assert re.fullmatch(r"(M\d+,\d+l(-?\d+,-?\d+ ?)+z)+", one.path)
    assert maps.view_box([]) == ""


def test_a_spot_lies_on_the_map_of_its_county() -> None:
    x, y = maps.spot(113.3245, 23.1065)
    county = next(one for one in maps.shapes("county") if one.code == "440105")
    assert county.box[0] < x < county.box[2] and county.box[1] < y < county.box[3]
    box = maps.bbox("440105")
    assert box and box[0] < 113.3245 < box[2] and box[1] < 23.1065 < box[3]
    assert maps.bbox("999999") is None


def test_the_same_file_costs_nothing_and_another_replaces_it(tmp_path: Path) -> None:
    assert maps.load(COUNTY) == 0
    collection = json.loads(COUNTY.read_text())
    collection["features"] = [
        one for one in collection["features"] if one["properties"]["code"] != "440105"
    ]
    other = tmp_path / "county.geojson"
    other.write_text(json.dumps(collection))
    assert maps.load(other) == 123
    assert maps.locate(113.3245, 23.1065) is None
    assert maps.load(COUNTY) == 124
    assert maps.locate(113.3245, 23.1065) == "440105"


def _twice(collection: dict[str, Any]) -> None:
    collection["features"].append(collection["features"][0])


def _bow(collection: dict[str, Any]) -> None:
    ring = [[113, 23], [114, 24], [114, 23], [113, 24], [113, 23]]
    collection["features"][0]["geometry"] = {"type": "Polygon", "coordinates": [ring]}


@pytest.mark.parametrize(
    "spoil",
    [
        _twice,
        _bow,
        lambda c: c.pop("features"),
        lambda c: c.update(features=[]),
        lambda c: c.update(level="street"),
        lambda c: c.update(valid_from="soon"),
        lambda c: c["features"][0].pop("geometry"),
        lambda c: c["features"][0].update(geometry={"type": "Point", "coordinates": [1, 2]}),
        lambda c: c["features"][0]["properties"].pop("code"),
    ],
)
def test_a_file_that_does_not_fit_changes_nothing(tmp_path: Path, spoil: Any) -> None:
    collection = json.loads(COUNTY.read_text())
    spoil(collection)
    file = tmp_path / "county.geojson"
    file.write_text(json.dumps(collection))
    with pytest.raises(maps.UnfitBoundaries):
        maps.load(file)
    assert maps.locate(113.3245, 23.1065) == "440105"


@given(st.lists(st.tuples(st.floats(110, 117), st.floats(20, 25)), min_size=4, max_size=12))
def test_a_path_comes_back_to_its_points(corners: list[tuple[float, float]]) -> None:
    from shapely import Polygon

    drawn = path(Polygon(corners))
    stops = [project(*corner) for corner in corners]
    if not drawn:
        return
    start = re.match(r"M(\d+),(\d+)l", drawn)
    assert start
    walked = [(int(start[1]), int(start[2]))]
    for step in drawn[start.end() : -1].split():
        dx, dy = step.split(",")
        walked.append((walked[-1][0] + int(dx), walked[-1][1] + int(dy)))
    assert set(walked) == set(stops)
