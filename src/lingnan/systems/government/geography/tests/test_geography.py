"""Divisions by date, addresses found by parts of them, points in their county: over HTTP."""

import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from ninja import NinjaAPI
from ninja.testing import TestClient

from lingnan.kernel.exchange.api import resource
from lingnan.kernel.runtime.api import keys
from lingnan.systems.government.geography import actions, divisions, finding, roads, wording
from lingnan.systems.government.geography.http import router
from lingnan.systems.government.geography.models import Address, Division, Road

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
DOORS = [
    # code, division, township, street, number, kind
    ("440103900-000001", "440103", "440103001", "试验东路", "1号", "premises"),
    ("440103900-000002", "440103", "440103001", "试验东路", "18号", "premises"),
    ("440103900-000003", "440103", "440103001", "试验东路", "18号首层", "premises"),
    ("440103900-000004", "440103", "440103002", "试验西路", "18号201房", "dwelling"),
    ("440106900-000001", "440106", "", "试验东路", "18号", "dwelling"),
    ("441900900-000001", "441900", "", "荔湾试验村", "七巷3号", "dwelling"),
]
PLACES = {"440103": "广州市荔湾区", "440106": "广州市天河区", "441900": "东莞市"}
NAMES = ("code", "division", "township", "street", "number", "kind")


def chunk() -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {
        name: [row[i] for row in DOORS] for i, name in enumerate(NAMES)
    }
    count = len(DOORS)
    columns["key"] = sorted(keys.new_key() for _ in range(count))
    columns["text"] = [f"广东省{PLACES[row[1]]}{row[3]}{row[4]}" for row in DOORS]
    columns |= {"longitude": [113.2370] * count, "latitude": [23.1080] * count}
    columns["floor_area"] = [62.5] * count
    return columns


@pytest.fixture(autouse=True)
def doors() -> Iterator[None]:
    """A handful of addresses of our own beside the province's."""
    assert actions.load([chunk()], "a test") == len(DOORS)
    yield


def get(url: str, **query: str) -> tuple[int, str]:
    client = Client()
    client.cookies["django_language"] = "zh-hans"
    response = client.get(url, query)
    return response.status_code, unescape(response.content.decode())


def codes(words: str, division: str = "", limit: int = 8) -> list[str]:
    return [code for code, _text in finding.suggest(words, division, limit)]


# Finding addresses.


@pytest.mark.parametrize(
    "words",
    [
        "试验东路18号",
        "试验东路１８号",
        " 试验东路 18号 ",
        "荔湾区试验东路18号",
        "广东省广州市荔湾区试验东路18号",
        "广州荔湾试验东路18",
        "荔湾区沙面街道试验东路18号",
        "东路18号",
    ],
)
def test_it_is_found_as_people_write_it(words: str) -> None:
    found = codes(words, "440103")
    assert found[0] == "440103900-000002", "that very number before what is in the same house"
    assert "440103900-000003" in found


def test_a_number_finds_that_number_and_a_road_its_doors_in_order() -> None:
    assert codes("试验东路", "440103") == [f"440103900-00000{n}" for n in (1, 2, 3)]
    assert codes("试验东路1", "440103") == [f"440103900-00000{n}" for n in (1, 2, 3)]
    assert codes("试验东路2", "440103") == []
    assert codes("试验西路201房", "440103") == ["440103900-000004"]
    assert codes("试验西路01房", "440103") == [], "01房 is not the end of 201房"
    assert codes("试验东路8号", "440103") == [], "nor 8号 of 18号"


def test_only_within_the_division_asked_for() -> None:
    assert codes("试验东路18号", "440106") == ["440106900-000001"]
    assert set(codes("试验东路18号", "440100")) == {
        "440103900-000002", "440103900-000003", "440106900-000001"
    }  # fmt: skip
    assert codes("试验东路18号", "441900") == []
    assert codes("天河区试验东路18号", "440103") == []
    assert codes("天河区试验东路18号", "440000") == ["440106900-000001"]


def test_a_road_that_begins_like_a_county_is_still_found() -> None:
    assert codes("荔湾试验村七巷3号", "441900") == ["441900900-000001"]
    assert codes("东莞市荔湾试验村", "441900") == ["441900900-000001"]


@pytest.mark.parametrize("words", ["", "   ", "18号", "没有这条路", "%", "_", "广东省", "。" * 99])
def test_what_names_no_road_finds_nothing(words: str) -> None:
    assert codes(words, "440103") == []


def test_a_code_finds_its_address_in_its_division_only() -> None:
    assert codes("440103900-000002", "440103") == ["440103900-000002"]
    assert codes("440103900-000002", "440106") == []
    held = Address.objects.get(code="440103900-000002")
    assert finding.find("440103900-000002") == held.key
    assert finding.find("440103900-999999") is None


