"""The register of businesses: it decides on registrations, holds them and shares them."""

from typing import Any

import pytest

from lingnan.kernel.exchange.api import introduce, single
from lingnan.standards import credit_code
from lingnan.standards.synthetic import synthetic_county
from lingnan.systems.government.legal_persons.models import Enterprise, IndividualBusiness
from tests.kernel.uses import BUSINESSES, BUSINESSES_BASIS, FIRE, identity, resident
from tests.people import SHOP, Person, register_business

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def test_a_granted_registration_is_held_and_shared_with_who_may_ask() -> None:
    register_business(Person("resident-440103"))
    held = IndividualBusiness.objects.get(name=SHOP["business_name"])
    answer = single(identity(
        resource=BUSINESSES, consumer=FIRE, purpose="fire_safety_permit", basis=BUSINESSES_BASIS,
        subjects=(introduce(resident().subject, to=FIRE),),
        elements=("business.name", "business.credit_code"),
    ))[0]  # fmt: skip
    assert {"business.name": held.name, "business.credit_code": held.credit_code} in [
        row["values"] for row in answer.rows
    ]


def test_codes_of_the_demonstration_are_whole_and_never_a_real_firms() -> None:
    register_business(Person("resident-440103"))
    firms: list[Any] = [*IndividualBusiness.objects.all(), *Enterprise.objects.all()]
    for firm in firms:
        assert credit_code.parse(firm.credit_code)
        assert firm.credit_code[2:8] == synthetic_county(firm.division), firm.name


def test_a_business_knows_its_operator_by_a_pseudonym_only() -> None:
    register_business(Person("resident-440103"))
    held = IndividualBusiness.objects.get(name=SHOP["business_name"])
    assert held.operator == introduce(resident().subject, to="legal_persons")
    page = Person("440103-market-reviewer").post(
        "/desk/records/legal_persons/individualbusiness/", q=held.credit_code
    )
    assert held.name in page and held.operator not in page
