"""The monthly score, case by case as an official can read it."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lingnan.systems.government.supervision.rules.score import Month, parameters, score

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "score.yaml").read_text("utf-8"))
COUNTS = st.integers(0, 500)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_a_month_scores_as_the_rule_says(case: dict[str, Any]) -> None:
    found = score(Month(**case["month"]))
    assert {name: getattr(found, name) for name in case["score"]} == case["score"]


def test_the_parts_add_up_to_the_base() -> None:
    assert sum(part["points"] for part in parameters()["parts"]) == parameters()["base"] == 100


@given(yellow=COUNTS, red=COUNTS, completed=COUNTS, early=COUNTS)
def test_a_card_never_raises_a_score_and_no_part_falls_below_nought(
    yellow: int, red: int, completed: int, early: int
) -> None:
    month = Month(yellow, red, completed, min(early, completed))
    found = score(month)
    assert 0 <= found.limits <= found.of and 0 <= found.bonus <= 10
    worse = score(Month(yellow, red + 1, completed, min(early, completed)))
    assert worse.limits <= found.limits and worse.deducted > found.deducted
    assert found.of + found.unmeasured == 100
