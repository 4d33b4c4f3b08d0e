"""What a table is made of, and which of its changes hurt whoever asks: for all tables."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.exchange.sources.described import (
    ASKED_BY,
    Column,
    Index,
    Table,
    drift,
    kept,
)
from lingnan.kernel.exchange.sources.driver import Question
from lingnan.kernel.exchange.sources.sql import quoted, select

KINDS = ("text", "integer", "number", "date", "instant", "boolean", "other")
NAMES = st.text(min_size=1, max_size=8).filter(lambda text: "\x00" not in text)


@st.composite
def tables(draw: Any) -> Table:
    names = draw(st.lists(NAMES, min_size=1, max_size=6, unique=True))
    columns = tuple(
        Column(name, draw(st.sampled_from(KINDS)), "t", "", draw(st.booleans())) for name in names
    )
    indexes = draw(st.lists(st.builds(
        Index, st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True).map(tuple),
        st.booleans(),
    ), max_size=3))  # fmt: skip
    return Table("t", columns, tuple(indexes), parts=("t",))


@given(tables())
def test_a_table_that_stays_has_no_drift_and_only_indexed_columns_lead(table: Table) -> None:
    for key in table.ways():
        assert drift(kept(table, [one.name for one in table.columns], key), table) == []
        found = table.column(key)
        assert found is not None and found.kind in ASKED_BY
        assert any(one.columns[0] == key for one in table.indexes)


@given(tables(), st.data())
def test_each_lost_or_retyped_column_is_named_and_no_other(table: Table, data: Any) -> None:
    names = [one.name for one in table.columns]
    before = kept(table, names, names[0])
    gone = set(data.draw(st.lists(st.sampled_from(names), unique=True)))
    retyped = set(data.draw(st.lists(st.sampled_from(names), unique=True))) - gone
    columns = tuple(
        replace(one, kind="text" if one.kind != "text" else "date") if one.name in retyped else one
        for one in table.columns
        if one.name not in gone
    )
    found = drift(before, replace(table, columns=(*columns, Column("\x7fnew", "text", "t"))))
    assert {one.column for one in found if one.what == "column"} == gone
    assert {one.column for one in found if one.what == "type"} == retyped


@given(tables())
def test_pages_follow_columns_that_tell_all_rows_apart(table: Table) -> None:
    if table.order:
        assert any(one.unique and one.columns == table.order for one in table.indexes)
        found = [table.column(name) for name in table.order]
        assert all(one is not None and one.required for one in found)


@given(NAMES, st.sampled_from('"`'))
def test_a_name_never_ends_its_own_quotes(name: str, quote: str) -> None:
    said = quoted(name, quote)
    assert said[0] == said[-1] == quote
    assert quote not in said[1:-1].replace(quote * 2, "")


@given(tables(), st.data())
def test_values_stand_apart_from_the_statement(table: Table, data: Any) -> None:
    names = tuple(one.name for one in table.columns)
    values = tuple(data.draw(st.lists(st.text(), min_size=1, max_size=5)))
    question = Question(table, names, names[0], values, 7, table.order)
    text, said = select(question, '"', "%s")
    assert said == list(values)
    assert text.replace("%%", "").count("%s") == len(values)
    assert text.endswith("LIMIT 7")


def test_a_column_that_the_table_has_not_is_no_question() -> None:
    table = Table("t", (Column("a", "text", "t"),), parts=("t",))
    with pytest.raises(ValueError):
        Question(table, ("a",), "b; DROP TABLE t", ("1",), 1)
