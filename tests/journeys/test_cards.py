"""Cards turn by themselves, and only legal time turns them."""

import re

import pytest
from django.utils import translation

from lingnan.kernel.matters import wording
from tests.clockwork import advance
from tests.people import Person, file_business, file_fire

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
# Working days after acceptance → the card on the desk (worked out in tests/kernel/cases).
BUSINESS = {0: "green", 1: "warning", 2: "yellow", 3: "yellow", 4: "red"}
FIRE = {0: "green", 4: "green", 5: "warning", 6: "warning", 7: "yellow", 10: "yellow", 11: "red"}


def card(person: Person, number: str) -> set[str]:
    """The cards in the case's row of the list of cases."""
    page = person.get("/desk/cases/")
    row = next(part for part in page.split("<tr") if number in part)
    shown = re.sub(r"<[^>]*>", "", row)  # the column's own name, 红黄牌, is in a tag
    with translation.override("zh-hans"):
        return {name for name, (_kind, words) in wording.CARDS.items() if str(words) in shown}


@pytest.mark.parametrize("matter", ["business", "fire"])
def test_a_card_turns_on_the_day_that_the_law_names(matter: str) -> None:
    if matter == "business":
        number, function, days = file_business(Person("resident-440103")), "market", BUSINESS
    else:
        number, function, days = file_fire(Person("owner-440103"), "inspection"), "fire", FIRE
    Person(f"440103-{function}-clerk").act(number, "accept")
    head, passed = Person(f"440103-{function}-head"), 0
    for day, shown in days.items():
        if day > passed:
            advance(f"{day - passed}wd")
            passed = day
        for _ in range(2):  # looking at it again and again changes nothing
            assert card(head, number) == {shown}, day


def test_the_desk_names_a_year_without_a_calendar() -> None:
    resident = Person("owner-440103")
    advance("204wd")
    number = file_fire(resident, "inspection")
    Person("440103-fire-clerk").act(number, "accept")
    words = "尚未公布"
    assert words in resident.get(f"/cases/{number}/")
    assert words in Person("440103-fire-inspector").get(f"/desk/cases/{number}/")
