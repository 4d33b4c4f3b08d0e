from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.standards.credit_code import (
    CreditCodeFault,
    InvalidCreditCode,
    check_character,
    compose,
    organisation_check,
    parse,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

FAULTS = {
    "length": CreditCodeFault.LENGTH,
    "format: I O Z S V never occur": CreditCodeFault.CHARACTERS,
    "check character": CreditCodeFault.CHECK_CHARACTER,
    # GB 32100 lets the first two characters be letters (village collectives carry N2), so
    # the code fails on its check character, not on its form.
    "format: first eight must be digits": CreditCodeFault.CHECK_CHARACTER,
}


def with_check(first8: str) -> str:
    return first8 + organisation_check(first8)


codes = st.builds(
    compose,
    st.sampled_from("123456789ANY"),
    st.sampled_from("1234569"),
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.text(alphabet=ALPHABET, min_size=8, max_size=8).map(with_check),
)


def fault_of(text: str) -> CreditCodeFault | None:
    try:
        parse(text)
    except InvalidCreditCode as error:
        return error.reason
    return None


def test_public_vectors(testdata: Callable[[str], Path]) -> None:
    path = testdata("identifiers/unified_social_credit_code.json")
    rows = json.loads(path.read_text(encoding="utf-8"))
    assert sum(row["valid"] for row in rows) == 102
    for row in rows:
        if not row["valid"]:
            assert fault_of(row["number"]) is FAULTS[row["reason"]]
            continue
        code = parse(row["number"])
        assert code.number == row.get("normalised", row["number"])
        assert code.registering_authority == row.get("registering_authority", code.number[0])
        assert code.kind == row.get("entity_type", code.number[1])
        assert code.division_code == row.get("division", code.number[2:8])
        assert code.organisation_code == row.get("organisation_code", code.number[8:17])


def test_a_sum_that_divides_by_31_gives_zero() -> None:
    # The formula without its second reduction would ask for a thirty-second character.
    assert check_character("91152201078376286") == "0"


def test_published_prefix() -> None:
    assert check_character("91350100M000100Y4") == "3"
    assert parse("91350100M000100Y43").organisation_code == "M000100Y4"
    assert fault_of("91350100M000100Y4Z") is CreditCodeFault.CHARACTERS


def test_organisation_check() -> None:
    assert organisation_check("D2143569") == "X"
    assert organisation_check("00000000") == "0"


def test_lower_case_and_spaces_are_not_stored() -> None:
    assert parse(" 91 350100 m000100y43").number == "91350100M000100Y43"


def test_a_wrong_organisation_check_is_told_apart() -> None:
    first17 = "91350100M000100Y5"
    assert fault_of(first17 + check_character(first17)) is CreditCodeFault.ORGANISATION_CHECK


def test_letters_in_the_division_are_refused() -> None:
    first17 = "9135A100M000100Y4"
    assert fault_of(first17 + check_character(first17)) is CreditCodeFault.CHARACTERS


def test_a_village_collective_carries_letters() -> None:
    number = compose("N", "2", "440111", with_check("MF276543"))
    assert parse(number).registering_authority == "N"


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        (("91", "1", "44010", "M000100Y4"), CreditCodeFault.LENGTH),
        (("9", "1", "440103", "M000100Y"), CreditCodeFault.LENGTH),
        (("I", "1", "440103", "M000100Y4"), CreditCodeFault.CHARACTERS),
        (("9", "1", "44010A", "M000100Y4"), CreditCodeFault.CHARACTERS),
        (("9", "1", "440103", "M000100Y5"), CreditCodeFault.ORGANISATION_CHECK),
    ],
)
def test_compose_refuses_parts_that_do_not_fit(
    parts: tuple[str, str, str, str], fault: CreditCodeFault
) -> None:
    with pytest.raises(InvalidCreditCode) as caught:
        compose(*parts)
    assert caught.value.reason is fault


@pytest.mark.parametrize("text", ["D214356", "D21435690", "D214356é"])
def test_organisation_check_refuses(text: str) -> None:
    with pytest.raises(InvalidCreditCode):
        organisation_check(text)


@given(st.from_regex(r"[0-9]{6}", fullmatch=True), st.text(ALPHABET, min_size=8, max_size=8))
def test_compose_then_parse(division_code: str, first8: str) -> None:
    code = parse(compose("9", "2", division_code, with_check(first8)))
    assert code.division_code == division_code
    assert code.organisation_code[:8] == first8
    assert (code.registering_authority, code.kind) == ("9", "2")


@given(codes, st.integers(min_value=0, max_value=17), st.sampled_from(ALPHABET))
def test_a_single_change_is_always_noticed(number: str, place: int, character: str) -> None:
    changed = number[:place] + character + number[place + 1 :]
    assert (fault_of(changed) is None) == (changed == number)
