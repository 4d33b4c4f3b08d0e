"""The files under jurisdictions/guangdong agree with each other."""

from __future__ import annotations

import csv
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lingnan.standards.divisions import DivisionRegister

NOW = date(2026, 3, 2)
TIERS = ("province", "city", "county")
FUNCTIONS = {"market", "police", "fire", "data"}


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def table(folder: Path, name: str) -> dict[str, Any]:
    return tomllib.loads((folder / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def bodies(guangdong: Path) -> dict[str, dict[str, Any]]:
    entries = table(guangdong, "bodies.toml")["bodies"]
    by_code = {body["code"]: body for body in entries}
    assert len(by_code) == len(entries) == 28
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
    bodies: dict[str, dict[str, Any]], register: DivisionRegister
) -> None:
    for body in bodies.values():
        division = register.get(body["division"], NOW)
        assert division.level == body["tier"]
        assert body["code"] == f"gd-{body['division']}-{body['function']}"


def test_each_body_answers_to_its_own_function_above(
    bodies: dict[str, dict[str, Any]], register: DivisionRegister
) -> None:
    for body in bodies.values():
        if body["tier"] == "province":
            assert body["parent"] == ""
            continue
        above = bodies[body["parent"]]
        assert above["function"] == body["function"]
        assert above["division"] == register.get(body["division"], NOW).parent


def test_every_division_has_all_four_functions_and_one_body_operates(
    bodies: dict[str, dict[str, Any]],
) -> None:
    held: dict[str, set[str]] = {}
    for body in bodies.values():
        held.setdefault(body["division"], set()).add(body["function"])
    assert len(held) == 7
    assert all(functions == FUNCTIONS for functions in held.values())
    assert [b["code"] for b in bodies.values() if b["operator"]] == ["gd-440000-data"]


def test_posts(guangdong: Path) -> None:
    posts = table(guangdong, "posts.toml")["posts"]
    keys = [(post["function"], post["role"]) for post in posts]
    assert len(set(keys)) == len(keys)
    assert {function for function, _ in keys} == FUNCTIONS
    for function in FUNCTIONS:
        assert (function, "head") in keys and (function, "clerk") in keys
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


def test_streets_and_trades(guangdong: Path, bodies: dict[str, dict[str, Any]]) -> None:
    streets = [(row["county"], row["street"]) for row in rows(guangdong, "streets.csv")]
    assert len(set(streets)) == len(streets)
    counties = {body["division"] for body in bodies.values() if body["tier"] == "county"}
    assert {county for county, _ in streets} == counties
    for county in counties:
        assert sum(county == place for place, _ in streets) >= 15
    trades = rows(guangdong, "trades.csv")
    assert len({row["code"] for row in trades}) == len(trades) >= 20
    assert all(row["zh"] and row["en"] for row in trades)
    assert {row["licensed"] for row in trades} == {"yes", "no"}