def test_the_limit_is_kept() -> None:
    assert len(codes("试验", "440100", 2)) == 2
    assert codes("试验", "440100", 0) == []


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_words(text: str) -> None:
    once = wording.plain(text)
    assert wording.plain(once) == once
    door = wording.door(once)
    assert door.street + door.number == once
    assert 0 <= wording.ordinal(once) < 10**9


def test_a_new_address_is_found_and_its_road_counted() -> None:
    values = dict(zip(NAMES, DOORS[1], strict=True)) | {"code": "440103900-000009"}
    made = actions.register(
        "a test",
        "new house",
        text="试验南路5号",
        **values | {"street": "试验南路", "number": "５号"},
    )
    assert made.number == "5号" and made.ordinal == 5
    assert codes("试验南路5号", "440103") == ["440103900-000009"]
    before = {(r.division, r.township, r.name): r.addresses for r in Road.objects.all()}
    roads.rebuild()
    assert {(r.division, r.township, r.name): r.addresses for r in Road.objects.all()} == before


def test_it_shares_the_address_and_its_division() -> None:
    shared = resource("geography.address")
    key = finding.find("440103900-000002")
    values = shared.answer([key])[key][0]["values"]
    assert values["place.standard_address"] == "广东省广州市荔湾区试验东路18号"
    assert values["place.division"] == "440103"
    # The floor area is the title register's to tell.
    assert set(values) == set(shared.elements)


# Divisions by date.


def test_in_mid_2011_there_were_121_county_level_units() -> None:
    status, page = get("/places/history/", on="2011-06-30")
    assert status == 200 and "共有 121 个县级行政区" in page
    assert "茂港区" in page and "电白县" in page and "电白区" not in page
    status, page = get("/places/history/", on="2026-03-02")
    assert "共有 122 个县级行政区" in page and "电白区" in page


@pytest.mark.parametrize("on", ["yesterday", "2011-02-30", "1999-12-31", "２０１１", "0"])
def test_a_day_that_cannot_be_is_asked_for_again(on: str) -> None:
    status, page = get("/places/history/", on=on)
    assert status == 422 and 'class="errors"' in page


def test_a_merger_stands_on_the_page_of_each_who_took_part() -> None:
    for code in ("440904", "440903", "440923"):
        status, page = get(f"/places/{code}/")
        assert status == 200
        line = re.search(r'class="what">([^<]*改为[^<]*)<', page)
        assert line, code
        assert all(part in line[1] for part in ("茂港区（440903）", "电白县（440923）"))
        assert line[1].endswith("改为电白区（440904）")
        assert "2014年2月16日" in page


def test_what_is_no_more_says_until_when_and_has_no_map() -> None:
    _status, page = get("/places/440903/")
    assert "失效日" in page and "<svg" not in page.split("<main")[1]
    _status, page = get("/places/440103/")
    assert "失效日" not in page and "<svg" in page


def test_every_change_is_told_of_both_sides() -> None:
    for row in Division.objects.exclude(ends=None):
        for successor in row.successors.split():
            told = [c for c in divisions.changes(successor) if row in c.before]
            took_over = Division.objects.filter(code=successor, begins=row.ends)
            assert told or not took_over, (row.code, successor)


# Browsing.


def test_from_the_province_to_a_township() -> None:
    status, page = get("/places/")
    assert status == 200
    links = set(re.findall(r'href="/places/(\d{6})/"', page))
    assert len(links) == 21 and "440100" in links
    assert "标准地址最多的是" in page
    status, page = get("/places/440100/")
    assert {"440103", "440118"} <= set(re.findall(r'href="/places/(\d{6})/"', page))
    status, page = get("/places/440103/")
    assert 'href="/places/440103001/"' in page
    status, page = get("/places/440103001/")
    assert status == 200 and "沙面街道" in page


def test_an_undivided_city_has_its_own_map_and_townships() -> None:
    status, page = get("/places/441900/")
    assert status == 200 and "东莞市" in page and "<svg" in page
    assert re.search(r'href="/places/441900\d{3}/"', page)


def test_numbers_of_addresses_add_up() -> None:
    _status, page = get("/places/440103/")
    held = Address.objects.filter(division="440103").count()
    assert sum(roads.counts("division", division="440103").values()) == held
    assert re.search(rf"标准地址</dt><dd>{held:,}", page)


@pytest.mark.parametrize("code", ["999999", "440199", "abc", "44", "440103999"])
def test_an_unknown_code_is_not_found(code: str) -> None:
    assert get(f"/places/{code}/")[0] == 404
    assert get(f"/places/address/{code}/")[0] == 404


