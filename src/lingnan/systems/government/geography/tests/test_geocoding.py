"""Messy addresses: cases that an official can read, and every name of the province corrupted."""

import os
import random
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.runtime.api import action, keys
from lingnan.systems.government.geography import actions
from lingnan.systems.government.geography.geocoding import geocoder
from lingnan.systems.government.geography.geocoding.characters import counted, normal
from lingnan.systems.government.geography.geocoding.geocoder import geocode
from lingnan.systems.government.geography.models import Address, Division
from lingnan.systems.government.geography.tests import corrupting

EVERY_WAY = "EVERY_WAY" in os.environ
pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
HERE = Path(__file__).parent / "cases"
CASES: list[dict[str, Any]] = yaml.safe_load((HERE / "geocoding.yaml").read_text(encoding="utf-8"))
DOORS = [
    ("440103900-000001", "440103", "440103001", "试验东路", "1号", "premises"),
    ("440103900-000002", "440103", "440103001", "试验东路", "18号", "premises"),
    ("440103900-000003", "440103", "440103001", "试验东路", "18号首层", "premises"),
    ("440103900-000004", "440103", "440103002", "试验西路", "18号201房", "dwelling"),
    ("440106900-000001", "440106", "", "试验东路", "18号", "dwelling"),
    ("441900900-000001", "441900", "", "荔湾试验村", "七巷3号", "dwelling"),
]
NAMES = ("code", "division", "township", "street", "number", "kind")


@pytest.fixture(autouse=True)
def doors() -> Iterator[None]:
    """A handful of addresses of our own beside the province's."""
    columns: dict[str, list[Any]] = {name: [d[i] for d in DOORS] for i, name in enumerate(NAMES)}
    columns["key"] = sorted(keys.new_key() for _ in DOORS)
    columns["text"] = [f"{door[3]}{door[4]}" for door in DOORS]
    columns |= {name: [None] * len(DOORS) for name in ("longitude", "latitude", "floor_area")}
    columns["longitude"], columns["latitude"] = [113.237] * len(DOORS), [23.108] * len(DOORS)
    assert actions.load([columns], "a test") == len(DOORS)
    yield


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_it_is_understood_as_people_write_it(case: dict[str, Any]) -> None:
    answer = geocode(case["text"], on=case.get("day"))
    codes = [one.code for one in answer.candidates]
    if case.get("none"):
        assert not codes
        return
    first = answer.candidates[0]
    shown = [(one.code, one.confidence, [r.code for r in one.reasons]) for one in answer.candidates]
    assert first.code == case.get("code", first.code), shown
    assert set(case.get("also", ())) <= set(codes), shown
    assert set(case.get("reasons", ())) <= {said.code for said in first.reasons}, shown
    assert case.get("least", 0) <= first.confidence < case.get("most", 1.01), shown
    assert answer.ambiguous is case.get("ambiguous", answer.ambiguous), shown
    assert case.get("rest", first.rest) == first.rest, shown
    if "address" in case:
        assert first.address and first.address.code == case["address"], shown


def test_every_candidate_says_why_in_both_languages() -> None:
    for case in CASES:
        for one in geocode(case["text"]).candidates:
            assert one.reasons and 0 < one.confidence <= 1, case
            for reason in one.reasons:
                assert reason.said.zh and reason.said.en and "{" not in reason.said.en


def test_places_that_exclude_one_another_share_their_confidence() -> None:
    for case in CASES:
        assert sum(one.confidence for one in geocode(case["text"]).candidates) < 1.01, case


def test_a_door_of_the_past_is_not_found() -> None:
    held = Address.objects.get(code="440106900-000001")
    with action(by="a test", reason="pulled down") as act:
        act.end(held)
    assert geocode("天河区试验东路18号").candidates[0].address is None


@given(st.text(max_size=130))
def test_no_text_breaks_it(text: str) -> None:
    assert normal(normal(text)) == normal(text)
    counted(text)


@pytest.mark.parametrize(
    "text", ["", " ", "号", "\x00", "%", "广" * 200, "广州" * 60, "城区" * 60, "1" * 120]
)
def test_what_is_no_address_is_answered_at_once(text: str) -> None:
    assert len(geocode(text).candidates) <= geocoder.LIMIT


def test_names_are_built_once_and_anew_when_divisions_change() -> None:
    day = date(2026, 3, 2)
    first = geocoder.current(day)
    assert geocoder.current(day) is first
    with action(by="a test", reason="another name") as act:
        act.change(Division.objects.get(code="440103001"), name_zh="试验街道")
    assert geocoder.current(day) is not first
    assert geocode("荔湾区试验街道").candidates[0].code == "440103001"


def test_the_table_of_addresses_is_asked_by_index_only() -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        geocode("广东广州荔湾试验东路18号之一3楼")
    assert len(asked) < 30
    for query in asked:
        sql = query["sql"]
        if "geography_address" in sql and connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                plan = " ".join(str(row[-1]) for row in cursor.fetchall())
            assert "USING INDEX" in plan and "SCAN" not in plan, plan


