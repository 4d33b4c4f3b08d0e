"""The resident register: one home of a person's facts, shared on agreement only."""

import re
from datetime import date

import pytest

from lingnan.kernel.exchange.api import Denied, resource, single
from lingnan.kernel.runtime.api import action
from lingnan.systems.government.population.models import Resident
from tests.kernel.uses import identity, key_of, resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def test_it_shares_the_identity_of_a_resident_as_it_stands() -> None:
    held = Resident.objects.get(key=key_of(resident()))
    with action(by="a test", reason="renamed") as act:
        act.change(held, name="陈新名")
    assert single(identity())[0].values()["person.name"] == "陈新名"


def test_it_shares_neither_household_nor_domicile() -> None:
    shared = set(resource("population.identity").elements)
    assert shared == {"person.name", "person.identity_number", "person.sex", "person.birth_date",
                      "person.residence_address", "person.residence_division"}  # fmt: skip
    with pytest.raises(Denied):
        single(identity(elements=("person.birth_date",)))


def test_a_list_masks_the_number_and_an_opening_shows_it() -> None:
    officer = Person("440103-police-records_officer")
    address = "/desk/records/population/resident/"
    held = Resident.objects.get(key=key_of(resident()))
    page = officer.post(address, q=held.resident_number)
    shown = page.replace(f'value="{held.resident_number}"', "")
    assert held.name in shown and held.resident_number not in shown
    link = re.search(rf"{address}[0-9a-f]{{32}}/", page)
    assert link
    opened = officer.get(link[0])
    assert held.resident_number in opened


def test_a_resident_is_who_the_number_says() -> None:
    for held in Resident.objects.all()[:50]:
        number = held.resident_number
        assert held.birth_date == date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        assert held.sex == ("1" if int(number[16]) % 2 else "2")
