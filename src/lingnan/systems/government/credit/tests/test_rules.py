"""The rules of credit, case by case as an official can read them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lingnan.systems.government.credit.rules import lists, repair, terms
from lingnan.systems.government.credit.rules.periods import months_after
from lingnan.systems.government.credit.rules.terms import Facts

CASES = Path(__file__).parent / "cases"
TODAY = date(2026, 3, 2)


def cases(name: str) -> Any:
    rows = yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))
    return pytest.mark.parametrize("case", rows, ids=lambda case: case["what"])


@cases("terms")
def test_how_long_an_event_is_public_and_kept(case: dict[str, Any]) -> None:
    facts = Facts(**case["event"])
    for day, public in case.get("public", {}).items():
        assert terms.is_public(facts, day) is public, day
    for day, kept in case.get("kept", {}).items():
        assert terms.is_kept(facts, day) is kept, day


@cases("repair")
def test_what_stands_in_the_way_of_a_repair(case: dict[str, Any]) -> None:
    others = [Facts(**one) for one in case.get("others", ())]
    found = repair.conditions(
        Facts(**case["event"]), others, case.get("fulfilled", True), True, case["day"]
    )
    assert [one.code for one in found if not one.met] == case["lacking"]
    assert all(one.basis for one in found)


@cases("lists")
def test_who_belongs_on_a_joint_list(case: dict[str, Any]) -> None:
    events = [(str(place), Facts(**one)) for place, one in enumerate(case["events"])]
    assert sorted(lists.grounds(events, TODAY)) == case["lists"]


@given(st.dates(date(2011, 1, 1), date(2060, 12, 31)), st.integers(0, 60))
def test_months_are_counted_to_the_same_day_or_the_last(day: date, months: int) -> None:
    then = months_after(day, months)
    assert (then.year - day.year) * 12 + then.month - day.month == months
    assert then.day == day.day or (then.day < day.day and (then + date.resolution).day == 1)


@given(
    st.sampled_from(("penalty", "revocation", "serious_list", "abnormal_list", "licence")),
    st.dates(date(2015, 1, 1), date(2030, 1, 1)),
    st.dates(date(2015, 1, 1), date(2040, 1, 1)),
)
def test_what_is_public_is_kept(kind: str, decided_on: date, on: date) -> None:
    facts = Facts(kind, decided_on)
    assert not terms.is_public(facts, on) or terms.is_kept(facts, on)


def test_every_measure_and_period_says_its_basis() -> None:
    assert all(row["basis"] for row in (*lists.measures(), *terms.parameters()["publicity"]))
    for part in ("classes", "report", "objection", "repair", "defence"):
        assert terms.parameters()[part]["basis"] and terms.parameters()[part]["effective_from"]