# Every name of the province, corrupted. The floors are what was measured, less a little.
FLOORS = {
    "whole": 0.99, "without_kind": 0.95, "without_above": 0.98, "without_a_level": 0.98,
    "traditional": 0.99, "marked": 0.99, "misspelt": 0.83, "transposed": 0.82, "with_door": 0.97,
}  # fmt: skip


def lines() -> list[tuple[str, tuple[str, ...]]]:
    """(code, names from the city down) of every county and township in force."""
    names = geocoder.current(date(2026, 3, 2))
    rows = Division.objects.filter(ended=False, level__in=["county", "township"]).order_by("code")
    units = (names.current(code) for code in rows.values_list("code", flat=True))
    return [
        (unit.code, tuple(above.name for above in names.line(unit)[1:])) for unit in units if unit
    ]


def test_every_name_of_the_province_is_found_when_it_is_corrupted() -> None:
    """Each name is corrupted in one of the ways; `EVERY_WAY` in the environment: in all of them."""
    found = {corrupt.__name__: [0, 0, 0] for corrupt in corrupting.CORRUPTIONS}
    dice = random.Random(2026)
    for at, (code, line) in enumerate(lines()):
        ways = corrupting.CORRUPTIONS
        for corrupt in ways if EVERY_WAY else [ways[at % len(ways)]]:
            counts = found[corrupt.__name__]
            codes = [one.code for one in geocode(corrupt(line, dice)).candidates]
            counts[0] += 1
            counts[1] += codes[:1] == [code]
            counts[2] += code in codes
    shares = {
        name: (counts[1] / counts[0], counts[2] / counts[0]) for name, counts in found.items()
    }
    for name, (first, listed) in shares.items():
        sys.stdout.write(f"{name:16} {found[name][0]:5} first {first:.3f} listed {listed:.3f}\n")
    assert {name: share[0] >= FLOORS[name] for name, share in shares.items()} == dict.fromkeys(
        FLOORS, True
    ), shares


def test_every_former_name_leads_to_who_came_after() -> None:
    names = geocoder.current(date(2026, 3, 2))
    for row in Division.objects.exclude(ends=None):
        city = names.current(row.parent)
        assert city is not None
        for text in (f"{city.name}{row.name_zh}", f"{city.name[:-1]}{row.name_zh}"):
            codes = [one.code for one in geocode(text).candidates]
            assert set(codes) & set(row.successors.split()), (text, codes)


# Over HTTP.


def test_programs_ask_for_one_or_a_hundred() -> None:
    client = Client()
    one = client.get("/api/geography/geocode", {"q": "增城市荔城街"}).json()
    assert one["candidates"][0]["code"] == "440118001" and not one["ambiguous"]
    assert {"former", "short"} <= {said["code"] for said in one["candidates"][0]["reasons"]}
    old = client.get("/api/geography/geocode", {"q": "增城市", "on": "2010-06-30"}).json()
    assert old["candidates"][0]["code"] == "440183" and old["on"] == "2010-06-30"
    texts = ["荔湾区试验东路18号", "太平镇"] * 50
    many = client.post("/api/geography/geocode", {"texts": texts}, "application/json").json()
    assert [answer["text"] for answer in many["answers"]] == texts
    assert many["answers"][0]["candidates"][0]["address"]["code"] == "440103900-000002"
    assert many["answers"][1]["ambiguous"] and len(many["answers"][1]["candidates"]) == 5
    assert "floor_area" not in str(many)


@pytest.mark.parametrize(
    "query", ["", "q=", "q=" + "x" * 121, "q=a&limit=0", "q=a&limit=11", "q=a&on=soon"]
)
def test_a_bad_question_is_unprocessable(query: str) -> None:
    assert Client().get(f"/api/geography/geocode?{query}").status_code == 422


@pytest.mark.parametrize(
    "body",
    [{}, {"texts": []}, {"texts": ["a"] * 101}, {"texts": ["x" * 121]}, {"texts": "a"},
     {"texts": ["a"], "limit": 0}, {"texts": ["a"], "more": 1}, {"texts": [1]}],
)  # fmt: skip
def test_a_bad_batch_is_unprocessable(body: dict[str, Any]) -> None:
    answer = Client().post("/api/geography/geocode", body, "application/json")
    assert answer.status_code == 422 and answer.json()["detail"]


def test_a_day_before_the_first_list_is_not_found() -> None:
    assert Client().get("/api/geography/geocode?q=a&on=1999-12-31").status_code == 404


def test_the_page_says_what_is_uncertain() -> None:
    client = Client()
    client.cookies["django_language"] = "zh-hans"
    page = client.get("/places/", {"q": "广州市福田区"}).content.decode()
    assert "不能确定" in page and 'href="/places/440304/"' in page and "存疑" in page
    page = client.get("/places/", {"q": "荔湾区试验东路18号"}).content.decode()
    assert 'href="/places/address/440103900-000002/"' in page and "<circle" in page
    assert "不属于本省" in client.get("/places/", {"q": "上海市浦东新区"}).content.decode()
