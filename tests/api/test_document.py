"""One document of everything that programs may ask, and it says for whom."""

from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from ninja import Schema

from lingnan.portal import api as portal_api
from tests.kernel.test_access import patterns
from tests.people import Person, register_business

pytestmark = pytest.mark.django_db


def document() -> dict[str, Any]:
    answer = Client().get("/api/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def operations() -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    }


def test_every_address_for_programs_is_described() -> None:
    described = set(document()["paths"])
    routes = {route for route, _p in patterns(get_resolver())}
    served = {
        "/" + route.replace("<", "{").replace(">", "}").replace("str:", "")
        for route in routes
        if route.startswith(("api/", "exchange/")) or route == "healthz"
    }
    # GovStack's operations under their names of older versions are described under the new ones.
    older = {path for path in served if path.startswith("/api/govstack/") and "-" in path}
    # The document itself, and the root, which ninja answers with 404.
    assert served - older - {"/api/", "/api/openapi.json"} == described


def test_every_system_with_an_http_module_is_mounted() -> None:
    found = portal_api.of_systems()
    assert "geography" in found
    paths = document()["paths"]
    for label in found:
        assert any(path.startswith(f"/api/{label}") for path in paths), label


def test_every_operation_is_whole() -> None:
    found = operations()
    assert len(found) > 10
    identifiers = [operation["operationId"] for operation in found.values()]
    assert len(set(identifiers)) == len(identifiers)
    for name, operation in found.items():
        assert operation["summary"] and operation["description"], name
        assert {"kind", "roles", "functions"} == set(operation["x-access"]), name
        assert "413" in operation["responses"], name
        assert any(status.startswith("2") for status in operation["responses"]), name
        closed = operation["x-access"]["kind"] != "public"
        assert ({"401", "403"} <= set(operation["responses"])) or not closed, name
        assert bool(operation["security"]) or not closed, name


def test_what_is_closed_is_said_as_data() -> None:
    for client, status in ((Client(), 401), (Person("resident-440103").client, 403)):
        for url in ("/api/records/population/resident", "/api/resources"):
            answer = client.get(url)
            assert (answer.status_code, answer.headers["Content-Type"]) == (
                status, "application/json"
            ), url  # fmt: skip
            assert answer.json()["detail"]
    assert Person("440000-data-operator").client.get("/api/resources").status_code == 200
    absent = Client().get("/api/matters/none")
    assert absent.status_code == 404 and absent.json()["detail"]
    assert Client().get("/api/none").json()["detail"]
    assert Client().get("/api/matters/a%00b").json()["detail"]


def test_the_catalogue_says_what_the_page_says() -> None:
    listed = Client().get("/api/matters").json()
    codes = [one["code"] for one in listed]
    assert {"individual_business", "fire_safety_permit"} <= set(codes) and codes == sorted(codes)
    one = Client().get("/api/matters/individual_business").json()
    assert one["limits"]["decision"]["unit"] == "working_day" and one["basis"]
    assert any(field["resource"] == "population.identity" for field in one["fields"])
    page = Client().get("/matters/individual_business/").content.decode()
    assert one["title"]["zh"] in page and one["summary"]["zh"] in page


def test_life_events_name_their_matters() -> None:
    codes = {one["code"] for one in Client().get("/api/matters").json()}
    events = Client().get("/api/events").json()
    assert events and all(set(event["matters"]) <= codes for event in events)
    code = events[0]["code"]
    assert Client().get(f"/api/events/{code}").json() == events[0]
    assert Client().get("/api/events/none").status_code == 404


def test_a_certificate_is_verified_by_its_code() -> None:
    from lingnan.kernel.matters.api import Certificate

    number = register_business(Person("resident-440103"))
    certificate = Certificate.objects.get(case__number=number)
    said = Client().get(f"/api/certificates/{certificate.code}").json()
    assert said["state"] == "issued" and said["number"] == certificate.number
    assert said["sha256"] == certificate.sha256 and said["holder"] == certificate.holder
    assert Client().get("/api/certificates/ABCDEFGHJKLM").status_code == 404


def test_no_two_answers_have_one_name() -> None:
    """The document names a schema by its class: of two with one name one would be described."""
    named: dict[str, set[str]] = {}
    waiting: list[type[Schema]] = [Schema]
    while waiting:
        for found in waiting.pop().__subclasses__():
            waiting.append(found)
            if found.__module__.startswith("lingnan."):
                named.setdefault(found.__name__, set()).add(found.__module__)
    assert {name: where for name, where in named.items() if len(where) > 1} == {}
