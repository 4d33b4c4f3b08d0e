"""Nearest addresses, coordinates of other systems, and areas laid over the divisions."""

import json
import random
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lingnan.kernel.maps import api as maps
from lingnan.kernel.runtime.api import keys
from lingnan.standards.geodesy import distance
from lingnan.systems.government.geography import actions
from lingnan.systems.government.geography.models import Address
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
API = "/api/geography"


def get(path: str, status: int = 200, **told: Any) -> Any:
    answer = Client().get(f"{API}{path}", told)
    assert answer.status_code == status, answer.content[:300]
    return answer.json()


def post(path: str, body: Any, status: int = 200) -> Any:
    answer = Client().post(f"{API}{path}", body, content_type="application/json")
    assert answer.status_code == status, answer.content[:300]
    return answer.json()


def square(x: float, y: float, side: float = 0.1) -> dict[str, Any]:
    corners = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return {"type": "Polygon", "coordinates": [corners]}


def test_the_nearest_are_those_that_measuring_all_finds() -> None:
    rows: list[Any] = list(Address.objects.filter(ended=False).exclude(longitude=None))
    chance = random.Random(7)
    for kind in ("", "premises"):
        of_kind = [row for row in rows if kind in ("", row.kind)]
        for _ in range(6):
            near = chance.choice(rows)
            x, y = near.longitude + chance.uniform(-0.05, 0.05), near.latitude
            told: dict[str, Any] = {"longitude": x, "latitude": y, "count": 5, "kind": kind}
            found = get("/nearest", **told)["addresses"]
            all_of_them = sorted(distance(x, y, row.longitude, row.latitude) for row in of_kind)
            expected = [round(m, 2) for m in all_of_them if m <= 30_000][:5]
            assert [one["metres"] for one in found] == expected
    assert get("/nearest", longitude=0, latitude=0)["addresses"] == []
    get("/nearest", 422, longitude="nan", latitude=0)


def test_points_go_from_one_system_to_another_and_slips_are_said() -> None:
    plane = post("/convert", {"points": [[113.2644, 23.1291], [23.1291, 113.2644],
                                        [999, 1], [113, 90]],
                              "source": "cgcs2000", "target": "gk3"})  # fmt: skip
    assert plane["points"][0] == {"x": 38424654.893, "y": 2559024.7393, "problem": ""}
    assert "exchanged" in plane["points"][1]["problem"] and plane["points"][2]["problem"]
    assert plane["points"][3]["problem"] == "outside the system"
    back = {"points": [[38424654.893, 2559024.7393], [424654.9, 2559024.7]]}
    said = post("/convert", back | {"source": "gk3", "target": "cgcs2000"})["points"]
    assert (said[0]["x"], said[0]["y"]) == pytest.approx((113.2644, 23.1291), abs=1e-8)
    assert "zone" in said[1]["problem"]


def test_the_exact_boundaries_are_a_unit_each_and_cover_themselves() -> None:
    counties = {one.code: one.geometry for one in maps.areas("county")}
    assert len(counties) == 124
    whole = post("/overlay", {"area": square(109, 20, 9)})
    # What PROJ 9.5.1 gives for the same file, ring by ring, along geodesics.
    assert sum(part["km2"] for part in whole["parts"]) == pytest.approx(181_616.91, rel=1e-5)
    assert all(part["of_unit"] == pytest.approx(1) for part in whole["parts"])
    assert whole["addresses"] >= sum(part["addresses"] for part in whole["parts"]) > 0


def test_an_areas_parts_add_up() -> None:
    said = post("/overlay", {"area": square(113.2, 23.05)})
    assert said["km2"] == pytest.approx(113.4, abs=0.5)
    total = sum(part["km2"] for part in said["parts"]) + said["outside_km2"]
    assert total == pytest.approx(said["km2"]) and len(said["parts"]) > 2
    assert sum(part["of_area"] for part in said["parts"]) <= 1.000001
    post("/overlay", {"area": square(113, 23), "on": "2001-01-01"}, 404)


