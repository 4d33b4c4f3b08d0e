"""Searching the registers: what is searched for never stands in an address."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from lingnan.kernel.registry.http import like_resident_number
from lingnan.kernel.runtime.api import action, keys
from lingnan.kernel.trust.api import node_evidence
from lingnan.systems.government.legal_persons.models import IndividualBusiness
from lingnan.systems.government.population.models import Resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
RESIDENTS = "/desk/records/population/resident/"
OFFICER = "440103-police-records_officer"


def one() -> Resident:
    return Resident.objects.filter(division="440103").order_by("key").last()  # type: ignore[return-value]


def addresses(person: Person) -> list[str]:
    """Where the last answer came from and where its page leads."""
    came = [url for url, _status in person.response.redirect_chain]
    links = re.findall(r'href="([^"]*)"', person.text)
    return [*came, person.response.request["QUERY_STRING"], *links]


def test_a_number_is_found_and_stands_in_no_address() -> None:
    officer, resident = Person(OFFICER), one()
    page = officer.post(RESIDENTS, q=f" {resident.resident_number} ")
    assert f"{RESIDENTS}{keys.veil(resident.key, 'population.resident')}/" in page
    assert officer.response.redirect_chain[0][1] == 302
    assert not any(resident.resident_number in url for url in addresses(officer))
    assert f'value="{resident.resident_number}"' in page
    payload = next(iter(node_evidence.reader().entries(limit=1))).payload
    assert payload is not None and payload["search"] == resident.resident_number


def test_the_next_page_goes_on_with_the_same_search() -> None:
    officer = Person("440000-police-records_officer")
    page = officer.post(RESIDENTS, q="4401")
    after = re.search(r'href="(\?s=[^"]*)"[^>]*rel="next"|rel="next"[^>]*href="(\?s=[^"]*)"', page)
    assert after, page
    further = officer.get(RESIDENTS + (after[1] or after[2]))
    assert 'value="4401"' in further
    assert parse_qs(urlsplit(after[1] or after[2]).query).keys() == {"s", "after"}


def test_a_token_says_nothing_in_another_session() -> None:
    officer, other = Person(OFFICER), Person(OFFICER)
    officer.post(RESIDENTS, q=one().resident_number)
    found = officer.response.redirect_chain[0][0]
    page = other.get(found)
    assert other.response.redirect_chain == [(RESIDENTS, 302)]
    assert one().resident_number not in page


def test_an_empty_search_lists_all_and_an_old_address_searches_nothing() -> None:
    officer = Person(OFFICER)
    officer.post(RESIDENTS, q="  ")
    assert officer.response.redirect_chain == [(RESIDENTS, 302)]
    officer.get(f"{RESIDENTS}?q=zzz")
    payload = next(iter(node_evidence.reader().entries(limit=1))).payload
    assert payload is not None and payload["search"] == ""


def test_a_search_is_refused_to_who_may_not_read() -> None:
    clerk = Person("440106-market-clerk")
    clerk.post(RESIDENTS, q="4401")
    assert clerk.status in (403, 404)
    assert "register_searches" not in clerk.client.session


def test_the_session_keeps_the_latest_searches_only() -> None:
    officer = Person(OFFICER)
    for number in range(25):
        officer.client.post(RESIDENTS, {"q": f"zz{number}"})
    kept = officer.client.session["register_searches"]
    assert list(kept.values()) == [f"zz{number}" for number in range(5, 25)]


def test_the_api_takes_no_resident_number_in_an_address() -> None:
    officer, number = Person(OFFICER), one().resident_number
    for text in (number, number[:14], f"{number[:6]} {number[6:]}"):
        answer = officer.client.get("/api/records/population/resident", {"q": text})
        assert answer.status_code == 400 and "公民身份号码" in answer.json()["detail"], text
    assert officer.client.get("/api/records/population/resident", {"q": "陈"}).status_code == 200


@pytest.mark.parametrize("text", ["", "陈", "荔湾区", "92440103MA5XXXXXX1", "44010", "9144"])
def test_a_name_or_a_credit_code_is_no_resident_number(text: str) -> None:
    assert not like_resident_number(text)


def test_a_history_shows_the_fields_of_the_panels_only() -> None:
    business = IndividualBusiness.objects.filter(division="440103").first()
    assert business is not None
    before, after = business.operator, "f" * 32
    with action(by="a test", reason="transfer") as act:
        act.change(business, operator=after, name="换手粥店", division="440103")
    ref = keys.veil(business.key, "legal_persons.individualbusiness")
    page = Person("440103-market-reviewer").get(
        f"/desk/records/legal_persons/individualbusiness/{ref}/"
    )
    assert f"{business.name} → 换手粥店" in page
    assert before not in page and after not in page
