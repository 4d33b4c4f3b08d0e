"""The body's pages of the exchange: what exists, who may use it, on which basis."""

import pytest

from lingnan.kernel.exchange.api import Agreement, resources
from lingnan.kernel.runtime.api import action
from lingnan.systems.government.resource_exchange.demo import AGREEMENTS
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
ADDRESS = "/desk/exchange/"


def test_the_catalogue_shows_every_resource_and_agreement_with_its_basis() -> None:
    page = Person("440103-data-data_officer").get(ADDRESS)
    for resource in resources().values():
        assert resource.code in page and resource.basis in page
    for number, _resource, _consumer, _purpose, basis, _elements in AGREEMENTS:
        assert number in page and basis in page


def test_an_ended_agreement_is_no_longer_shown() -> None:
    with action(by="a test", reason="revoked") as act:
        act.end(Agreement.objects.get(number="GD-2022-0002"))
    assert "GD-2022-0002" not in Person("440103-data-data_officer").get(ADDRESS)


@pytest.mark.parametrize("login", ["resident-440103", "440103-market-clerk"])
def test_it_is_for_data_officers(login: str) -> None:
    person = Person(login)
    person.get(ADDRESS)
    assert person.status == 403


def test_each_agreement_covers_what_its_resource_offers() -> None:
    for _number, code, _consumer, _purpose, _basis, elements in AGREEMENTS:
        assert set(elements) <= set(resources()[code].elements)