def test_an_address_is_found_and_shown_without_its_floor_area() -> None:
    status, page = get("/places/", q="荔湾区试验东路18号")
    assert status == 200 and 'href="/places/address/440103900-000002/"' in page
    status, page = get("/places/address/440103900-000002/")
    assert "试验东路18号" in page and "<circle" in page and "62.5" not in page
    assert "没有找到地址" in get("/places/", q="没有这条路9号")[1]


# Points.


@pytest.mark.parametrize(
    ("x", "y", "name"),
    [("113.3245", "23.1065", "海珠区"), ("113.2644", "23.1291", "越秀区"),
     ("１１３．７５１８", "23.0207", "东莞市")],
)  # fmt: skip
def test_a_point_lies_in_its_county(x: str, y: str, name: str) -> None:
    status, page = get("/places/point/", longitude=x, latitude=y)
    assert status == 200 and f"这个点在{name}" in page and "<circle" in page


def test_a_shifted_point_is_brought_back() -> None:
    from lingnan.standards.coordinates import wgs84_to_gcj02

    row = next(r for r in DOORS if r[1] == "440103")
    x, y = wgs84_to_gcj02(113.2370, 23.1080)
    assert row[1] == "440103"
    page = get("/places/point/", longitude=f"{x}", latitude=f"{y}", system="gcj02")[1]
    drawn = re.search(r'<circle cx="(\d+)" cy="(\d+)"', page)
    plain = get("/places/point/", longitude="113.2370", latitude="23.1080")[1]
    assert drawn and drawn[0] in plain


def test_a_point_at_sea_is_said_to_be_nowhere() -> None:
    status, page = get("/places/point/", longitude="114.5", latitude="21.0")
    assert status == 200 and "不在本省任何县" in page


@pytest.mark.parametrize(
    ("x", "y", "errors"),
    [("abc", "", 2), ("113", "nan", 1), ("inf", "23", 1), ("181", "91", 2), ("1e999", "23", 1)],
)
def test_what_is_no_number_is_said_at_its_field(x: str, y: str, errors: int) -> None:
    status, page = get("/places/point/", longitude=x, latitude=y)
    assert status == 422 and page.count('class="say"') == errors


# For programs.


@pytest.fixture(scope="module")
def api() -> TestClient:
    """Mounted where everything else asks for an account, as the portal's API does."""
    mounted = NinjaAPI(urls_namespace="geography-alone", auth=lambda request: None)
    mounted.add_router("/geography", router)
    return TestClient(mounted)


def test_the_api_lists_divisions_by_day_and_page(api: TestClient) -> None:
    old = api.get("/geography/divisions?on=2011-06-30&level=county").json()
    assert len(old["divisions"]) == 121 and old["after"] == ""
    found, after = [], ""
    while True:
        page = api.get(f"/geography/divisions?level=township&after={after}").json()
        found += [row["code"] for row in page["divisions"]]
        after = page["after"]
        if not after:
            break
    day = date(2026, 3, 2)
    assert found == list(divisions.on(day).filter(level="township").values_list("code", flat=True))
    below = api.get("/geography/divisions?parent=440100").json()["divisions"]
    assert {row["parent"] for row in below} == {"440100"} and len(below) == 11


def test_the_api_locates_and_finds(api: TestClient) -> None:
    tower = api.get("/geography/locate?longitude=113.3245&latitude=23.1065").json()
    assert tower == {"county": "440105", "city": "440100", "province": "440000"}
    sea = api.get("/geography/locate?longitude=114.5&latitude=21.0").json()
    assert set(sea.values()) == {None}
    past = api.get("/geography/locate?longitude=113.3&latitude=23.1&on=2011-06-30")
    assert past.status_code == 404
    found = api.get("/geography/addresses?q=试验东路18号&division=440103").json()["addresses"]
    assert found[0]["code"] == "440103900-000002" and "floor_area" not in json.dumps(found)


@pytest.mark.parametrize(
    "query",
    [
        "divisions?on=soon",
        "divisions?level=street",
        "divisions?parent=4401",
        "divisions?after=x",
        "locate",
        "locate?longitude=113&latitude=nan",
        "locate?longitude=inf&latitude=23",
        "locate?longitude=181&latitude=23",
        "locate?longitude=a&latitude=b",
        "addresses",
        "addresses?q=",
        "addresses?q=" + "x" * 61,
        "addresses?q=a&division=44'--",
    ],
)
def test_bad_questions_are_unprocessable(api: TestClient, query: str) -> None:
    assert api.get(f"/geography/{query}").status_code == 422


def test_what_is_not_recorded_is_not_made_up(api: TestClient) -> None:
    assert api.get("/geography/divisions?on=1999-12-31").status_code == 404
    assert api.get("/geography/divisions?on=2000-12-31").status_code == 200


def test_nothing_can_be_written_over_the_api(api: TestClient) -> None:
    for path in ("divisions", "locate", "addresses"):
        assert api.post(f"/geography/{path}").status_code == 405