BOW = [[113, 23], [114, 24], [114, 23], [113, 24], [113, 23]]
UNFIT: list[tuple[Any, str]] = [
    (BOW, "crossing"),
    ([[113, 23], [114, 23], [114, 24], [113, 24]], "unclosed"),
    ([[113, 23], [114, 23], [113, 23]], "few"),
    ([[23, 113], [24, 113], [24, 114], [23, 113]], "swapped"),
    ([[1e300, 23], [4, 5], [4, 6], [1e300, 23]], "range"),
    ([["x", 23], [4, 5], [4, 6], ["x", 23]], "number"),
    (None, "type"),
]


@pytest.mark.parametrize(("ring", "code"), UNFIT)
def test_an_unfit_area_is_refused_with_what_and_where(ring: Any, code: str) -> None:
    area = {"type": "Polygon", "coordinates": [ring]}
    said = post("/overlay", {"area": area}, 422)
    assert said["code"] == code
    page = Client().post("/places/overlay/", {"area": json.dumps(area)})
    assert page.status_code == 422
    if code == "crossing":
        assert said["where"] == [113.5, 23.5] and said["offered_repair"]["type"] == "MultiPolygon"
        assert "113.5, 23.5" in page.content.decode()
        assert post("/overlay", {"area": said["offered_repair"]})["km2"] > 0


def test_a_ring_that_turns_the_other_way_is_taken_and_noted() -> None:
    area = square(113.2, 23.05)
    area["coordinates"][0].reverse()
    said = post("/overlay", {"area": area})
    assert said["notes"] == ["an outer ring turns clockwise"] and said["km2"] > 100


def test_overlaps_and_gaps_of_a_coverage_are_found() -> None:
    from shapely import box

    fine = {"a": box(0, 0, 1, 1), "b": box(1, 0, 2, 1)}
    assert maps.coverage_faults(fine) == []
    assert "a and b overlap" in maps.coverage_faults(fine | {"b": box(0.5, 0, 2, 1)})[0]
    ring = {"a": box(0, 0, 3, 3).difference(box(1, 1, 2, 2))}
    assert "gap" in maps.coverage_faults(ring)[0]


def test_what_a_county_came_from_is_told() -> None:
    # 越秀 took in 东山 in 2005.
    said = get("/origins", code="440104", before="2004-01-01")
    assert {"440102", "440104"} <= {one["code"] for one in said["origins"]}
    assert all(one["km2"] is None for one in said["origins"])
    get("/origins", 404, code="440104", before="1999-01-01")
    get("/origins", 404, code="999999", before="2004-01-01")


def test_an_address_that_is_added_is_the_nearest_to_itself() -> None:
    columns: dict[str, list[Any]] = {
        "key": [keys.new_key()], "code": ["440103901-000001"], "text": ["试验路1号"],
        "division": ["440103"], "township": [""], "street": ["试验路"], "number": ["1号"],
        "longitude": [113.5001], "latitude": [22.0001], "kind": ["premises"], "floor_area": [1.0],
    }  # fmt: skip
    actions.load([columns], "a test")
    found = get("/nearest", longitude=113.5001, latitude=22.0001, count=1)["addresses"]
    assert found[0]["code"] == "440103901-000001" and found[0]["metres"] == 0


def test_everybody_finds_the_pages() -> None:
    guest = Person("resident-440103")
    code = Address.objects.filter(ended=False).exclude(longitude=None).earliest("key").code
    page = guest.get(f"/places/nearest/?address={code}")
    assert guest.status == 200 and f"/places/address/{code}/" in page
    for query in ("address=none", "longitude=x&latitude=1", "longitude=23&latitude=113"):
        guest.get(f"/places/nearest/?{query}")
        assert guest.status == 422, query
    page = guest.post("/places/overlay/", area=json.dumps(square(113.2, 23.05)))
    assert guest.status == 200 and "荔湾区" in page
    page = guest.get("/places/convert/?x=113.2644&y=23.1291&source=cgcs2000&target=gk3")
    assert "38424654.8930" in page
    rows = SimpleUploadedFile("a.csv", b"x,y\n113.2644,23.1291\n23,113\n")
    answer = guest.client.post(
        "/places/convert/", {"file_source": "cgcs2000", "file_target": "gk3", "file": rows}
    )
    assert answer["Content-Type"].startswith("text/csv")
    assert b"38424654.893" in answer.content and b"exchanged" in answer.content
    for bad in (b"\xff\xfe\x00", b"1,1\n" * 10_001):
        told = {
            "file_source": "cgcs2000",
            "file_target": "gk3",
            "file": SimpleUploadedFile("a.csv", bad),
        }
        assert guest.client.post("/places/convert/", told).status_code == 422


