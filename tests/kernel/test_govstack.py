"""GovStack's Data API: the paths and shapes of its file, on the rights of the registers."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from lingnan.kernel.runtime.api import keys
from lingnan.kernel.trust.api import node_evidence
from lingnan.portal.api import api
from lingnan.systems.government.population.models import Household, Resident
from tests.kernel.editing import one
from tests.kernel.govstack import BASE, HEAD, KEY, MARKET, NAME, REPORT, Caller, enrolled
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
FILE = Path(__file__).parent / "cases" / "govstack" / "data-api-1.3.0.yaml"
DOCUMENT: Any = yaml.safe_load(FILE.read_text(encoding="utf-8"))
RESIDENTS, HOUSEHOLDS = "/population.resident/1.0", "/population.household/1.0"


@pytest.fixture(autouse=True)
def clients(settings: Any, tmp_path: Path) -> Iterator[None]:
    enrolled(settings, tmp_path)
    yield


def fits(path: str, method: str, status: int, said: Any) -> None:
    """An answer is what the file says of it."""
    answers = DOCUMENT["paths"][path][method]["responses"]
    schema = answers[str(status)]["content"]["application/json"]["schema"]
    whole = schema | {"components": DOCUMENT["components"]}
    jsonschema_rs.Draft4Validator(whole).validate(said)


def at(operation: str) -> str:
    return f"/data/{{registryName}}/{{versionNumber}}{operation}"


def ref(row: Any) -> str:
    return keys.veil(row.key, f"population.{type(row).__name__.lower()}")


def household(**changes: Any) -> dict[str, Any]:
    return {"number": "H-GOV-1", "kind": "family", "address": "文昌北路1号",
            "township": "440103001", "division": "440103"} | changes  # fmt: skip


def test_every_operation_of_the_file_is_served() -> None:
    served = dict(api.get_openapi_schema(path_prefix="/api/"))["paths"]
    for path, operations in DOCUMENT["paths"].items():
        ours = served[f"/api/govstack{path}"]
        for method in operations:
            named = {p["name"] for p in ours[method]["parameters"]}
            for parameter in operations[method]["parameters"]:
                name = parameter.get("name") or parameter["$ref"].rpartition("/")[2]
                assert name in named or name.startswith("query."), (path, name)
            assert ours[method]["security"] == [{"client": []}], path


def test_nobody_is_let_in_without_an_enrolled_key(settings: Any) -> None:
    for caller in (Caller(key=""), Caller(key="guessed"), Caller(name="A/B/C/D"), Caller(name="")):
        for path, operations in DOCUMENT["paths"].items():
            for method in operations:
                url = re.sub(r"\{\w+\}", "x", path.removeprefix("/data"))
                caller.send(method, url)
                assert caller.status == 401, (method, path)
    # A session of a browser is not a key.
    officer = Person(HEAD)
    assert officer.client.get(f"{BASE}{RESIDENTS}").status_code == 401
    settings.GOVSTACK_CLIENTS = ""
    caller = Caller()
    caller.get(RESIDENTS)
    assert caller.status == 401


def test_a_client_may_what_its_post_may() -> None:
    other = Caller(MARKET)
    other.get(RESIDENTS)
    assert other.status == 403
    other.send("post", f"{RESIDENTS}/read", {"query": {"content": {"name": "王"}}})
    assert other.status == 403
    caller, stranger = Caller(), Resident.objects.exclude(division="440103").first()
    caller.send("post", f"{RESIDENTS}/read", {"query": {"content": {"id": ref(stranger)}}})
    assert caller.status == 404
    fits(at("/read"), "post", 404, caller.said)
    caller.get("/population.resident/2.0")
    assert caller.status == 404
    caller.get("/no.such/1.0")
    assert caller.status == 404


def test_a_record_is_found_read_and_seen_by_the_person() -> None:
    caller, resident = Caller(), one()
    number = {"residentNumber": resident.resident_number}
    said = caller.send("post", f"{RESIDENTS}/exists", {"query": {"content": number}})
    fits(at("/exists"), "post", 200, said)
    assert said["answer"]["status"] is True
    gone = {"query": {"content": {"residentNumber": "0"}}}
    assert caller.send("post", f"{RESIDENTS}/exists", gone)["answer"]["status"] is False
    said = caller.send("post", f"{RESIDENTS}/read", {"query": {"content": number}})
    fits(at("/read"), "post", 200, said)
    assert said["content"]["id"] == ref(resident)
    assert said["content"]["birthDate"] == resident.birth_date.isoformat()
    last = node_evidence.reader().by_subject("person", resident.key, None, 1)[0]
    assert last.kind == "record.opened" and NAME in (last.payload or {})["actor"]
    for operation in ("readValue", "read-value"):
        value = caller.get(f"{RESIDENTS}/{ref(resident)}/{operation}/name.json")
        assert value == {"value": resident.name}
        fits(at("/{uuid}/readValue/{field}.{ext}"), "get", 200, value)
    caller.get(f"{RESIDENTS}/{ref(resident)}/readValue/key.json")
    assert caller.status == 404


def test_what_names_no_indexed_field_is_refused() -> None:
    caller = Caller()
    for content in ({}, {"sex": "1"}, {"noSuch": "1"}, {"name": {"a": 1}}, {"name": "\ud800"}):
        caller.send("post", f"{RESIDENTS}/read", {"query": {"content": content}})
        assert caller.status == 422, content


def test_a_list_is_numbered_and_masks_what_lists_mask() -> None:
    caller = Caller()
    said = caller.get(RESIDENTS, page=2, pageSize=3)
    fits(at(""), "get", 200, said)
    assert len(said["results"]) == 3 and "*" in said["results"][0]["residentNumber"]
    assert said["count"] == Resident.objects.filter(division="440103", ended=False).count()
    assert "page=3" in said["next"] and "page=1" in said["previous"]
    resident = one()
    for told in ({"search": resident.name}, {"search": resident.name, "filter": "name"},
                 {"query.name": resident.name}):  # fmt: skip
        rows = caller.get(RESIDENTS, pageSize=100, **told)["results"]
        assert ref(resident) in {row["id"] for row in rows}, told
    names = [r["name"] for r in caller.get(RESIDENTS, ordering="-name", pageSize=50)["results"]]
    assert names == sorted(names, reverse=True)
    for told, status in (({"query.residentNumber": "1"}, 422), ({"ordering": "sex"}, 422),
                         ({"search": resident.resident_number}, 400), ({"page": "0"}, 422),
                         ({"page": "1000"}, 400), ({"query.address": "1"}, 422)):  # fmt: skip
        caller.get(RESIDENTS, **told)
        assert caller.status == status, told


@pytest.mark.usefixtures("free_address")
def test_a_record_is_created_changed_and_ended() -> None:
    caller = Caller()
    said = caller.send("post", f"{HOUSEHOLDS}/create", {"write": {"content": household()}})
    assert caller.status == 200, said
    fits(at("/create"), "post", 200, said)
    made = Household.objects.get(number="H-GOV-1")
    change: Any = {
        "query": {"content": {"number": "H-GOV-1"}},
        "write": {"content": {"kind": "collective"}},
    }
    for _again in range(2):
        assert caller.send("put", f"{HOUSEHOLDS}/update", change) is None and caller.status == 200
    made.refresh_from_db()
    assert (made.kind, made.version) == ("collective", 2)
    change["write"]["content"] = household(number="H-GOV-2")
    change["query"]["content"] = {"number": "H-GOV-2"}
    for operation, place in (("updateOrCreate", "甲路5号"), ("update-or-create", "乙路6号")):
        change["write"]["content"]["address"] = place
        said = caller.send("post", f"{HOUSEHOLDS}/{operation}", change)
        fits(at("/updateOrCreate"), "post", 200, said)
        assert said["content"]["address"] == place
    caller.send("delete", f"{HOUSEHOLDS}/{ref(made)}/delete")
    assert caller.status == 204 and Household.objects.get(key=made.key).ended
    caller.send("delete", f"{HOUSEHOLDS}/{ref(made)}/delete")
    assert caller.status == 404


def test_what_the_register_refuses_is_refused() -> None:
    caller = Caller()
    for bad in ({"size": "many"}, {"kind": "other"}, {"division": "440104"}, {"strange": 1},
                {"number": ""}, {"id": "mine"}, {"size": 10**30}, {"size": None},
                {"address": None}, {"township": 10**30}):  # fmt: skip
        caller.send("post", f"{HOUSEHOLDS}/create", {"write": {"content": household(**bad)}})
        assert caller.status == 422, bad
        assert set(caller.said["errors"]) == set(bad), caller.said
    assert not Household.objects.filter(number="H-GOV-1").exists()


def test_several_are_changed_all_or_none() -> None:
    caller = Caller()
    street = {"query": {"content": {"township": "440103001"}}, "write": {"content": {}}}
    caller.send("put", f"{HOUSEHOLDS}/updateEntries", street)
    assert caller.status == 422  # townships are not indexed
    resident = one()
    told: Any = {"query": {"content": {"name": resident.name}},
                 "write": {"content": {"education": "primary"}}}  # fmt: skip
    alike = Resident.objects.filter(name=resident.name, division="440103", ended=False)
    for operation in ("updateEntries", "update-entries"):
        caller.send("put", f"{RESIDENTS}/{operation}", told)
        assert caller.status == 200, caller.said
    assert {row.education for row in alike} == {"primary"}


def test_what_a_second_official_confirms_waits_for_one() -> None:
    caller, resident = Caller(), one()
    told = {"query": {"content": {"id": ref(resident)}},
            "write": {"content": {"nation": "08"}, "reason": "申请更改民族"}}  # fmt: skip
    said = caller.send("put", f"{RESIDENTS}/update", told)
    assert caller.status == 202 and Resident.objects.get(key=resident.key).nation == resident.nation
    head = Person(HEAD)
    assert "壮族" in head.get(said["proposals"][0])
    head.post(said["proposals"][0], act="confirm", reason="同意")
    assert Resident.objects.get(key=resident.key).nation == "08"


def test_what_an_act_alone_does_is_refused_in_words() -> None:
    caller, resident = Caller(), one()
    known = {"query": {"content": {"id": ref(resident)}}}
    for name, value in (
        ("name", "改名"),
        ("address", "别处1号"),
        ("household", "K1"),
        ("sex", None),
    ):
        caller.send("put", f"{RESIDENTS}/update", known | {"write": {"content": {name: value}}})
        assert caller.status == 422 and set(caller.said["errors"]) == {name}, caller.said
    # What stands already is no change; beside it what may be edited is.
    both = {"name": resident.name, "education": "primary"}
    caller.send("put", f"{RESIDENTS}/update", known | {"write": {"content": both}})
    assert caller.status == 200, caller.said
    caller.send("delete", f"{RESIDENTS}/{ref(resident)}/delete")
    assert caller.status == 422 and "__all__" in caller.said["errors"]
    caller.send("post", f"{RESIDENTS}/create", {"write": {"content": {"name": "新人"}}})
    assert caller.status == 422 and "户口登记" in str(caller.said)
    now = Resident.objects.get(key=resident.key)
    assert (now.name, now.ended, now.education) == (resident.name, False, "primary")


def test_who_used_a_persons_data_is_told_to_who_may_know() -> None:
    caller, report, resident = Caller(), Caller(REPORT), one()
    caller.get(f"{RESIDENTS}/{ref(resident)}/readValue/name.json")
    asked = {"userId": ref(resident), "databaseId": "population.resident"}
    caller.get("/myPersonalDataUsage", **asked)
    assert caller.status == 403
    for path in ("/myPersonalDataUsage", "/my-personal-data-usage"):
        said = report.get(path, **asked)
        fits("/data/myPersonalDataUsage", "get", 200, said)
    # That it was read stands there, too, and nobody's name.
    assert len(said) >= 3 and said[0]["readerInstitutionId"] == "gd-440103-police"
    assert not any(Person(HEAD).name in str(row) for row in said)
    newest = node_evidence.reader().by_subject("person", resident.key, None, 1)[0]
    assert newest.kind == "record.uses"
    for wrong, status in ((asked | {"userId": "x"}, 404),
                          (asked | {"userId": resident.resident_number}, 400),
                          (asked | {"databaseId": "population.household"}, 404)):  # fmt: skip
        report.get("/myPersonalDataUsage", **wrong)
        assert report.status == status, wrong


def test_a_post_that_is_held_no_more_is_refused(settings: Any, tmp_path: Path) -> None:
    file = Path(settings.GOVSTACK_CLIENTS)
    file.write_text(file.read_text().replace('records_officer"}', 'head"}'), encoding="utf-8")
    caller = Caller()
    caller.get(RESIDENTS)
    assert caller.status == 401 and KEY not in file.read_text()
