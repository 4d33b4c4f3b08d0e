"""A firm is found by whatever it was ever known by, and its old numbers stay readable."""

from datetime import date
from typing import Any

import pytest

from lingnan.kernel.runtime.api import action, legal_time
from lingnan.standards import organisation_code, registration_number
from lingnan.standards.organisation_code import InvalidOrganisationCode
from lingnan.standards.synthetic import synthetic_county
from lingnan.systems.government.legal_persons.demo_identifiers import Numbers
from lingnan.systems.government.legal_persons.finding import find, former_identifiers
from lingnan.systems.government.legal_persons.merging import merge
from lingnan.systems.government.legal_persons.models import Enterprise, FormerIdentifier
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def old_firm(body: str = "") -> tuple[Enterprise, str, str]:
    """A firm with a number and an organisation code that nobody has merged yet."""
    firm = Enterprise.objects.order_by("key")[1]
    shared: dict[str, Any] = {"company": firm.credit_code, "division": firm.division}
    number = registration_number.compose(synthetic_county(firm.division), "00999999")
    body = body or firm.credit_code[8:17]
    with action(by="a test", reason="set up in 2011") as act:
        for row in FormerIdentifier.objects.filter(company=firm.credit_code):
            act.change(row, replaced_on=None)
        for kind, value in (("registration_number", number), ("organisation_code", body)):
            if not FormerIdentifier.objects.filter(value=value).exists():
                act.create(FormerIdentifier, kind=kind, value=value, **shared)
    return firm, number, body


def test_a_firm_is_found_by_each_of_its_identifiers() -> None:
    firm, number, body = old_firm()
    among = Enterprise.objects.filter(ended=False)
    for said in (firm.credit_code.lower(), number, body, organisation_code.printed(body)):
        assert find(among, said) == [firm], said
    assert firm in find(among, firm.name[:3])
    page = Person("resident-440103").get(f"/enterprises/?q={organisation_code.printed(body)}")
    assert firm.credit_code in page


def test_merging_replaces_both_and_forgets_neither() -> None:
    firm, number, body = old_firm()
    today = legal_time.today()
    assert merge(firm, "a test", "三证合一") == len(former_identifiers(firm.credit_code))
    assert merge(firm, "a test", "三证合一") == 0
    row: Any = FormerIdentifier.objects.get(value=number)
    said: Any = FormerIdentifier.Version.objects.filter(key=row.key).order_by("version")
    assert [version.replaced_on for version in said] == [None, today]
    assert find(Enterprise.objects.all(), number) == [firm]
    page = Person("resident-440103").get(f"/enterprises/{firm.credit_code}/")
    assert number in page and body in page and "起由统一社会信用代码替代" in page


def test_another_bodys_organisation_code_is_not_merged() -> None:
    firm, number, _body = old_firm("D2143569X")
    with pytest.raises(InvalidOrganisationCode):
        merge(firm, "a test", "三证合一")
    assert FormerIdentifier.objects.get(value=number).replaced_on is None


def test_only_firms_of_before_the_reform_have_old_numbers() -> None:
    chunk: dict[str, list[Any]] = {
        "code": ["91440192H4EFJ5BG64"] * 2,
        "division": ["440111"] * 2,
        "registered_on": [date(2015, 9, 30), date(2015, 10, 1)],
    }
    number, body = Numbers().of_chunk(chunk)
    assert registration_number.parse(number["value"]).holder == "domestic"
    assert organisation_code.parse(body["value"]) == "H4EFJ5BG6"
    for row in FormerIdentifier.objects.all():
        firm = Enterprise.objects.get(credit_code=row.company)
        assert firm.registered_on < date(2015, 10, 1)
