"""The boundary files of Guangdong fit the divisions in force and one another."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import shape

import lingnan.jurisdictions.guangdong as guangdong
from lingnan.node.boundaries import Unfit, in_force, last_change, simplified
from lingnan.standards.coordinates import SHIFTED

FOLDER = Path(guangdong.__file__).parent
DIVISIONS = FOLDER / "divisions.csv"
BUSINESS_DAY = date(2026, 3, 2)


def collection(level: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((FOLDER / "boundaries" / f"{level}.geojson").read_text())
    return read


def areas(level: str) -> dict[str, Any]:
    return {
        one["properties"]["code"]: shape(one["geometry"]) for one in collection(level)["features"]
    }


def rows() -> dict[str, dict[str, str]]:
    return {row["code"]: dict(row) for row in in_force(DIVISIONS, BUSINESS_DAY)}


def test_every_county_in_force_has_one_shape_and_no_shape_is_without_one() -> None:
    counties = {code for code, row in rows().items() if row["level"] == "county"}
    codes = [one["properties"]["code"] for one in collection("county")["features"]]
    assert len(counties) == 122
    assert sorted(codes) == sorted(counties | {"441900", "442000"})


def test_every_city_and_the_province_have_one() -> None:
    for level, count in (("city", 21), ("province", 1)):
        wanted = [code for code, row in rows().items() if row["level"] == level]
        assert len(wanted) == count
        codes = [one["properties"]["code"] for one in collection(level)["features"]]
        assert sorted(codes) == sorted(wanted)


@pytest.mark.parametrize("level", ["county", "city", "province"])
def test_names_and_parents_are_those_of_the_divisions(level: str) -> None:
    known = rows()
    for feature in collection(level)["features"]:
        found, row = feature["properties"], known[feature["properties"]["code"]]
        assert (found["name_zh"], found["name_en"]) == (row["name_zh"], row["name_en"])
        undivided = level == "county" and row["level"] == "city"
        assert found["parent"] == (row["code"] if undivided else row["parent"])


@pytest.mark.parametrize("level", ["county", "city"])
def test_neighbours_share_their_borders(level: str) -> None:
    found = list(areas(level).values())
    assert all(one.is_valid and one.area > 0 for one in found)
    assert shapely.coverage_is_valid(found)


def test_a_gap_would_be_seen() -> None:
    """What the test above relies on, and what the making command refuses."""
    left, right = shapely.box(0, 0, 1, 1), shapely.Polygon([(1, 0), (2, 0), (2, 1), (1.2, 0.5)])
    overlapping = shapely.box(0.5, 0, 2, 1)
    assert not shapely.coverage_is_valid([left, overlapping])
    with pytest.raises(Unfit):
        simplified({"a": left, "b": overlapping}, 0.01)
    assert right.is_valid


def test_simplifying_keeps_every_unit_and_every_shared_border() -> None:
    wave = [(1 + 0.01 * (i % 2), i / 100) for i in range(101)]
    left = shapely.Polygon([(0, 0), *wave, (0, 1)])
    right = shapely.Polygon([(2, 1), *reversed(wave), (2, 0)])
    rock = shapely.box(5, 5, 5.001, 5.001)
    with_rock = shapely.union_all([right, rock])
    made = simplified({"a": left, "b": with_rock, "c": shapely.box(7, 7, 7.001, 7.001)}, 0.05)
    assert set(made) == {"a", "b", "c"} and not made["c"].is_empty
    assert shapely.get_num_coordinates(made["a"]) < 20
    assert not made["b"].intersects(rock)
    assert made["a"].intersection(made["b"]).length == pytest.approx(1, rel=0.02)


def test_the_files_stay_small_and_in_guangdong() -> None:
    for level, most in (("county", 600_000), ("city", 150_000), ("province", 60_000)):
        path = FOLDER / "boundaries" / f"{level}.geojson"
        assert path.stat().st_size <= most
    west, south, east, north = shapely.total_bounds(list(areas("county").values()))
    assert 109.5 < west < 109.8 and 20 < south < 20.3 and 117 < east < 117.4 and 25.4 < north < 25.6
    assert SHIFTED[0] < west and east < SHIFTED[2]


def test_cities_are_their_counties() -> None:
    """Simplified apart, so not the same line; but the same land."""
    counties, cities = areas("county"), areas("city")
    for feature in collection("county")["features"]:
        code, parent = feature["properties"]["code"], feature["properties"]["parent"]
        assert cities[parent].buffer(0.02).covers(counties[code].representative_point())


def test_a_file_holds_since_the_last_change_of_its_level() -> None:
    assert collection("county")["valid_from"] == last_change(DIVISIONS, "county") == "2018-02-09"
    with DIVISIONS.open(encoding="utf-8", newline="") as file:
        counties = [row for row in csv.DictReader(file) if row["level"] == "county"]
    assert any(row["valid_from"] == "2018-02-09" for row in counties)
    assert collection("city")["valid_from"] == ""
