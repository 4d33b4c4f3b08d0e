from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lingnan.standards.divisions import Division, DivisionRegister, UnknownDivision

LEVELS = {"province": "province", "prefecture": "city", "county": "county"}
NOW = date(2026, 3, 2)


def held_on(register: DivisionRegister, day: date) -> dict[str, tuple[str, str]]:
    province = register.get("440000", day)
    cities = register.children(province.code, day)
    counties = [county for city in cities for county in register.children(city.code, day)]
    return {row.code: (row.name, row.level) for row in (province, *cities, *counties)}


def test_every_published_list_is_reproduced(
    register: DivisionRegister, testdata: Callable[[str], Path]
) -> None:
    lists: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    with testdata("divisions/gd_gb2260_2000_2012.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            lists[row["as_of"]][row["code"]] = (row["name"], LEVELS[row["level"]])
    assert len(lists) == 14
    for day, published in lists.items():
        assert held_on(register, date.fromisoformat(day)) == published, day


def test_2011_and_now(register: DivisionRegister, testdata: Callable[[str], Path]) -> None:
    with testdata("divisions/gd_divisions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    then = {row["code_2011"]: row["name_2011"] for row in rows if row["code_2011"]}
    now = {row["code_now"]: row["name_now"] for row in rows}

    def names(day: date) -> dict[str, str]:
        held = held_on(register, day)
        return {code: name for code, (name, _) in held.items() if code != "440000"}

    assert names(date(2011, 7, 1)) == then
    assert names(NOW) == now
    for row in rows:
        old, new = row["code_2011"], row["code_now"]
        if old and old != new:
            assert register.successors(old)[0] == new


def test_codes_by_date(register: DivisionRegister) -> None:
    assert register.valid("440102", date(2004, 12, 31))
    assert not register.valid("440102", date(2006, 1, 1))
    assert not register.valid("440605", date(2002, 1, 1))
    assert not register.valid("990426", NOW)
    assert register.name("440605", NOW) == "南海区"
    with pytest.raises(UnknownDivision):
        register.name("440102", NOW)


def test_a_change_leaves_neither_gap_nor_overlap(register: DivisionRegister) -> None:
    # 东山区 and 芳村区 gave way to others on 2005-04-28.
    before, after = date(2005, 4, 27), date(2005, 4, 28)
    assert register.valid("440102", before) and not register.valid("440115", before)
    assert register.valid("440115", after) and not register.valid("440102", after)


def test_successors(register: DivisionRegister) -> None:
    assert register.successors("440102") == ("440104",)
    assert register.successors("440582") == ("440513", "440514")
    assert register.successors("440103") == ()
    with pytest.raises(UnknownDivision):
        register.successors("990426")


def test_cities_without_counties(register: DivisionRegister) -> None:
    for code in ("441900", "442000"):
        assert register.children(code, NOW) == ()
        assert register.city_of(code) == code


def test_city_of(register: DivisionRegister) -> None:
    assert register.city_of("441803") == "441800"
    assert register.city_of("440102") == "440100"
    assert register.city_of("440000") is None
    with pytest.raises(UnknownDivision):
        register.city_of("990426")


def test_children_of_what_was_not_in_force(register: DivisionRegister) -> None:
    with pytest.raises(UnknownDivision):
        register.children("440102", NOW)


def test_a_code_may_change_name_and_return() -> None:
    register = DivisionRegister(
        [
            Division("990000", "甲省", "province", ""),
            Division("990001", "丙县", "county", "990000", date(2010, 1, 1)),
            Division("990001", "乙县", "county", "990000", None, date(2005, 1, 1)),
        ]
    )
    assert register.name("990001", date(1990, 1, 1)) == "乙县"
    assert not register.valid("990001", date(2005, 1, 1))
    assert register.name("990001", date(2010, 1, 1)) == "丙县"
    assert register.city_of("990001") is None


def test_a_code_may_be_renamed_from_one_day_to_the_next() -> None:
    day = date(2010, 1, 1)
    old = Division("990000", "甲省", "province", "", None, day)
    register = DivisionRegister([old, Division("990000", "乙省", "province", "", day)])
    assert register.name("990000", date(2009, 12, 31)) == "甲省"
    assert register.name("990000", day) == "乙省"


@pytest.mark.parametrize(
    ("end", "begin"), [(None, date(2010, 1, 1)), (date(2010, 1, 2), date(2010, 1, 1))]
)
def test_two_rows_of_one_code_on_one_day_are_refused(end: date | None, begin: date) -> None:
    rows = [
        Division("990000", "甲省", "province", "", date(2000, 1, 1), end),
        Division("990000", "乙省", "province", "", begin),
    ]
    with pytest.raises(ValueError, match="990000"):
        DivisionRegister(rows)
