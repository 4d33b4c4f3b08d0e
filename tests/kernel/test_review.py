"""BPMN routes a review; it can neither execute code nor lose its way."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.matters import conditions, process, review
from lingnan.kernel.matters.definition import folders, read_folder
from lingnan.kernel.matters.process import BrokenModel

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "testdata"
MODELS = Path(os.environ.get("LINGNAN_TESTDATA", BESIDE)) / "bpmn"
FIRE = next(
    read_folder(folder, system)["process"]
    for system, folder in folders()
    if folder.name == "fire_safety_permit"
)
COMMITMENT = {"route": "commitment"}


def opened(facts: Mapping[str, Any], *done: tuple[str, str]) -> list[str]:
    return review.open_steps(FIRE, facts, [(step, {step: outcome}) for step, outcome in done])


def test_the_applicants_choice_routes_the_review() -> None:
    assert opened(COMMITMENT) == ["check_papers"]
    assert opened({"route": "inspection"}) == ["inspect"]
    assert opened({}) == ["inspect"]


def test_a_commitment_is_checked_after_a_permit_and_not_after_a_refusal() -> None:
    papers = ("check_papers", "complete")
    assert opened(COMMITMENT, papers) == ["decide"]
    assert opened(COMMITMENT, papers, ("decide", "granted")) == ["check_afterwards"]
    assert opened(COMMITMENT, papers, ("decide", "refused")) == []
    assert opened(COMMITMENT, papers, ("decide", "granted"), ("check_afterwards", "kept")) == []


def test_events_that_do_not_fit_the_model_are_refused() -> None:
    with pytest.raises(BrokenModel):
        opened(COMMITMENT, ("inspect", "meets"))
    with pytest.raises(BrokenModel):
        opened(COMMITMENT, ("check_papers", "complete"), ("check_papers", "complete"))


def test_what_an_applicant_declares_is_never_code() -> None:
    assert opened({"route": "commitment' or True or '"}) == ["inspect"]
    assert opened({"route": "__import__('os')"}) == ["inspect"]


@pytest.mark.parametrize("text", [
    "open('x')", "a.b", "a[0]", "[a]", "lambda: 1", "a if b else c", "f'{a}'", "a + b", "a in b",
    "(a := 1)", "*a", "", "a ==", "import os", "a is b", "None.x", "{1}", "x for x in y", "await a",
    "\x00",
])  # fmt: skip
def test_a_condition_is_comparison_and_logic_and_nothing_else(text: str) -> None:
    with pytest.raises(conditions.BadCondition):
        conditions.parse(text)


@pytest.mark.parametrize(("text", "holds"), [
    ("area > 50", True), ("area <= 50", False), ("50 < area < 100", True), ("not absent", True),
    ("absent == 5", False), ("absent > 5", False), ("route != 'a' and area == 62", True),
    ("route == 'a' or area == 62", True), ("route > 5", False), ("True", True),
])  # fmt: skip
def test_a_condition_holds_or_not(text: str, holds: bool) -> None:
    assert conditions.holds(text, {"area": 62, "route": "b"}) is holds


@given(st.text(max_size=60))
def test_no_text_makes_a_condition_fail_otherwise(text: str) -> None:
    try:
        conditions.parse(text)
    except conditions.BadCondition:
        return
    assert conditions.holds(text, {}) in (True, False)


@pytest.mark.parametrize(
    "name", ["A.1.0", "A.2.0", "A.2.1", "A.3.0", "A.4.0", "A.4.1", "B.1.0", "B.2.0"]
)
def test_a_published_reference_model_passes_or_is_refused_with_a_reason(name: str) -> None:
    path = MODELS / f"{name}.bpmn"
    if not path.exists():
        pytest.skip("LINGNAN_TESTDATA names no folder with bpmn/")
    try:
        model = process.check(path.read_text())
    except BrokenModel as reason:
        assert len(str(reason)) > 10
    else:
        assert model.tasks() and review.open_steps(path.read_text(), {}, [])
