"""Codes of the catalogue: there and back, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.standards import resource_code
from lingnan.standards.resource_code import BASES, THEMES, Category, Code, NotACode

CATEGORIES = st.one_of(
    st.builds(Category, st.just("1"), st.sampled_from(sorted(BASES)), st.from_regex(
        r"[0-9]{3}", fullmatch=True)),
    st.builds(Category, st.just("2"), st.sampled_from(sorted(THEMES)), st.from_regex(
        r"[0-9]{3}", fullmatch=True), st.from_regex(r"[0-9]{0,6}", fullmatch=True)),
    st.builds(Category, st.just("3"), st.from_regex(r"[0-9]{2}", fullmatch=True), st.from_regex(
        r"[0-9]{3}", fullmatch=True)),
)  # fmt: skip


@given(st.builds(Code, CATEGORIES, st.integers(1, 999_999_999)))
def test_a_code_is_read_as_it_was_written(one: Code) -> None:
    assert resource_code.code(str(one)) == one
    assert resource_code.category(str(one.category)) == one.category


def test_categories_have_the_names_of_the_guide() -> None:
    names = resource_code.category("101001").names
    assert [zh for zh, _en in names] == ["基础信息资源", "人口"]
    assert [zh for zh, _en in resource_code.category("355001").names] == ["部门信息资源"]
    assert len(BASES) == 5 and len(THEMES) == 12


@pytest.mark.parametrize(
    "text", ["", "101001", "101001/0", "101001/01", "401001/1", "106001/1", "213001/1", "10100/1",
             "101001-1", "１01001/1", "101001/1 "],
)  # fmt: skip
def test_a_code_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(NotACode):
        resource_code.code(text)
