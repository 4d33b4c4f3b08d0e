"""Filters and orders of a register: by declaration, over pages, as pages and API agree."""

import re

import pytest

from lingnan.kernel.registry import choosing
from lingnan.kernel.runtime.api import keys
from lingnan.kernel.trust.api import node_evidence
from lingnan.systems.government.population.models import Resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
RESIDENTS = "/desk/records/population/resident/"
API = "/api/records/population/resident"
PROVINCE = "440000-police-records_officer"


def through(officer: Person, query: str) -> list[str]:
    """The references of every row of a list, page after page."""
    seen, url = [], f"{RESIDENTS}?{query}"
    while url:
        page = officer.get(url)
        seen += re.findall(rf'<th[^>]*><a href="{RESIDENTS}([\w-]+)/', page)
        following = re.search(r'href="([^"]*)"[^>]*rel="next"|rel="next"[^>]*href="([^"]*)"', page)
        url = ""
        if following:
            url = RESIDENTS + (following[1] or following[2]).replace("&amp;", "&")
    return seen


def veiled(rows: object) -> list[str]:
    return [keys.veil(row.key, "population.resident") for row in rows]  # type: ignore[attr-defined]


def test_filters_choose_and_go_on_over_the_pages() -> None:
    women = Resident.objects.filter(
        ended=False, division__startswith="44", sex="2", birth_date__gte="1990-01-01"
    )
    assert women.count() > 25
    found = through(Person(PROVINCE), "f_sex=2&f_birth_date_from=1990-01-01")
    assert found == veiled(women.order_by("key"))
    payload = next(iter(node_evidence.reader().entries(limit=1))).payload
    assert payload is not None
    assert payload["filters"] == {"f_sex": "2", "f_birth_date_from": "1990-01-01"}


@pytest.mark.parametrize("sort", ["name", "-name", "-resident_number"])
def test_an_order_holds_over_the_pages_and_loses_nobody(sort: str) -> None:
    rows = Resident.objects.filter(ended=False, division__startswith="44").order_by(sort, "key")
    assert through(Person(PROVINCE), f"sort={sort}") == veiled(rows)


def test_the_form_keeps_what_was_chosen_and_the_search_keeps_it_too() -> None:
    officer = Person(PROVINCE)
    page = officer.get(f"{RESIDENTS}?f_sex=1&sort=-name")
    assert '<option value="1" selected' in page and '<option value="-name" selected' in page
    assert '<input type="hidden" name="f_sex" value="1">' in page
    surname = (
        Resident.objects.filter(ended=False, division__startswith="44", sex="2").first().name[0]
    )  # type: ignore[union-attr]
    searched = officer.post(RESIDENTS, q=surname, f_sex="2")
    assert "f_sex=2" in officer.response.redirect_chain[0][0]
    sexes = re.findall(r'data-h="性别"[^>]*>(男|女)<', searched)
    assert set(sexes) == {"女"}


def test_the_past_is_filtered_too() -> None:
    men = Resident.objects.filter(division__startswith="44", sex="1", valid_from__lte="2025-06-01")
    assert through(Person(PROVINCE), "f_sex=1&on=2025-06-01&sort=name") == veiled(
        men.order_by("key")
    )


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("f_sex=9", "请从选项中选择"),
        ("f_urban=yes", "请从选项中选择"),
        ("f_birth_date_to=1990", "请按年、月、日填写"),
        ("sort=address", "不能这样排序"),
        ("sort=-key", "不能这样排序"),
    ],
)
def test_what_cannot_be_chosen_is_said(query: str, words: str) -> None:
    officer = Person(PROVINCE)
    assert words in officer.get(f"{RESIDENTS}?{query}") and officer.status == 422
    answer = officer.client.get(f"{API}?{query}")
    assert answer.status_code == 422 and words in answer.json()["detail"]


def test_the_api_filters_and_sorts() -> None:
    answer = Person(PROVINCE).client.get(f"{API}?f_sex=2&sort=-name").json()
    rows = Resident.objects.filter(ended=False, division__startswith="44", sex="2").order_by(
        "-name", "key"
    )
    assert [one["reference"] for one in answer["records"]] == veiled(rows[:25])


def test_a_declaration_that_cannot_be_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    assert list(choosing.faults(Resident)) == []
    wrong = replace(Resident.record, filters=("address",), sorts=("address",))
    monkeypatch.setattr(Resident, "record", wrong)
    assert len(list(choosing.faults(Resident))) == 2
