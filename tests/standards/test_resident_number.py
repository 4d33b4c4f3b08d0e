from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.standards.divisions import DivisionRegister
from lingnan.standards.resident_number import (
    InvalidResidentNumber,
    ResidentNumberFault,
    check_character,
    compose,
    is_synthetic,
    issued_under,
    parse,
)

# One number is circulated with the standard; the rest of the vectors lie outside.
PUBLISHED = "11010519491231002X"

FAULTS = {
    "format: a letter": ResidentNumberFault.CHARACTERS,
    "date: month 13": ResidentNumberFault.DATE,
    "check character": ResidentNumberFault.CHECK_DIGIT,
}

numbers = st.builds(
    compose,
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31)),
    st.integers(min_value=0, max_value=999),
)


def fault_of(text: str) -> ResidentNumberFault | None:
    try:
        parse(text)
    except InvalidResidentNumber as error:
        return error.reason
    return None


def test_published_number() -> None:
    number = parse(PUBLISHED)
    assert number.division_code == "110105"
    assert number.birth_date == date(1949, 12, 31)
    assert (number.sequence, number.sex) == (2, "female")


def test_lower_case_x_is_stored_as_upper_case() -> None:
    assert parse(PUBLISHED.lower()).number == PUBLISHED


def test_public_vectors(testdata: Callable[[str], Path]) -> None:
    rows = json.loads(testdata("identifiers/resident_id.json").read_text(encoding="utf-8"))
    assert rows
    for row in rows:
        if row["valid"]:
            number = parse(row["number"])
            assert number.birth_date.isoformat() == row["birth_date"]
            assert number.sex == row["sex"]
        elif row["reason"].startswith("division:"):
            # Only the place or its time is wrong, which the form alone must not judge.
            assert fault_of(row["number"]) is None
        else:
            assert fault_of(row["number"]) is FAULTS[row["reason"]]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", ResidentNumberFault.LENGTH),
        ("110105491231002", ResidentNumberFault.LENGTH),
        (PUBLISHED + "0", ResidentNumberFault.LENGTH),
        # Digits to Unicode, but not to the standard.
        ("１" + PUBLISHED[1:], ResidentNumberFault.CHARACTERS),
        (PUBLISHED[:17] + "Y", ResidentNumberFault.CHARACTERS),
        ("X" + PUBLISHED[1:], ResidentNumberFault.CHARACTERS),
        ("110105190002290021", ResidentNumberFault.DATE),
        ("110105000012310021", ResidentNumberFault.DATE),
    ],
)
def test_refused_with_reason(text: str, fault: ResidentNumberFault) -> None:
    assert fault_of(text) is fault


def test_the_message_does_not_repeat_the_number() -> None:
    with pytest.raises(InvalidResidentNumber) as caught:
        parse("110105194912310029")
    assert str(caught.value) == "check_digit"


def test_a_birth_date_to_come_is_not_judged() -> None:
    assert parse(compose("440103", date(2999, 1, 1), 1)).birth_date == date(2999, 1, 1)


@pytest.mark.parametrize(
    ("division_code", "sequence", "fault"),
    [
        ("44010", 1, ResidentNumberFault.LENGTH),
        ("4401031", 1, ResidentNumberFault.LENGTH),
        ("440103", 1000, ResidentNumberFault.LENGTH),
        # Seventeen digits in all, but shifted between the parts.
        ("44010", 1000, ResidentNumberFault.LENGTH),
        ("440103", -1, ResidentNumberFault.CHARACTERS),
        ("44010A", 1, ResidentNumberFault.CHARACTERS),
    ],
)
def test_compose_refuses_parts_that_do_not_fit(
    division_code: str, sequence: int, fault: ResidentNumberFault
) -> None:
    with pytest.raises(InvalidResidentNumber) as caught:
        compose(division_code, date(1990, 1, 1), sequence)
    assert caught.value.reason is fault


@given(
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31)),
    st.integers(min_value=0, max_value=999),
)
def test_compose_then_parse(division_code: str, birth_date: date, sequence: int) -> None:
    number = parse(compose(division_code, birth_date, sequence))
    assert number.division_code == division_code
    assert number.birth_date == birth_date
    assert number.sequence == sequence
    assert number.sex == ("female" if sequence in range(0, 1000, 2) else "male")


@given(numbers, st.integers(min_value=0, max_value=17), st.sampled_from("0123456789X"))
def test_a_single_change_is_always_noticed(number: str, place: int, character: str) -> None:
    changed = number[:place] + character + number[place + 1 :]
    assert (fault_of(changed) is None) == (changed == number)


@given(numbers, st.integers(min_value=0, max_value=16))
def test_two_neighbours_exchanged_are_always_noticed(number: str, place: int) -> None:
    left, right = number[place], number[place + 1]
    changed = number[:place] + right + left + number[place + 2 :]
    assert (fault_of(changed) is None) == (left == right)


def test_check_character_needs_seventeen_digits() -> None:
    assert check_character(PUBLISHED[:17]) == "X"
    for text in (PUBLISHED, PUBLISHED[:16], "1101051949123100X"):
        with pytest.raises(InvalidResidentNumber):
            check_character(text)


def test_full_check_asks_for_the_day_of_birth(register: DivisionRegister) -> None:
    def verdict(code: str, born: date) -> bool:
        return issued_under(parse(compose(code, born, 1)), register.valid)

    assert verdict("440102", date(2004, 6, 1))
    assert not verdict("440102", date(2006, 6, 1))
    assert not verdict("440605", date(2001, 6, 1))
    assert verdict("440605", date(2003, 6, 1))
    assert not verdict("990426", date(1991, 12, 1))


@pytest.mark.parametrize(
    ("code", "expected"),
    [("440188", False), ("440190", False), ("440191", True), ("440199", True), ("449103", False)],
)
def test_synthetic_range(code: str, expected: bool) -> None:
    assert is_synthetic(parse(compose(code, date(1980, 2, 29), 7))) is expected


def test_no_code_of_guangdong_lies_in_the_synthetic_range(testdata: Callable[[str], Path]) -> None:
    text = testdata("divisions/gd_gb2260_2000_2012.csv").read_text(encoding="utf-8")
    codes = {line.split(",")[2] for line in text.splitlines()[1:]}
    assert codes
    for code in codes:
        assert not is_synthetic(parse(compose(code, date(1980, 1, 1), 1)))
