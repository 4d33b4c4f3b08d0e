"""Definitions: files give the first version; an edit in the desk is never overwritten."""

from datetime import date, timedelta

import pytest

from lingnan.kernel.matters.api import find
from lingnan.kernel.matters.definition import KIND, matter_of
from lingnan.kernel.matters.models import Case
from lingnan.kernel.runtime.api import definitions, legal_time
from lingnan.kernel.runtime.models import Definition, Publication
from tests.people import Person, file_business

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
DAY = date(2020, 1, 1)


def take(content: str) -> Definition:
    return definitions.import_file("rule", "x", {"says": content}, DAY)


def in_force(on: date | None = None) -> str | None:
    found = definitions.published("rule", "x", on)
    return found.content["says"] if found else None


def versions() -> list[int]:
    rows = Definition.objects.filter(kind="rule", code="x").order_by("number")
    return list(rows.values_list("number", flat=True))


def test_a_file_becomes_version_one_in_force_from_its_day() -> None:
    assert take("a").number == 1
    assert in_force() == "a"
    assert in_force(DAY - timedelta(days=1)) is None


def test_the_same_file_again_changes_nothing() -> None:
    take("a")
    take("a")
    assert versions() == [1]
    assert Publication.objects.filter(definition__code="x").count() == 1


def test_a_changed_file_is_a_new_version_in_force() -> None:
    take("a")
    assert take("b").number == 2
    assert in_force() == "b"


def test_a_file_that_is_changed_back_is_in_force_again() -> None:
    take("a"), take("b"), take("a")
    assert in_force() == "a" and versions() == [1, 2]


def test_a_file_changed_after_an_edit_in_the_desk_is_a_draft_beside_it() -> None:
    take("a")
    definitions.publish(definitions.edit("rule", "x", {"says": "desk"}), DAY, by="a desk")
    assert in_force() == "desk"
    assert take("b").source == "file"
    assert in_force() == "desk" and versions() == [1, 2, 3]
    take("a")
    assert in_force() == "desk"


def test_an_edit_is_a_draft_until_it_is_published() -> None:
    take("a")
    edit = definitions.edit("rule", "x", {"says": "desk"})
    assert in_force() == "a"
    tomorrow = legal_time.today() + timedelta(days=1)
    definitions.publish(edit, tomorrow, by="a desk")
    assert (in_force(), in_force(tomorrow)) == ("a", "desk")


def test_a_case_keeps_the_version_it_was_filed_under() -> None:
    number = file_business(Person("resident-440103"))
    old = find("individual_business")
    assert old is not None
    content = old[0].content | {"matter": old[0].content["matter"] | {"on_granted": ""}}
    definitions.publish(
        definitions.edit(KIND, "individual_business", content), legal_time.today(), by="a desk"
    )
    new = find("individual_business")
    assert new is not None and new[0].number == old[0].number + 1
    case = Case.objects.get(number=number)
    assert case.definition == old[0]
    assert matter_of(case.definition).on_granted == "register_business"
