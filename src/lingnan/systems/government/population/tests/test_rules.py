"""The rules of the register, case by case as an official can read them."""

import csv
import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lingnan.standards import resident_number
from lingnan.systems.government.population.rules import (
    addresses,
    guardianship,
    health_segments,
    kinship,
    limits,
    numbers,
    residence,
)

CASES = Path(__file__).parent / "cases"
TODAY = date(2026, 3, 2)
BESIDE = Path(__file__).resolve().parents[7] / "shared" / "testdata"


def cases(name: str) -> Any:
    rows = yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))
    return pytest.mark.parametrize("case", rows, ids=lambda case: case["what"])


def vectors(name: str) -> Path:
    path = Path(os.environ.get("LINGNAN_TESTDATA", BESIDE)) / name
    if not path.exists():
        pytest.skip(f"public vectors {name} are absent; set LINGNAN_TESTDATA")
    return path


@cases("limits")
def test_what_is_told_late(case: dict[str, Any]) -> None:
    assert limits.late(case["limit"], case["since"], case["told"]) is case["late"]


@cases("guardianship")
def test_for_which_things_a_parent_acts(case: dict[str, Any]) -> None:
    assert list(guardianship.scope(case["born"], case["day"])) == case["scope"]
    held = case["day"] <= guardianship.last_day(case["born"])
    assert held is bool(case["scope"])


def test_a_court_withdraws_and_restores_a_guardian() -> None:
    both = ["father", "mother"]
    assert guardianship.guardians(both, [("father", "off")]) == {"mother"}
    assert guardianship.guardians(both, [("father", "off"), ("father", "on")]) == set(both)
    assert guardianship.guardians(["mother"], [("father", "on")]) == {"mother"}


def test_no_limit_holds_before_its_law() -> None:
    with pytest.raises(limits.NoLimit):
        limits.limit("permit_wait", date(2015, 12, 31))


@cases("addresses")
def test_on_which_days_an_address_is_corrected(case: dict[str, Any]) -> None:
    stated = [addresses.Stated(*one) for one in case["stated"]]
    found = addresses.wrong_days(
        stated, case["wrong"], case.get("since"), case.get("until"), case.get("household", "")
    )
    assert [list(one) for one in found] == case["days"]


@cases("same_address")
def test_what_is_the_address_that_was_wanted(case: dict[str, Any]) -> None:
    assert addresses.meets(case["wanted"], case["given"]) is case["same"]


@cases("kinship")
def test_what_members_are_to_a_new_head(case: dict[str, Any]) -> None:
    assert kinship.under_new_head(case["chosen"], case["told"], case["sex"]) == case["is"]


@cases("residence")
def test_residence_permits(case: dict[str, Any]) -> None:
    if "soon" in case:
        with pytest.raises(residence.TooSoon) as refused:
            residence.issued(case["registered"], "work", case["asked"])
        assert refused.value.since == case["soon"]
        return
    permit = residence.issued(case["registered"], "work", case["asked"])
    assert permit.until == case["until"]
    assert not residence.usable(permit, permit.until)
    if "refuse" in case:
        assert not residence.may_endorse(permit, case["refuse"])
    if "endorse" in case:
        assert residence.may_endorse(permit, case["endorse"])
        after = residence.endorsed(permit, case["endorse"])
        assert (after.until, after.counted_from) == (case["then"], case["counted"])


@cases("numbers")
def test_the_next_number(case: dict[str, Any]) -> None:
    born = date(2026, 2, 20)
    taken = {resident_number.compose("440103", born, one) for one in case["taken"]}
    made = resident_number.parse(numbers.next_number(["440103"], born, case["sex"], taken))
    assert (made.division_code, made.birth_date, made.sequence) == (
        "440103", born, case["sequence"],
    )  # fmt: skip
    least, greatest = numbers.shelf("440103", born)
    assert least <= made.number <= greatest


@given(st.lists(st.sampled_from("12"), max_size=40))
def test_no_number_is_given_twice(sexes: list[str]) -> None:
    taken: set[str] = set()
    for sex in sexes:
        made = numbers.next_number(["440193", "440194"], TODAY, sex, taken)
        assert made not in taken and numbers.SEXES[resident_number.parse(made).sex] == sex
        taken.add(made)


def test_a_county_that_has_no_number_left_says_so() -> None:
    taken = {resident_number.compose("440103", TODAY, one) for one in range(1, 1000, 2)}
    assert numbers.next_number(["440103", "440104"], TODAY, "1", taken)[:6] == "440104"
    with pytest.raises(numbers.NumbersUsedUp):
        numbers.next_number(["440103"], TODAY, "1", taken)


def test_a_number_is_never_refused_for_its_county_code() -> None:
    rows = json.loads(vectors("identifiers/resident_id.json").read_text("utf-8"))
    for row in rows:
        formal = row["valid"] or row["reason"].startswith("division")
        try:
            found = numbers.recognised(row["number"], TODAY)
        except ValueError:
            assert not formal, row
        else:
            assert formal and found.number == row["number"]


def test_numbers_of_abolished_counties_are_read() -> None:
    with vectors("divisions/gd_divisions.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["code_2011"]]
    abolished = [row["code_2011"] for row in rows if row["code_2011"] != row["code_now"]]
    assert "440116" in abolished
    for code in abolished:
        number = resident_number.compose(code, date(1990, 5, 1), 7)
        assert numbers.recognised(number, TODAY).division_code == code


def test_a_number_of_the_future_is_refused() -> None:
    with pytest.raises(numbers.NotBorn):
        numbers.recognised(resident_number.compose("440103", date(2026, 3, 3), 1), TODAY)


VILLAGE_CODES = st.lists(
    st.builds(lambda t, last: f"440183{t:03d}{last:03d}", st.integers(1, 3), st.integers(1, 270)),
    max_size=60,
)


@given(VILLAGE_CODES, VILLAGE_CODES)
def test_segments_stay_and_none_serves_twice(first: list[str], later: list[str]) -> None:
    kept = health_segments.allot(first, {})
    now = health_segments.allot(later, kept)
    assert now.items() >= kept.items()
    used = [(code[:9], segment) for code, segment in now.items()]
    assert len(set(used)) == len(used) == len(set(first) | set(later))
    for code, segment in now.items():
        low, high = health_segments.KINDS[health_segments.kind_of(code)]
        assert low <= int(segment) <= high


def test_the_trap_of_the_third_segment() -> None:
    found = health_segments.allot(["440183001150", "440183001200", "440183001001"], {})
    assert found == {
        "440183001150": "002", "440183001200": "101", "440183001001": "001",
    }  # fmt: skip
    assert health_segments.number("440183001150", "002", 7) == "44018300100200007"
