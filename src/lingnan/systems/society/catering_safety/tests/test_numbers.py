"""Numbers of food-business licences, and how long a licence is valid."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.systems.society.catering_safety import numbers
from lingnan.systems.society.catering_safety.actions import last_day

COUNTIES = st.from_regex(r"[0-9]{6}", fullmatch=True)
SERIALS = st.integers(1, numbers.SERIALS - 1)


@pytest.mark.parametrize(("digits", "check"), [("0794", "5"), ("79462", "3")])
def test_the_check_digit_is_that_of_iso_7064_mod_11_10(digits: str, check: str) -> None:
    assert numbers.check_digit(digits) == check


@given(county=COUNTIES, serial=SERIALS)
def test_what_is_composed_is_read_back(county: str, serial: int) -> None:
    number = numbers.compose(county, serial)
    assert numbers.parse(number) == number and len(number) == 16
    assert numbers.parse(f" {number[:6].lower()} {number[6:]} ") == number
    assert (number[3:9], numbers.serial_of(number)) == (county, serial)


@given(county=COUNTIES, serial=SERIALS, place=st.integers(2, 15), step=st.integers(1, 9))
def test_one_wrong_digit_is_found(county: str, serial: int, place: int, step: int) -> None:
    number = numbers.compose(county, serial)
    other = str((int(number[place]) + step) % 10)
    with pytest.raises(numbers.InvalidLicenceNumber):
        numbers.parse(number[:place] + other + number[place + 1 :])


@given(text=st.text(max_size=20))
def test_nothing_else_is_a_number(text: str) -> None:
    try:
        number = numbers.parse(text)
    except numbers.InvalidLicenceNumber:
        return
    assert number.startswith("JY") and number[2:].isdigit() and number.isascii()


@pytest.mark.parametrize("wrong", ["", "JY", "24401030000012", "SC24401030000012"])
def test_what_lacks_a_part_is_refused(wrong: str) -> None:
    with pytest.raises(numbers.InvalidLicenceNumber):
        numbers.parse(wrong)


@pytest.mark.parametrize(("county", "serial"), [("440103", 0), ("440103", 1_000_000), ("4401", 1)])
def test_what_has_no_place_is_not_composed(county: str, serial: int) -> None:
    with pytest.raises(numbers.InvalidLicenceNumber):
        numbers.compose(county, serial)


@given(st.dates(date(2011, 1, 1), date(2060, 12, 31)))
def test_a_licence_is_valid_for_five_years(issued: date) -> None:
    after = last_day(issued) + timedelta(days=1)
    assert after.year == issued.year + 5
    assert (after.month, after.day) in {(issued.month, issued.day), (3, 1)}
    if (issued.month, issued.day) != (2, 29):
        assert (after.month, after.day) == (issued.month, issued.day)
