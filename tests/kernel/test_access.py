"""Every address says who may call it, and everybody else is turned away."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path

from lingnan.kernel.trust.access import Access, allow
from lingnan.kernel.trust.api import OFFICIAL, PUBLIC, RESIDENT, Account, actor_of
from tests.people import Person, file_business

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
WHO = {
    "anonymous": "",
    "resident": "resident-440106",
    "clerk": "440103-market-clerk",
    "reviewer": "440103-market-reviewer",
    "inspector": "440103-fire-inspector",
    "head": "440103-fire-head",
    "records_officer": "440103-police-records_officer",
    "data_officer": "440103-data-data_officer",
    "operator": "440000-data-operator",
}
# No view lets a method depend on the post, and the guard stands before it: whom an address is
# closed to, one shows.
STRANGE_METHODS = {"anonymous", "resident", "clerk", "operator"}
AWAY = {302, 401, 403, 404, 405}
# Public by their address; they ask for a token of their own inside.
WITH_A_TOKEN = {"operating/clock/"}


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


EVERY = dict(patterns(get_resolver()))


def address(route: str, number: str) -> str:
    """A route with values that exist where they can."""
    known = {
        "number": number, "code": "individual_business", "system": "population",
        "name": "resident", "reference": "0" * 32, "ref": "0" * 32, "material": "premises_proof",
        "mark": "0" * 32, "seq": "1", "telling": "1",
    }  # fmt: skip
    filled = route
    while "<" in filled:
        start, end = filled.index("<"), filled.index(">")
        name = filled[start + 1 : end].split(":")[-1]
        filled = filled[:start] + known.get(name, "0" * 32) + filled[end + 1 :]
    return "/" + filled


def test_the_walk_sees_every_room() -> None:
    assert len(EVERY) > 25
    for part in ("signin/", "desk/cases/", "apply/", "api/records", "exchange/join", "healthz"):
        assert any(part in route for route in EVERY), part


@pytest.mark.parametrize("route", EVERY)
def test_every_address_declares_who_may_call_it(route: str) -> None:
    assert isinstance(getattr(EVERY[route].callback, "access", None), Access)


@pytest.mark.parametrize("who", WHO)
def test_who_may_not_is_turned_away(who: str) -> None:
    """The case is another resident's and another body's for all but two of them.

    How an address without a case answers GET and POST is asked for every post in tests/house.
    """
    number = file_business(Person("resident-440103"))
    client = Person(WHO[who]).client if who != "anonymous" else Client()
    client.raise_request_exception = False
    account = Account.objects.filter(login=WHO[who]).first()
    actor = actor_of(account) if account else None
    for route, pattern in EVERY.items():
        if route == "signout/":
            continue
        url, permitted = address(route, number), pattern.callback.access.permits(actor)
        methods = ("get", "post") if "number>" in route else ()
        strange = who == "anonymous" or (permitted and who in STRANGE_METHODS)
        for method in (*methods, *(("put", "delete") if strange else ())):
            status = getattr(client, method)(url).status_code
            assert status < 500, (url, method, status)
            if not permitted:
                assert status in AWAY, (url, method, status)
            if route in WITH_A_TOKEN and who != "operator":
                assert status in {400, 401, 405}, (url, method, status)


def test_what_a_resident_and_an_official_are_kept_from() -> None:
    """Spelled out, so that a declaration that is too wide is found as well."""
    number = file_business(Person("resident-440103"))
    closed = {
        "resident-440106": [f"/cases/{number}/", f"/desk/cases/{number}/", "/desk/",
                            "/desk/cases/", "/desk/records/",
                            "/desk/records/population/resident/",
                            "/api/records/population/resident"],
        "440106-market-clerk": [f"/desk/cases/{number}/", f"/cases/{number}/", "/looked/",
                                "/certificates/", "/desk/records/population/resident/",
                                "/api/records/population/resident"],
        "440103-police-records_officer": [f"/desk/cases/{number}/", "/desk/", "/desk/cases/",
                                          "/desk/records/legal_persons/individualbusiness/"],
        "440000-data-operator": [f"/desk/cases/{number}/", "/desk/cases/",
                                 "/desk/records/population/resident/",
                                 "/desk/records/legal_persons/enterprise/"],
    }  # fmt: skip
    for login, urls in closed.items():
        person = Person(login)
        for url in urls:
            assert person.client.get(url).status_code in {403, 404}, (login, url)


def test_an_official_sees_the_records_of_its_own_division_only() -> None:
    from lingnan.kernel.runtime.api import keys
    from lingnan.systems.government.population.models import Resident

    here, there = Person("440103-police-records_officer"), Person("441802-police-records_officer")
    resident = Resident.objects.filter(division="440103").first()
    assert resident is not None
    search = f"/api/records/population/resident?q={resident.name}"
    found = here.client.get(search).json()["records"]
    assert resident.name in [row["elements"]["person.name"] for row in found]
    reference = keys.veil(resident.key, "population.resident")
    assert reference in [row["reference"] for row in found]
    assert reference not in there.client.get(search).content.decode()
    for url in (f"/desk/records/population/resident/{reference}/",
                f"/api/records/population/resident/{reference}"):  # fmt: skip
        assert here.client.get(url).status_code == 200
        assert there.client.get(url).status_code == 404


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@allow(RESIDENT)
def declared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


class Planted:
    """Addresses of which one says nothing."""

    urlpatterns = [path("planted/", view), path("declared/", declared),
                   *get_resolver().url_patterns]  # fmt: skip
    handler403 = "lingnan.portal.errors.forbidden"


def test_a_view_that_says_nothing_is_closed_to_everybody(settings: Any) -> None:
    clients = {who: Person(login).client if login else Client() for who, login in WHO.items()}
    settings.ROOT_URLCONF = Planted
    for who, client in clients.items():
        assert client.get("/planted/").status_code == 403, who
        assert client.post("/planted/").status_code == 403, who
    assert clients["resident"].get("/declared/").content == b"open"
    assert clients["clerk"].get("/declared/").status_code == 403
    assert clients["anonymous"].get("/declared/").status_code == 302
    assert clients["anonymous"].post("/declared/").status_code == 403


def test_rules_permit_what_they_name() -> None:
    assert PUBLIC.permits(None) and not RESIDENT.permits(None) and not OFFICIAL.permits(None)
    clerk = actor_of(Account.objects.get(login="440103-market-clerk"))
    assert OFFICIAL.permits(clerk) and not RESIDENT.permits(clerk)
    assert Access("official", frozenset({"clerk"}), frozenset({"market"})).permits(clerk)
    assert not Access("official", frozenset({"clerk"}), frozenset({"fire"})).permits(clerk)
    assert not Access("official", frozenset({"head"})).permits(clerk)


def test_an_official_whose_post_has_ended_acts_no_more() -> None:
    from lingnan.kernel.runtime.api import action
    from lingnan.kernel.trust.api import Holding

    clerk = Person("440103-market-clerk")
    assert clerk.client.get("/desk/").status_code == 200
    account = Account.objects.get(login="440103-market-clerk")
    with action(by="a test", reason="left") as act:
        act.end(Holding.objects.get(account=account.key))
    assert clerk.client.get("/desk/").status_code in {302, 403}
    assert Client().post("/signin/", {"demonstration": "440103-market-clerk"}).status_code == 403
