"""Stand-ins of counties in invented numbers."""

from datetime import date

import pytest

from lingnan.standards import resident_number
from lingnan.standards.synthetic import synthetic_counties, synthetic_county

CODES = [f"4401{n:02d}" for n in range(100)]


@pytest.mark.parametrize(("code", "stand_in"), [
    ("440101", "440191"), ("440103", "440193"), ("440106", "440196"), ("441802", "441892"),
    ("441803", "441893"), ("440109", "440199"), ("440111", "440192"), ("440183", "440192"),
    ("441900", "441999"), ("440103001", "440193"),
])  # fmt: skip
def test_a_county_has_one_stand_in(code: str, stand_in: str) -> None:
    assert synthetic_county(code) == stand_in


@pytest.mark.parametrize("code", CODES)
def test_a_stand_in_is_its_own_and_known_to_be_invented(code: str) -> None:
    stand_in = synthetic_county(code)
    assert synthetic_county(stand_in) == stand_in
    number = resident_number.compose(stand_in, date(1990, 1, 1), 1)
    assert resident_number.is_synthetic(resident_number.parse(number))


@pytest.mark.parametrize("code", ["", "4401", "44010x", "四四零一零三", "４４０１０３"])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="county"):
        synthetic_county(code)


@pytest.mark.parametrize("code", CODES)
def test_all_stand_ins_of_a_city_serve_its_counties_their_own_first(code: str) -> None:
    stand_ins = synthetic_counties(code)
    assert stand_ins[0] == synthetic_county(code)
    assert sorted(stand_ins) == [f"4401{n}" for n in range(91, 100)]
