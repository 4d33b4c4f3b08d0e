"""The files under jurisdictions/guangdong agree with each other."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lingnan.kernel.runtime.demonstration import GovernmentBody
from lingnan.node.world.bodies import bodies as made_bodies
from lingnan.standards.divisions import DivisionRegister

NOW = date(2026, 3, 2)
TIERS = ("province", "city", "county")
# function → the tiers that have it
ALL = {"province", "city", "county"}
FUNCTIONS = dict.fromkeys(
    ("market", "police", "fire", "data", "tax", "urban", "government", "supervision",
     "procuratorate", "court", "justice"), ALL
) | {"credit": {"province", "city"}, "prison": {"province"}}  # fmt: skip
ENDINGS = tuple("店馆行部楼坊屋栈站池房庄铺咖多吧")
FEATURED = {"440103", "440106", "441802", "441803"}


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def table(folder: Path, name: str) -> dict[str, Any]:
    return tomllib.loads((folder / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def bodies() -> dict[str, GovernmentBody]:
    made = made_bodies(NOW)
    by_code = {body.code: body for body in made}
    assert len(by_code) == len(made)
    return by_code


def test_divisions_refer_to_known_codes(guangdong: Path) -> None:
    divisions = {row["code"]: row for row in rows(guangdong, "divisions.csv")}
    for row in divisions.values():
        above = divisions.get(row["parent"])
        assert (above is None) == (row["level"] == "province")
        if above is not None:
            assert TIERS.index(above["level"]) + 1 == TIERS.index(row["level"])
        taken_over = row["successor"].split()
        assert bool(taken_over) == bool(row["valid_to"])
        for code in taken_over:
            assert code in divisions
            # A successor must exist on the day it takes over.
            assert divisions[code]["valid_from"] <= row["valid_to"]


def test_each_change_happens_on_one_day(guangdong: Path) -> None:
    divisions = rows(guangdong, "divisions.csv")
    begun = {row["valid_from"] for row in divisions if row["valid_from"]}
    ended = {row["valid_to"] for row in divisions if row["valid_to"]}
    assert ended <= begun


def test_bodies_stand_in_their_division(
    bodies: dict[str, GovernmentBody], register: DivisionRegister
) -> None:
    for body in bodies.values():
        division = register.get(body.division, NOW)
        assert division.level == body.tier
        assert body.code == f"gd-{body.division}-{body.function}"


def test_each_body_answers_to_its_own_function_above(
    bodies: dict[str, GovernmentBody], register: DivisionRegister
) -> None:
    for body in bodies.values():
        if body.tier == "province":
            assert body.parent == ""
            continue
        above = bodies[body.parent]
        assert above.function == body.function
        assert above.division == register.get(body.division, NOW).parent


def test_every_division_in_force_has_every_function_of_its_tier(
    bodies: dict[str, GovernmentBody], register: DivisionRegister, guangdong: Path
) -> None:
    held: dict[str, set[str]] = {}
    for body in bodies.values():
        held.setdefault(body.division, set()).add(body.function)
    in_force = {r["code"] for r in rows(guangdong, "divisions.csv") if not r["valid_to"]}
    assert set(held) == in_force and len(in_force) == 1 + 21 + 122
    for division, functions in held.items():
        tier = register.get(division, NOW).level
        assert functions == {f for f, tiers in FUNCTIONS.items() if tier in tiers}
    assert table(guangdong, "bodies.toml")["operator"] in bodies


def test_the_cities_without_counties_are_undivided(bodies: dict[str, GovernmentBody]) -> None:
    assert {b.division for b in bodies.values() if b.undivided} == {"441900", "442000"}


@pytest.mark.parametrize(("code", "name"), [
    ("gd-440103-market", "广州市荔湾区市场监督管理局"),
    ("gd-440103-police", "广州市公安局荔湾区分局"),
    ("gd-441802-police", "清远市公安局清城分局"), ("gd-441502-police", "汕尾市公安局城区分局"),
    ("gd-440232-fire", "乳源瑶族自治县消防救援大队"), ("gd-440781-government", "台山市人民政府"),
    ("gd-440100-tax", "国家税务总局广州市税务局"), ("gd-440606-police", "佛山市顺德区公安局"),
    ("gd-441900-urban", "东莞市城市管理和综合执法局"),
    ("gd-440100-credit", "广州市发展和改革委员会"),
])  # fmt: skip
def test_bodies_are_named_as_they_are(
    bodies: dict[str, GovernmentBody], code: str, name: str
) -> None:
    assert bodies[code].name_zh == name


def test_no_two_bodies_share_a_name(bodies: dict[str, GovernmentBody]) -> None:
    for names in ([b.name_zh for b in bodies.values()], [b.name_en for b in bodies.values()]):
        assert len(set(names)) == len(names)
        assert all(name and "{" not in name for name in names)
    assert all(len(body.name_zh) <= 64 for body in bodies.values())


def test_posts(guangdong: Path) -> None:
    posts = table(guangdong, "posts.toml")["posts"]
    keys = [(post["function"], post["role"]) for post in posts]
    assert len(set(keys)) == len(keys)
    assert {function for function, _ in keys} == set(FUNCTIONS)
    for function in ("market", "police", "fire", "data", "tax", "urban"):
        assert (function, "head") in keys and (function, "clerk") in keys
    # 行政许可法 (2019-04-23) Art. 34(3): two officers check on the spot.
    inspectors = {p["function"]: p["holders"] for p in posts if p["role"] == "inspector"}
    assert inspectors == dict.fromkeys(("market", "fire", "tax", "urban"), 2)
    supervising = {p["role"]: p["tiers"] for p in posts if p["function"] == "supervision"}
    assert supervising == {
        "supervisor": ["province", "city", "county"],
        "leader": ["province", "city"],
    }
    titles = {(post["role"], post["title_zh"], post["title_en"]) for post in posts}
    assert len(titles) == len({post["role"] for post in posts})
    operators = [post for post in posts if post["role"] == "operator"]
    assert [(post["function"], post["tiers"]) for post in operators] == [("data", ["province"])]


def test_cards(guangdong: Path) -> None:
    (rule,) = table(guangdong, "cards.toml")["rules"]
    assert rule["effective_from"] <= NOW
    assert rule["unverified"] is True and rule["basis"]
    found = [(row.get("limit_up_to"), row["warn_before"]) for row in rule["warnings"]]
    assert found == [(10, 1), (None, 3)]
    assert {row["warn_unit"] for row in rule["warnings"]} == {"wd"}
    assert rule["yellow"]["when"] == "promised_limit_passed"
    assert rule["red"]["when"] == "statutory_limit_passed"


def test_names_for_invented_people(guangdong: Path) -> None:
    surnames = rows(guangdong, "surnames.csv")
    assert len({row["surname"] for row in surnames}) == len(surnames) == 100
    weights = [float(row["weight"]) for row in surnames]
    assert all(weight > 0 for weight in weights) and sum(weights) < 100
    characters = rows(guangdong, "given_names.csv")
    assert len({row["character"] for row in characters}) == len(characters) >= 150
    assert all(len(row["character"]) == 1 for row in characters)
    assert {row["typical_sex"] for row in characters} == {"m", "f", "n"}


def test_streets_and_trades(guangdong: Path) -> None:
    streets = [(row["county"], row["street"]) for row in rows(guangdong, "streets.csv")]
    assert len(set(streets)) == len(streets)
    assert {county for county, _ in streets} == FEATURED
    for county in FEATURED:
        assert sum(county == place for place, _ in streets) >= 15
    trades = rows(guangdong, "trades.csv")
    assert len({row["code"] for row in trades}) == len(trades) >= 20
    assert all(row["zh"] and row["en"] for row in trades)
    assert {row["licensed"] for row in trades} == {"yes", "no"}
    for row in trades:
        assert row["company"] and float(row["weight"]) > 0
        assert all(form.endswith(ENDINGS) for form in row["shop"].split("|")), row["shop"]


def test_townships_lie_in_present_divisions(guangdong: Path, register: DivisionRegister) -> None:
    townships = rows(guangdong, "townships.csv")
    assert len(townships) == len({row["code"] for row in townships}) == 1757
    assert {row["kind"] for row in townships} == {"street", "town", "township", "other"}
    for row in townships:
        assert len(row["code"]) == 9 and row["code"].isdigit() and row["name_zh"]
        assert register.valid(row["county"], NOW)
        assert row["code"].startswith(row["county"][:4])
    # 东莞 and 中山 have townships directly; every county has some.
    divided = {row["county"] for row in townships}
    in_force = {r["code"] for r in rows(guangdong, "divisions.csv") if not r["valid_to"]}
    assert {c for c in divided if c.endswith("00")} == {"441900", "442000"}
    assert {c for c in in_force if not c.endswith("00")} <= divided


def test_the_present_divisions_agree_with_what_was_researched(
    guangdong: Path, testdata: Callable[[str], Path]
) -> None:
    known = rows(testdata("divisions"), "gd_divisions.csv")
    now = {row["code_now"] for row in known if len(row["code_now"]) == 6}
    counties = {code for code in now if not code.endswith("00")}
    assert counties == {
        row["county"]
        for row in rows(guangdong, "townships.csv")
        if not row["county"].endswith("00")
    }
