from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.standards.registration_number import (
    InvalidRegistrationNumber,
    RegistrationNumberFault,
    check_digit,
    compose,
    parse,
)

authorities = st.from_regex(r"[0-9]{6}", fullmatch=True)
sequences = st.from_regex(r"[0-9]{8}", fullmatch=True)


def fault_of(text: str) -> RegistrationNumberFault | None:
    try:
        parse(text)
    except InvalidRegistrationNumber as error:
        return error.reason
    return None


def test_circulated_number() -> None:
    number = parse("110108000000016")
    assert number.authority_code == "110108"
    assert number.sequence == "00000001"
    assert number.holder == "domestic"


@pytest.mark.parametrize(
    ("first", "holder"),
    [
        ("0", "domestic"),
        ("3", "domestic"),
        ("4", "foreign"),
        ("5", "foreign"),
        ("6", "individual_business"),
        ("9", "individual_business"),
    ],
)
def test_the_seventh_digit_tells_the_holder(first: str, holder: str) -> None:
    assert parse(compose("440103", first + "0000001")).holder == holder


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("11010800000001", RegistrationNumberFault.LENGTH),
        ("1101080000000160", RegistrationNumberFault.LENGTH),
        ("11010800000001X", RegistrationNumberFault.CHARACTERS),
        ("１10108000000016", RegistrationNumberFault.CHARACTERS),
        ("110108000000017", RegistrationNumberFault.CHECK_DIGIT),
    ],
)
def test_refused_with_reason(text: str, fault: RegistrationNumberFault) -> None:
    assert fault_of(text) is fault


def test_check_digit_needs_fourteen_digits() -> None:
    for text in ("", "110108000000016", "1101080000000A"):
        with pytest.raises(InvalidRegistrationNumber):
            check_digit(text)


def test_compose_does_not_shift_digits_between_parts() -> None:
    with pytest.raises(InvalidRegistrationNumber):
        compose("4401030", "0000001")


@given(authorities, sequences)
def test_compose_then_parse(authority_code: str, sequence: str) -> None:
    number = parse(compose(authority_code, sequence))
    assert (number.authority_code, number.sequence) == (authority_code, sequence)


@given(
    st.builds(compose, authorities, sequences),
    st.integers(min_value=0, max_value=14),
    st.sampled_from("0123456789"),
)
def test_a_single_change_is_always_noticed(number: str, place: int, digit: str) -> None:
    changed = number[:place] + digit + number[place + 1 :]
    assert (fault_of(changed) is None) == (changed == number)
