"""Who acts in the tests of the register: a founder, the registrar of the county, an old firm."""

import pytest

from lingnan.systems.government.legal_persons.models import Enterprise
from tests.firms import COUNTY, of, old_firm
from tests.people import Person


@pytest.fixture
def founder() -> Person:
    return Person("resident-440103")


@pytest.fixture
def registrar() -> Person:
    return Person(f"{COUNTY}-market-reviewer")


@pytest.fixture
def firm(founder: Person) -> Enterprise:
    """A firm of 2019 that the founder represents."""
    return of(founder, old_firm())
