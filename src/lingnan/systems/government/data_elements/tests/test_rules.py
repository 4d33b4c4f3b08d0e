"""The rules of definitions and value domains, case by case as an official can read them."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lingnan.systems.government.data_elements.rules import definitions, domains
from lingnan.systems.government.data_elements.rules.domains import BadValues, Domain, Value

CASES = Path(__file__).parent / "cases"
WORDS = st.text("男女未知ABmale 0129-", min_size=1, max_size=6).map(str.strip).filter(bool)


def cases(name: str) -> Any:
    rows = yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))
    return pytest.mark.parametrize("case", rows, ids=lambda case: case["what"])


@cases("definitions")
def test_what_is_wrong_with_a_definition(case: dict[str, Any]) -> None:
    found = definitions.faults(case["language"], case["name"], case["definition"])
    assert found == case["wrong"]
    assert definitions.worst(found) == (case["wrong"][0] if case["wrong"] else "")


@cases("domains")
def test_how_a_form_goes_beyond_an_element(case: dict[str, Any]) -> None:
    element, asked = (_domain(case[name]) for name in ("element", "asked"))
    assert domains.breaks(element, asked, case.get("of_form", False)) == case["wrong"]


def _domain(said: dict[str, Any]) -> Domain:
    return Domain(said["datatype"], said.get("length"), tuple(said.get("values", ())))


def test_two_that_are_defined_by_each_other_are_found() -> None:
    told = {
        "a": ("户号", "登记在户主名下的户的号码。"),
        "b": ("户主", "代表全户的人。"),
        "c": ("住址", "户主所住的处所。"),
        "d": ("登记在", "甲乙丙丁"),
    }
    assert definitions.circles(told) == set()
    told["b"] = ("户主", "户号所指的户的代表。")
    assert definitions.circles(told) == {"a", "b"}


@given(st.dictionaries(WORDS, st.tuples(WORDS, WORDS), max_size=8))
def test_permissible_values_are_read_as_they_were_written(rows: dict[str, Any]) -> None:
    values = tuple(Value(code, zh, en) for code, (zh, en) in rows.items())
    assert domains.read_values(domains.written(values)) == values


@pytest.mark.parametrize(
    ("text", "line"), [("M", 1), ("M=男\nM=女", 2), ("\n=男", 2), ("a=b=c=d", 1)]
)
def test_a_list_that_cannot_be_read_says_where(text: str, line: int) -> None:
    with pytest.raises(BadValues) as caught:
        domains.read_values(text)
    assert caught.value.line == line
