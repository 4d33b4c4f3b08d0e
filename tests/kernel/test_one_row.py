"""A row is good or bad, and read as the same value, whether a hand or a file gives it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingnan.kernel.registry.editing.entry import validated
from lingnan.kernel.registry.importing.checking import Checker
from lingnan.kernel.registry.records import Record
from lingnan.systems.government.geography.models import Address
from lingnan.systems.government.legal_persons.models import Enterprise
from lingnan.systems.government.population.models import Household, Resident

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
# A text, a strict one, choices, a day, a truth value, whole numbers, floats, what may be empty.
FIELDS: list[tuple[type[Record], str]] = [
    *((Resident, name) for name in Resident.record.imported),
    *((Household, name) for name in Household.record.imported),
    (Address, "longitude"),
    (Enterprise, "revoked_on"),
]
ODD: list[Any] = [
    "", " ", "\u3000", "\ufeff甲", "甲\u200b", "a\x00b", "\ufffd", "\ud800", "'=1+1", "'", "=1+1",
    "甲" * 60, "甲" * 61, "甲" * 201, "１２", "12.0", "1e3", "1E+5", "-1", "+7", "1,000", "1_000",
    "nan", "inf", "1e400", "9" * 30, "2011-06-30", "2011/6/30", "２０１１年６月３０日",
    "2011-02-30",
    "0000-00-00", "1899-12-31", "9999-12-31", "是", "否", "√", "Yes", "2", "男", "male",
    "MALE", "1",
    "01", "汉族", "3", "03", "college", "家庭户", None, True, False, 0, 1, -1, 3, 440103, 2**31,
    2**63, 10**30, 0.0, 1.5, 33000, 1e16, float("nan"), float("inf"), Decimal("1.50"),
    Decimal("1e400"), date(2011, 6, 30),
    datetime.fromisoformat("2011-06-30T08:00"),
]  # fmt: skip
CELLS = (
    st.sampled_from(ODD)
    | st.text(max_size=24)
    | st.integers()
    | st.floats()
    | st.dates()
    | st.booleans()
    | st.none()
)


def compared(model: type[Record], name: str, cell: Any) -> None:
    checked = Checker(model, [name]).check({name: [cell]})
    clean, errors = validated(model, {name: cell})
    assert bool(checked.problems) == (name in errors), (name, cell, errors.get(name))
    if name in clean and name not in errors:
        value = checked.values[name][0]
        assert (type(value), value) == (type(clean[name]), clean[name]), (name, cell)


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=lambda one: getattr(one, "__name__", one))
def test_odd_values_meet_one_verdict(model: type[Record], name: str) -> None:
    for cell in ODD:
        compared(model, name, cell)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(FIELDS), CELLS)
def test_any_value_meets_one_verdict(field: tuple[type[Record], str], cell: Any) -> None:
    compared(*field, cell)


def test_a_column_says_of_each_cell_what_the_cell_alone_is_told() -> None:
    for model, name in FIELDS:
        found = Checker(model, [name]).check({name: ODD})
        for place, cell in enumerate(ODD):
            _clean, errors = validated(model, {name: cell})
            assert (place in found.problems) == (name in errors), (name, cell)


@pytest.mark.parametrize("cell", [[], {}, [1], {"a": 1}])
def test_no_field_takes_a_list_or_a_structure(cell: Any) -> None:
    for model, name in FIELDS:
        assert name in validated(model, {name: cell})[1], name