def measured(area: str, status: int = 200, within: str = "") -> str:
    """The page that answers an area, in English."""
    answer = Client(headers={"accept-language": "en"}).post(
        f"/places/overlay/{within}", {"area": area}
    )
    assert answer.status_code == status, answer.content[:300]
    return answer.content.decode()


def test_corners_typed_one_a_line_are_the_area_that_geojson_says() -> None:
    typed = measured("113.2, 23.05\n113.3\t23.05\n\n113.3，23.15\n113.2 23.15\n", 200)
    sent = measured(json.dumps(square(113.2, 23.05)))
    figures = re.compile(r"<main.*?<textarea", re.S)
    told, drawn = (re.sub(r'value="\w{64}"', "", figures.findall(one)[0]) for one in (typed, sent))
    assert "440103" in told and told == drawn
    # An area crossing itself is told with the place, and what was typed is given back.
    crossing = measured("113, 23\n114, 24\n114, 23\n113, 24", 422)
    assert "113.5, 23.5" in crossing and "113, 23\n114, 24" in crossing


@pytest.mark.parametrize(
    ("area", "said"),
    [
        ("113, 23\n\n113 x\n114, 24", "Line 3 is not a corner"),
        ("113, 23, 5\n113, 24\n114, 24", "Line 1 is not a corner"),
        ("113, 23\n114, 24\n113, 23", "at least three corners"),
        ("113, 23\ninf, 24\n114, 24", "not two numbers"),
        ("", "not an area in GeoJSON"),
    ],
)
def test_unfit_corners_are_refused_with_their_line(area: str, said: str) -> None:
    assert said in measured(area, 422)


def test_the_premises_of_an_area_are_part_of_its_addresses() -> None:
    said = post("/overlay", {"area": square(109, 20, 9)})
    held = Address.objects.filter(ended=False).exclude(longitude=None)
    assert said["addresses"] == held.count()
    assert said["premises"] == held.filter(kind="premises").count() > 0
    assert all(0 <= part["premises"] <= part["addresses"] for part in said["parts"])


def test_the_map_to_draw_on_comes_closer_to_a_city() -> None:
    client = Client()
    assert "?within=440100" in client.get("/places/overlay/").content.decode()
    near = client.get("/places/overlay/?within=440100").content.decode()
    assert "/places/440103/" in near and 'href="?within=440100"' not in near
    assert client.get("/places/overlay/?within=none").status_code == 200


def test_coming_closer_keeps_the_corners_and_measures_nothing() -> None:
    drawn = "113.2, 23.1\n113.3, 23.1\n113.3, 23.2"
    guest = Person("resident-440106")
    near = guest.get(f"/places/overlay/?within=440100&area={quote(drawn)}")
    assert guest.status == 200 and drawn in near and "kpi" not in near
    assert 'name="within" value="440100"' in near
    long = drawn + "\n113.25, 23.25" * 500
    page = guest.post("/places/overlay/?within=440100", area=long, within="440300", look="1")
    assert guest.status == 200 and page.count("113.25, 23.25") == 500
    assert 'name="within" value="440300"' in page and "kpi" not in page
    page = guest.post("/places/overlay/?within=440100", area=drawn, within="")
    assert guest.status == 200 and "kpi" in page and "?within=440100" in page
