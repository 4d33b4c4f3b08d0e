"""Annual reports and the lists, as an official's cases tell them."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lingnan.systems.government.legal_persons.rules.annual_report import (
    Listing,
    last_day,
    parameters,
    standing,
)

CASES = yaml.safe_load((Path(__file__).parent / "cases/annual_reports.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["title"]))
def test_cases(case: dict[str, Any]) -> None:
    found = standing(case["set_up"], case.get("published", {}), case["day"])
    assert found.listing is Listing(case["listing"])
    assert found.since == case.get("since")
    assert found.owed == tuple(case.get("owed", []))


def test_there_were_no_reports_before_the_regulation() -> None:
    with pytest.raises(LookupError):
        parameters(date(2014, 9, 30))


@given(st.integers(2014, 2020), st.integers(1, 3650))
def test_who_always_publishes_in_time_is_never_listed(year: int, days: int) -> None:
    on = date(2015, 1, 1) + timedelta(days=days)
    published = {one: last_day(one) for one in range(year, on.year)}
    assert standing(date(year, 3, 1), published, on).listing is Listing.NONE
