"""Organisation codes, and telling apart what people call a firm by."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.standards import credit_code, organisation_code, registration_number
from lingnan.standards.organisation_code import (
    IdentifierKind,
    InvalidOrganisationCode,
    OrganisationCodeFault,
)

EIGHT = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8)


def test_circulated_code() -> None:
    # The example that is circulated with GB 11714, and the body of a sample credit code.
    assert organisation_code.parse("D2143569-X") == "D2143569X"
    assert organisation_code.printed("07837941x") == "07837941-X"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("D2143569", OrganisationCodeFault.LENGTH),
        ("D2143569-X1", OrganisationCodeFault.LENGTH),
        ("D21435组9X", OrganisationCodeFault.CHARACTERS),
        ("D2143569-1", OrganisationCodeFault.CHECK_CHARACTER),
    ],
)
def test_refused_with_reason(text: str, fault: OrganisationCodeFault) -> None:
    with pytest.raises(InvalidOrganisationCode) as refused:
        organisation_code.parse(text)
    assert refused.value.reason is fault


@pytest.mark.parametrize(
    ("number", "division", "body"),
    [
        ("91110000600037341L", "110000", "60003734-1"),
        ("9115220107837941X1", "152201", "07837941-X"),
        ("911522010783762860", "152201", "07837628-6"),
    ],
)
def test_merging_makes_the_sample_credit_codes(number: str, division: str, body: str) -> None:
    assert organisation_code.merge("9", "1", division, body) == number
    organisation_code.check_merged(body, number)
    with pytest.raises(InvalidOrganisationCode) as refused:
        organisation_code.check_merged("D2143569-X", number)
    assert refused.value.reason is OrganisationCodeFault.ANOTHER_BODY


def test_bodies_of_the_public_vectors(testdata: Callable[[str], Path]) -> None:
    rows = json.loads(testdata("identifiers/unified_social_credit_code.json").read_text("utf-8"))
    valid = [row for row in rows if row["valid"] and "organisation_code" in row]
    assert valid
    for row in valid:
        body = row["organisation_code"]
        assert organisation_code.parse(body) == body
        made = (row["registering_authority"], row["entity_type"], row["division"], body)
        assert organisation_code.merge(*made) == row["normalised"]


@given(EIGHT, st.integers(0, 99_999_999))
def test_each_is_recognised_for_what_it_is(eight: str, sequence: int) -> None:
    body = eight + credit_code.organisation_check(eight)
    code = organisation_code.merge("9", "1", "440192", body)
    number = registration_number.compose("440192", f"{sequence:08d}")
    found = organisation_code.recognise
    assert found(f" {code.lower()}") == (IdentifierKind.CREDIT_CODE, code)
    assert found(number) == (IdentifierKind.REGISTRATION_NUMBER, number)
    assert found(f"{body[:8]}-{body[8]}") == (IdentifierKind.ORGANISATION_CODE, body)


@given(st.text(max_size=20))
def test_any_text_is_something_or_nothing(text: str) -> None:
    found = organisation_code.recognise(text)
    assert found is None or len(found[1]) in (9, 15, 18)
